#include <algorithm>
#include <cassert>

#include <genkit/runtime/future.h>

#include "runtime/cancel_state.h"
#include "runtime/context_node.h"
#include "runtime/fiber.h"
#include "runtime/runtime.h"
#include "runtime/thread.h"
#include "runtime/thread_state.h"

namespace genkit {
namespace internal {

TaskState::TaskState() noexcept : Runnable(false), generation_(Runtime::generation()) {}
TaskState::~TaskState() = default;

void start_task(TaskState& task, bool own_thread) {
  task.adopt_context();
  Runtime& runtime = Runtime::get();
  runtime.tasks().fetch_add(1, std::memory_order_relaxed);
  try {
    if (own_thread || runtime.threads()) {
      start_thread("genkit-task", [&task] { task.execute(); });
    } else {
      runtime.scheduler().submit(task);
    }
  } catch (...) {
    runtime.tasks().fetch_sub(1, std::memory_order_relaxed);
    throw;
  }
}

void TaskState::adopt_context() {
  const ContextNode* current = current_context_node();
  auto node = current != nullptr ? std::make_shared<ContextNode>(*current) : std::make_shared<ContextNode>();
  if (node->cancel != nullptr) node->cancel->check();
  node->cancel = CancelState::make(node->cancel);
  cancel_ = node->cancel;
  node_ = std::move(node);
}

void TaskState::execute() noexcept {
  std::exception_ptr error;
  {
    const std::lock_guard lock(mutex_);
    callback_runner_ = execution_id();  // of the callbacks to come, and of all before them
  }
  {
    const ScopedContext scope(ContextNode::make(std::move(node_)));
    try {
      cancel_->check();
      run();
    } catch (...) {
      error = std::current_exception();
    }
  }
  finish(std::move(error));
}

void TaskState::finish(std::exception_ptr error) noexcept {
  node_.reset();
  Runtime::get().tasks().fetch_sub(1, std::memory_order_release);

  std::unique_lock lock(mutex_);
  error_ = std::move(error);
  ready_.store(true, std::memory_order_release);
  waiters_.notify_all();
  // `on_ready` may add more while these run.
  while (!callbacks_.empty()) {
    std::vector<std::function<void()>> callbacks = std::exchange(callbacks_, {});
    callback_runner_ = execution_id();
    lock.unlock();
    for (const std::function<void()>& callback : callbacks) callback();
    callbacks.clear();
    lock.lock();
  }
  if (delete_when_finished_) {
    lock.unlock();
    delete this;
    return;
  }
  finished_ = true;
  waiters_.notify_all();
  // Unlocking is the last that this thread does with the task: its owner may delete it from then on.
}

void TaskState::require_same_process() const {
  if (generation_ == Runtime::generation() || ready()) return;
  throw Error(Status::kFailedPrecondition,
              "the work of this future runs in the process that this one was forked from; start it again after the fork");
}

void TaskState::wait_result() {
  require_same_process();
  std::unique_lock lock(mutex_);
  while (!ready()) {
    if (waiters_.wait_or_cancelled(lock)) continue;
    lock.unlock();
    cancel();
    lock.lock();
    while (!ready()) waiters_.wait_uncancellable(lock);
    lock.unlock();
    return Context::current().check();
  }
}

bool TaskState::wait_until(std::chrono::steady_clock::time_point time) {
  require_same_process();
  std::unique_lock lock(mutex_);
  while (!ready()) {
    if (!waiters_.wait_until(lock, time)) break;
  }
  return ready();
}

void TaskState::cancel() noexcept {
  {
    std::lock_guard lock(mutex_);
    if (ready()) return;
    cancel_requested_ = true;
  }
  cancel_->cancel(Status::kCancelled, {});
}

void TaskState::on_ready(std::function<void()> callback) {
  {
    std::lock_guard lock(mutex_);
    if (!ready()) {
      callbacks_.push_back(std::move(callback));
      return;
    }
  }
  callback();
}

void TaskState::abandon(TaskState* task) noexcept {
  if (task->generation_ != Runtime::generation()) {
    // In a forked process nobody is left to finish it, or to unlock what was locked.
    if (task->ready()) delete task;
    return;
  }
  task->cancel();
  {
    std::unique_lock lock(task->mutex_);
    if (!task->finished_ && task->callback_runner_ == execution_id()) {
      // The future goes away inside of its own work or callback, or of what these call: exit(), which destroys static objects.
      task->delete_when_finished_ = true;
      return;
    }
    while (!task->finished_) task->waiters_.wait_uncancellable(lock);
  }
  delete task;
}

void TaskState::rethrow_if_failed() {
  std::unique_lock lock(mutex_);
  std::exception_ptr error = std::exchange(error_, nullptr);
  const bool cancelled = cancel_requested_;
  lock.unlock();
  if (!cancelled) {
    if (error != nullptr) std::rethrow_exception(std::move(error));
    return;
  }
  throw Error(Status::kCancelled, "the work was cancelled before its end", nullptr, std::move(error));
}

void sleep_until(std::chrono::steady_clock::time_point time) {
  std::mutex mutex;
  WaitQueue never;
  std::unique_lock lock(mutex);
  while (never.wait_until(lock, time)) {
  }
}

}  // namespace internal

void yield() {
  if (internal::Fiber* fiber = internal::current_fiber()) fiber->yield();
}

}  // namespace genkit
