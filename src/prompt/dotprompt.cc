#include <genkit/prompt/dotprompt.h>

#include <algorithm>
#include <mutex>
#include <utility>

#include <genkit/base/error.h>

#include "prompt/front_matter.h"
#include "prompt/messages.h"
#include "prompt/prompt_access.h"
#include "prompt/template_access.h"

namespace genkit {
namespace {

constexpr std::string_view kReserved[] = {"config", "description", "ext",      "input", "model",   "name",
                                          "output", "raw",         "toolDefs", "tools", "variant", "version"};

bool is_reserved(std::string_view key) {
  return std::find(std::begin(kReserved), std::end(kReserved), key) != std::end(kReserved);
}

/// Members of `over` replace those of `base`.
void assign(JsonObject& base, const JsonObject& over) {
  for (const auto& member : over) base[member.key()] = member.value();
}

/// Lays `over` on `metadata`; the two "config"s are merged member by member.
void merge(JsonObject& metadata, const JsonObject& over) {
  JsonObject config;
  for (const JsonObject* from : std::initializer_list<const JsonObject*>{&metadata, &over}) {
    const Json* member = from->if_contains("config");
    if (member && member->is_object()) assign(config, member->get_object());
  }
  assign(metadata, over);
  metadata["config"] = std::move(config);
}

internal::TemplateValue value_of(const Json& json) {
  return json.is_null() ? internal::TemplateValue() : internal::TemplateValue(json);
}

const Json* schema_in(const JsonObject& metadata, std::string_view direction) {
  const Json* member = metadata.if_contains(direction);
  return member ? find_member(*member, "schema") : nullptr;
}

}  // namespace

namespace internal {

struct PromptState {
  explicit PromptState(DotpromptOptions given) : options(std::move(given)) {}

  JsonObject resolve(const ParsedPrompt& prompt, const Json& additional) const;
  void resolve_tools(const ParsedPrompt& prompt, JsonObject& metadata) const;
  void resolve_schema(const ParsedPrompt& prompt, JsonObject& metadata, std::string_view direction) const;

  DotpromptOptions options;
  TemplateEnvironment environment;
};

void fail_in_front_matter(const ParsedPrompt& prompt, const std::string& pointer, const Error& error) {
  std::size_t line = prompt.front_matter_line;
  if (!prompt.front_matter.empty()) line = find_yaml_line(prompt.front_matter, pointer, line);
  const std::string name = prompt.name.empty() ? "prompt" : "prompt \"" + prompt.name + "\"";
  throw Error(error.status(), name + ", line " + std::to_string(line) + ", " + pointer.substr(1) + ": " + error.message(),
              {{"template", prompt.name}, {"line", line}}, std::make_exception_ptr(error));
}

JsonObject PromptState::resolve(const ParsedPrompt& prompt, const Json& additional) const {
  const JsonObject* over = additional.if_object();
  std::string model = options.default_model;
  for (const JsonObject* from : std::initializer_list<const JsonObject*>{&prompt.metadata, over}) {
    const Json* named = from ? from->if_contains("model") : nullptr;
    if (named && named->is_string() && !named->get_string().empty()) model = std::string(named->get_string());
  }
  JsonObject metadata;
  if (const Json* config = options.model_configs.if_contains(model)) metadata["config"] = *config;
  merge(metadata, prompt.metadata);
  if (over) merge(metadata, *over);
  metadata.erase("template");
  resolve_tools(prompt, metadata);
  resolve_schema(prompt, metadata, "input");
  resolve_schema(prompt, metadata, "output");
  return metadata;
}

void PromptState::resolve_tools(const ParsedPrompt& prompt, JsonObject& metadata) const {
  const Json* tools = metadata.if_contains("tools");
  if (!tools || tools->is_null()) return;
  if (!tools->is_array())
    fail_in_front_matter(prompt, "/tools", Error(Status::kInvalidArgument, "tools must be a list of names"));
  JsonArray unresolved;
  JsonArray definitions;
  if (const Json* given = metadata.if_contains("toolDefs"); given && given->is_array()) definitions = given->get_array();
  for (const Json& tool : tools->get_array()) {
    const boost::json::string* name = tool.if_string();
    if (const Json* known = name ? options.tools.if_contains(*name) : nullptr) {
      definitions.push_back(*known);
    } else if (name && options.tool_resolver) {
      std::optional<Json> resolved = options.tool_resolver(*name);
      if (!resolved) {
        fail_in_front_matter(prompt, "/tools",
                             Error(Status::kNotFound, "unable to resolve tool '" + std::string(*name) + "'; define it first"));
      }
      definitions.push_back(std::move(*resolved));
    } else {
      unresolved.push_back(tool);
    }
  }
  metadata["toolDefs"] = std::move(definitions);
  metadata["tools"] = std::move(unresolved);
}

void PromptState::resolve_schema(const ParsedPrompt& prompt, JsonObject& metadata, std::string_view direction) const {
  const Json* schema = schema_in(metadata, direction);
  if (!schema || schema->is_null()) return;
  const auto resolver = [this](std::string_view name) -> std::optional<Json> {
    if (const Json* known = options.schemas.if_contains(name)) return *known;
    return options.schema_resolver ? options.schema_resolver(name) : std::nullopt;
  };
  Json resolved;
  try {
    resolved = picoschema(*schema, resolver);
  } catch (const Error& error) {
    const Json* path = find_member(error.details(), "path");
    std::string pointer = "/" + std::string(direction) + "/schema";
    if (path && path->is_string()) pointer += std::string_view(path->get_string());
    fail_in_front_matter(prompt, pointer, error);
  }
  if (!resolved.is_null()) metadata[direction].get_object()["schema"] = std::move(resolved);
}

}  // namespace internal

ParsedPrompt parse_prompt(std::string_view source, std::string name) {
  const internal::PromptParts parts = internal::split_prompt(source);
  ParsedPrompt prompt;
  prompt.name = std::move(name);
  prompt.body = std::string(parts.body);
  prompt.body_line = parts.body_line;
  prompt.metadata = {{"ext", JsonObject()}, {"metadata", JsonObject()}, {"config", JsonObject()}};
  if (!parts.has_front_matter) return prompt;

  prompt.front_matter = std::string(parts.front_matter);
  prompt.front_matter_line = parts.front_matter_line;
  Json raw = internal::parse_front_matter(parts.front_matter, prompt.name, parts.front_matter_line);
  if (raw.is_null()) raw = JsonObject();
  JsonObject ext;
  for (const auto& member : raw.get_object()) {
    const std::string_view key = member.key();
    const std::size_t dot = key.rfind('.');
    if (is_reserved(key)) {
      prompt.metadata[key] = member.value();
    } else if (dot != std::string_view::npos) {
      Json& fields = ext[key.substr(0, dot)];
      if (!fields.is_object()) fields = JsonObject();
      fields.get_object()[key.substr(dot + 1)] = member.value();
    }
  }
  prompt.metadata["raw"] = std::move(raw);
  prompt.metadata["ext"] = std::move(ext);
  return prompt;
}

struct CompiledPrompt::State {
  /// The metadata in full, and as templates and callers of `render` see it: without "input".
  struct Metadata {
    JsonObject full;
    Json visible;
  };

  State(std::shared_ptr<internal::PromptState> the_owner, ParsedPrompt the_prompt, Template the_page)
      : owner(std::move(the_owner)), prompt(std::move(the_prompt)), page(std::move(the_page)) {}

  /// What a template sees, as its caller has it.
  struct PromptView {
    const Json& input;
    const Json& docs;
    const Json& context;
    const Json& default_input;
    /// The history. Called when the template looks at it, which may be more than once.
    std::function<const Json&()> messages;
  };

  std::shared_ptr<const Metadata> resolve() const;
  /// Renders into text with marks.
  std::string render(const Metadata& resolved, const PromptView& data) const;

  std::shared_ptr<internal::PromptState> owner;
  ParsedPrompt prompt;
  Template page;
  mutable std::mutex mutex;
  mutable std::shared_ptr<const Metadata> metadata;
};

std::shared_ptr<const CompiledPrompt::State::Metadata> CompiledPrompt::State::resolve() const {
  {
    const std::lock_guard lock(mutex);
    if (metadata) return metadata;
  }
  // Resolvers may wait, so they run without the lock; of two threads that come here at once the first one's result stays.
  auto resolved = std::make_shared<Metadata>();
  resolved->full = owner->resolve(prompt, nullptr);
  JsonObject visible;
  for (const auto& member : resolved->full) {
    if (member.key() != "input") visible.insert(member);
  }
  resolved->visible = std::move(visible);
  const std::lock_guard lock(mutex);
  if (!metadata) metadata = std::move(resolved);
  return metadata;
}

const ParsedPrompt& CompiledPrompt::parsed() const {
  return state_->prompt;
}

std::shared_ptr<const JsonObject> CompiledPrompt::metadata() const {
  auto resolved = state_->resolve();
  const JsonObject* full = &resolved->full;
  return {std::move(resolved), full};
}

std::string CompiledPrompt::State::render(const Metadata& resolved, const PromptView& data) const {
  using internal::TemplateValue;
  const Json empty(boost::json::object_kind);
  const Json* input_metadata = prompt.metadata.if_contains("input");
  const Json* defaults = data.default_input.is_object() ? &data.default_input : nullptr;
  if (!defaults && input_metadata) defaults = find_member(*input_metadata, "default");

  TemplateValue context(data.input.is_null() ? empty : data.input);
  const internal::Overlay merged{TemplateValue(defaults ? *defaults : empty), data.input.if_object(), nullptr, 0};
  const bool has_members = data.input.is_object() || data.input.is_null();
  if (defaults && defaults->is_object() && has_members) context = TemplateValue(merged);

  internal::HashEntry about[3];
  const internal::Overlay metadata{TemplateValue(empty), nullptr, about, std::size(about)};
  const auto make_metadata = [&] {
    about[0] = {"prompt", TemplateValue(resolved.visible)};
    about[1] = {"docs", value_of(data.docs)};
    about[2] = {"messages", value_of(data.messages())};
    return TemplateValue(metadata);
  };
  const internal::NamedVariable variable{"metadata", std::ref(make_metadata)};
  return internal::TemplateAccess::render(page, context, data.context.if_object(), {&variable, internal::kMark});
}

RenderedPrompt CompiledPrompt::render(const PromptData& data, const Json& default_input) const {
  const std::shared_ptr<const State::Metadata> resolved = state_->resolve();
  const auto messages = [&data]() -> const Json& { return data.messages; };
  const std::string text = state_->render(*resolved, {data.input, data.docs, data.context, default_input, messages});
  JsonArray history = data.messages.is_array() ? data.messages.get_array() : JsonArray();
  return {{resolved, &resolved->visible.get_object()},
          internal::with_history(internal::to_messages<JsonArray>(text), std::move(history))};
}

internal::RenderedMessages<std::vector<Message>> internal::PromptAccess::render(const CompiledPrompt& prompt, const Json& input,
                                                                                const std::vector<Message>& history,
                                                                                const Json& context) {
  const CompiledPrompt::State& state = *prompt.state_;
  const Json nothing;
  Json json;
  const auto messages = [&history, &json]() -> const Json& {
    if (json.is_null() && !history.empty()) json = to_json(history);
    return json;
  };
  return to_messages<std::vector<Message>>(state.render(*state.resolve(), {input, nothing, context, nothing, messages}));
}

Dotprompt::Dotprompt(DotpromptOptions options) : state_(std::make_shared<internal::PromptState>(std::move(options))) {
  internal::define_prompt_helpers(state_->environment);
  if (state_->options.partial_resolver) state_->environment.set_partial_resolver(state_->options.partial_resolver);
}

TemplateEnvironment& Dotprompt::environment() {
  return state_->environment;
}

CompiledPrompt Dotprompt::compile(std::string_view source, std::string name) const {
  return compile(parse_prompt(source, std::move(name)));
}

CompiledPrompt Dotprompt::compile(ParsedPrompt prompt) const {
  TemplateOptions options;
  options.name = prompt.name;
  options.first_line = prompt.body_line;
  options.known_helpers_only = true;
  options.limits = state_->options.limits;
  Template page(prompt.body, state_->environment, std::move(options));
  return CompiledPrompt(std::make_shared<const CompiledPrompt::State>(state_, std::move(prompt), std::move(page)));
}

RenderedPrompt Dotprompt::render(std::string_view source, const PromptData& data, const Json& default_input) const {
  return compile(source).render(data, default_input);
}

JsonObject Dotprompt::render_metadata(const ParsedPrompt& prompt, const Json& additional) const {
  return state_->resolve(prompt, additional);
}

}  // namespace genkit
