#include "runtime/watchdog.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "runtime/fiber.h"
#include "runtime/scheduler.h"
#include "runtime/worker.h"

namespace genkit::internal {
namespace {

// After so many looks at idle workers the watchdog goes to sleep.
constexpr unsigned kIdleTicks = 8;
constexpr std::size_t kMaxReports = 256;

}  // namespace

Watchdog::Watchdog(const RuntimeOptions& options, Scheduler& scheduler, TimerQueue& timers)
    : Timer({}),
      patience_(options.watchdog),
      period_(std::max<std::chrono::nanoseconds>(patience_ / 2, std::chrono::milliseconds(1))),
      logger_(options.logger),
      scheduler_(scheduler),
      timers_(timers),
      watching_(patience_.count() == 0) {}

void Watchdog::start() noexcept {
  std::lock_guard lock(mutex_);
  watching_.store(true, std::memory_order_relaxed);
  idle_ticks_ = 0;
  if (std::exchange(scheduled_, true)) return;
  time_ = std::chrono::steady_clock::now() + period_;
  timers_.add(*this);
}

void Watchdog::on_time(std::unique_lock<std::mutex>& queue) noexcept {
  queue.unlock();
  {
    const bool busy = check_workers();
    std::lock_guard lock(mutex_);
    idle_ticks_ = busy ? 0 : idle_ticks_ + 1;
    // One more look after workers were told to call: a worker that has begun just then may not have seen it.
    watching_.store(idle_ticks_ < kIdleTicks, std::memory_order_relaxed);
    scheduled_ = idle_ticks_ <= kIdleTicks;
    if (scheduled_) {
      time_ = std::chrono::steady_clock::now() + period_;
      timers_.add(*this);
    }
  }
  queue.lock();
}

bool Watchdog::check_workers() noexcept {
  bool busy = false;
  std::vector<std::string> held;
  {
    std::lock_guard lock(scheduler_.mutex_);
    for (const auto& worker : scheduler_.workers_) {
      busy = busy || worker->running.load(std::memory_order_relaxed) != nullptr;
      if (worker->held || !is_held(*worker)) continue;
      worker->held = true;
      ++scheduler_.held_;
      held.push_back(label_of(*worker));
    }
    if (!held.empty()) scheduler_.wake_worker();
  }
  for (const std::string& label : held) report(label);
  return busy;
}

bool Watchdog::is_held(Worker& worker) noexcept {
  const auto now = std::chrono::steady_clock::now();
  const std::uint64_t switches = worker.switches.load(std::memory_order_relaxed);
  if (worker.running.load(std::memory_order_relaxed) == nullptr || switches != worker.seen_switches) {
    worker.seen_switches = switches;
    worker.seen_since = now;
    return false;
  }
  return now - worker.seen_since >= patience_;
}

std::string Watchdog::label_of(Worker& worker) noexcept {
  std::lock_guard lock(scheduler_.pool_mutex_);
  Fiber* fiber = worker.running.load(std::memory_order_acquire);
  return fiber != nullptr ? fiber->label().text() : std::string();
}

void Watchdog::report(const std::string& label) noexcept {
  if (reported_.size() >= kMaxReports || !reported_.insert(label).second) return;
  logger_.warning((label.empty() ? std::string("a fiber") : '"' + label + '"') + " has kept a worker thread for " +
                  std::to_string(patience_.count()) +
                  " ms without waiting; another worker stands in. Run code that blocks or computes for long inside of "
                  "genkit::blocking");
}

}  // namespace genkit::internal
