#ifndef GENKIT_SRC_RUNTIME_CANCEL_STATE_H_
#define GENKIT_SRC_RUNTIME_CANCEL_STATE_H_

#include <atomic>
#include <chrono>
#include <functional>
#include <memory>
#include <mutex>
#include <string>

#include <genkit/runtime/context.h>
#include <genkit/runtime/wait_queue.h>

#include "runtime/intrusive_list.h"
#include "runtime/timer_queue.h"

namespace genkit::internal {

class Parker;

/// A callback of `Context::on_cancel`.
struct CancelEntry : ListNode<CancelEntry>, std::enable_shared_from_this<CancelEntry> {
  enum class State { kWaiting, kRunning, kDone };

  std::shared_ptr<CancelState> cancel;
  std::function<void()> callback;
  State state = State::kWaiting;
  const void* runner = nullptr;  // the execution that runs the callback
};

/// Cancellation and deadline of a scope of work: one node of a tree. Cancelling a node cancels all below it.
///
/// Asking costs an atomic load, and a look at the clock where there is a deadline. A timer runs only from the moment that
/// somebody listens, and only on the node that set the deadline.
class CancelState : public std::enable_shared_from_this<CancelState>, public ListNode<CancelState> {
 public:
  using TimePoint = std::chrono::steady_clock::time_point;
  static constexpr TimePoint kNever = TimePoint::max();

  /// A waiting fiber or thread that is to be woken; lives on its stack.
  struct Waker : ListNode<Waker> {
    Parker* parker = nullptr;
  };

  /// A child of `parent` (or a root) whose deadline is the earlier of its parent's and `deadline`. `limit` is the time limit that
  /// the deadline was made from, for the text of the error.
  static std::shared_ptr<CancelState> make(const std::shared_ptr<CancelState>& parent, TimePoint deadline = kNever,
                                           std::chrono::nanoseconds limit = {});

  CancelState(std::shared_ptr<CancelState> parent, TimePoint deadline, std::chrono::nanoseconds limit) noexcept;
  ~CancelState();

  /// kCancelled, kDeadlineExceeded, or kOk.
  Status status() const noexcept {
    Status status = status_.load(std::memory_order_acquire);
    if (status != Status::kOk || deadline_ == kNever) return status;
    return std::chrono::steady_clock::now() < deadline_ ? Status::kOk : Status::kDeadlineExceeded;
  }
  TimePoint deadline() const noexcept { return deadline_; }
  void check() const {
    if (status() != Status::kOk) raise();
  }
  /// Throws what `status()` says.
  [[noreturn]] void raise() const;

  void cancel(Status status, std::string reason) noexcept;

  /// Between these two, cancelling unparks the waker's parker. A state that is cancelled already does not wake: ask `status()`
  /// after adding.
  void add(Waker& waker) noexcept;
  void remove(Waker& waker) noexcept;

  /// The same for a callback. False when the state is cancelled already: the caller runs it.
  bool add(CancelEntry& entry) noexcept;
  /// Unlinks the entry, or waits until its callback has returned, unless that is what the caller runs in.
  void remove(CancelEntry& entry) noexcept;

 private:
  struct DeadlineTimer;

  void link_child(CancelState& child) noexcept;
  /// Unlinks this from its parent and returns that; null when there is none, or no longer.
  std::shared_ptr<CancelState> leave_parent() noexcept;
  std::shared_ptr<CancelState> pop_child() noexcept;
  bool mark(Status status, const std::string& reason) noexcept;
  void run_callbacks() noexcept;
  void arm_deadline() noexcept;

  std::atomic<Status> status_{Status::kOk};
  std::atomic<unsigned> armed_{0};       // generation of the runtime whose timer stands for the deadline
  std::shared_ptr<CancelState> parent_;  // until this goes away
  const TimePoint deadline_;
  const std::chrono::nanoseconds limit_;
  CancelState* const deadline_owner_;  // this, or the one above that set it

  std::mutex mutex_;
  std::string reason_;  // written before status_, then constant
  List<CancelState> children_;
  List<Waker> wakers_;
  List<CancelEntry> callbacks_;
  WaitQueue callback_done_;
  std::unique_ptr<DeadlineTimer> timer_;
  std::shared_ptr<CancelState> next_cancelled_;  // used by the one who cancels
};

}  // namespace genkit::internal

#endif  // GENKIT_SRC_RUNTIME_CANCEL_STATE_H_
