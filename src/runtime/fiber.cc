#include "runtime/fiber.h"

#include <cstdint>
#include <new>
#include <utility>

#include "runtime/runtime.h"
#include "runtime/scheduler.h"

namespace genkit::internal {
namespace {

// The stack belongs to the Fiber, not to the boost::context::fiber that runs on it.
struct BorrowedStack {
  void deallocate(boost::context::stack_context&) noexcept {}
};

}  // namespace

Fiber* Fiber::create(Scheduler& scheduler, std::size_t stack_size) noexcept {
  const std::optional<Stack> stack = Stack::map(stack_size);
  if (!stack) return nullptr;
  auto address = reinterpret_cast<std::uintptr_t>(stack->top()) - sizeof(Fiber);
  address &= ~std::uintptr_t{63};
  return new (reinterpret_cast<void*>(address)) Fiber(scheduler, *stack);
}

Fiber::Fiber(Scheduler& scheduler, const Stack& stack) noexcept : Runnable(true), scheduler_(scheduler), stack_(stack) {
  boost::context::stack_context context;
  context.sp = this;
  context.size = static_cast<std::size_t>(reinterpret_cast<char*>(this) - stack.bottom());
  annotations_.create(stack.bottom(), context.size, stack.size());
  continuation_ =
      boost::context::fiber(std::allocator_arg, boost::context::preallocated(context.sp, context.size, context), BorrowedStack(),
                            [this](boost::context::fiber&& worker) noexcept { return run_tasks(std::move(worker)); });
}

void Fiber::destroy(Fiber* fiber) noexcept {
  const Stack stack = fiber->stack_;
  fiber->resume(nullptr, thread_state());
  fiber->annotations_.destroy();
  fiber->~Fiber();
  stack.unmap();
}

boost::context::fiber Fiber::run_tasks(boost::context::fiber worker) noexcept {
  continuation_ = std::move(worker);
  annotations_.after_enter();
  while (task_ != nullptr) {
    scheduler_.execute(*task_);
    leave(Left::kFinished);
  }
  annotations_.before_leave(true);
  return std::move(continuation_);
}

void Fiber::park() noexcept {
  if (token_.exchange(Token::kNone, std::memory_order_acquire) == Token::kNone) leave(Left::kParked);
}

bool Fiber::try_sleep() noexcept {
  Token expected = Token::kNone;
  return token_.compare_exchange_strong(expected, Token::kAsleep, std::memory_order_acq_rel);
}

void Fiber::unpark() noexcept {
  // In a forked process the threads that ran fibers are gone, and with them the fibers.
  if (scheduler_.generation() != Runtime::generation()) return;
  if (token_.exchange(Token::kWoken, std::memory_order_acq_rel) == Token::kAsleep) scheduler_.push(*this);
}

ScopedFiberLabel::ScopedFiberLabel(std::string_view text) noexcept
    : label_(current_fiber() != nullptr ? &current_fiber()->label() : nullptr) {
  if (label_ == nullptr) return;
  previous_ = label_->words();
  label_->set(text);
}

ScopedFiberLabel::~ScopedFiberLabel() {
  if (label_ != nullptr) label_->set(previous_);
}

}  // namespace genkit::internal
