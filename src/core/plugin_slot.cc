#include "core/plugin_slot.h"

#include <algorithm>

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

bool InitWaits::add(const PluginSlot* from, const PluginSlot* to) {
  const std::lock_guard lock(mutex_);
  if (reaches(to, from)) return false;
  waits_.emplace(from, to);
  return true;
}

void InitWaits::remove(const PluginSlot* from, const PluginSlot* to) {
  const std::lock_guard lock(mutex_);
  auto [at, end] = waits_.equal_range(from);
  while (at != end && at->second != to) ++at;
  if (at != end) waits_.erase(at);
}

bool InitWaits::reaches(const PluginSlot* from, const PluginSlot* to) const {
  if (from == to) return true;
  const auto [first, last] = waits_.equal_range(from);
  return std::any_of(first, last, [&](const auto& wait) { return reaches(wait.second, to); });
}

void PluginSlot::initialize(Publish publish) {
  if (ready_.load(std::memory_order_acquire)) return;
  PluginSlot* const outer = initializing();
  if (outer == nullptr) return wait_for_init(std::move(publish));
  if (!init_waits_->add(outer, this)) {
    throw Error(Status::kFailedPrecondition, "plugin \"" + outer->name_ + "\" looks up an action of plugin \"" + name_ +
                                                 "\" during init, which waits for it: do that on first use instead");
  }
  try {
    wait_for_init(std::move(publish));
  } catch (...) {
    init_waits_->remove(outer, this);
    throw;
  }
  init_waits_->remove(outer, this);
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
    } catch (const Error&) {
      error = std::current_exception();
    } catch (const std::exception& foreign) {
      error = std::make_exception_ptr(Error(Status::kInternal, "plugin \"" + name_ + "\" could not start: " + foreign.what(),
                                            nullptr, std::current_exception()));
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
