#ifndef GENKIT_SRC_AI_GATE_H_
#define GENKIT_SRC_AI_GATE_H_

#include <atomic>
#include <mutex>

#include <genkit/runtime/wait_queue.h>

namespace genkit::internal {

/// Lets one fiber at a time pass. Unlike with a `std::mutex`, who is inside may wait, and those who wait to come in hold no
/// thread.
class Gate {
 public:
  /// Is inside from its construction to its destruction. The constructor throws CANCELLED or DEADLINE_EXCEEDED when the caller's
  /// context ends before it is its turn.
  class Pass {
   public:
    explicit Pass(Gate& gate) : gate_(gate) {
      State expected = State::kFree;
      if (!gate_.state_.compare_exchange_strong(expected, State::kTaken, std::memory_order_acquire)) gate_.wait();
    }
    ~Pass() {
      if (gate_.state_.exchange(State::kFree, std::memory_order_release) == State::kAwaited) gate_.notify();
    }
    Pass(const Pass&) = delete;
    Pass& operator=(const Pass&) = delete;

   private:
    Gate& gate_;
  };

 private:
  enum class State : unsigned char { kFree, kTaken, kAwaited };

  void wait() {
    std::unique_lock lock(mutex_);
    while (state_.exchange(State::kAwaited, std::memory_order_acquire) != State::kFree) waiters_.wait(lock);
  }
  void notify() noexcept {
    const std::lock_guard lock(mutex_);
    waiters_.notify_one();
  }

  std::atomic<State> state_{State::kFree};
  std::mutex mutex_;
  WaitQueue waiters_;
};

}  // namespace genkit::internal

#endif  // GENKIT_SRC_AI_GATE_H_
