#ifndef GENKIT_SRC_RUNTIME_FIBER_H_
#define GENKIT_SRC_RUNTIME_FIBER_H_

#include <atomic>
#include <cstddef>
#include <memory>
#include <utility>

#include <cxxabi.h>

#include <boost/context/fiber.hpp>

#include <genkit/runtime/future.h>

#include "runtime/fiber_label.h"
#include "runtime/stack.h"
#include "runtime/switch_annotations.h"
#include "runtime/thread_state.h"

namespace genkit::internal {

class LentThread;
class Scheduler;

/// What the Itanium C++ ABI keeps per thread about exceptions: the stack of those that are being handled, and the number of those
/// in flight. A fiber that waits inside of a catch block takes them along.
struct ExceptionGlobals {
  void* caught = nullptr;
  unsigned uncaught = 0;
};

/// A stack that runs tasks, one after the other, and can be left in the middle of one. Lives at the top of its own stack, so that
/// a waiting fiber touches as few pages as possible.
class Fiber final : public Runnable {
 public:
  enum class Left { kParked, kYielded, kLending, kMoving, kHandedOver, kFinished };

  /// Null when there is no memory for a stack.
  static Fiber* create(Scheduler& scheduler, std::size_t stack_size) noexcept;
  /// Only between tasks.
  static void destroy(Fiber* fiber) noexcept;

  /// By a worker or a lent thread: runs the fiber, with a new task or from where it was, until it leaves.
  Left resume(TaskState* task, ThreadState& thread) noexcept;
  /// By the same, after the fiber has left as kParked: false when it was unparked meanwhile and has to go on.
  bool try_sleep() noexcept;

  /// By the fiber.
  void park() noexcept;
  void yield() noexcept { leave(Left::kYielded); }
  /// Goes on when the task of `thread` has left this thread.
  void lend(LentThread& thread) noexcept {
    lent_ = &thread;
    leave(Left::kLending);
  }
  /// Goes on with the owner of `thread`.
  void move_to(LentThread& thread) noexcept {
    lent_ = &thread;
    leave(Left::kMoving);
  }
  LentThread& lent() noexcept { return *lent_; }
  /// Lets the one who has lent its thread go on.
  void hand_over() noexcept { leave(Left::kHandedOver); }

  /// By anybody, under a lock that keeps the fiber from ending its wait.
  void unpark() noexcept;

  /// Gives memory back that deep calls have touched. Only between tasks.
  void trim() noexcept { stack_.trim(); }

  FiberLabel& label() noexcept { return label_; }

 private:
  // Running without or with a wake-up that came early, or suspended.
  enum class Token : unsigned char { kNone, kWoken, kAsleep };

  Fiber(Scheduler& scheduler, const Stack& stack) noexcept;
  ~Fiber() = default;
  boost::context::fiber run_tasks(boost::context::fiber worker) noexcept;
  void leave(Left reason) noexcept {
    left_ = reason;
    annotations_.before_leave(false);
    continuation_ = std::move(continuation_).resume();
    annotations_.after_enter();
  }

  Scheduler& scheduler_;
  const Stack stack_;
  std::atomic<Token> token_{Token::kNone};
  Left left_ = Left::kFinished;
  TaskState* task_ = nullptr;
  LentThread* lent_ = nullptr;
  boost::context::fiber continuation_;  // of this fiber while it is suspended, else of the worker
  // What a thread keeps for the code that runs on it, while this is not running.
  std::shared_ptr<const ContextNode> context_;
  ExceptionGlobals exceptions_;
  FiberLabel label_;
  SwitchAnnotations annotations_;
};

// Runs on the stack of a worker or a lent thread, and so on one thread from beginning to end: here it is safe to look at
// thread-locals on both sides of the switch.
inline Fiber::Left Fiber::resume(TaskState* task, ThreadState& thread) noexcept {
  auto& exceptions = *reinterpret_cast<ExceptionGlobals*>(abi::__cxa_get_globals());
  if (task != nullptr || left_ == Left::kFinished) task_ = task;
  token_.store(Token::kNone, std::memory_order_relaxed);
  thread.fiber = this;
  thread.context.swap(context_);
  const ExceptionGlobals outer = exceptions;  // of a thread that is lent from inside of a catch block
  exceptions = exceptions_;

  annotations_.before_enter();
  continuation_ = std::move(continuation_).resume();
  annotations_.after_return();

  exceptions_ = exceptions;
  exceptions = outer;
  thread.context.swap(context_);
  thread.fiber = nullptr;
  return left_;
}

}  // namespace genkit::internal

#endif  // GENKIT_SRC_RUNTIME_FIBER_H_
