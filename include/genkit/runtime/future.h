#ifndef GENKIT_RUNTIME_FUTURE_H_
#define GENKIT_RUNTIME_FUTURE_H_

#include <atomic>
#include <chrono>
#include <exception>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <type_traits>
#include <utility>
#include <vector>

#include <genkit/base/error.h>
#include <genkit/runtime/context.h>
#include <genkit/runtime/wait_queue.h>

namespace genkit {

namespace internal {

/// Something that a worker can go on with: a suspended fiber or a task that has not begun. Linked into the ready queue.
struct Runnable {
  explicit Runnable(bool fiber) noexcept : is_fiber(fiber) {}
  Runnable* next_ready = nullptr;
  const bool is_fiber;
};

/// The part of a task that does not depend on its result: state, waiters, cancellation. Thread-safe. Owned by its `Future`; the
/// fiber that runs it does not touch it after the moment that lets `abandon` return.
class TaskState : private Runnable {
 public:
  TaskState() noexcept;
  virtual ~TaskState();
  TaskState(const TaskState&) = delete;
  TaskState& operator=(const TaskState&) = delete;

  bool ready() const noexcept { return ready_.load(std::memory_order_acquire); }
  /// Waits until ready. When the *waiter* is cancelled, cancels the task, waits for its end, and throws the waiter's error.
  void wait_result();
  /// False when `time` came first. Cancelling the *waiter* ends the wait with its error and leaves the task alone.
  bool wait_until(std::chrono::steady_clock::time_point time);
  void cancel() noexcept;
  void on_ready(std::function<void()> callback);

  /// Cancels the task, waits until nothing of it runs, and destroys it.
  static void abandon(TaskState* task) noexcept;

 protected:
  virtual void run() = 0;
  /// Throws what the task threw; CANCELLED when `cancel` was called before its end.
  void rethrow_if_failed();

 private:
  friend class Scheduler;
  friend void start_task(TaskState& task, bool own_thread);

  void adopt_context();
  void require_same_process() const;
  void execute() noexcept;
  void fail(std::exception_ptr error) noexcept { finish(std::move(error)); }
  void finish(std::exception_ptr error) noexcept;

  std::mutex mutex_;
  WaitQueue waiters_;
  std::atomic<bool> ready_{false};
  bool finished_ = false;  // ready, and the callbacks have returned
  bool cancel_requested_ = false;
  bool delete_when_finished_ = false;
  unsigned generation_;
  const void* callback_runner_ = nullptr;
  std::exception_ptr error_;
  std::shared_ptr<const ContextNode> node_;
  std::shared_ptr<CancelState> cancel_;
  std::vector<std::function<void()>> callbacks_;
};

/// Schedules the task on a fiber (or on a thread of its own) with a cancellable child of the current context. Throws CANCELLED
/// when the current context is cancelled, RESOURCE_EXHAUSTED when no thread can be had. A task for which no stack can be had
/// fails with RESOURCE_EXHAUSTED.
void start_task(TaskState& task, bool own_thread);

/// Holds what a function returned: a value, a reference, or nothing.
template <class T>
class ResultSlot {
 public:
  template <class F>
  void fill(F& function) {
    if constexpr (std::is_void_v<T>) {
      function();
    } else if constexpr (std::is_reference_v<T>) {
      value_ = std::addressof(static_cast<std::remove_reference_t<T>&>(function()));
    } else {
      value_.emplace(function());
    }
  }
  T take() {
    if constexpr (std::is_reference_v<T>) {
      return static_cast<T>(*value_);
    } else if constexpr (!std::is_void_v<T>) {
      return std::move(*value_);
    }
  }

 private:
  struct Nothing {};
  using Value = std::conditional_t<std::is_reference_v<T>, std::add_pointer_t<T>,
                                   std::optional<std::conditional_t<std::is_object_v<T>, T, Nothing>>>;
  Value value_{};
};

template <class T>
class TypedTask : public TaskState {
 public:
  T take() {
    rethrow_if_failed();
    return result_.take();
  }

 protected:
  ResultSlot<T> result_;
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
    this->result_.fill(function);
  }

  std::optional<F> function_;
};

/// The moment `duration` from now, for durations of any size.
template <class Rep, class Period>
std::chrono::steady_clock::time_point time_after(std::chrono::duration<Rep, Period> duration) {
  using Clock = std::chrono::steady_clock;
  constexpr std::chrono::hours kForever{24 * 365 * 100};
  const Clock::time_point now = Clock::now();
  if (std::chrono::duration<double>(duration) >= kForever) return now + kForever;
  return duration.count() > 0 ? now + std::chrono::ceil<Clock::duration>(duration) : now;
}

void sleep_until(std::chrono::steady_clock::time_point time);
/// Calls `function(argument)` on the pool for blocking calls and waits for its end; throws what it threw.
void run_blocking(void (*function)(void*), void* argument);

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
  explicit Future(std::unique_ptr<internal::TypedTask<T>> task) noexcept : task_(task.release()) {}
  Future(Future&& other) noexcept : task_(std::exchange(other.task_, nullptr)), taken_(other.taken_) {}
  Future& operator=(Future&& other) noexcept {
    if (this != &other) {
      abandon();
      task_ = std::exchange(other.task_, nullptr);
      taken_ = other.taken_;
    }
    return *this;
  }
  ~Future() { abandon(); }

  /// False for a default-constructed, moved-from or already taken future.
  bool valid() const noexcept { return task_ != nullptr && !taken_; }
  /// Waits and returns the result, or throws what the work threw. Once; the future is invalid afterwards. When the *caller* is
  /// cancelled while it waits, the work is cancelled and joined, and the call throws CANCELLED.
  T get() {
    require_valid();
    taken_ = true;
    task_->wait_result();
    return task_->take();
  }
  /// Waits for at most `timeout`; true when the result is there. When the caller is cancelled, throws and leaves the work alone.
  template <class Rep, class Period>
  bool wait_for(std::chrono::duration<Rep, Period> timeout) {
    require_valid();
    return task_->wait_until(internal::time_after(timeout));
  }
  /// True when `get` would not wait.
  bool ready() const noexcept { return valid() && task_->ready(); }
  /// Asks the work to stop; `get` then throws CANCELLED unless the work had ended before.
  void cancel() noexcept {
    if (task_ != nullptr) task_->cancel();
  }
  /// Calls `callback` once, as soon as the result is there (now, if it is). It runs on a thread of the library and should only
  /// pass the news on: post to a Qt, asio or game loop, which then calls `get` without waiting. Must not throw. The future's
  /// destructor waits for a callback that is just running.
  void on_ready(std::function<void()> callback) {
    require_valid();
    task_->on_ready(std::move(callback));
  }

 private:
  void require_valid() const {
    if (!valid()) {
      throw Error(Status::kFailedPrecondition, "the future has no result: it is empty, moved from, or get() was called");
    }
  }
  void abandon() noexcept {
    if (task_ != nullptr) internal::TaskState::abandon(std::exchange(task_, nullptr));
  }

  // Stays until the end, also after get(), so that another thread may call cancel() at any time.
  internal::TypedTask<T>* task_ = nullptr;
  bool taken_ = false;
};

struct AsyncOptions {
  /// Run on a thread of its own instead of a fiber: for code that needs a huge stack. Most programs leave this alone.
  bool thread = false;
};

/// Runs `function()` beside the caller, on a fiber that inherits the current context.
///
/// After a wait, a fiber may go on in another thread. So do not keep a std::mutex locked across a wait, and do not rely on
/// `thread_local` variables, `errno` or std::this_thread::get_id() to be the same before and after one.
template <class F>
auto async(AsyncOptions options, F function) -> Future<std::invoke_result_t<F&>> {
  using T = std::invoke_result_t<F&>;
  auto task = std::make_unique<internal::FunctionTask<T, F>>(std::move(function));
  internal::start_task(*task, options.thread);
  return Future<T>(std::move(task));
}

template <class F>
  requires std::is_invocable_v<F&>
auto async(F function) {
  return async(AsyncOptions{}, std::move(function));
}

/// Runs code that blocks its thread (a database driver, a file on a slow disk) on a pool for that purpose, and waits for it: the
/// calling fiber is suspended, its worker goes on with others. When the caller is cancelled, the call throws as soon as the code
/// returns: blocking code itself cannot be stopped, but it can ask `Context::current().cancelled()`. Called from a thread that
/// is no fiber's, it just runs the code there. Throws RESOURCE_EXHAUSTED when too many calls wait for the pool.
template <class F>
auto blocking(F&& function) -> std::invoke_result_t<F&> {
  using T = std::invoke_result_t<F&>;
  internal::ResultSlot<T> result;
  auto call = [&] { result.fill(function); };
  internal::run_blocking([](void* argument) { (*static_cast<decltype(call)*>(argument))(); }, &call);
  return result.take();
}

/// Suspends the calling fiber (or blocks the calling thread). Throws CANCELLED or DEADLINE_EXCEEDED when the context says so.
template <class Rep, class Period>
void sleep_for(std::chrono::duration<Rep, Period> duration) {
  internal::sleep_until(internal::time_after(duration));
}

/// Lets other fibers run. Does nothing on a plain thread.
void yield();

}  // namespace genkit

#endif  // GENKIT_RUNTIME_FUTURE_H_
