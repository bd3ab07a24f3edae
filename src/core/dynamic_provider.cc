#include "core/dynamic_provider.h"

#include <utility>

namespace genkit::internal {

DynamicProvider::DynamicProvider(DynamicProviderOptions options, std::function<Action(const Action&, std::string key)> bind)
    : options_(std::move(options)), bind_(std::move(bind)) {}

DynamicProvider::Actions DynamicProvider::cached() const {
  const std::lock_guard lock(mutex_);
  if (!actions_) return nullptr;
  const bool fresh = options_.time_to_live.count() < 0 || std::chrono::steady_clock::now() - fetched_at_ < options_.time_to_live;
  return fresh ? actions_ : nullptr;
}

DynamicProvider::Actions DynamicProvider::actions() {
  if (Actions actions = cached()) return actions;
  Actions result;
  flight_.run([&] { result = fetch(); });
  if (result) return result;
  // Another caller's fetch served us.
  const std::lock_guard lock(mutex_);
  return actions_ ? actions_ : std::make_shared<const std::vector<Action>>();
}

DynamicProvider::Actions DynamicProvider::fetch() {
  auto bound = std::make_shared<std::vector<Action>>();
  try {
    for (const Action& action : options_.fetch()) {
      const std::string_view local = std::string_view(action.key()).substr(1);
      bound->push_back(bind_(action, make_key(ActionKind::kDynamicActionProvider, options_.name) + ":" + std::string(local)));
    }
  } catch (...) {
    invalidate();
    throw;
  }
  const std::lock_guard lock(mutex_);
  actions_ = bound;
  fetched_at_ = std::chrono::steady_clock::now();
  return bound;
}

void DynamicProvider::invalidate() {
  const std::lock_guard lock(mutex_);
  actions_.reset();
}

}  // namespace genkit::internal
