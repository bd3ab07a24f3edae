#ifndef GENKIT_SRC_RUNTIME_LENT_THREAD_H_
#define GENKIT_SRC_RUNTIME_LENT_THREAD_H_

#include <atomic>

#include <genkit/runtime/future.h>

#include "runtime/intrusive_list.h"

namespace genkit::internal {

class CancelState;
class Fiber;
class Scheduler;

/// The thread of an owner who waits for a task, lent to the task: to wake another thread for it, and to be woken again, costs
/// more than most of what one waits for.
///
/// The task begins with the workers. It may move to the owner's thread, and stays there as long as it only hands over and does so
/// soon. When it waits for something itself, is slow, or the owner does not come back within two milliseconds, it goes on with
/// the workers.
///
/// Threads: the members are for the owner, one fiber or thread at a time, except those that are for the task.
class LentThread : public ListNode<LentThread> {
 public:
  /// The owner lends its thread only where it is cancelled by what cancels the caller of the constructor, and the task with it.
  LentThread() noexcept;
  LentThread(const LentThread&) = delete;
  LentThread& operator=(const LentThread&) = delete;

  /// True when the task has moved here, and `run` goes on with it.
  bool take() noexcept;
  /// After `take`: runs the task until it hands over, waits or ends.
  void run() noexcept;
  /// After `run`: from now on the workers may go on with the task.
  void release() noexcept;
  /// Lets the workers go on with the task now, if it is here.
  void give_away() noexcept;

  /// By the task: whether it runs on the lent thread.
  bool is_running() const noexcept;
  /// By the task, while it runs there: lets `run` return. Comes back when the task goes on, perhaps on another thread.
  static void hand_over(Fiber& task) noexcept;
  /// By the task: whether it may call `move_here`, because it runs on a worker and not for somebody.
  static bool can_move() noexcept;
  /// By the task: goes on when the owner has taken and run it, or else with the workers.
  void move_here(Fiber& task) noexcept;

 protected:
  ~LentThread() = default;
  /// By the worker that the task has left: `offer`s it, under a lock that the owner takes before it goes on with what it took.
  virtual void arrive(Fiber& task) noexcept = 0;
  void offer(Fiber& task) noexcept;

 private:
  friend class Scheduler;

  void end() noexcept;

  const unsigned generation_;
  const CancelState* const cancel_;  // compared only
  Runnable* current_ = nullptr;      // what `run` goes on with
  unsigned turns_ = 0;
  // What `take` finds unless the timer comes first, and how often there was something.
  std::atomic<Runnable*> released_{nullptr};
  std::atomic<unsigned> releases_{0};
  std::atomic<bool> is_slow_{false};
  // Guarded by the scheduler's mutex.
  unsigned seen_releases_ = 0;
  unsigned seen_tick_ = 0;
};

}  // namespace genkit::internal

#endif  // GENKIT_SRC_RUNTIME_LENT_THREAD_H_
