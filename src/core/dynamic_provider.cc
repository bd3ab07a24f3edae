#include "core/dynamic_provider.h"

#include <utility>

namespace genkit::internal {

DynamicProvider::DynamicProvider(DynamicProviderOptions options, std::function<Action(const Action&, std::string key)> bind)
    : options_(std::move(options)), bind_(std::move(bind)) {}

DynamicProvider::Actions DynamicProvider::cached() const {
  const std::lock_guard lock(mutex_);
  if (!actions_) return nullptr;
  // As floating point, because the longest time to live is more nanoseconds than there are.
  const std::chrono::duration<double> age = std::chrono::steady_clock::now() - fetched_at_;
  return options_.time_to_live.count() < 0 || age < options_.time_to_live ? actions_ : nullptr;
}

DynamicProvider::Actions DynamicProvider::actions() {
  if (Actions actions = cached()) return actions;
  for (;;) {
    Actions result;
    flight_.run([&] { result = fetch(); });
    if (result) return result;
    // Another caller's fetch served us, unless it was invalidated since.
    const std::lock_guard lock(mutex_);
    if (actions_) return actions_;
  }
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
