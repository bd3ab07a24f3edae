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

void PluginSlot::initialize(Publish publish) {
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
    wait_for_init(std::move(publish));
  } catch (...) {
    if (outer != nullptr) outer->waits_for_.store(nullptr);
    throw;
  }
  if (outer != nullptr) outer->waits_for_.store(nullptr);
}

void PluginSlot::wait_for_init(Publish publish) {
  Future<void> previous;  // joined without the lock
  std::unique_lock lock(mutex_);
  if (ready_.load(std::memory_order_acquire)) return;
  if (!attempt_) {
    previous = std::move(task_);
    task_ = begin_init(std::move(publish));
  }
  const std::shared_ptr<const Attempt> attempt = attempt_;
  while (!attempt->done) changed_.wait(lock);
  if (attempt->error) std::rethrow_exception(attempt->error);
}

Future<void> PluginSlot::begin_init(Publish publish) {
  // The result serves everybody, so the deadline, cancellation and trace of the caller who happens to be first stay out of it.
  auto node = std::make_shared<ContextNode>();
  node->scope = std::make_shared<const InitScope>(InitScope{this});
  const ScopedContext scope(ContextNode::make(std::move(node)));
  auto attempt = std::make_shared<Attempt>();
  Future<void> task = async([this, attempt, publish = std::move(publish)] {
    std::exception_ptr error;
    try {
      publish(plugin_->init());
      ready_.store(true, std::memory_order_release);
    } catch (...) {
      error = std::current_exception();
    }
    const std::lock_guard lock(mutex_);
    attempt->done = true;
    attempt->error = std::move(error);
    attempt_.reset();
    changed_.notify_all();
  });
  attempt_ = std::move(attempt);
  return task;
}

}  // namespace genkit::internal
