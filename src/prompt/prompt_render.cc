#include "prompt/prompt_render.h"

#include <algorithm>
#include <optional>
#include <utility>
#include <vector>

#include <genkit/base/error.h>

#include "ai/output/plan.h"
#include "ai/tool_set.h"
#include "prompt/front_matter.h"
#include "prompt/messages.h"
#include "prompt/prompt_access.h"
#include "prompt/prompt_span.h"

namespace genkit::internal {
namespace {

/// `over` on top of `under`, member by member; both are objects or null.
Json merged(const Json& under, Json over) {
  if (!under.is_object()) return over;
  Json result = under;
  if (over.is_object()) {
    for (auto& member : over.get_object()) result.get_object()[member.key()] = std::move(member.value());
  }
  return result;
}

/// Who asks. `storage` holds the answer when it is neither the call's nor the caller's.
const Json& context_for(const Registry& registry, const GenerateOptions& options, Json& storage) {
  const Json& given = options.context.is_null() ? Context::current().user() : options.context;
  if (!registry.context().is_object()) return given;
  return storage = merged(registry.context(), given);
}

/// The form of a call: `over` is what its options say. A format or a schema of them replaces both of the prompt's.
OutputOptions merged_output(OutputOptions under, const OutputOptions& over, const TypeInfo* output) {
  if (!over.format.empty() || !over.schema.is_null()) {
    under.format = over.format;
    under.schema = over.schema;
  }
  if (over.constrained) under.constrained = over.constrained;
  if (!over.content_type.empty()) under.content_type = over.content_type;
  if (over.instructions.given()) under.instructions = over.instructions;
  if (over.repairs != 0) under.repairs = over.repairs;
  under.stop_when_invalid |= over.stop_when_invalid;
  if (output != nullptr) under = output_for(std::move(under), output->schema());
  return under;
}

/// What the caller gave, with what it lacks from the defaults. Refers to the caller's object as long as nothing has to be made.
class PromptInput {
 public:
  PromptInput(ValueRef given, const Json& defaults) : ref_(given) {
    const bool is_json = given.type != nullptr && given.type->is_json();
    json_ = is_json ? static_cast<const Json*>(given.object) : &made_.emplace(given.to_json());
    if (json_->is_null()) json_ = &made_.emplace(JsonObject());
    if (lacks_any(defaults)) complete(defaults);
  }
  PromptInput(const PromptInput&) = delete;
  PromptInput& operator=(const PromptInput&) = delete;

  const Json& json() const { return *json_; }
  /// The caller's own object unless something was added to it.
  ValueRef ref() const { return ref_; }

 private:
  bool lacks_any(const Json& defaults) const {
    if (!defaults.is_object() || !json_->is_object()) return false;
    const JsonObject& given = json_->get_object();
    return std::any_of(defaults.get_object().begin(), defaults.get_object().end(),
                       [&](const auto& member) { return !given.contains(member.key()); });
  }
  void complete(const Json& defaults) {
    if (!made_) json_ = &made_.emplace(*json_);
    for (const auto& member : defaults.get_object()) made_->get_object().emplace(member.key(), member.value());
    ref_ = ValueRef::of(*made_);
  }

  ValueRef ref_;
  const Json* json_ = nullptr;
  std::optional<Json> made_;
};

using MadeMessages = RenderedMessages<std::vector<Message>>;

/// One rendering of a prompt.
class Rendering {
 public:
  /// `options` are those of the call and become those of the rendered prompt.
  Rendering(PromptLibrary& library, const PromptDefinition& definition, Registry& registry, ValueRef input,
            GenerateOptions& options)
      : library_(library),
        definition_(definition),
        options_(options),
        history_(std::exchange(options_.messages, {})),
        input_(input, definition.draft().input_default),
        about_{context_for(registry, options_, context_), history_, registry} {}

  void run(const TypeInfo* output) {
    const auto resolved = definition_.resolve(library_.dotprompt());
    definition_.check_input(*resolved, input_.json());
    std::optional<Content> system = make(definition_.draft().system, definition_.system(), "system");
    MadeMessages rendered = messages();
    std::optional<Content> prompt = make(definition_.draft().prompt, definition_.prompt(), "prompt");
    if (options_.docs.empty()) options_.docs = docs();
    // Nobody looks at the history any more.
    options_.messages = with_history(std::move(rendered), std::move(history_));
    if (system) options_.messages.insert(options_.messages.begin(), Message::system(std::move(*system)));
    if (prompt) options_.messages.push_back(Message::user(std::move(*prompt)));
    lay_over_prompt();
    options_.output = merged_output(resolved->output, options_.output, output);
  }

 private:
  /// The parts of one message; nothing when the prompt has none, or a template comes out empty.
  std::optional<Content> make(const PromptSource<Content>& source, const std::optional<PromptTemplate>& text, const char* part) {
    if (source.fixed) return source.fixed;
    if (source.make) return source.make(input_.ref(), about_);
    if (!text) return std::nullopt;
    MadeMessages rendered = render(*text, {});
    if (rendered.messages.empty()) return std::nullopt;
    if (rendered.messages.size() > 1) {
      throw Error(Status::kInvalidArgument, definition_.title() + ": the template of ." + part + " makes " +
                                                std::to_string(rendered.messages.size()) +
                                                " messages, and may make one; use .messages for several");
    }
    return Content(std::move(rendered.messages.front().content));
  }

  /// What stands between system and prompt. A function decides for itself what it takes of the history.
  MadeMessages messages() {
    const PromptSource<std::vector<Message>>& source = definition_.draft().messages;
    if (definition_.messages()) return render(*definition_.messages(), history_);
    if (source.make) return {.messages = source.make(input_.ref(), about_)};
    MadeMessages fixed;
    if (source.fixed) fixed.messages = *source.fixed;
    fixed.history_places = {fixed.messages.size()};
    return fixed;
  }

  MadeMessages render(const PromptTemplate& text, const std::vector<Message>& history) {
    return PromptAccess::render(text.compiled(library_.dotprompt()), input_.json(), history, about_.context);
  }

  std::vector<Document> docs() {
    const PromptSource<std::vector<Document>>& source = definition_.draft().docs;
    if (source.make) return source.make(input_.ref(), about_);
    return source.fixed.value_or(std::vector<Document>());
  }

  /// What the call does not say, the prompt does.
  void lay_over_prompt() {
    const PromptDraft& draft = definition_.draft();
    if (options_.model.name.empty()) options_.model = draft.model;
    if (!options_.config.is_null() && !options_.config.is_object()) {
      throw Error(Status::kInvalidArgument, definition_.title() + ": config must be an object, got " + to_text(options_.config));
    }
    options_.config = merged(draft.config, std::move(options_.config));
    if (options_.tools.empty()) options_.tools = tools();
    if (!options_.tool_choice) options_.tool_choice = draft.tool_choice;
    if (!options_.max_turns) options_.max_turns = draft.max_turns;
    options_.return_tool_requests |= draft.return_tool_requests;
  }

  /// A name that is no tool's may be that of another prompt, which then is the tool.
  std::vector<ToolReference> tools() {
    std::vector<ToolReference> tools = definition_.draft().tools;
    for (ToolReference& tool : tools) {
      const std::string& name = tool.name();
      if (tool.action() || name.starts_with('/') || name.find(':') != name.npos) continue;
      if (about_.registry.find(make_key(ActionKind::kTool, name)) || about_.registry.find(make_key(ActionKind::kToolV2, name))) {
        continue;
      }
      if (library_.find_definition(name)) tool = Prompt<>(library_.lookup(name, {})).as_tool();
    }
    return tools;
  }

  PromptLibrary& library_;
  const PromptDefinition& definition_;
  GenerateOptions& options_;
  std::vector<Message> history_;
  const PromptInput input_;
  Json context_;
  const PromptContext about_;
};

void check_overrides(const PromptDefinition& definition, const GenerateOptions& overrides) {
  if (overrides.system.empty() && overrides.prompt.empty()) return;
  throw Error(Status::kInvalidArgument,
              definition.title() + " has a " + (overrides.system.empty() ? "prompt" : "system") +
                  " of its own: leave it out of the options of the call, or change what render() gives");
}

/// What the trace shows. Messages and config, which may be large, are lent to the request rather than copied.
std::string request_text(Registry& registry, const PromptDefinition& definition, GenerateOptions& options) {
  // A model that has a config of its own, as the default model may, adds to it.
  const bool is_config_whole = !options.model.name.empty() && options.model.config.is_null() && options.config != JsonObject();
  std::vector<Message> messages = std::exchange(options.messages, {});
  Json config = is_config_whole ? std::exchange(options.config, nullptr) : Json();

  GenerateRequest request = to_generate_request(registry, definition, options);
  request.messages.swap(messages);
  if (!config.is_null()) request.config = std::move(config);
  std::string text;
  ValueRef::of(request).append_text(text);

  options.messages.swap(request.messages);
  if (is_config_whole && request.config) options.config = *std::move(request.config);
  return text;
}

}  // namespace

GenerateOptions render_prompt(PromptLibrary& library, const PromptDefinition& definition, ValueRef input,
                              GenerateOptions&& overrides, const TypeInfo* output) {
  check_overrides(definition, overrides);
  const std::shared_ptr<Registry> registry = library.registry();
  return run_in_span(registry->tracer(), "render", "promptTemplate", input, [&](Span& span) {
    span.set_attribute("genkit:metadata:promptName", definition.name());
    GenerateOptions options = std::move(overrides);
    Rendering(library, definition, *registry, input, options).run(output);
    if (span.is_exported()) span.set_output(request_text(*registry, definition, options));
    return options;
  });
}

GenerateRequest to_generate_request(Registry& registry, const PromptDefinition& definition, const GenerateOptions& options) {
  GenerateRequest request = to_request(registry, options);
  if (!options.tools.empty()) {
    request.tools.emplace().reserve(options.tools.size());
    for (const ToolReference& tool : options.tools) {
      request.tools->push_back(tool.action() ? tool.action()->key() : tool.name());
    }
  }
  if (!definition.use().empty()) request.use.emplace(definition.use().begin(), definition.use().end());
  return request;
}

ModelRequest to_model_request(Registry& registry, const GenerateOptions& options) {
  GenerateRequest request = to_request(registry, options);
  const ToolSet tools(registry, options.tools);
  // The model need not be there to see what it would get.
  const auto model = request.model ? registry.find(make_key(ActionKind::kModel, *request.model)) : std::nullopt;
  ModelRequest result;
  result.messages = std::move(request.messages);
  result.config = std::move(request.config);
  result.tools = tools.definitions();
  result.tool_choice = request.tool_choice;
  result.docs = std::move(request.docs);
  OutputPlan::make(registry, request.output, model ? model->info() : ActionInfo(), !tools.empty()).apply(result);
  return result;
}

void check_middleware(const PromptDefinition& definition) {
  if (definition.use().empty()) return;
  const Error error(Status::kNotFound, "middleware " + to_text(definition.use().front().at("name")) + " not found in registry");
  fail_in_front_matter(definition.messages()->source(), "/use", error);
}

ModelResponse run_prompt(PromptLibrary& library, std::string_view name, ValueRef input, GenerateOptions options,
                         const TypeInfo* output, const ChunkSink* sink, AnswerReader* reader) {
  const std::shared_ptr<Registry> registry = library.registry();
  Context context = Context::current();
  if (options.timeout) context = context.with_timeout(*options.timeout);
  if (!options.context.is_null()) context = context.with_user(options.context);
  const ScopedContext scope(std::move(context));
  Context::current().check();

  return run_in_span(registry->tracer(), name, "dotprompt", input, [&](Span& span) {
    const auto definition = library.get(name);
    check_middleware(*definition);
    const GenerateOptions rendered = render_prompt(library, *definition, input, std::move(options), output);
    ModelResponse response = generate(*registry, rendered, sink, reader);
    if (span.is_exported()) {
      std::string text;
      ValueRef::of(response).append_text(text);
      span.set_output(std::move(text));
    }
    return response;
  });
}

std::shared_ptr<PromptLibrary> PromptHandle::library() const {
  if (auto library = library_.lock()) return library;
  throw Error(Status::kFailedPrecondition,
              "prompt \"" + name_ + "\" is used after its Genkit object is gone: keep the object alive");
}

ModelResponse PromptHandle::run(ValueRef input, GenerateOptions options, const TypeInfo* output, const ChunkSink* sink,
                                AnswerReader* reader) const {
  return run_prompt(*library(), name_, input, std::move(options), output, sink, reader);
}

GenerateOptions PromptHandle::render(ValueRef input, GenerateOptions&& options, const TypeInfo* output) const {
  const auto library = this->library();
  const auto definition = library->get(name_);
  check_middleware(*definition);
  return render_prompt(*library, *definition, input, std::move(options), output);
}

OutputOptions PromptHandle::output(const GenerateOptions& options, const TypeInfo* output) const {
  // A prompt that cannot be used says so when its stream is read.
  const auto library = this->library();
  const auto resolved = attempt([&] { return library->get(name_)->resolve(library->dotprompt()); });
  return merged_output(resolved ? (*resolved)->output : OutputOptions(), options.output, output);
}

std::shared_ptr<Registry> PromptHandle::registry() const {
  return library()->registry();
}

ToolOptions PromptHandle::tool_options(ToolOptions options) const {
  const auto library = this->library();
  const auto definition = library->get(name_);
  const auto resolved = definition->resolve(library->dotprompt());
  if (options.name.view().empty()) {
    std::string name = name_;
    for (char& c : name) {
      if (!ToolName::is_valid(std::string_view(&c, 1)) && c != '/') c = '_';
    }
    options.name = name;
  }
  if (options.description.empty()) options.description = definition->draft().description;
  if (options.description.empty()) options.description = "Runs the prompt \"" + name_ + "\"";
  if (options.input_schema.is_null()) {
    options.input_schema = with_defaults(resolved->input_schema, definition->draft().input_default);
  }
  if (options.output_schema.is_null()) options.output_schema = resolved->output.schema;
  return options;
}

}  // namespace genkit::internal
