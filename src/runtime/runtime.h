#ifndef GENKIT_SRC_RUNTIME_RUNTIME_H_
#define GENKIT_SRC_RUNTIME_RUNTIME_H_

#include <atomic>
#include <cstddef>

#include <genkit/runtime/runtime.h>

#include "runtime/blocking_pool.h"
#include "runtime/scheduler.h"
#include "runtime/timer_queue.h"

namespace genkit::internal {

/// The threads behind all waiting. One per process, made when first needed and never destroyed: static objects may still wait
/// while they are destroyed, and fibers that wait for ever must not keep a process from ending.
///
/// This is the one piece of global mutable state of the library. It is a thread pool: it holds nothing that a user could set or
/// see after its start, and two Genkit objects share no more through it than through the operating system's scheduler.
class Runtime {
 public:
  static Runtime& get() {
    Runtime* runtime = current_.load(std::memory_order_acquire);
    return runtime != nullptr ? *runtime : start();
  }
  /// Null before the start.
  static Runtime* get_if_started() noexcept { return current_.load(std::memory_order_acquire); }
  /// Counts the forks that lie between the first process and this one: what waits in another generation waits in a dead thread.
  static unsigned generation() noexcept { return generation_.load(std::memory_order_relaxed); }

  /// Before the start only.
  static void configure(RuntimeOptions options);

  bool threads() const noexcept { return options_.threads; }
  Scheduler& scheduler() noexcept { return scheduler_; }
  TimerQueue& timers() noexcept { return timers_; }
  BlockingPool& blocking() noexcept { return blocking_; }
  std::atomic<std::size_t>& tasks() noexcept { return tasks_; }

 private:
  explicit Runtime(const RuntimeOptions& options);
  static Runtime& start();
  static void forget_after_fork() noexcept;

  static constinit std::atomic<Runtime*> current_;
  static constinit std::atomic<unsigned> generation_;

  const RuntimeOptions options_;
  TimerQueue timers_;
  Scheduler scheduler_;
  BlockingPool blocking_;
  std::atomic<std::size_t> tasks_{0};
};

}  // namespace genkit::internal

#endif  // GENKIT_SRC_RUNTIME_RUNTIME_H_
