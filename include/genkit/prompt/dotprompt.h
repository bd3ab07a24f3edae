#ifndef GENKIT_PROMPT_DOTPROMPT_H_
#define GENKIT_PROMPT_DOTPROMPT_H_

#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include <genkit/base/json.h>
#include <genkit/prompt/picoschema.h>
#include <genkit/prompt/template.h>

namespace genkit {
namespace internal {
struct PromptAccess;
struct PromptState;
}  // namespace internal

/// A prompt file, taken apart. Its template is not parsed yet.
struct ParsedPrompt {
  /// What errors call it: the name of its file.
  std::string name = {};
  /// The front matter as dotprompt has it: the known keys, "config", "metadata" and "ext" in any case, and all of it as "raw".
  JsonObject metadata = {};
  std::string body = {};
  /// The line of the file on which `body` begins.
  std::size_t body_line = 1;
  /// The YAML between the `---` lines, kept for errors, and its line.
  std::string front_matter = {};
  std::size_t front_matter_line = 1;
};

/// Takes a prompt file apart. Throws `Error` INVALID_ARGUMENT, naming file and line, when its front matter is no YAML mapping.
ParsedPrompt parse_prompt(std::string_view source, std::string name = {});

/// What a prompt is rendered with. Everything is JSON in Genkit's wire form; null stands for nothing.
struct PromptData {
  Json input = {};     ///< `this` in the template
  Json docs = {};      ///< an array of documents: `@metadata.docs`
  Json messages = {};  ///< an array of messages, the history
  Json context = {};   ///< an object: its members are `@name` variables
};

struct RenderedPrompt {
  /// The prompt's metadata without "input"; the same object for all renderings of a compiled prompt.
  std::shared_ptr<const JsonObject> metadata;
  /// Messages in wire form: {"role", "content": [{"text"} | {"media"} | {"metadata"}], "metadata"?}.
  JsonArray messages;
};

/// A prompt ready to be rendered. Immutable; copies are cheap; many threads may render one at once.
class CompiledPrompt {
 public:
  const ParsedPrompt& parsed() const;
  /// The metadata with tools and schemas resolved, which happens once: at the first call that succeeds.
  std::shared_ptr<const JsonObject> metadata() const;
  /// Renders the template into messages. Members that `data.input` lacks come from `default_input` (an object, or null), or
  /// without one from `input.default` of the front matter.
  RenderedPrompt render(const PromptData& data, const Json& default_input = nullptr) const;

 private:
  friend class Dotprompt;
  friend struct internal::PromptAccess;
  struct State;
  explicit CompiledPrompt(std::shared_ptr<const State> state) : state_(std::move(state)) {}

  std::shared_ptr<const State> state_;
};

struct DotpromptOptions {
  /// Used to look up `model_configs` for prompts that name no model.
  std::string default_model = {};
  /// Configuration by model name, below that of the prompt.
  JsonObject model_configs = {};
  /// Tool definitions by name: {"name", "description", "inputSchema", "outputSchema"?}.
  JsonObject tools = {};
  /// Asked for tools that are not in `tools`; then a tool that it does not know is an error. Without it, names stay in "tools".
  std::function<std::optional<Json>(std::string_view name)> tool_resolver = nullptr;
  /// JSON Schemas by name, for Picoschema.
  JsonObject schemas = {};
  SchemaResolver schema_resolver = nullptr;
  std::function<std::optional<std::string>(std::string_view name)> partial_resolver = nullptr;
  TemplateLimits limits = {};
};

/// Prompt files as messages: front matter, Picoschema, and Handlebars with the helpers `role`, `history`, `media`, `section`,
/// `json`, `ifEquals` and `unlessEquals`. Thread-safe; copies are handles to the same helpers, partials and options.
///
///   genkit::Dotprompt dotprompt;
///   auto rendered = dotprompt.render("{{role \"system\"}}Be brief.{{role \"user\"}}Hello, {{name}}!", {.input = {{"name",
///   "Ann"}}});
class Dotprompt {
 public:
  explicit Dotprompt(DotpromptOptions options = {});

  /// Helpers and partials. Prompts see the helpers that there were when they were compiled.
  TemplateEnvironment& environment();

  /// Compiles a prompt file. Throws what `parse_prompt` and `Template` throw.
  CompiledPrompt compile(std::string_view source, std::string name = {}) const;
  CompiledPrompt compile(ParsedPrompt prompt) const;
  /// `compile` and `render` in one.
  RenderedPrompt render(std::string_view source, const PromptData& data = {}, const Json& default_input = nullptr) const;
  /// The metadata of a prompt with those of its model below and `additional` (an object, or null) above, tools turned into
  /// "toolDefs" and Picoschema into JSON Schema.
  JsonObject render_metadata(const ParsedPrompt& prompt, const Json& additional = nullptr) const;

 private:
  std::shared_ptr<internal::PromptState> state_;
};

}  // namespace genkit

#endif  // GENKIT_PROMPT_DOTPROMPT_H_
