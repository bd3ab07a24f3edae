#ifndef GENKIT_RUNTIME_WAIT_QUEUE_H_
#define GENKIT_RUNTIME_WAIT_QUEUE_H_

#include <chrono>
#include <mutex>

namespace genkit::internal {

class CancelState;

/// Waiting fibers and threads, woken in order. All members are called with the same mutex held; a wait releases it while
/// suspended. This is the condition variable of the library: everything that waits is built on it.
///
/// A wait returns when it was notified and at no other time. That the awaited condition holds is still for the caller to check:
/// somebody else may have been faster.
class WaitQueue {
 public:
  WaitQueue() noexcept = default;
  ~WaitQueue();
  WaitQueue(const WaitQueue&) = delete;
  WaitQueue& operator=(const WaitQueue&) = delete;

  /// Suspends until notified. Throws CANCELLED or DEADLINE_EXCEEDED, with the lock held again, when the current context ends.
  void wait(std::unique_lock<std::mutex>& lock);
  /// The same; false instead of an exception when the current context ends.
  [[nodiscard]] bool wait_or_cancelled(std::unique_lock<std::mutex>& lock) noexcept;
  /// The same, without regard to cancellation.
  void wait_uncancellable(std::unique_lock<std::mutex>& lock) noexcept;
  /// False when `time` came first. Throws like `wait`.
  [[nodiscard]] bool wait_until(std::unique_lock<std::mutex>& lock, std::chrono::steady_clock::time_point time);
  void notify_one() noexcept;
  void notify_all() noexcept;

 private:
  struct Waiter;
  enum class Outcome { kNotified, kTimedOut, kCancelled };
  Outcome suspend(std::unique_lock<std::mutex>& lock, CancelState* cancel, std::chrono::steady_clock::time_point time) noexcept;
  void link(Waiter& waiter) noexcept;
  void unlink(Waiter& waiter) noexcept;

  Waiter* first_ = nullptr;
  Waiter* last_ = nullptr;
};

}  // namespace genkit::internal

#endif  // GENKIT_RUNTIME_WAIT_QUEUE_H_
