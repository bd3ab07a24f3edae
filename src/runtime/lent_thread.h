#ifndef GENKIT_SRC_RUNTIME_LENT_THREAD_H_
#define GENKIT_SRC_RUNTIME_LENT_THREAD_H_

#include <atomic>

#include <genkit/runtime/future.h>

#include "runtime/intrusive_list.h"

namespace genkit::internal {

class CancelState;
class Fiber;
class Scheduler;

/// The thread of whoever waits for a task, lent to the task: to wake another thread for it, and to be woken again, costs more
/// than most of what one waits for.
///
/// The task begins when its owner, a fiber or a plain thread, first waits for it, and stays on the owner's thread as long as it
/// only hands over. When it waits for something itself, or the owner does not come back within two milliseconds, it goes on with
/// the workers, and stays there.
///
/// Threads: all members are for the owner, one fiber or thread at a time, except those that are for the task.
class LentThread : public ListNode<LentThread> {
 public:
  LentThread() noexcept = default;
  /// The task must have ended, or not have been started.
  ~LentThread();
  LentThread(const LentThread&) = delete;
  LentThread& operator=(const LentThread&) = delete;

  /// Like `start_task`, once.
  void start(TaskState& task);
  /// Runs the task until it hands over, waits or ends. False when it is not here any more: it has ended, or the workers have it.
  /// A caller that can be cancelled, but not the task with it, does not lend its thread.
  bool run() noexcept;
  /// After the task has handed over: from now on workers may go on with it.
  void release() noexcept;
  /// Lets the workers go on with the task now.
  void give_away() noexcept;

  /// By the task: its fiber if it runs on the lent thread, else null.
  Fiber* running_task() const noexcept;
  /// By the task, while it runs there: lets `run` return. Comes back when the task goes on, perhaps on another thread.
  static void hand_over(Fiber& task) noexcept;

 private:
  friend class Scheduler;

  void end() noexcept;

  Scheduler* scheduler_ = nullptr;       // null: the task is not here any more
  const CancelState* cancel_ = nullptr;  // what the task is cancelled with; compared only
  Runnable* current_ = nullptr;          // what `run` goes on with
  unsigned turns_ = 0;
  // What `run` goes on with unless the timer comes first, and how often there was something: thus it sees what is new.
  std::atomic<Runnable*> released_{nullptr};
  std::atomic<unsigned> releases_{0};
  unsigned seen_releases_ = 0;  // guarded by the scheduler's mutex
};

}  // namespace genkit::internal

#endif  // GENKIT_SRC_RUNTIME_LENT_THREAD_H_
