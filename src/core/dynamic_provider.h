#ifndef GENKIT_SRC_CORE_DYNAMIC_PROVIDER_H_
#define GENKIT_SRC_CORE_DYNAMIC_PROVIDER_H_

#include <chrono>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <vector>

#include <genkit/core/registry.h>

#include "core/single_flight.h"

namespace genkit::internal {

/// The cache of one dynamic action provider (spec §3.16).
class DynamicProvider {
 public:
  using Actions = std::shared_ptr<const std::vector<Action>>;

  /// `bind` puts a fetched action into the registry's care, under its key "/dynamic-action-provider/<host>:<kind>/<name>".
  DynamicProvider(DynamicProviderOptions options, std::function<Action(const Action&, std::string key)> bind);

  const std::string& name() const noexcept { return options_.name; }
  /// What is cached, or a fresh fetch, which simultaneous callers share. A failed fetch is forgotten and thrown.
  Actions actions();
  void invalidate();
  /// Goes to the source in any case.
  Actions fetch();

 private:
  Actions cached() const;

  const DynamicProviderOptions options_;
  const std::function<Action(const Action&, std::string key)> bind_;
  SingleFlight flight_;
  mutable std::mutex mutex_;
  Actions actions_;
  std::chrono::steady_clock::time_point fetched_at_;
};

}  // namespace genkit::internal

#endif  // GENKIT_SRC_CORE_DYNAMIC_PROVIDER_H_
