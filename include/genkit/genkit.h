#ifndef GENKIT_GENKIT_H_
#define GENKIT_GENKIT_H_

#include <concepts>
#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <genkit/ai/embedder.h>
#include <genkit/ai/format.h>
#include <genkit/ai/generate.h>
#include <genkit/ai/model.h>
#include <genkit/ai/response_stream.h>
#include <genkit/ai/tool.h>
#include <genkit/base/clock.h>
#include <genkit/base/error.h>
#include <genkit/base/ids.h>
#include <genkit/base/json.h>
#include <genkit/base/log.h>
#include <genkit/core/flow.h>
#include <genkit/core/plugin.h>
#include <genkit/core/registry.h>
#include <genkit/core/step.h>
#include <genkit/prompt/prompt.h>
#include <genkit/prompt/template.h>
#include <genkit/runtime/context.h>
#include <genkit/runtime/future.h>
#include <genkit/schema/schema.h>
#include <genkit/trace/tracer.h>

namespace genkit {

struct GenkitOptions {
  /// Where models and other actions come from. Nothing of a plugin runs until one of its actions is used.
  std::vector<PluginRef> plugins = {};
  /// The model of calls that name none.
  ModelReference model = {};
  /// Where prompt files are; it is looked at when the first prompt is used, and may be missing. Empty: nowhere. With
  /// GENKIT_ENV=dev a changed file is seen at its next use.
  std::string prompt_dir = "prompts";
  /// Shown by the Developer UI; the name of the program when empty.
  std::string name = {};
  /// Merged underneath the context of every call; an object or null.
  Json context = {};
  /// Where the log goes; warnings and errors on stderr by default.
  Logger logger = Logger();
  /// Receive every span, beside the Genkit telemetry server that the environment names.
  std::vector<std::shared_ptr<SpanExporter>> exporters = {};
  /// Prompt files that are part of the program, see `genkit_embed_prompts` of CMake. A file of `prompt_dir` comes before them.
  EmbeddedPrompts embedded_prompts = {};
  /// For tests; must outlive the object. Most programs leave these alone.
  Clock* clock = nullptr;
  IdSource* ids = nullptr;
};

/// The way into the library: everything that a program defines lives in one of these. Make one at the start of the program and
/// pass it on by reference. Two objects in one process do not meet.
///
/// When the environment says GENKIT_ENV=dev, the object can be seen and driven from the Developer UI and the `genkit` command
/// line.
///
/// Threads: every member may be called from any thread and from inside of flows.
class Genkit {
 public:
  /// Throws INVALID_ARGUMENT or ALREADY_EXISTS for plugins that cannot be.
  explicit Genkit(GenkitOptions options = {});
  /// Ends what still runs in the Developer UI's name, and hands remaining spans to their exporters.
  ~Genkit();
  Genkit(const Genkit&) = delete;
  Genkit& operator=(const Genkit&) = delete;

  // Flows: functions of yours that can be called, streamed, traced, and run from the Developer UI.

  /// Defines a flow. Its input, output and chunk types come from the signature of `function`, which takes (), (input),
  /// (FlowContext<Chunk>&) or (input, FlowContext<Chunk>&). Throws ALREADY_EXISTS when the name is taken.
  template <class F>
  auto define_flow(FlowOptions options, F function) {
    auto defined = flow(std::move(options), std::move(function));
    return decltype(defined)(registry().add(defined.action()));
  }
  template <std::convertible_to<std::string_view> Name, class F>
  auto define_flow(const Name& name, F function) {
    return define_flow(FlowOptions{.name = std::string(std::string_view(name))}, std::move(function));
  }
  /// Defines a flow whose input is a stream; `function` takes a BidiContext<Item, Chunk, Init>&.
  template <class F>
  auto define_bidi_flow(FlowOptions options, F function) {
    auto defined = bidi_flow(std::move(options), std::move(function));
    return decltype(defined)(registry().add(defined.action()));
  }
  template <std::convertible_to<std::string_view> Name, class F>
  auto define_bidi_flow(const Name& name, F function) {
    return define_bidi_flow(FlowOptions{.name = std::string(std::string_view(name))}, std::move(function));
  }

  // Tools: functions that models may ask to be run.

  /// Defines a tool. Its input and output types come from the signature of `function`, which takes (), (input), (ToolContext&) or
  /// (input, ToolContext&). Throws ALREADY_EXISTS when the name is taken. `genkit::tool` makes one that belongs to single calls.
  template <class F>
  auto define_tool(ToolOptions options, F function) {
    auto made = tool(std::move(options), std::move(function));
    return decltype(made)(internal::add_tool(registry(), made.action()));
  }
  /// Defines a tool whose answer is the user's, see `genkit::interrupt`.
  template <class In, class Out>
  Tool<In, Out> define_interrupt(ToolOptions options) {
    return Tool<In, Out>(internal::add_tool(registry(), interrupt<In, Out>(std::move(options)).action()));
  }
  template <class In, class Out, class F>
  Tool<In, Out> define_interrupt(ToolOptions options, F metadata) {
    return Tool<In, Out>(internal::add_tool(registry(), interrupt<In, Out>(std::move(options), std::move(metadata)).action()));
  }

  // Models.

  /// Defines a model of your own: `function` takes (const ModelRequest&, ModelContext&) and returns a ModelResponse.
  Action define_model(std::string name, ModelOptions options, ModelFunction function);
  /// Asks a model, runs the tools that it asks for, and asks again until it answers. Throws what models and tools throw;
  /// INVALID_ARGUMENT without a prompt or a model; NOT_FOUND for an unknown model or tool; FAILED_PRECONDITION when the answer is
  /// blocked or empty; ABORTED when the model asks for tools too often.
  Response generate(GenerateOptions options);
  // The empty pack keeps `generate<std::string>(text)` for the form below.
  template <std::nullptr_t..., std::convertible_to<std::string_view> Text>
  Response generate(const Text& prompt) {
    return generate(GenerateOptions{.prompt = std::string(std::string_view(prompt))});
  }
  /// The same for an answer in the form of T: a struct, a vector, an enum.
  template <class T>
  TypedResponse<T> generate(GenerateOptions options) {
    options.output = internal::output_for(std::move(options.output), schema_of<T>());
    return TypedResponse<T>(generate(std::move(options)));
  }
  template <class T, std::convertible_to<std::string_view> Text>
  TypedResponse<T> generate(const Text& prompt) {
    return generate<T>(GenerateOptions{.prompt = std::string(std::string_view(prompt))});
  }
  /// The same as a stream of chunks.
  ResponseStream generate_stream(GenerateOptions options);
  template <std::nullptr_t..., std::convertible_to<std::string_view> Text>
  ResponseStream generate_stream(const Text& prompt) {
    return generate_stream(GenerateOptions{.prompt = std::string(std::string_view(prompt))});
  }
  /// The same for an answer in the form of T, whose chunks show as much of the T as has come.
  template <class T>
  TypedResponseStream<T> generate_stream(GenerateOptions options) {
    options.output = internal::output_for(std::move(options.output), schema_of<T>());
    OutputOptions output = options.output;
    return TypedResponseStream<T>(generation(std::move(options)), shared_registry(), std::move(output));
  }
  template <class T, std::convertible_to<std::string_view> Text>
  TypedResponseStream<T> generate_stream(const Text& prompt) {
    return generate_stream<T>(GenerateOptions{.prompt = std::string(std::string_view(prompt))});
  }
  /// Defines a form of output of your own, for `OutputOptions::format`. Throws ALREADY_EXISTS when the name is taken.
  void define_format(FormatOptions options, FormatFactory factory) {
    internal::define_format(registry(), std::move(options), std::move(factory));
  }

  // Prompts: templates in files or in code that become questions to a model.

  /// The prompt of that name, from code or from a file: "mail/welcome" is mail/welcome.prompt in `prompt_dir`, and its variant
  /// "short" mail/welcome.short.prompt. Throws NOT_FOUND when there is none; a file that does not parse is an error when it is
  /// used.
  template <class In = Json, class Out = void>
  Prompt<In, Out> prompt(std::string_view name, const PromptLookup& lookup = {}) {
    return Prompt<In, Out>(find_prompt(name, lookup));
  }
  /// Defines a prompt in code. Throws ALREADY_EXISTS when the name is taken.
  template <class In = Json, class Out = void>
  Prompt<In, Out> define_prompt(PromptOptions<In> options) {
    return Prompt<In, Out>(add_prompt(internal::prompt_draft(std::move(options))));
  }
  /// A template that others include with `{{>name}}`; replaces that of the file `_name.prompt`.
  void define_partial(std::string name, std::string source);
  /// A function that templates call with `{{name argument}}`, see `make_helper` for what it may take. Templates see the helpers
  /// that there are at their first use.
  template <class F>
  void define_helper(std::string name, F&& function) {
    template_environment().define_helper(std::move(name), std::forward<F>(function));
  }
  /// A schema that prompt files and Picoschema name. Throws ALREADY_EXISTS when the name is taken.
  template <class T>
  void define_schema(std::string name) {
    registry().add_schema(std::move(name), schema_of<T>());
  }
  void define_schema(std::string name, Json schema) { registry().add_schema(std::move(name), std::move(schema)); }

  // Embeddings.

  Action define_embedder(std::string name, EmbedderOptions options, EmbedderFunction function);
  /// The vectors of one text or document; most embedders make one.
  std::vector<Embedding> embed(EmbedOptions options);
  /// One vector per document, in order.
  std::vector<Embedding> embed_many(EmbedManyOptions options);

  /// True when the environment says GENKIT_ENV=dev: the Developer UI and the `genkit` command line can see and run what is
  /// defined.
  bool dev_mode() const noexcept;
  /// Waits until the calling context is cancelled or a signal ends the process: the last line of a program that only serves the
  /// Developer UI.
  void wait() const;

  /// Everything that is defined, by key.
  Registry& registry() const noexcept;
  /// Hands all finished spans to their exporters, within `timeout`. True when nothing is left.
  bool flush_traces(std::chrono::nanoseconds timeout = std::chrono::seconds(2));

 private:
  /// What a stream runs.
  internal::AnswerProducer generation(GenerateOptions options) const;
  std::shared_ptr<Registry> shared_registry() const noexcept;

  struct State;

  internal::PromptHandle find_prompt(std::string_view name, const PromptLookup& lookup);
  internal::PromptHandle add_prompt(internal::PromptDraft draft);
  TemplateEnvironment& template_environment();

  std::unique_ptr<State> state_;
};

}  // namespace genkit

#endif  // GENKIT_GENKIT_H_
