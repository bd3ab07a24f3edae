#ifndef GENKIT_SRC_RUNTIME_WATCHDOG_H_
#define GENKIT_SRC_RUNTIME_WATCHDOG_H_

#include <atomic>
#include <chrono>
#include <mutex>
#include <set>
#include <string>

#include <genkit/base/log.h>
#include <genkit/runtime/runtime.h>

#include "runtime/timer_queue.h"

namespace genkit::internal {

class Scheduler;
struct Worker;

/// Looks every now and then whether a worker is still at the fiber of last time. Sleeps while nothing runs.
class Watchdog final : private Timer {
 public:
  Watchdog(const RuntimeOptions& options, Scheduler& scheduler, TimerQueue& timers);

  /// By a worker that has begun to run a fiber.
  void watch() noexcept {
    if (!watching_.load(std::memory_order_relaxed)) start();
  }

 private:
  void start() noexcept;
  void on_time(std::unique_lock<std::mutex>& queue) noexcept override;
  bool check_workers() noexcept;
  bool is_held(Worker& worker) noexcept;
  std::string label_of(Worker& worker) noexcept;
  void report(const std::string& label) noexcept;

  const std::chrono::milliseconds patience_;
  const std::chrono::nanoseconds period_;
  const Logger logger_;
  Scheduler& scheduler_;
  TimerQueue& timers_;

  std::mutex mutex_;
  std::atomic<bool> watching_;
  bool scheduled_ = false;
  unsigned idle_ticks_ = 0;
  std::set<std::string> reported_;  // used by the timer thread only
};

}  // namespace genkit::internal

#endif  // GENKIT_SRC_RUNTIME_WATCHDOG_H_
