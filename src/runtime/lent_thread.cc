#include "runtime/lent_thread.h"

#include <utility>

#include "runtime/context_node.h"
#include "runtime/fiber.h"
#include "runtime/runtime.h"
#include "runtime/thread_state.h"

namespace genkit::internal {
namespace {

// After so many turns a fiber leaves its worker to the others.
constexpr unsigned kMaxTurnsInARow = 64;

const CancelState* cancel_state_of(const ThreadState& thread) noexcept {
  return thread.context != nullptr ? thread.context->cancel.get() : nullptr;
}

}  // namespace

LentThread::~LentThread() {
  end();
}

void LentThread::start(TaskState& task) {
  Runtime& runtime = Runtime::get();
  if (runtime.threads()) return start_task(task, false);
  task.adopt_context();
  runtime.scheduler().lend(*this);
  runtime.tasks().fetch_add(1, std::memory_order_relaxed);
  scheduler_ = &runtime.scheduler();
  cancel_ = cancel_state_of(thread_state());
  current_ = &task;
  release();
}

bool LentThread::run() noexcept {
  // In a forked process the workers are gone, and nobody waits for the task.
  if (scheduler_ == nullptr || scheduler_->generation() != Runtime::generation()) return false;
  if (current_ == nullptr) current_ = released_.exchange(nullptr, std::memory_order_acquire);
  if (current_ == nullptr) {
    end();
    return false;
  }
  ThreadState& thread = thread_state();
  if (cancel_state_of(thread) != cancel_) {
    give_away();
    return false;
  }
  Fiber* const owner = thread.fiber;
  if (owner == nullptr) return scheduler_->run_lent(*this, thread);
  if (++turns_ % kMaxTurnsInARow == 0 && thread.worker != nullptr) owner->yield();
  owner->lend(*this);
  return true;
}

void LentThread::release() noexcept {
  if (current_ == nullptr) return;
  releases_.store(releases_.load(std::memory_order_relaxed) + 1, std::memory_order_relaxed);
  released_.store(std::exchange(current_, nullptr), std::memory_order_release);
  scheduler_->expect_wake();
}

void LentThread::give_away() noexcept {
  if (scheduler_ == nullptr) return;
  if (current_ == nullptr) current_ = released_.exchange(nullptr, std::memory_order_acquire);
  if (current_ != nullptr) scheduler_->enqueue(*std::exchange(current_, nullptr));
  end();
}

void LentThread::end() noexcept {
  if (scheduler_ != nullptr) std::exchange(scheduler_, nullptr)->end_lending(*this);
}

Fiber* LentThread::running_task() const noexcept {
  const ThreadState& thread = thread_state();
  return thread.lent == this ? thread.fiber : nullptr;
}

void LentThread::hand_over(Fiber& task) noexcept {
  task.hand_over();
}

}  // namespace genkit::internal
