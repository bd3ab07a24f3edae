#include "runtime/parker.h"

#include "runtime/fiber.h"
#include "runtime/runtime.h"
#include "runtime/thread_state.h"
#include "runtime/timer_queue.h"
#include "runtime/worker.h"

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

void ThreadPark::park() noexcept {
  std::unique_lock lock(mutex_);
  condition_.wait(lock, [this] { return permitted_; });
  permitted_ = false;
}

void ThreadPark::park_until(std::chrono::steady_clock::time_point time) noexcept {
  std::unique_lock lock(mutex_);
  condition_.wait_until(lock, time, [this] { return permitted_; });
  permitted_ = false;
}

void ThreadPark::permit() noexcept {
  std::lock_guard lock(mutex_);
  permitted_ = true;
}

void ThreadPark::wake_and_release() noexcept {
  condition_.notify_one();
  release();
}

Parker::Parker() : fiber_(current_fiber()), thread_(fiber_ == nullptr ? new ThreadPark() : nullptr) {}

Parker::~Parker() {
  if (thread_ != nullptr) thread_->release();
}

void Parker::park() noexcept {
  fiber_ != nullptr ? fiber_->park() : thread_->park();
}

void Parker::park_until(TimePoint time) noexcept {
  if (fiber_ == nullptr) return thread_->park_until(time);
  TimerQueue& timers = Runtime::get().timers();
  ParkTimer timer(time, *fiber_);
  timers.add(timer);
  fiber_->park();
  timers.remove(timer);
}

void Parker::unpark() noexcept {
  if (fiber_ != nullptr) return fiber_->unpark();
  thread_->permit();
  thread_->share();
  Worker* worker = Worker::take_put_off();
  if (worker == nullptr) return thread_->wake_and_release();
  ThreadPark* before = worker->woken_thread.exchange(thread_, std::memory_order_acq_rel);
  Runtime::get().scheduler().expect_wake();
  if (before != nullptr) before->wake_and_release();
}

}  // namespace genkit::internal
