#ifndef GENKIT_CORE_PLUGIN_H_
#define GENKIT_CORE_PLUGIN_H_

#include <concepts>
#include <memory>
#include <optional>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include <genkit/core/action.h>

namespace genkit {

/// A source of actions: models of a provider, a vector store, a set of tools. Nothing of a plugin runs until one of its actions
/// is looked up. Its actions are registered as "<plugin>/<name>".
///
/// Threads: `init` runs at most once at a time and once successfully; `resolve` and `list_actions` may run on several threads.
class Plugin {
 public:
  virtual ~Plugin() = default;

  /// One segment of a key: letters, digits, '-', '_', '.'. Must not change.
  virtual std::string_view name() const = 0;
  /// Makes the plugin's actions. The first look-up of any key below the plugin's name starts it on a fiber of its own; look-ups
  /// wait for it until their own context ends. What it throws goes to everybody who waits; the next look-up tries again.
  virtual std::vector<Action> init() { return {}; }
  /// Makes an action on demand. `name` comes without the plugin's prefix. The result is registered: once per name.
  virtual std::optional<Action> resolve(ActionKind kind, std::string_view name) {
    (void)kind, (void)name;
    return std::nullopt;
  }
  /// Actions that could be had, for listings. Must be cheap and must not initialise anything.
  virtual std::vector<ActionInfo> list_actions() { return {}; }
};

/// Takes a plugin by value or shared: `{.plugins = {Parrot(), google_ai()}}`.
class PluginRef {
 public:
  template <class P>
    requires std::derived_from<std::remove_cvref_t<P>, Plugin>
  PluginRef(P&& plugin) : plugin_(std::make_shared<std::remove_cvref_t<P>>(std::forward<P>(plugin))) {}
  template <class P>
    requires std::derived_from<P, Plugin>
  PluginRef(std::shared_ptr<P> plugin) : plugin_(std::move(plugin)) {}
  template <class P>
    requires std::derived_from<P, Plugin>
  PluginRef(std::unique_ptr<P> plugin) : plugin_(std::move(plugin)) {}

  const std::shared_ptr<Plugin>& get() const noexcept { return plugin_; }

 private:
  std::shared_ptr<Plugin> plugin_;
};

}  // namespace genkit

#endif  // GENKIT_CORE_PLUGIN_H_
