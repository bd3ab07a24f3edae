#include "runtime/thread_state.h"

#include <cstddef>
#include <new>
#include <utility>

#include "runtime/cancel_state.h"

namespace genkit::internal {
namespace {

// Constant-initialised and never destroyed, so that it needs no guard and also works while static objects are destroyed. A thread
// leaves nothing behind: contexts are pushed and popped in pairs, at its end the current one is empty.
alignas(ThreadState) constinit thread_local std::byte t_storage[sizeof(ThreadState)] = {};
constinit thread_local ThreadState* t_state = nullptr;

// Without it the optimiser finds out that an accessor computes an address only, and reuses the result across a suspension.
inline void forget_thread() noexcept {
#if defined(__GNUC__)
  asm volatile("" ::: "memory");
#endif
}

GENKIT_NOINLINE ThreadState* make_thread_state() noexcept {
  t_state = new (t_storage) ThreadState();
  return t_state;
}

}  // namespace

ThreadState& thread_state() noexcept {
  forget_thread();
  ThreadState* state = t_state;
  return state != nullptr ? *state : *make_thread_state();
}

Fiber* current_fiber() noexcept {
  forget_thread();
  const ThreadState* state = t_state;
  return state != nullptr ? state->fiber : nullptr;
}

const void* execution_id() noexcept {
  const ThreadState& state = thread_state();
  return state.fiber != nullptr ? static_cast<const void*>(state.fiber) : &state;
}

GENKIT_NOINLINE const ContextNode* current_context_node() noexcept {
  forget_thread();
  const ThreadState* state = t_state;
  return state != nullptr ? state->context.get() : nullptr;
}

GENKIT_NOINLINE void check_current_context() {
  forget_thread();
  const ThreadState* state = t_state;
  if (state != nullptr && state->context != nullptr && state->context->cancel != nullptr) state->context->cancel->check();
}

GENKIT_NOINLINE std::shared_ptr<const ContextNode> exchange_current_context(std::shared_ptr<const ContextNode> node) noexcept {
  forget_thread();
  ThreadState* state = t_state;
  if (state == nullptr) state = make_thread_state();
  state->context.swap(node);
  return node;
}

}  // namespace genkit::internal

namespace genkit {

GENKIT_NOINLINE Context Context::current() noexcept {
  internal::forget_thread();
  const internal::ThreadState* state = internal::t_state;
  return state != nullptr ? Context(state->context) : Context();
}

}  // namespace genkit
