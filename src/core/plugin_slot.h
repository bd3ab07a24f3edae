#ifndef GENKIT_SRC_CORE_PLUGIN_SLOT_H_
#define GENKIT_SRC_CORE_PLUGIN_SLOT_H_

#include <atomic>
#include <exception>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include <genkit/core/plugin.h>
#include <genkit/runtime/future.h>

namespace genkit::internal {

class PluginSlot;

/// Which plugin's init waits for which others; one for a registry. Thread-safe.
class InitWaits {
 public:
  /// False, and nothing is added, when `to` is `from` or waits for it, by way of others perhaps: that would be for ever.
  bool add(const PluginSlot* from, const PluginSlot* to);
  void remove(const PluginSlot* from, const PluginSlot* to);

 private:
  bool reaches(const PluginSlot* from, const PluginSlot* to) const;

  std::mutex mutex_;
  std::multimap<const PluginSlot*, const PluginSlot*> waits_;  // an init may wait for several at once
};

/// A plugin of a registry and whether it is initialised.
class PluginSlot {
 public:
  PluginSlot(std::shared_ptr<Plugin> plugin, std::shared_ptr<InitWaits> init_waits)
      : plugin_(std::move(plugin)), name_(plugin_->name()), init_waits_(std::move(init_waits)) {}

  Plugin& plugin() const noexcept { return *plugin_; }
  const std::string& name() const noexcept { return name_; }

  using Publish = std::function<void(std::vector<Action>)>;

  /// Has the plugin's `init` run and its actions handed to `publish`, unless that has succeeded before. All simultaneous callers
  /// wait for one run, which goes on when one of them is cancelled. Throws FAILED_PRECONDITION when initialising this plugin is
  /// what the caller is in the middle of.
  void initialize(Publish publish);

 private:
  struct Attempt {
    bool done = false;
    std::exception_ptr error;
  };

  void wait_for_init(Publish publish);
  Future<void> begin_init(Publish publish);

  const std::shared_ptr<Plugin> plugin_;
  const std::string name_;
  const std::shared_ptr<InitWaits> init_waits_;
  std::atomic<bool> ready_{false};
  std::mutex mutex_;  // guards what follows
  WaitQueue changed_;
  std::shared_ptr<Attempt> attempt_;  // that runs now
  Future<void> task_;                 // its, or that of the one before
};

}  // namespace genkit::internal

#endif  // GENKIT_SRC_CORE_PLUGIN_SLOT_H_
