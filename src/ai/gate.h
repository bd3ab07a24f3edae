#ifndef GENKIT_SRC_AI_GATE_H_
#define GENKIT_SRC_AI_GATE_H_

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
      std::unique_lock lock(gate_.mutex_);
      while (gate_.taken_) gate_.waiters_.wait(lock);
      gate_.taken_ = true;
    }
    ~Pass() {
      const std::lock_guard lock(gate_.mutex_);
      gate_.taken_ = false;
      gate_.waiters_.notify_one();
    }
    Pass(const Pass&) = delete;
    Pass& operator=(const Pass&) = delete;

   private:
    Gate& gate_;
  };

 private:
  std::mutex mutex_;
  WaitQueue waiters_;
  bool taken_ = false;
};

}  // namespace genkit::internal

#endif  // GENKIT_SRC_AI_GATE_H_
