#ifndef GENKIT_SRC_RUNTIME_CONTEXT_NODE_H_
#define GENKIT_SRC_RUNTIME_CONTEXT_NODE_H_

#include <memory>

#include <genkit/runtime/context.h>

namespace genkit::internal {

/// What a `Context` points to. Immutable once published; a change makes a new node that shares the rest.
struct ContextNode {
  std::shared_ptr<CancelState> cancel;  ///< cancellation and deadline; null: neither
  std::shared_ptr<const Json> user;     ///< null: nobody passed anything
  std::shared_ptr<void> span;           ///< the current trace::Span; only the trace module looks inside
  std::shared_ptr<const void> scope;    ///< what the core module keeps per action call (registry, flow name)
  int generations = 0;                  ///< how many calls of `generate` this is inside of; only the ai module looks

  static Context make(std::shared_ptr<const ContextNode> node) { return Context(std::move(node)); }
  static const std::shared_ptr<const ContextNode>& of(const Context& context) { return context.node_; }
};

/// The current node of the calling fiber or thread, without touching its reference count; null means empty. The pointer is good
/// until the current context changes or the fiber waits.
const ContextNode* current_context_node() noexcept;

/// `Context::current().check()`, for where that is often done.
void check_current_context();

/// Replaces the current node and returns the previous one. Noinline: a fiber may have moved to another thread since the last
/// call.
std::shared_ptr<const ContextNode> exchange_current_context(std::shared_ptr<const ContextNode> node) noexcept;

}  // namespace genkit::internal

#endif  // GENKIT_SRC_RUNTIME_CONTEXT_NODE_H_
