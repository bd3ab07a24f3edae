#ifndef GENKIT_SRC_CORE_PLUGIN_SLOT_H_
#define GENKIT_SRC_CORE_PLUGIN_SLOT_H_

#include <atomic>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include <genkit/core/plugin.h>

#include "core/single_flight.h"

namespace genkit::internal {

/// A plugin of a registry and whether it is initialised.
class PluginSlot {
 public:
  explicit PluginSlot(std::shared_ptr<Plugin> plugin) : plugin_(std::move(plugin)), name_(plugin_->name()) {}

  Plugin& plugin() const noexcept { return *plugin_; }
  const std::string& name() const noexcept { return name_; }

  /// Calls the plugin's `init` and hands the actions to `publish`, unless that has succeeded before. Simultaneous callers wait
  /// for the one who does it. Throws FAILED_PRECONDITION when initialising this plugin is what the caller is in the middle of.
  void initialize(const std::function<void(std::vector<Action>)>& publish);

 private:
  const std::shared_ptr<Plugin> plugin_;
  const std::string name_;
  std::atomic<bool> ready_{false};
  SingleFlight flight_;
  /// While the init of this plugin waits for another plugin: that one.
  std::atomic<PluginSlot*> waits_for_{nullptr};
};

}  // namespace genkit::internal

#endif  // GENKIT_SRC_CORE_PLUGIN_SLOT_H_
