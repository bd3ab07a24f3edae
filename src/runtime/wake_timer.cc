#include "runtime/wake_timer.h"

#include <chrono>
#include <utility>

#include "runtime/scheduler.h"

namespace genkit::internal {
namespace {

constexpr std::chrono::milliseconds kWakePeriod{1};
constexpr unsigned kQuietTicks = 16;

}  // namespace

void WakeTimer::start() noexcept {
  std::lock_guard lock(mutex_);
  watching_.store(true, std::memory_order_relaxed);
  idle_ticks_ = 0;
  if (!std::exchange(scheduled_, true)) schedule();
}

void WakeTimer::on_time(std::unique_lock<std::mutex>& queue) noexcept {
  queue.unlock();
  {
    const bool used = used_.exchange(false, std::memory_order_relaxed);
    const bool again = scheduler_.wake_all_put_off();
    std::lock_guard lock(mutex_);
    idle_ticks_ = used || again ? 0 : idle_ticks_ + 1;
    // One more look after workers were told to call: one that has put something off just then may not have seen it.
    watching_.store(idle_ticks_ < kQuietTicks, std::memory_order_relaxed);
    scheduled_ = idle_ticks_ <= kQuietTicks;
    if (scheduled_) schedule();
  }
  queue.lock();
}

void WakeTimer::schedule() noexcept {
  time_ = std::chrono::steady_clock::now() + kWakePeriod;
  timers_.add(*this);
}

}  // namespace genkit::internal
