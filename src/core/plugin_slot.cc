#include "core/plugin_slot.h"

#include "runtime/context_node.h"

namespace genkit::internal {
namespace {

/// Hangs in `ContextNode::scope` while a plugin's init runs, so that what it calls can know.
struct InitScope {
  PluginSlot* slot;
};

PluginSlot* initializing() noexcept {
  const ContextNode* node = current_context_node();
  return node != nullptr && node->scope ? static_cast<const InitScope*>(node->scope.get())->slot : nullptr;
}

}  // namespace

void PluginSlot::initialize(const std::function<void(std::vector<Action>)>& publish) {
  if (ready_.load(std::memory_order_acquire)) return;

  PluginSlot* const outer = initializing();
  if (outer != nullptr) {
    // The plugins that wait for one another form chains; one that comes back to its beginning would wait for ever.
    outer->waits_for_.store(this);
    for (PluginSlot* slot = this; slot != nullptr; slot = slot->waits_for_.load()) {
      if (slot != outer) continue;
      outer->waits_for_.store(nullptr);
      throw Error(Status::kFailedPrecondition, "plugin \"" + outer->name_ + "\" looks up an action of plugin \"" + name_ +
                                                   "\" during init, which waits for it: do that on first use instead");
    }
  }

  try {
    flight_.run([&] {
      if (ready_.load(std::memory_order_acquire)) return;
      // The result serves everybody, so the deadline, cancellation and trace of the caller who happens to be first stay out of
      // it.
      auto node = std::make_shared<ContextNode>();
      node->scope = std::make_shared<const InitScope>(InitScope{this});
      const ScopedContext scope(ContextNode::make(std::move(node)));
      publish(plugin_->init());
      ready_.store(true, std::memory_order_release);
    });
  } catch (...) {
    if (outer != nullptr) outer->waits_for_.store(nullptr);
    throw;
  }
  if (outer != nullptr) outer->waits_for_.store(nullptr);
}

}  // namespace genkit::internal
