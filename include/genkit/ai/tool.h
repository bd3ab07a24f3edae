#ifndef GENKIT_AI_TOOL_H_
#define GENKIT_AI_TOOL_H_

#include <concepts>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include <genkit/ai/part.h>
#include <genkit/ai/tool_name.h>
#include <genkit/core/typed_action.h>

namespace genkit {

struct ToolOptions {
  ToolName name = {};
  /// What the tool does and when to use it: models decide by this text.
  std::string description = {};
  /// Shown by the Developer UI; an object or null.
  Json metadata = {};
  /// For tools that take or return `Json`: schemas that are only known at run time. They replace those of the C++ types. That of
  /// a multipart tool's output is the schema of `MultipartToolResponse::output`.
  Json input_schema = {};
  Json output_schema = {};
  /// What happens to a run that does not stop when its call is cancelled. false: the call waits for its end, so that the tool may
  /// use variables of whoever calls. true: the call ends a tenth of a second later and the run is left behind, until the Genkit
  /// object waits for it in its destructor; all that the tool uses must live that long. Only for tools in a registry.
  bool leave_when_cancelled = false;
};

/// What a tool returns that has more to say than one value: images beside a result, for example. Such a tool is registered as
/// "/tool.v2/name" only.
struct MultipartToolResponse {
  std::optional<Json> output = {};
  std::vector<Part> content = {};
  std::optional<Json> metadata = {};  ///< an object: becomes the metadata of the response part
};
constexpr auto describe(Type<MultipartToolResponse>) {
  return fields(field<&MultipartToolResponse::content>().omit_empty()).camel_case_keys();
}

namespace internal {

/// What a generation tells a tool about the request that it runs for. Only the caller's own `resume` fills the last two.
struct ToolRun final : CallAttachment {
  const Json* metadata = nullptr;
  const Json* resumed = nullptr;
  const Json* original_input = nullptr;
};

[[noreturn]] void interrupt_tool(const ActionCall& call, Json metadata);

}  // namespace internal

/// What a running tool can do besides computing its output.
class ToolContext {
 public:
  explicit ToolContext(internal::ActionCall& call) noexcept
      : call_(call), run_(dynamic_cast<const internal::ToolRun*>(call.attachment())) {}

  /// Why the tool runs again after it was interrupted: what the user said, an object, or true. Null on a first run. A model
  /// cannot forge it: it comes from the caller's `resume`.
  const Json* resumed() const noexcept { return run_ != nullptr ? run_->resumed : nullptr; }
  /// What the model asked for, when the restart came with another input; null otherwise.
  const Json* original_input() const noexcept { return run_ != nullptr ? run_->original_input : nullptr; }
  /// The metadata of the tool request; null when there is none.
  const Json* metadata() const noexcept { return run_ != nullptr ? run_->metadata : nullptr; }
  /// Stops here and asks the caller of `generate`: its response then has `interrupts()`, and `metadata` in them. Works by an
  /// exception, which must not be swallowed.
  [[noreturn]] void interrupt(Json metadata = true) const { internal::interrupt_tool(call_, std::move(metadata)); }

  const std::string& name() const noexcept { return call_.name(); }
  SpanContext trace() const noexcept { return call_.trace(); }
  Registry& registry() const { return call_.registry(); }

 private:
  internal::ActionCall& call_;
  const internal::ToolRun* run_;
};

/// How to run an interrupted tool again.
template <class In>
struct RestartOptions {
  /// What the tool sees as `ToolContext::resumed()`; true when null.
  Json metadata = {};
  /// Runs the tool with this instead of the model's input.
  std::optional<In> input = {};
};

namespace internal {

/// The parts that `resume` takes; they throw INVALID_ARGUMENT for what is no request of the tool.
Part respond_to(const Action& tool, const Part& interrupt, ValueRef output, Json metadata);
Part restart_of(const Action& tool, const Part& interrupt, Json metadata, ValueRef input);

}  // namespace internal

/// A tool with C++ types. It can be called like the function that it was made from, and given to `generate`. Copies refer to the
/// same tool.
template <class In, class Out>
class Tool : public TypedAction<In, Out, void> {
 public:
  using Input = typename TypedAction<In, Out, void>::Input;
  using TypedAction<In, Out, void>::TypedAction;

  /// Answers an interrupted request of this tool in its place: for `GenerateOptions::resume.respond`. Throws INVALID_ARGUMENT
  /// for a request of another tool, or an output that breaks a described limit.
  Part respond(const Part& interrupt, const std::conditional_t<std::is_void_v<Out>, internal::NoInput, Out>& output,
               Json metadata = nullptr) const
    requires(!std::is_void_v<Out>)
  {
    return internal::respond_to(this->action(), interrupt, internal::ValueRef::of(output), std::move(metadata));
  }
  Part respond(const Part& interrupt) const
    requires std::is_void_v<Out>
  {
    return internal::respond_to(this->action(), interrupt, {}, nullptr);
  }
  /// Runs an interrupted request of this tool again: for `GenerateOptions::resume.restart`. Throws INVALID_ARGUMENT for a request
  /// of another tool, FAILED_PRECONDITION for a tool that only interrupts.
  Part restart(const Part& interrupt, RestartOptions<Input> options = {}) const {
    internal::ValueRef input;
    if constexpr (!std::is_void_v<In>) {
      if (options.input) input = internal::ValueRef::of(*options.input);
    }
    return internal::restart_of(this->action(), interrupt, std::move(options.metadata), input);
  }
};

namespace internal {

template <class T>
struct IsToolContext : std::is_same<T, ToolContext> {};

template <class F>
struct ToolShape : ActionSignature<F, IsToolContext> {
  static constexpr bool kMultipart = std::is_same_v<typename ToolShape::Output, MultipartToolResponse>;
  using Handle = Tool<typename ToolShape::Input, typename ToolShape::Output>;
};

/// Throws INVALID_ARGUMENT for a name that models would refuse.
ActionDefinition tool_definition(ToolOptions options, bool multipart);
/// Checks `output_schema` of multipart tools, which is that of their output and not of the whole response.
Action make_tool(ActionDefinition definition, Json multipart_output_schema);
/// Registers a tool and, unless it is a multipart one, its twin "/tool.v2/name".
Action add_tool(Registry& registry, const Action& tool);
/// A body that always interrupts, with the metadata that `metadata` makes from the input (may be empty).
ActionDefinition interrupt_definition(ToolOptions options);

}  // namespace internal

/// Makes a tool without registering it: it belongs to the calls that it is given to, and to plugins, which return it. Input and
/// output types come from the signature of `function`, which takes (), (input), (ToolContext&) or (input, ToolContext&).
template <class F>
auto tool(ToolOptions options, F function) {
  using Shape = internal::ToolShape<F>;
  Json output_schema = options.output_schema;
  internal::ActionDefinition definition = internal::tool_definition(std::move(options), Shape::kMultipart);
  definition.input_type = internal::type_info_or_null<typename Shape::Input>();
  definition.output_type = internal::type_info_or_null<typename Shape::Output>();
  definition.body = internal::make_body<Shape>(std::move(function));
  return typename Shape::Handle(internal::make_tool(std::move(definition), std::move(output_schema)));
}

/// Makes a tool whose answer is the user's: the model asks for it, `generate` returns, the program asks, and answers by
/// `respond`. Not registered, see `tool`.
template <class In, class Out>
Tool<In, Out> interrupt(ToolOptions options) {
  Json output_schema = options.output_schema;
  internal::ActionDefinition definition = internal::interrupt_definition(std::move(options));
  definition.input_type = internal::type_info_or_null<In>();
  definition.output_type = internal::type_info_or_null<Out>();
  definition.body = [](internal::ValueRef, internal::ActionCall& call) -> internal::Value {
    internal::interrupt_tool(call, true);
  };
  return Tool<In, Out>(internal::make_tool(std::move(definition), std::move(output_schema)));
}

/// The same with metadata for the user made from the input: `metadata` takes a `const In&` and returns Json.
template <class In, class Out, class F>
Tool<In, Out> interrupt(ToolOptions options, F metadata) {
  Json output_schema = options.output_schema;
  internal::ActionDefinition definition = internal::interrupt_definition(std::move(options));
  definition.input_type = internal::type_info_or_null<In>();
  definition.output_type = internal::type_info_or_null<Out>();
  definition.body = [metadata = std::move(metadata)](internal::ValueRef input, internal::ActionCall& call) -> internal::Value {
    std::optional<In> storage;
    internal::interrupt_tool(call, metadata(internal::view_as<In>(input, storage)));
  };
  return Tool<In, Out>(internal::make_tool(std::move(definition), std::move(output_schema)));
}

/// A tool in a call: the object, or how it is found in the registry.
class ToolReference {
 public:
  /// "getWeather", "other/tool", a key ("/tool.v2/x", "/prompt/x"), or tools of a dynamic action provider ("host:tool/read",
  /// "host:tool/*").
  template <class Name>
    requires std::convertible_to<const Name&, std::string_view>
  ToolReference(const Name& name) : name_(std::string_view(name)) {}
  /// INVALID_ARGUMENT for an action that is no tool, when the call begins.
  template <class Typed>
    requires(std::convertible_to<const Typed&, const Action&> && !std::convertible_to<const Typed&, std::string_view>)
  ToolReference(const Typed& tool) : action_(static_cast<const Action&>(tool)), name_(action_->name()) {}

  /// Nothing for a reference by name.
  const std::optional<Action>& action() const noexcept { return action_; }
  const std::string& name() const noexcept { return name_; }

 private:
  std::optional<Action> action_;
  std::string name_;
};

}  // namespace genkit

#endif  // GENKIT_AI_TOOL_H_
