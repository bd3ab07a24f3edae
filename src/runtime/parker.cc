#include "runtime/parker.h"

#include "runtime/fiber.h"
#include "runtime/runtime.h"
#include "runtime/thread_state.h"
#include "runtime/timer_queue.h"

namespace genkit::internal {
namespace {

class ParkTimer final : public Timer {
 public:
  ParkTimer(TimePoint time, Fiber& fiber) noexcept : Timer(time), fiber_(fiber) {}

 private:
  void on_time(std::unique_lock<std::mutex>&) noexcept override { fiber_.unpark(); }

  Fiber& fiber_;
};

}  // namespace

Parker::Parker() noexcept : fiber_(current_fiber()) {
  if (fiber_ == nullptr) thread_.emplace();
}

void Parker::park() noexcept {
  if (fiber_ != nullptr) return fiber_->park();
  std::unique_lock lock(thread_->mutex);
  thread_->condition.wait(lock, [this] { return thread_->token; });
  thread_->token = false;
}

void Parker::park_until(TimePoint time) noexcept {
  if (fiber_ != nullptr) {
    TimerQueue& timers = Runtime::get().timers();
    ParkTimer timer(time, *fiber_);
    timers.add(timer);
    fiber_->park();
    timers.remove(timer);
    return;
  }
  std::unique_lock lock(thread_->mutex);
  thread_->condition.wait_until(lock, time, [this] { return thread_->token; });
  thread_->token = false;
}

void Parker::unpark() noexcept {
  if (fiber_ != nullptr) return fiber_->unpark();
  std::lock_guard lock(thread_->mutex);
  thread_->token = true;
  thread_->condition.notify_one();
}

}  // namespace genkit::internal
