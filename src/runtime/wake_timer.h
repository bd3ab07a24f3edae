#ifndef GENKIT_SRC_RUNTIME_WAKE_TIMER_H_
#define GENKIT_SRC_RUNTIME_WAKE_TIMER_H_

#include <atomic>
#include <mutex>

#include "runtime/timer_queue.h"

namespace genkit::internal {

class Scheduler;

/// Bounds how long a wake-up is put off: wakes what workers hold back every millisecond, while they do that at all.
class WakeTimer final : private Timer {
 public:
  WakeTimer(Scheduler& scheduler, TimerQueue& timers) noexcept : Timer({}), scheduler_(scheduler), timers_(timers) {}

  /// After a wake-up was put off, or a task was left on a lent thread.
  void expect() noexcept {
    if (!used_.load(std::memory_order_relaxed)) used_.store(true, std::memory_order_relaxed);
    if (!watching_.load(std::memory_order_relaxed)) start();
  }

 private:
  void start() noexcept;
  void on_time(std::unique_lock<std::mutex>& queue) noexcept override;
  void schedule() noexcept;

  Scheduler& scheduler_;
  TimerQueue& timers_;

  std::atomic<bool> used_{false};
  std::atomic<bool> watching_{false};
  std::mutex mutex_;
  bool scheduled_ = false;
  unsigned idle_ticks_ = 0;
};

}  // namespace genkit::internal

#endif  // GENKIT_SRC_RUNTIME_WAKE_TIMER_H_
