#ifndef GENKIT_CORE_REGISTRY_H_
#define GENKIT_CORE_REGISTRY_H_

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <genkit/core/action.h>
#include <genkit/core/plugin.h>
#include <genkit/runtime/future.h>
#include <genkit/trace/tracer.h>

namespace genkit {

class SchemaValidator;

struct RegistryOptions {
  /// Spans of the registry's actions go through it. Null: one of its own, without exporters.
  std::shared_ptr<Tracer> tracer = {};
  /// Merged underneath the context of every call.
  Json context = {};
};

/// A set of actions that is fetched when it is needed, from an MCP server for example.
struct DynamicProviderOptions {
  std::string name = {};
  std::string description = {};
  /// Gives the actions as they are now. May be slow: the result is cached and callers at the same time share one call.
  std::function<std::vector<Action>()> fetch = {};
  /// How long a result counts; negative: for ever until `invalidate`. (3 s is what the other languages use.)
  std::chrono::milliseconds time_to_live{3000};
};

/// Actions that are made when they are asked for and may change while the program runs: those of files, for example. What it
/// gives is not registered; it comes from `Registry::bind`. Any member may run on several threads.
class ActionSource {
 public:
  virtual ~ActionSource() = default;
  /// The action as it is now; nothing when there is none. Called for keys that are not registered: must be quick.
  virtual std::optional<Action> find(Registry& registry, ActionKind kind, std::string_view name) = 0;
  /// All actions as they are now, for listings.
  virtual std::vector<Action> list(Registry& registry) = 0;
};

namespace internal {
class PluginSlot;
}

/// All that a program has defined: actions by key, plugins, named schemas, values. Thread-safe; looking up a registered action
/// takes no lock.
class Registry : public std::enable_shared_from_this<Registry> {
 public:
  static std::shared_ptr<Registry> create(RegistryOptions options = {});
  /// An overlay: finds what `this` has and adds its own without changing it.
  std::shared_ptr<Registry> make_child();
  ~Registry();
  Registry(const Registry&) = delete;
  Registry& operator=(const Registry&) = delete;

  /// Registers and returns the action bound to this registry. Throws ALREADY_EXISTS when the key is taken, INVALID_ARGUMENT for
  /// a bad name.
  Action add(const Action& action);
  /// INVALID_ARGUMENT for a bad name, ALREADY_EXISTS for a second plugin of the name.
  void add_plugin(PluginRef plugin);
  Action add_dynamic_provider(DynamicProviderOptions options);
  /// Forgets what a dynamic provider has cached.
  void invalidate_dynamic_provider(std::string_view name);

  /// Looked at after the registered actions.
  void add_source(std::shared_ptr<ActionSource> source);
  /// The action as one of this registry, with its tracer and context, without registering it.
  Action bind(const Action& action);

  /// The action with this key, in this order: registered; given by a source; made by the plugin that the key names (which is
  /// initialised, once, by the first look-up); for a model without a plugin prefix made by the one plugin that has it
  /// (INVALID_ARGUMENT when several have); given by a dynamic provider; in the parent. Nothing when nobody has it. Throws what a
  /// plugin throws.
  std::optional<Action> find(std::string_view key);
  /// The same; throws NOT_FOUND, with what there is instead, when nobody has it and INVALID_ARGUMENT when it is not of `kind`.
  Action get(ActionKind kind, std::string_view name);
  /// All actions that a key means: one, or those of a dynamic provider whose name begins like a key that ends in '*'.
  std::vector<Action> find_all(std::string_view key);
  /// Only what is registered by now: no plugin is asked.
  std::optional<Action> find_registered(std::string_view key) const noexcept;

  /// Everything that could be found, parents included, without initialising a plugin, ordered as defined. A plugin or provider
  /// that cannot list itself is logged and left out.
  std::vector<ActionInfo> list();
  /// The part of `list` that is not registered here: for who knows the registered ones already.
  std::vector<ActionInfo> list_offered();
  /// Initialises every plugin and lists what is registered then.
  std::vector<ActionInfo> list_initialized();
  /// Calls `visit` for each registered action of this registry in the order of definition, without copying.
  void visit_registered(const std::function<void(const ActionInfo&)>& visit) const;
  /// Grows whenever something is registered here.
  std::uint64_t version() const noexcept;

  /// Named schemas. ALREADY_EXISTS for a name that is taken.
  void add_schema(std::string name, Json schema);
  std::shared_ptr<const Json> find_schema(std::string_view name) const;

  /// The schema, compiled once for all that are equal, here and in child registries; see SchemaCache.
  std::shared_ptr<const SchemaValidator> validator(const Json& schema) const;

  /// Values by type and name: defaultModel, middleware, format. `json` is what tools see, `object` what the library uses.
  void add_value(std::string_view type, std::string name, Json json, std::shared_ptr<const void> object = nullptr);
  std::optional<Json> find_value(std::string_view type, std::string_view name) const;
  template <class T>
  std::shared_ptr<const T> find_object(std::string_view type, std::string_view name) const {
    return std::static_pointer_cast<const T>(find_value_object(type, name));
  }
  /// An object of name to json, parents included.
  Json list_values(std::string_view type) const;

  /// Takes over a task that was cancelled and did not stop, so that its caller need not wait for it; `what` names it in the log.
  /// It is joined by `join_left_running`, which the Genkit object calls in its destructor.
  void leave_running(Future<void> task, const std::string& what);
  /// How many of these have not ended yet.
  std::size_t left_running() const;
  void join_left_running() noexcept;

  std::vector<std::string> plugin_names() const;
  Tracer& tracer() const noexcept;
  std::shared_ptr<Tracer> shared_tracer() const noexcept;
  const Json& context() const noexcept;

 private:
  struct State;
  explicit Registry(std::unique_ptr<State> state);
  void initialize(internal::PluginSlot& slot);
  std::optional<Action> find_in_plugin(internal::PluginSlot& slot, ActionKind kind, std::string_view local_name);
  std::optional<Action> find_unprefixed_model(ActionKind kind, std::string_view name);
  std::shared_ptr<const void> find_value_object(std::string_view type, std::string_view name) const;
  std::unique_ptr<State> state_;
};

}  // namespace genkit

#endif  // GENKIT_CORE_REGISTRY_H_
