#ifndef GENKIT_SRC_TRACE_TRACE_SENDER_H_
#define GENKIT_SRC_TRACE_TRACE_SENDER_H_

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <thread>
#include <vector>

#include <genkit/base/log.h>
#include <genkit/runtime/wait_queue.h>

#include "http/client_connection.h"
#include "trace/trace_batch.h"

namespace genkit::internal {

struct TraceSenderOptions {
  std::size_t queue_capacity = 16384;               ///< records that wait or are on their way
  std::size_t outage_capacity = 1024;               ///< the same while the server does not answer
  std::size_t queue_bytes = std::size_t{64} << 20;  ///< the same in bytes
  std::chrono::milliseconds linger{10};             ///< how long the first record waits for others to travel with
  std::chrono::milliseconds first_backoff{100};     ///< after a failed attempt; doubles
  std::chrono::milliseconds max_backoff{10'000};
  std::chrono::milliseconds grace{5'000};  ///< how long records are kept for a server that does not answer
  std::chrono::milliseconds connect_timeout{2'000};
  std::chrono::milliseconds reply_timeout{10'000};
  Logger logger = Logger();
};

/// The queue and the thread between spans and the telemetry server. The thread starts with the first record, gathers what comes
/// within a moment, and sends one request per trace, several at once, over one connection. Held by a `std::shared_ptr` that the
/// thread shares.
class TraceSender : public std::enable_shared_from_this<TraceSender> {
 public:
  using TimePoint = std::chrono::steady_clock::time_point;

  explicit TraceSender(TraceSenderOptions options);

  /// Where to send from now on, without delay; nullopt drops what waits and stops.
  void set_endpoint(std::optional<HttpEndpoint> endpoint);
  /// False when there is nowhere to send to: `push` would do nothing.
  bool is_on() const noexcept { return mode_.load(std::memory_order_relaxed) != Mode::kOff; }
  /// Drops and counts a record when the server is known dead; cheap.
  bool drops() noexcept {
    if (mode_.load(std::memory_order_relaxed) != Mode::kDead) return false;
    dropped_.fetch_add(1, std::memory_order_relaxed);
    return true;
  }
  /// Queues a record, or drops and counts it. Does not wait.
  void push(SpanRecord record);
  /// Waits until what was pushed before is settled, or the server is known dead. True when all is settled.
  bool flush(TimePoint deadline);
  std::size_t dropped() const noexcept { return dropped_.load(std::memory_order_relaxed); }
  /// Sends what waits for at most `drain` and ends the thread. The last call.
  void shut_down(std::chrono::milliseconds drain);

 private:
  enum class Mode { kOff, kOn, kDead };
  using Lock = std::unique_lock<std::mutex>;

  bool start_thread();

  // On the thread, with the lock.
  void run();
  bool wait_for_work(Lock& lock);
  bool is_urgent() const;
  void take_work();
  void settle_taken();
  void drop_taken(Lock& lock);
  void back_off(Lock& lock);
  void forget_outage();

  // On the thread, without the lock.
  bool deliver(const std::shared_ptr<const HttpEndpoint>& endpoint);
  void send_window(const std::vector<TracePost>& posts, std::size_t& next);
  void note_reply(const ClientReply& reply, std::size_t spans);

  const TraceSenderOptions options_;
  std::atomic<Mode> mode_{Mode::kOff};
  std::atomic<std::size_t> dropped_{0};
  std::atomic<bool> abort_{false};  // ends waits on the connection

  std::mutex mutex_;
  std::condition_variable wake_;  // the thread waits
  std::condition_variable done_;  // shut_down waits
  WaitQueue settled_waiters_;     // flush waits
  std::shared_ptr<const HttpEndpoint> endpoint_;
  bool endpoint_changed_ = false;
  std::thread thread_;
  bool thread_done_ = false;
  bool idle_ = false;  // the thread waits for a first record
  bool down_ = false;  // the last attempt failed
  bool stopping_ = false;
  TimePoint drain_deadline_;
  int flushing_ = 0;
  std::vector<SpanRecord> queue_;
  std::size_t bytes_ = 0;        // of all that is not settled
  std::size_t taken_bytes_ = 0;  // of those, no longer in the queue
  std::uint64_t accepted_ = 0;
  std::uint64_t taken_ = 0;    // of those, no longer in the queue
  std::uint64_t settled_ = 0;  // of those, delivered or dropped

  // The thread's own.
  std::vector<SpanRecord> unsent_;
  std::shared_ptr<const HttpEndpoint> connected_to_;
  ClientConnection connection_;
  std::size_t pipeline_limit_;
  std::optional<TimePoint> failing_since_;
  std::chrono::milliseconds backoff_;
  bool refusal_logged_ = false;
};

}  // namespace genkit::internal

#endif  // GENKIT_SRC_TRACE_TRACE_SENDER_H_
