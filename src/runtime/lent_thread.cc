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

LentThread::LentThread() noexcept : generation_(Runtime::generation()), cancel_(cancel_state_of(thread_state())) {}

bool LentThread::take() noexcept {
  // In a forked process the workers are gone, and nobody waits for the task.
  if (generation_ != Runtime::generation()) return false;
  if (current_ == nullptr) {
    if (released_.load(std::memory_order_relaxed) == nullptr) return false;
    current_ = released_.exchange(nullptr, std::memory_order_acquire);
    if (current_ == nullptr) return false;
  }
  if (cancel_state_of(thread_state()) == cancel_) return true;
  give_away();
  return false;
}

void LentThread::run() noexcept {
  ThreadState& thread = thread_state();
  Fiber* const owner = thread.fiber;
  if (owner == nullptr) {
    Runtime::get().scheduler().run_lent(*this, thread);
    return;
  }
  if (++turns_ % kMaxTurnsInARow == 0 && thread.worker != nullptr) owner->yield();
  owner->lend(*this);
}

void LentThread::release() noexcept {
  if (current_ == nullptr) return;
  if (is_slow_.load(std::memory_order_relaxed)) return give_away();
  releases_.store(releases_.load(std::memory_order_relaxed) + 1, std::memory_order_relaxed);
  released_.store(std::exchange(current_, nullptr), std::memory_order_release);
  Runtime::get().scheduler().expect_wake();
}

void LentThread::give_away() noexcept {
  if (generation_ != Runtime::generation()) return;
  if (current_ == nullptr) current_ = released_.exchange(nullptr, std::memory_order_acquire);
  if (current_ == nullptr) return;
  end();
  Runtime::get().scheduler().enqueue(*std::exchange(current_, nullptr));
}

bool LentThread::is_running() const noexcept {
  return thread_state().lent == this;
}

void LentThread::hand_over(Fiber& task) noexcept {
  task.hand_over();
}

bool LentThread::can_move() noexcept {
  const ThreadState& thread = thread_state();
  return thread.worker != nullptr && thread.lent == nullptr;
}

void LentThread::move_here(Fiber& task) noexcept {
  is_slow_.store(false, std::memory_order_relaxed);
  task.move_to(*this);
}

void LentThread::offer(Fiber& task) noexcept {
  releases_.store(releases_.load(std::memory_order_relaxed) + 1, std::memory_order_relaxed);
  released_.store(&task, std::memory_order_release);
}

void LentThread::end() noexcept {
  Runtime::get().scheduler().end_lending(*this);
}

}  // namespace genkit::internal
