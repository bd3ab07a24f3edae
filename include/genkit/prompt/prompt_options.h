#ifndef GENKIT_PROMPT_PROMPT_OPTIONS_H_
#define GENKIT_PROMPT_PROMPT_OPTIONS_H_

#include <concepts>
#include <functional>
#include <initializer_list>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include <genkit/ai/generate.h>

namespace genkit {

/// What the functions of a prompt may look at besides its input. Lives as long as the call.
struct PromptContext {
  /// Who asks: what templates see as `@name` variables. An object, or null.
  const Json& context;
  /// The conversation that the caller gave in `GenerateOptions::messages`.
  const std::vector<Message>& history;
  Registry& registry;
};

namespace internal {

/// One part of a prompt without its C++ input type: a template, a fixed value, a function of the input, or nothing.
template <class Made>
struct PromptSource {
  std::optional<std::string> text = {};
  std::optional<Made> fixed = {};
  std::function<Made(ValueRef input, const PromptContext& context)> make = {};

  bool given() const noexcept { return text || fixed || make; }
};

template <class Made>
struct PromptElement {
  using type = typename Made::value_type;
};
template <>
struct PromptElement<Content> {
  using type = Part;
};

template <class F, class In, class Made>
concept PromptFunction =
    std::is_invocable_r_v<Made, const F&, const In&, const PromptContext&> || std::is_invocable_r_v<Made, const F&, const In&>;

}  // namespace internal

/// A part of a prompt: a Handlebars template, fixed values, or a function that takes (const In&) or (const In&, const
/// PromptContext&). What a function returns is no template.
template <class In, class Made>
class PromptField {
  using Element = typename internal::PromptElement<Made>::type;

 public:
  PromptField() = default;
  template <class Text>
    requires(std::convertible_to<const Text&, std::string_view> && !std::is_same_v<Element, Document>)
  PromptField(const Text& text) {
    source_.text.emplace(std::string_view(text));
  }
  PromptField(Element element) { source_.fixed = Made{std::move(element)}; }
  PromptField(std::initializer_list<Element> elements) { source_.fixed = Made(elements); }
  PromptField(std::vector<Element> elements) { source_.fixed = Made(std::move(elements)); }
  template <internal::PromptFunction<In, Made> F>
  PromptField(F function) {
    source_.make = [function = std::move(function)](internal::ValueRef input, const PromptContext& context) -> Made {
      std::optional<In> storage;
      const In& value = internal::view_as<In>(input, storage);
      if constexpr (std::is_invocable_r_v<Made, const F&, const In&, const PromptContext&>) {
        return function(value, context);
      } else {
        return function(value);
      }
    };
  }

  internal::PromptSource<Made> take() && { return std::move(source_); }

 private:
  internal::PromptSource<Made> source_;
};

/// A prompt that is defined in code. Its answers and options are those of `generate`, and a call may replace any of them.
template <class In = Json>
struct PromptOptions {
  /// May have segments: "mail/welcome".
  std::string name = {};
  /// Tells several wordings of one prompt apart.
  std::string variant = {};
  /// What the prompt is for: shown by the Developer UI, and to models that get the prompt as a tool.
  std::string description = {};
  /// Which model; the default of the Genkit object when empty.
  ModelReference model = {};
  /// How the model shall behave. A template must make one message at most.
  PromptField<In, Content> system = {};
  /// The question: comes last.
  PromptField<In, Content> prompt = {};
  /// What stands between the two. A template may make several messages, with `{{role}}`, and says where the caller's conversation
  /// belongs, with `{{history}}`. Without this, and after fixed messages, the caller's conversation follows; a function gets it
  /// and decides.
  PromptField<In, std::vector<Message>> messages = {};
  std::vector<ToolReference> tools = {};
  std::optional<ToolChoice> tool_choice = {};
  /// Options of the model: an object, or null. Those of a call are merged over them.
  Json config = {};
  /// Facts that the answer shall use.
  PromptField<In, std::vector<Document>> docs = {};
  /// The form of the answer; a prompt with a C++ output type fills in the schema.
  OutputOptions output = {};
  std::optional<int> max_turns = {};
  bool return_tool_requests = false;
  /// For prompts that take `Json`: the schema of their input.
  Json input_schema = {};
  /// Members that an input lacks: an object, or null.
  Json input_default = {};
  /// Shown by the Developer UI: an object, or null.
  Json metadata = {};
};

namespace internal {

/// A prompt from code as the library takes it.
struct PromptDraft {
  std::string name = {};
  std::string variant = {};
  std::string description = {};
  ModelReference model = {};
  PromptSource<Content> system = {};
  PromptSource<Content> prompt = {};
  PromptSource<std::vector<Message>> messages = {};
  std::vector<ToolReference> tools = {};
  Json config = {};
  PromptSource<std::vector<Document>> docs = {};
  OutputOptions output = {};
  std::optional<ToolChoice> tool_choice = {};
  std::optional<int> max_turns = {};
  bool return_tool_requests = false;
  const TypeInfo* input_type = nullptr;
  Json input_schema = {};
  Json input_default = {};
  Json metadata = {};
};

template <class In>
PromptDraft prompt_draft(PromptOptions<In> options) {
  return {.name = std::move(options.name),
          .variant = std::move(options.variant),
          .description = std::move(options.description),
          .model = std::move(options.model),
          .system = std::move(options.system).take(),
          .prompt = std::move(options.prompt).take(),
          .messages = std::move(options.messages).take(),
          .tools = std::move(options.tools),
          .config = std::move(options.config),
          .docs = std::move(options.docs).take(),
          .output = std::move(options.output),
          .tool_choice = options.tool_choice,
          .max_turns = options.max_turns,
          .return_tool_requests = options.return_tool_requests,
          .input_type = &type_info<In>(),
          .input_schema = std::move(options.input_schema),
          .input_default = std::move(options.input_default),
          .metadata = std::move(options.metadata)};
}

}  // namespace internal

}  // namespace genkit

#endif  // GENKIT_PROMPT_PROMPT_OPTIONS_H_
