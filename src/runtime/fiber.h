#ifndef GENKIT_SRC_RUNTIME_FIBER_H_
#define GENKIT_SRC_RUNTIME_FIBER_H_

#include <atomic>
#include <cstddef>
#include <memory>

#include <boost/context/fiber.hpp>

#include <genkit/runtime/future.h>

#include "runtime/fiber_label.h"
#include "runtime/stack.h"
#include "runtime/switch_annotations.h"
#include "runtime/thread_state.h"

namespace genkit::internal {

class Scheduler;

/// A stack that runs tasks, one after the other, and can be left in the middle of one. Lives at the top of its own stack, so that
/// a waiting fiber touches as few pages as possible.
class Fiber final : public Runnable {
 public:
  enum class Left { kParked, kYielded, kFinished };

  /// Null when there is no memory for a stack.
  static Fiber* create(Scheduler& scheduler, std::size_t stack_size) noexcept;
  /// Only between tasks.
  static void destroy(Fiber* fiber) noexcept;

  /// By a worker: runs the fiber, with a new task or from where it was, until it leaves.
  Left resume(TaskState* task) noexcept;
  /// By a worker, after the fiber has left as kParked: false when it was unparked meanwhile and has to go on.
  bool try_sleep() noexcept;

  /// By the fiber.
  void park() noexcept;
  void yield() noexcept { leave(Left::kYielded); }

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
  void leave(Left reason) noexcept;

  Scheduler& scheduler_;
  const Stack stack_;
  std::atomic<Token> token_{Token::kNone};
  Left left_ = Left::kFinished;
  TaskState* task_ = nullptr;
  boost::context::fiber continuation_;  // of this fiber while it is suspended, else of the worker
  // What a thread keeps for the code that runs on it, while this is not running.
  std::shared_ptr<const ContextNode> context_;
  struct {
    void* caught = nullptr;
    unsigned uncaught = 0;
  } exceptions_;
  FiberLabel label_;
  SwitchAnnotations annotations_;
};

}  // namespace genkit::internal

#endif  // GENKIT_SRC_RUNTIME_FIBER_H_
