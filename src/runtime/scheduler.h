#ifndef GENKIT_SRC_RUNTIME_SCHEDULER_H_
#define GENKIT_SRC_RUNTIME_SCHEDULER_H_

#include <atomic>
#include <condition_variable>
#include <cstddef>
#include <memory>
#include <mutex>
#include <vector>

#include <genkit/runtime/future.h>
#include <genkit/runtime/runtime.h>

#include "runtime/intrusive_list.h"
#include "runtime/timer_queue.h"

namespace genkit::internal {

class Fiber;
class LentThread;
class WakeTimer;
class Watchdog;
struct ThreadState;
struct Worker;

/// Worker threads over one queue of what is ready to run. Workers start when there is work for them; the watchdog adds one for
/// each that a fiber holds too long, so that nothing that is ready depends on a particular worker.
class Scheduler {
 public:
  Scheduler(const RuntimeOptions& options, unsigned generation, TimerQueue& timers);
  ~Scheduler();

  /// Queues a task that has not begun. Throws RESOURCE_EXHAUSTED when there is no worker and none can be started.
  void submit(TaskState& task);
  /// Queues a suspended fiber.
  void push(Fiber& fiber) noexcept;
  /// After a wake-up was put off.
  void expect_wake() noexcept;
  /// By the timer: ends all that workers have put off, and gives them what has lain on lent threads since its last call.
  /// True when it has to come again.
  bool wake_all_put_off() noexcept;

  // By lent threads.
  void end_lending(LentThread& lent) noexcept;
  /// False in a process that the task has forked.
  bool run_lent(LentThread& lent, ThreadState& thread) noexcept;
  /// Queues what is ready.
  void enqueue(Runnable& runnable) noexcept;

  /// Runs a task's body on the calling fiber or thread.
  void execute(TaskState& task) noexcept { task.execute(); }

  unsigned generation() const noexcept { return generation_; }
  void fill(RuntimeStats& stats) noexcept;

 private:
  friend class Watchdog;

  void append(Runnable& runnable) noexcept;
  void lend(LentThread& lent, Fiber& task) noexcept;
  void look_at_lent() noexcept;
  void wake_worker() noexcept;
  void wake_put_off(Worker& worker) noexcept;
  void start_worker();

  // By workers.
  void work(Worker& worker) noexcept;
  Runnable* next(Worker& worker) noexcept;
  void run(Worker& worker, Runnable& runnable) noexcept;
  Fiber* take_fiber(Worker* worker) noexcept;
  void give_back(Worker* worker, Fiber& fiber) noexcept;
  void destroy(Fiber* fiber) noexcept;

  const std::size_t target_workers_;
  const std::size_t stack_size_;
  const unsigned generation_;

  std::mutex mutex_;
  std::condition_variable ready_;
  Runnable* first_ready_ = nullptr;
  Runnable* last_ready_ = nullptr;
  std::size_t ready_count_ = 0;
  std::size_t idle_ = 0;    // workers that sleep or are about to begin
  std::size_t waking_ = 0;  // of these, those that were woken
  std::size_t held_ = 0;    // workers that the watchdog has given up on for the time being
  std::vector<std::unique_ptr<Worker>> workers_;
  List<LentThread> lent_;  // threads with a task on them
  unsigned tick_ = 0;      // of the timer, to look at each of them once

  std::mutex pool_mutex_;  // after mutex_; also keeps fibers mapped while the watchdog looks at them
  std::vector<Fiber*> pool_;
  unsigned finished_on_lent_ = 0;  // tasks, on plain threads
  std::atomic<std::size_t> stacks_{0};

  const std::unique_ptr<Watchdog> watchdog_;
  const std::unique_ptr<WakeTimer> wake_timer_;
};

}  // namespace genkit::internal

#endif  // GENKIT_SRC_RUNTIME_SCHEDULER_H_
