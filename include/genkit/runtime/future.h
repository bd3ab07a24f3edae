#ifndef GENKIT_RUNTIME_FUTURE_H_
#define GENKIT_RUNTIME_FUTURE_H_

#include <chrono>
#include <exception>
#include <functional>
#include <memory>
#include <optional>
#include <type_traits>
#include <utility>

#include <genkit/base/error.h>
#include <genkit/runtime/context.h>

namespace genkit {

namespace internal {

/// The part of a task that does not depend on its result: state, waiters, cancellation. Thread-safe.
class TaskState {
 public:
  TaskState();
  virtual ~TaskState();
  TaskState(const TaskState&) = delete;
  TaskState& operator=(const TaskState&) = delete;

  bool ready() const noexcept;
  /// Waits until ready; cancelling the *waiter* ends the wait with its error and leaves the task alone.
  void wait();
  /// Waits without regard to cancellation.
  void join() noexcept;
  bool wait_until(std::chrono::steady_clock::time_point time);
  void cancel() noexcept;
  void on_ready(std::function<void()> callback);

  /// Runs the body on the calling fiber or thread and marks the state ready, whatever the body throws.
  void execute() noexcept;

 protected:
  virtual void run() = 0;
  void rethrow_if_failed();

 private:
  friend void start_task(std::shared_ptr<TaskState> task, bool own_thread);
  struct Shared;
  std::unique_ptr<Shared> shared_;
};

/// Schedules `task->execute()` on a fiber (or on a thread of its own) with a cancellable child of the current context.
/// Throws CANCELLED when the current context is cancelled, RESOURCE_EXHAUSTED when no stack can be had.
void start_task(std::shared_ptr<TaskState> task, bool own_thread);
/// Schedules it on the pool for blocking calls.
void start_blocking_task(std::shared_ptr<TaskState> task);

template <class T>
class TypedTask : public TaskState {
 public:
  T take() {
    rethrow_if_failed();
    if constexpr (!std::is_void_v<T>) return std::move(*result_);
  }

 protected:
  struct Empty {};
  std::optional<std::conditional_t<std::is_void_v<T>, Empty, T>> result_;
};

template <class T, class F>
class FunctionTask final : public TypedTask<T> {
 public:
  explicit FunctionTask(F function) : function_(std::move(function)) {}

 private:
  void run() override {
    // The function's captures are destroyed on the task's own stack, before anybody can see the result.
    F function = std::move(*function_);
    function_.reset();
    if constexpr (std::is_void_v<T>) {
      function();
      this->result_.emplace();
    } else {
      this->result_.emplace(function());
    }
  }

  std::optional<F> function_;
};

}  // namespace internal

/// The result of work that runs beside the caller. Move-only. A future that goes out of scope cancels its work and waits for it
/// to end, so that no work outlives the variables it refers to.
///
/// Threads: one thread or fiber at a time, except `cancel`, which any may call.
template <class T>
class [[nodiscard]] Future {
 public:
  using value_type = T;

  Future() = default;
  explicit Future(std::shared_ptr<internal::TypedTask<T>> task) noexcept : task_(std::move(task)) {}
  Future(Future&&) noexcept = default;
  Future& operator=(Future&& other) noexcept {
    if (this != &other) {
      abandon();
      task_ = std::move(other.task_);
    }
    return *this;
  }
  ~Future() { abandon(); }

  /// False for a default-constructed, moved-from or already taken future.
  bool valid() const noexcept { return task_ != nullptr; }
  /// Waits and returns the result, or throws what the work threw. Once; the future is invalid afterwards. When the *caller* is
  /// cancelled while it waits, the work is cancelled and joined, and the call throws CANCELLED.
  T get() {
    require_valid();
    task_->wait();
    auto task = std::move(task_);
    return task->take();
  }
  /// Waits for at most `timeout`; true when the result is there.
  template <class Rep, class Period>
  bool wait_for(std::chrono::duration<Rep, Period> timeout) {
    require_valid();
    return task_->wait_until(std::chrono::steady_clock::now() +
                             std::chrono::duration_cast<std::chrono::steady_clock::duration>(timeout));
  }
  /// True when `get` would not wait.
  bool ready() const noexcept { return task_ && task_->ready(); }
  /// Asks the work to stop; `get` then throws CANCELLED unless the work had ended before.
  void cancel() noexcept {
    if (task_) task_->cancel();
  }
  /// Calls `callback` once, as soon as the result is there (now, if it is). It runs on a thread of the library and should only
  /// pass the news on: post to a Qt, asio or game loop, which then calls `get` without waiting. Must not throw.
  void on_ready(std::function<void()> callback) {
    require_valid();
    task_->on_ready(std::move(callback));
  }

 private:
  void require_valid() const {
    if (!task_) throw Error(Status::kFailedPrecondition, "the future has no result: it is empty, moved from, or get() was called");
  }
  void abandon() noexcept {
    if (!task_) return;
    task_->cancel();
    task_->join();
    task_.reset();
  }

  std::shared_ptr<internal::TypedTask<T>> task_;
};

struct AsyncOptions {
  /// Run on a thread of its own instead of a fiber: for code that needs a huge stack. Most programs leave this alone.
  bool thread = false;
};

/// Runs `function()` beside the caller, on a fiber that inherits the current context.
template <class F>
auto async(AsyncOptions options, F function) -> Future<std::invoke_result_t<F&>> {
  using T = std::invoke_result_t<F&>;
  auto task = std::make_shared<internal::FunctionTask<T, F>>(std::move(function));
  internal::start_task(task, options.thread);
  return Future<T>(std::move(task));
}

template <class F>
  requires std::is_invocable_v<F&>
auto async(F function) {
  return async(AsyncOptions{}, std::move(function));
}

/// Runs code that blocks its thread (a database driver, a file on a slow disk) on a pool for that purpose, and waits for it: the
/// calling fiber is suspended, its worker goes on with others. When the caller is cancelled, the call throws as soon as the code
/// returns: blocking code itself cannot be stopped, but it can ask `Context::current().cancelled()`.
template <class F>
auto blocking(F&& function) -> std::invoke_result_t<F&> {
  using T = std::invoke_result_t<F&>;
  auto call = [&function]() -> T { return function(); };
  auto task = std::make_shared<internal::FunctionTask<T, decltype(call)>>(std::move(call));
  internal::start_blocking_task(task);
  task->join();
  Context::current().check();
  return task->take();
}

namespace internal {
void sleep_until(std::chrono::steady_clock::time_point time);
}

/// Suspends the calling fiber (or blocks the calling thread). Throws CANCELLED or DEADLINE_EXCEEDED when the context says so.
template <class Rep, class Period>
void sleep_for(std::chrono::duration<Rep, Period> duration) {
  internal::sleep_until(std::chrono::steady_clock::now() +
                        std::chrono::duration_cast<std::chrono::steady_clock::duration>(duration));
}

/// Lets other fibers run. Does nothing on a plain thread.
void yield();

}  // namespace genkit

#endif  // GENKIT_RUNTIME_FUTURE_H_
