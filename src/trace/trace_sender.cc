#include "trace/trace_sender.h"

#include <pthread.h>
#include <signal.h>

#include <algorithm>
#include <exception>
#include <iterator>
#include <string>
#include <system_error>
#include <thread>
#include <utility>

#include <genkit/base/error.h>

#include "trace/trace_data.h"

namespace genkit::internal {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

// Requests that travel before the first reply, in number and size: enough to make the system calls cheap, not enough to make a
// server hold much at once.
constexpr std::size_t kPipelineLimit = 64;
constexpr std::size_t kWindowBytes = std::size_t{1} << 20;

// How long the end of a program waits, after the time to drain, for the thread to notice.
constexpr milliseconds kAbortTime{2'000};

/// Signals go to the threads of the application.
class BlockedSignals {
 public:
  BlockedSignals() {
    sigset_t all;
    ::sigfillset(&all);
    ::pthread_sigmask(SIG_SETMASK, &all, &previous_);
  }
  ~BlockedSignals() { ::pthread_sigmask(SIG_SETMASK, &previous_, nullptr); }
  BlockedSignals(const BlockedSignals&) = delete;
  BlockedSignals& operator=(const BlockedSignals&) = delete;

 private:
  sigset_t previous_;
};

}  // namespace

TraceSender::TraceSender(TraceSenderOptions options)
    : options_(std::move(options)), connection_(abort_), pipeline_limit_(kPipelineLimit), backoff_(options_.first_backoff) {}

void TraceSender::set_endpoint(std::optional<HttpEndpoint> endpoint) {
  const Lock lock(mutex_);
  endpoint_ = endpoint ? std::make_shared<const HttpEndpoint>(std::move(*endpoint)) : nullptr;
  endpoint_changed_ = true;
  down_ = false;
  mode_ = endpoint_ ? Mode::kOn : Mode::kOff;
  wake_.notify_one();
}

void TraceSender::push(SpanRecord record) {
  const std::size_t size = text_size(*record);
  const Lock lock(mutex_);
  if (mode_ == Mode::kOff) return;
  std::size_t capacity = down_ ? std::min(options_.outage_capacity, options_.queue_capacity) : options_.queue_capacity;
  // The end of a span tells all that its start did, and a start without its end looks like a span that hangs.
  if (!record->ended()) capacity /= 2;
  const bool full = accepted_ - settled_ >= capacity || (bytes_ > 0 && bytes_ + size > options_.queue_bytes);
  if (mode_ == Mode::kDead || stopping_ || full || !start_thread()) {
    dropped_.fetch_add(1, std::memory_order_relaxed);
    return;
  }
  queue_.push_back(std::move(record));
  ++accepted_;
  bytes_ += size;
  if (idle_ || queue_.size() == options_.queue_capacity / 2) wake_.notify_one();
}

bool TraceSender::start_thread() {
  if (thread_.joinable()) return true;
  try {
    const BlockedSignals blocked;
    thread_ = std::thread([self = shared_from_this()] { self->run(); });
    return true;
  } catch (const std::system_error& error) {
    options_.logger.warning(std::string("traces are not sent: no thread can be started: ") + error.what());
    return false;
  }
}

bool TraceSender::flush(TimePoint deadline) {
  Lock lock(mutex_);
  const std::uint64_t target = accepted_;
  if (settled_ >= target) return true;

  struct Flushing {
    explicit Flushing(int& count) : count_(count) { ++count_; }
    ~Flushing() { --count_; }
    int& count_;
  } const flushing(flushing_);
  wake_.notify_one();
  while (settled_ < target && !down_) {
    if (!settled_waiters_.wait_until(lock, deadline)) break;
  }
  return settled_ >= target;
}

void TraceSender::shut_down(milliseconds drain) {
  Lock lock(mutex_);
  stopping_ = true;
  drain_deadline_ = steady_clock::now() + drain;
  if (!thread_.joinable()) return;
  wake_.notify_one();
  const auto is_done = [this] { return thread_done_; };
  bool done = done_.wait_until(lock, drain_deadline_, is_done);
  if (!done) {
    // What it waits for now is the connection, which looks at this flag soon.
    abort_ = true;
    done = done_.wait_for(lock, kAbortTime, is_done);
  }
  lock.unlock();
  // A name server may keep the thread longer than a program wants to wait at its end.
  done ? thread_.join() : thread_.detach();
}

void TraceSender::run() {
#if defined(__linux__)
  ::pthread_setname_np(::pthread_self(), "genkit-traces");
#endif
  Lock lock(mutex_);
  while (wait_for_work(lock)) {
    take_work();
    const std::shared_ptr<const HttpEndpoint> endpoint = endpoint_;
    if (!endpoint) {
      drop_taken(lock);
      continue;
    }
    lock.unlock();
    const bool delivered = deliver(endpoint);
    lock.lock();
    if (delivered) {
      settle_taken();
    } else {
      back_off(lock);
    }
  }
  take_work();
  drop_taken(lock);
  thread_done_ = true;
  done_.notify_all();
}

bool TraceSender::wait_for_work(Lock& lock) {
  const auto has_work = [this] { return !queue_.empty() || !unsent_.empty(); };
  while (!has_work() && !stopping_) {
    idle_ = true;
    wake_.wait(lock);
    idle_ = false;
  }
  if (stopping_) return has_work() && !down_ && steady_clock::now() < drain_deadline_;
  wake_.wait_for(lock, options_.linger, [this] { return is_urgent(); });
  return true;
}

bool TraceSender::is_urgent() const {
  return stopping_ || flushing_ > 0 || queue_.size() >= options_.queue_capacity / 2 || bytes_ >= options_.queue_bytes / 2;
}

void TraceSender::take_work() {
  if (unsent_.empty()) {
    unsent_.swap(queue_);
  } else {
    unsent_.insert(unsent_.end(), std::make_move_iterator(queue_.begin()), std::make_move_iterator(queue_.end()));
    queue_.clear();
  }
  taken_ = accepted_;
  taken_bytes_ = bytes_;
  if (std::exchange(endpoint_changed_, false)) forget_outage();
}

/// All that was taken is delivered or lost. Nobody who flushes goes on before: within a batch records are not in order.
void TraceSender::settle_taken() {
  settled_ = taken_;
  bytes_ -= std::exchange(taken_bytes_, 0);
  down_ = false;
  settled_waiters_.notify_all();
}

void TraceSender::drop_taken(Lock& lock) {
  dropped_.fetch_add(unsent_.size(), std::memory_order_relaxed);
  lock.unlock();
  unsent_.clear();
  lock.lock();
  settle_taken();
}

void TraceSender::back_off(Lock& lock) {
  if (endpoint_changed_) return;
  const TimePoint now = steady_clock::now();
  if (!failing_since_) failing_since_ = now;
  if (now - *failing_since_ >= options_.grace || stopping_) {
    if (mode_ == Mode::kOn) mode_ = Mode::kDead;
    take_work();
    drop_taken(lock);
  }
  down_ = true;
  settled_waiters_.notify_all();
  wake_.wait_until(lock, now + backoff_, [this] { return stopping_ || endpoint_changed_; });
  backoff_ = std::min(backoff_ * 2, options_.max_backoff);
  // The next record is a new attempt.
  if (mode_ == Mode::kDead) mode_ = Mode::kOn;
}

void TraceSender::forget_outage() {
  failing_since_.reset();
  backoff_ = options_.first_backoff;
}

bool TraceSender::deliver(const std::shared_ptr<const HttpEndpoint>& endpoint) {
  if (connected_to_ != endpoint) connection_.close();
  connected_to_ = endpoint;
  std::vector<TracePost> posts = group_by_trace(std::exchange(unsent_, {}));
  std::size_t next = 0;
  try {
    while (next < posts.size()) send_window(posts, next);
  } catch (const std::exception& error) {
    if (!failing_since_) {
      options_.logger.debug("the telemetry server at " + endpoint->authority + " cannot be reached: " + error.what());
    }
    for (; next < posts.size(); ++next)
      std::move(posts[next].spans.begin(), posts[next].spans.end(), std::back_inserter(unsent_));
    return false;
  }
  forget_outage();
  return true;
}

void TraceSender::send_window(const std::vector<TracePost>& posts, std::size_t& next) {
  const bool reused = connection_.usable();
  if (!reused) connection_.open(*connected_to_, options_.connect_timeout);

  std::string requests;
  std::size_t end = next;
  do {
    append_request(requests, posts[end++], *connected_to_);
  } while (end < posts.size() && !posts[end].continued && end - next < pipeline_limit_ && requests.size() < kWindowBytes);

  const std::size_t count = end - next;
  std::vector<ClientReply> replies;
  try {
    connection_.exchange(requests, count, options_.reply_timeout, replies);
  } catch (const Error& error) {
    // A server may close an idle connection in the moment in which it is used again; records may safely be sent twice.
    const bool was_stale = reused && error.status() == Status::kUnavailable;
    if (replies.empty() && !was_stale) throw;
  }
  replies.resize(std::min(replies.size(), count));
  for (const ClientReply& reply : replies) note_reply(reply, posts[next++].spans.size());
  // No more pipelining with a server that does not go along with it (RFC 9112, section 9.3.2), for a while.
  const bool went_well = replies.size() == count && replies.back().keep_alive;
  pipeline_limit_ = went_well ? std::min(pipeline_limit_ * 2, kPipelineLimit) : 1;
}

void TraceSender::note_reply(const ClientReply& reply, std::size_t spans) {
  if (reply.status >= 200 && reply.status < 300) return;
  dropped_.fetch_add(spans, std::memory_order_relaxed);
  const std::string text = "the telemetry server at " + connected_to_->authority + " refused spans with status " +
                           std::to_string(reply.status) + ": " + reply.body.substr(0, 500);
  // Once where everybody sees it; a server that refuses one refuses many.
  options_.logger.log(std::exchange(refusal_logged_, true) ? LogLevel::kDebug : LogLevel::kWarning, text);
}

}  // namespace genkit::internal
