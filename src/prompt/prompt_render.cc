#include "prompt/prompt_render.h"

#include <iterator>
#include <optional>
#include <utility>
#include <vector>

#include <genkit/base/error.h>

#include "ai/output/plan.h"
#include "ai/tool_set.h"
#include "prompt/front_matter.h"
#include "prompt/prompt_span.h"

namespace genkit::internal {
namespace {

/// `over` on top of `under`, member by member; both are objects or null.
Json merged(const Json& under, const Json& over) {
  if (!under.is_object()) return over;
  Json result = under;
  if (over.is_object()) {
    for (const auto& member : over.get_object()) result.get_object()[member.key()] = member.value();
  }
  return result;
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
  return output != nullptr ? output_for(std::move(under), output->schema()) : under;
}

/// What the caller gave, with what it lacks from the defaults.
Json input_json(const PromptDefinition& definition, ValueRef input, bool& completed) {
  Json json = input.to_json();
  if (json.is_null()) json = JsonObject();
  const Json& defaults = definition.draft().input_default;
  if (!defaults.is_object() || !json.is_object()) return json;
  for (const auto& member : defaults.get_object()) {
    completed |= json.get_object().emplace(member.key(), member.value()).second;
  }
  return json;
}

/// One rendering of a prompt.
class Rendering {
 public:
  Rendering(PromptLibrary& library, const PromptDefinition& definition, Registry& registry, ValueRef input,
            const GenerateOptions& overrides)
      : library_(library),
        definition_(definition),
        overrides_(overrides),
        data_{.context = merged(registry.context(), overrides.context.is_null() ? Context::current().user() : overrides.context)},
        about_{data_.context, overrides.messages, registry} {
    bool completed = false;
    data_.input = input_json(definition, input, completed);
    // Functions get the caller's own object unless something was added to it.
    input_ = completed ? ValueRef::of(data_.input) : input;
  }

  GenerateOptions options(const TypeInfo* output) {
    const auto resolved = definition_.resolve(library_.dotprompt());
    definition_.check_input(*resolved, data_.input);
    GenerateOptions options = overrides_;
    options.messages.clear();
    add_system(options.messages);
    add_messages(options.messages);
    add_prompt(options.messages);
    if (options.docs.empty()) options.docs = docs();
    lay_over_prompt(options);
    options.output = merged_output(resolved->output, overrides_.output, output);
    return options;
  }

 private:
  void add_system(std::vector<Message>& messages) {
    if (auto content = make(definition_.draft().system, definition_.system(), "system")) {
      messages.push_back(Message::system(std::move(*content)));
    }
  }
  void add_prompt(std::vector<Message>& messages) {
    if (auto content = make(definition_.draft().prompt, definition_.prompt(), "prompt")) {
      messages.push_back(Message::user(std::move(*content)));
    }
  }

  /// The parts of one message; nothing when the prompt has none, or a template comes out empty.
  std::optional<Content> make(const PromptSource<Content>& source, const std::optional<PromptTemplate>& text, const char* part) {
    if (source.fixed) return source.fixed;
    if (source.make) return source.make(input_, about_);
    if (!text) return std::nullopt;
    const RenderedPrompt rendered = text->compiled(library_.dotprompt()).render(data_);
    if (rendered.messages.empty()) return std::nullopt;
    if (rendered.messages.size() > 1) {
      throw Error(Status::kInvalidArgument, definition_.title() + ": the template of ." + part + " makes " +
                                                std::to_string(rendered.messages.size()) +
                                                " messages, and may make one; use .messages for several");
    }
    return Content(from_json<std::vector<Part>>(rendered.messages.front().at("content")));
  }

  void add_messages(std::vector<Message>& messages) {
    const PromptSource<std::vector<Message>>& source = definition_.draft().messages;
    std::vector<Message> made;
    if (definition_.messages()) {
      if (!overrides_.messages.empty()) data_.messages = to_json(overrides_.messages);
      made = from_json<std::vector<Message>>(definition_.messages()->compiled(library_.dotprompt()).render(data_).messages);
      data_.messages = nullptr;
    } else if (source.make) {
      made = source.make(input_, about_);
    } else {
      if (source.fixed) made = *source.fixed;
      made.insert(made.end(), overrides_.messages.begin(), overrides_.messages.end());
    }
    messages.insert(messages.end(), std::move_iterator(made.begin()), std::move_iterator(made.end()));
  }

  std::vector<Document> docs() {
    const PromptSource<std::vector<Document>>& source = definition_.draft().docs;
    if (source.make) return source.make(input_, about_);
    return source.fixed.value_or(std::vector<Document>());
  }

  /// What the call does not say, the prompt does.
  void lay_over_prompt(GenerateOptions& options) {
    const PromptDraft& draft = definition_.draft();
    if (options.model.name.empty()) options.model = draft.model;
    options.config = merged(draft.config, options.config);
    if (options.tools.empty()) options.tools = tools();
    if (!options.tool_choice) options.tool_choice = draft.tool_choice;
    if (!options.max_turns) options.max_turns = draft.max_turns;
    options.return_tool_requests |= draft.return_tool_requests;
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
  const GenerateOptions& overrides_;
  PromptData data_;
  const PromptContext about_;
  ValueRef input_;
};

void check_overrides(const PromptDefinition& definition, const GenerateOptions& overrides) {
  if (overrides.system.empty() && overrides.prompt.empty()) return;
  throw Error(Status::kInvalidArgument,
              definition.title() + " has a " + (overrides.system.empty() ? "prompt" : "system") +
                  " of its own: leave it out of the options of the call, or change what render() gives");
}

}  // namespace

GenerateOptions render_prompt(PromptLibrary& library, const PromptDefinition& definition, ValueRef input,
                              const GenerateOptions& overrides, const TypeInfo* output) {
  check_overrides(definition, overrides);
  const std::shared_ptr<Registry> registry = library.registry();
  return run_in_span(registry->tracer(), "render", "promptTemplate", input, [&](Span& span) {
    span.set_attribute("genkit:metadata:promptName", definition.name());
    GenerateOptions options = Rendering(library, definition, *registry, input, overrides).options(output);
    std::string text;
    ValueRef::of(to_generate_request(*registry, definition, options)).append_text(text);
    span.set_output(std::move(text));
    return options;
  });
}

GenerateRequest to_generate_request(Registry& registry, const PromptDefinition& definition, const GenerateOptions& options) {
  GenerateRequest request = to_request(registry, options);
  if (!options.tools.empty()) {
    request.tools.emplace();
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

ModelResponse run_prompt(PromptLibrary& library, std::string_view name, ValueRef input, const GenerateOptions& options,
                         const TypeInfo* output, const ChunkSink* sink) {
  const std::shared_ptr<Registry> registry = library.registry();
  Context context = Context::current();
  if (options.timeout) context = context.with_timeout(*options.timeout);
  if (!options.context.is_null()) context = context.with_user(options.context);
  const ScopedContext scope(std::move(context));
  Context::current().check();

  return run_in_span(registry->tracer(), name, "dotprompt", input, [&](Span& span) {
    const auto definition = library.get(name);
    check_middleware(*definition);
    const GenerateOptions rendered = render_prompt(library, *definition, input, options, output);
    ModelResponse response = generate(*registry, rendered, sink);
    std::string text;
    ValueRef::of(response).append_text(text);
    span.set_output(std::move(text));
    return response;
  });
}

std::shared_ptr<PromptLibrary> PromptHandle::library() const {
  if (auto library = library_.lock()) return library;
  throw Error(Status::kFailedPrecondition,
              "prompt \"" + name_ + "\" is used after its Genkit object is gone: keep the object alive");
}

ModelResponse PromptHandle::run(ValueRef input, const GenerateOptions& options, const TypeInfo* output,
                                const ChunkSink* sink) const {
  return run_prompt(*library(), name_, input, options, output, sink);
}

GenerateOptions PromptHandle::render(ValueRef input, const GenerateOptions& options, const TypeInfo* output) const {
  const auto library = this->library();
  const auto definition = library->get(name_);
  check_middleware(*definition);
  return render_prompt(*library, *definition, input, options, output);
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
