#include <genkit/core/registry.h>

#include <map>
#include <shared_mutex>
#include <unordered_map>

#include <genkit/schema/validator.h>

#include "core/action_state.h"
#include "core/action_table.h"
#include "core/dynamic_provider.h"
#include "core/left_tasks.h"
#include "core/plugin_slot.h"

namespace genkit {

using internal::ActionState;
using internal::DynamicProvider;
using internal::PluginSlot;

struct Registry::State {
  struct NamedValue {
    Json json;
    std::shared_ptr<const void> object;
  };

  std::shared_ptr<Tracer> tracer;
  std::shared_ptr<const Json> context;
  std::shared_ptr<Registry> parent;
  internal::ActionTable actions;
  // One for a registry and its children.
  std::shared_ptr<internal::LeftTasks> left_tasks;
  std::shared_ptr<SchemaCache> schema_cache;

  mutable std::shared_mutex mutex;  // guards what follows; never held across calls to plugins and providers
  std::vector<std::shared_ptr<PluginSlot>> plugins;
  const std::shared_ptr<internal::InitWaits> init_waits = std::make_shared<internal::InitWaits>();
  std::vector<std::shared_ptr<DynamicProvider>> providers;
  std::vector<std::shared_ptr<ActionSource>> sources;
  std::map<std::string, std::shared_ptr<const Json>, std::less<>> schemas;
  std::map<std::string, std::map<std::string, NamedValue, std::less<>>, std::less<>> values;

  std::shared_ptr<PluginSlot> find_plugin(std::string_view name) const {
    const std::shared_lock lock(mutex);
    for (const auto& slot : plugins) {
      if (slot->name() == name) return slot;
    }
    return nullptr;
  }
  std::shared_ptr<DynamicProvider> find_provider(std::string_view name) const {
    const std::shared_lock lock(mutex);
    for (const auto& provider : providers) {
      if (provider->name() == name) return provider;
    }
    return nullptr;
  }
  std::vector<std::shared_ptr<PluginSlot>> all_plugins() const {
    const std::shared_lock lock(mutex);
    return plugins;
  }
  std::vector<std::shared_ptr<DynamicProvider>> all_providers() const {
    const std::shared_lock lock(mutex);
    return providers;
  }
  std::vector<std::shared_ptr<ActionSource>> all_sources() const {
    const std::shared_lock lock(mutex);
    return sources;
  }
};

namespace {

/// "echo" of plugin "parrot" is "parrot/echo"; a name that has the prefix keeps it.
std::string with_prefix(std::string_view plugin, std::string_view name) {
  if (name.size() > plugin.size() && name.starts_with(plugin) && name[plugin.size()] == '/') return std::string(name);
  return std::string(plugin) + "/" + std::string(name);
}

Action bound_to(const Action& action, std::string name, std::string key, std::shared_ptr<Tracer> tracer,
                std::weak_ptr<Registry> registry, std::shared_ptr<const Json> context) {
  auto state = std::make_shared<ActionState>(*action.state());
  state->info.name = std::move(name);
  state->info.key = std::move(key);
  state->tracer = std::move(tracer);
  state->registry = std::move(registry);
  state->default_context = std::move(context);
  return Action(std::shared_ptr<const ActionState>(std::move(state)));
}

std::string join(const std::vector<std::string>& names) {
  std::string text;
  for (const std::string& name : names) text += (text.empty() ? "" : ", ") + name;
  return text.empty() ? "none" : text;
}

/// Collects infos by key: a later one replaces an earlier one in its place.
class Listing {
 public:
  void put(ActionInfo info) {
    const auto [found, is_new] = index_.try_emplace(info.key, infos_.size());
    if (is_new) {
      infos_.push_back(std::move(info));
    } else {
      infos_[found->second] = std::move(info);
    }
  }
  void reserve(std::size_t size) {
    infos_.reserve(size);
    index_.reserve(size);
  }
  std::vector<ActionInfo> take() { return std::move(infos_); }

 private:
  std::vector<ActionInfo> infos_;
  std::unordered_map<std::string, std::size_t> index_;
};

/// What plugins say that they could make; one that fails is logged and left out.
void put_offers(Listing& listing, const std::vector<std::shared_ptr<PluginSlot>>& plugins, const Tracer& tracer) {
  for (const auto& slot : plugins) {
    try {
      for (ActionInfo& info : slot->plugin().list_actions()) {
        info.name = with_prefix(slot->name(), info.name);
        info.key = make_key(info.kind, info.name);
        listing.put(std::move(info));
      }
    } catch (...) {
      tracer.logger().error("plugin \"" + slot->name() +
                            "\" cannot list its actions: " + to_error(std::current_exception()).what());
    }
  }
}

/// The same for dynamic action providers.
void put_offers(Listing& listing, const std::vector<std::shared_ptr<DynamicProvider>>& providers, const Tracer& tracer) {
  for (const auto& provider : providers) {
    try {
      for (const Action& action : *provider->actions()) listing.put(action.info());
    } catch (...) {
      tracer.logger().error("dynamic action provider \"" + provider->name() +
                            "\" cannot list its actions: " + to_error(std::current_exception()).what());
    }
  }
}

/// The same for sources, which log for themselves what they cannot list.
void put_offers(Listing& listing, const std::vector<std::shared_ptr<ActionSource>>& sources, Registry& registry) {
  for (const auto& source : sources) {
    for (const Action& action : source->list(registry)) listing.put(action.info());
  }
}

}  // namespace

Registry::Registry(std::unique_ptr<State> state) : state_(std::move(state)) {}
Registry::~Registry() {
  // An init that nobody waits for any more may still run; it uses the rest.
  state_->plugins.clear();
}

std::shared_ptr<Registry> Registry::create(RegistryOptions options) {
  if (!options.context.is_null() && !options.context.is_object()) {
    throw Error(Status::kInvalidArgument, "the context of a registry must be an object, got " + to_text(options.context));
  }
  auto state = std::make_unique<State>();
  state->tracer = options.tracer ? std::move(options.tracer) : std::make_shared<Tracer>();
  state->left_tasks = std::make_shared<internal::LeftTasks>();
  state->schema_cache = std::make_shared<SchemaCache>();
  if (!options.context.is_null()) state->context = std::make_shared<const Json>(std::move(options.context));
  return std::shared_ptr<Registry>(new Registry(std::move(state)));
}

std::shared_ptr<Registry> Registry::make_child() {
  auto state = std::make_unique<State>();
  state->tracer = state_->tracer;
  state->context = state_->context;
  state->left_tasks = state_->left_tasks;
  state->schema_cache = state_->schema_cache;
  state->parent = shared_from_this();
  return std::shared_ptr<Registry>(new Registry(std::move(state)));
}

Action Registry::bind(const Action& action) {
  return bound_to(action, action.name(), make_key(action.kind(), action.name()), state_->tracer, weak_from_this(),
                  state_->context);
}

void Registry::add_source(std::shared_ptr<ActionSource> source) {
  const std::unique_lock lock(state_->mutex);
  state_->sources.push_back(std::move(source));
}

Action Registry::add(const Action& action) {
  Action bound = bind(action);
  state_->actions.insert_all({bound});
  return bound;
}

void Registry::add_plugin(PluginRef plugin) {
  if (!plugin.get()) throw Error(Status::kInvalidArgument, "a plugin is null: pass an object or a shared_ptr to one");
  auto slot = std::make_shared<PluginSlot>(plugin.get(), state_->init_waits);
  const std::string& name = slot->name();
  const bool valid =
      !name.empty() &&
      name.find_first_not_of("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.") == std::string::npos;
  if (!valid) {
    throw Error(Status::kInvalidArgument, "plugin name \"" + name + "\" is not valid: use letters, digits, '-', '_' and '.'");
  }
  const std::unique_lock lock(state_->mutex);
  for (const auto& existing : state_->plugins) {
    if (existing->name() == name) {
      throw Error(Status::kAlreadyExists, "plugin \"" + name + "\" is listed twice: list it once");
    }
  }
  state_->plugins.push_back(std::move(slot));
}

Action Registry::add_dynamic_provider(DynamicProviderOptions options) {
  if (!options.fetch) {
    throw Error(Status::kInvalidArgument, "dynamic action provider \"" + options.name + "\" has no fetch function");
  }
  if (options.name.find(':') != std::string::npos) {
    throw Error(Status::kInvalidArgument, "dynamic action provider name \"" + options.name + "\" contains ':'");
  }
  auto provider = std::make_shared<DynamicProvider>(options, [tracer = state_->tracer, registry = weak_from_this(),
                                                              context = state_->context](const Action& action, std::string key) {
    return bound_to(action, action.name(), std::move(key), tracer, registry, context);
  });

  internal::ActionDefinition definition;
  definition.kind = ActionKind::kDynamicActionProvider;
  definition.name = options.name;
  definition.description = options.description;
  definition.metadata = {{"type", "dynamic-action-provider"}};
  definition.output_type = &internal::type_info<Json>();
  definition.body = [provider](internal::ValueRef, internal::ActionCall&) {
    JsonArray list;
    for (const Action& action : *provider->fetch()) {
      list.push_back({{"name", action.name()},
                      {"actionType", kind_name(action.kind())},
                      {"key", action.key()},
                      {"description", action.info().description},
                      {"metadata", action.info().metadata}});
    }
    return internal::Value::of(Json(std::move(list)));
  };
  const Action action = add(Action(std::move(definition)));
  const std::unique_lock lock(state_->mutex);
  state_->providers.push_back(std::move(provider));
  return action;
}

void Registry::invalidate_dynamic_provider(std::string_view name) {
  if (const auto provider = state_->find_provider(name)) {
    provider->invalidate();
  } else if (state_->parent) {
    state_->parent->invalidate_dynamic_provider(name);
  }
}

std::optional<Action> Registry::find_registered(std::string_view key) const noexcept {
  const Action* action = state_->actions.find(key);
  if (action == nullptr) return std::nullopt;
  return *action;
}

void Registry::initialize(internal::PluginSlot& slot) {
  slot.initialize([this, plugin = slot.name()](std::vector<Action> actions) {
    for (Action& action : actions) {
      const std::string name = with_prefix(plugin, action.name());
      action = bound_to(action, name, make_key(action.kind(), name), state_->tracer, weak_from_this(), state_->context);
    }
    state_->actions.insert_all(actions);
  });
}

std::optional<Action> Registry::find_in_plugin(internal::PluginSlot& slot, ActionKind kind, std::string_view local_name) {
  initialize(slot);
  const std::string name = slot.name() + "/" + std::string(local_name);
  const std::string key = make_key(kind, name);
  if (auto action = find_registered(key)) return action;

  const std::optional<Action> resolved = slot.plugin().resolve(kind, local_name);
  if (!resolved) return std::nullopt;
  if (resolved->kind() != kind || with_prefix(slot.name(), resolved->name()) != name) {
    throw Error(Status::kInternal, "plugin \"" + slot.name() + "\" was asked for " + key + " and resolved " + resolved->key() +
                                       ": resolve must return the action that it is asked for");
  }
  return state_->actions.insert_or_get(bound_to(*resolved, name, key, state_->tracer, weak_from_this(), state_->context));
}

std::optional<Action> Registry::find_unprefixed_model(ActionKind kind, std::string_view name) {
  std::optional<Action> found;
  std::vector<std::string> candidates;
  for (const auto& slot : state_->all_plugins()) {
    if (auto action = find_in_plugin(*slot, kind, name)) {
      candidates.push_back(action->name());
      found = std::move(action);
    }
  }
  if (candidates.size() > 1) {
    throw Error(Status::kInvalidArgument, "model \"" + std::string(name) + "\" is ambiguous: several plugins have it (" +
                                              join(candidates) + "); use the full name");
  }
  return found;
}

std::optional<Action> Registry::find(std::string_view key) {
  if (auto action = find_registered(key)) return action;
  const auto parsed = ActionKey::parse(key);
  if (!parsed) return std::nullopt;

  if (parsed->host.empty()) {
    for (const auto& source : state_->all_sources()) {
      if (auto action = source->find(*this, parsed->kind, parsed->name)) return action;
    }
  }
  if (!parsed->host.empty()) {
    if (const auto provider = state_->find_provider(parsed->host)) {
      for (const Action& action : *provider->actions()) {
        if (action.key() == key) return action;
      }
    }
  } else if (!parsed->plugin.empty()) {
    if (const auto slot = state_->find_plugin(parsed->plugin)) {
      if (auto action = find_in_plugin(*slot, parsed->kind, std::string_view(parsed->name).substr(parsed->plugin.size() + 1))) {
        return action;
      }
    }
  } else if (parsed->kind == ActionKind::kModel || parsed->kind == ActionKind::kBackgroundModel) {
    if (auto action = find_unprefixed_model(parsed->kind, parsed->name)) return action;
  }
  return state_->parent ? state_->parent->find(key) : std::nullopt;
}

std::vector<Action> Registry::find_all(std::string_view key) {
  std::vector<Action> found;
  const auto parsed = ActionKey::parse(key);
  if (!parsed || parsed->host.empty() || !key.ends_with('*')) {
    if (auto action = find(key)) found.push_back(std::move(*action));
    return found;
  }
  const auto provider = state_->find_provider(parsed->host);
  if (!provider) return state_->parent ? state_->parent->find_all(key) : found;
  for (const Action& action : *provider->actions()) {
    if (action.key().starts_with(key.substr(0, key.size() - 1))) found.push_back(action);
  }
  return found;
}

Action Registry::get(ActionKind kind, std::string_view name) {
  if (auto action = find(name.starts_with('/') ? std::string(name) : make_key(kind, name))) {
    if (action->kind() == kind) return *action;
    throw Error(Status::kInvalidArgument, action->key() + " is a " + std::string(kind_name(action->kind())) + ", where a " +
                                              std::string(kind_name(kind)) + " is needed");
  }
  throw Error(Status::kNotFound,
              std::string(kind_name(kind)) + " \"" + std::string(name) + "\" not found; plugins loaded: " + join(plugin_names()));
}

std::vector<ActionInfo> Registry::list() {
  Listing listing;
  if (state_->parent) {
    for (ActionInfo& info : state_->parent->list()) listing.put(std::move(info));
  }
  put_offers(listing, state_->all_plugins(), *state_->tracer);
  put_offers(listing, state_->all_sources(), *this);
  listing.reserve(state_->actions.version());
  for (const Action* action : state_->actions.all()) listing.put(action->info());
  put_offers(listing, state_->all_providers(), *state_->tracer);
  return listing.take();
}

std::vector<ActionInfo> Registry::list_offered() {
  Listing listing;
  if (state_->parent) {
    for (ActionInfo& info : state_->parent->list()) listing.put(std::move(info));
  }
  put_offers(listing, state_->all_plugins(), *state_->tracer);
  put_offers(listing, state_->all_sources(), *this);
  put_offers(listing, state_->all_providers(), *state_->tracer);
  std::vector<ActionInfo> infos = listing.take();
  std::erase_if(infos, [this](const ActionInfo& info) { return state_->actions.find(info.key) != nullptr; });
  return infos;
}

std::vector<ActionInfo> Registry::list_initialized() {
  Listing listing;
  if (state_->parent) {
    for (ActionInfo& info : state_->parent->list_initialized()) listing.put(std::move(info));
  }
  for (const auto& slot : state_->all_plugins()) initialize(*slot);
  put_offers(listing, state_->all_sources(), *this);
  for (const Action* action : state_->actions.all()) listing.put(action->info());
  return listing.take();
}

void Registry::visit_registered(const std::function<void(const ActionInfo&)>& visit) const {
  for (const Action* action : state_->actions.all()) visit(action->info());
}

std::uint64_t Registry::version() const noexcept {
  return state_->actions.version();
}

void Registry::add_schema(std::string name, Json schema) {
  SchemaValidator::compile(schema);
  const std::unique_lock lock(state_->mutex);
  const auto [found, is_new] = state_->schemas.try_emplace(std::move(name), std::make_shared<const Json>(std::move(schema)));
  if (!is_new) throw Error(Status::kAlreadyExists, "schema \"" + found->first + "\" is defined twice");
}

std::shared_ptr<const SchemaValidator> Registry::validator(const Json& schema) const {
  return state_->schema_cache->get(schema);
}

std::shared_ptr<const Json> Registry::find_schema(std::string_view name) const {
  {
    const std::shared_lock lock(state_->mutex);
    if (const auto found = state_->schemas.find(name); found != state_->schemas.end()) return found->second;
  }
  return state_->parent ? state_->parent->find_schema(name) : nullptr;
}

void Registry::add_value(std::string_view type, std::string name, Json json, std::shared_ptr<const void> object) {
  const std::unique_lock lock(state_->mutex);
  const auto [found, is_new] =
      state_->values[std::string(type)].try_emplace(std::move(name), State::NamedValue{std::move(json), std::move(object)});
  if (!is_new) throw Error(Status::kAlreadyExists, std::string(type) + " \"" + found->first + "\" is defined twice");
}

std::optional<Json> Registry::find_value(std::string_view type, std::string_view name) const {
  {
    const std::shared_lock lock(state_->mutex);
    if (const auto group = state_->values.find(type); group != state_->values.end()) {
      if (const auto found = group->second.find(name); found != group->second.end()) return found->second.json;
    }
  }
  return state_->parent ? state_->parent->find_value(type, name) : std::nullopt;
}

std::shared_ptr<const void> Registry::find_value_object(std::string_view type, std::string_view name) const {
  {
    const std::shared_lock lock(state_->mutex);
    if (const auto group = state_->values.find(type); group != state_->values.end()) {
      if (const auto found = group->second.find(name); found != group->second.end()) return found->second.object;
    }
  }
  return state_->parent ? state_->parent->find_value_object(type, name) : nullptr;
}

Json Registry::list_values(std::string_view type) const {
  Json all = state_->parent ? state_->parent->list_values(type) : Json(JsonObject());
  const std::shared_lock lock(state_->mutex);
  if (const auto group = state_->values.find(type); group != state_->values.end()) {
    for (const auto& [name, value] : group->second) all.get_object()[name] = value.json;
  }
  return all;
}

void Registry::leave_running(Future<void> task, const std::string& what) {
  tracer().logger().warning(what +
                            " was cancelled, did not stop, and goes on in the background: long work should ask "
                            "Context::current().cancelled() now and then");
  state_->left_tasks->add(std::move(task));
}
std::size_t Registry::left_running() const {
  return state_->left_tasks->running();
}
void Registry::join_left_running() noexcept {
  state_->left_tasks->join();
}

std::vector<std::string> Registry::plugin_names() const {
  std::vector<std::string> names = state_->parent ? state_->parent->plugin_names() : std::vector<std::string>();
  for (const auto& slot : state_->all_plugins()) names.push_back(slot->name());
  return names;
}

Tracer& Registry::tracer() const noexcept {
  return *state_->tracer;
}
std::shared_ptr<Tracer> Registry::shared_tracer() const noexcept {
  return state_->tracer;
}
const Json& Registry::context() const noexcept {
  static const Json none;
  return state_->context ? *state_->context : none;
}

}  // namespace genkit
