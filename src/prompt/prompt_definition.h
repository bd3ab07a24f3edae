#ifndef GENKIT_SRC_PROMPT_PROMPT_DEFINITION_H_
#define GENKIT_SRC_PROMPT_PROMPT_DEFINITION_H_

#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

#include <genkit/prompt/dotprompt.h>
#include <genkit/prompt/prompt.h>
#include <genkit/schema/validator.h>

namespace genkit::internal {

/// A template of a prompt. It is compiled when it is first needed, because helpers may be defined after the prompt.
class PromptTemplate {
 public:
  explicit PromptTemplate(ParsedPrompt source) : source_(std::move(source)) {}

  const ParsedPrompt& source() const noexcept { return source_; }
  /// Throws what is wrong with the template, at each call until it compiles.
  CompiledPrompt compiled(const Dotprompt& dotprompt) const;

 private:
  const ParsedPrompt source_;
  mutable std::mutex mutex_;
  mutable std::optional<CompiledPrompt> compiled_;
};

/// What is known of a prompt once the schemas that it names are.
struct ResolvedPrompt {
  /// Null when the prompt takes anything.
  Json input_schema = {};
  std::shared_ptr<const SchemaValidator> input_validator = {};
  OutputOptions output = {};
  /// That of its actions: {"type": "prompt", "prompt": {…}}.
  Json metadata = {};
};

/// A prompt from code or from a file. Immutable and shared.
class PromptDefinition {
 public:
  /// Throws INVALID_ARGUMENT for options that cannot be.
  explicit PromptDefinition(PromptDraft draft);
  /// A prompt file; `name` is "folder/name.variant". Throws INVALID_ARGUMENT, naming file and line, for front matter that cannot
  /// be.
  PromptDefinition(std::string_view name, ParsedPrompt file);

  const PromptDraft& draft() const noexcept { return draft_; }
  /// With the variant: "tell_joke.short".
  const std::string& name() const noexcept { return name_; }
  /// What errors call it.
  const std::string& title() const noexcept { return title_; }
  const std::optional<PromptTemplate>& system() const noexcept { return system_; }
  const std::optional<PromptTemplate>& prompt() const noexcept { return prompt_; }
  const std::optional<PromptTemplate>& messages() const noexcept { return messages_; }
  bool is_file() const noexcept { return is_file_; }
  /// The middleware that the front matter asks for: objects {"name", "config"?}.
  const JsonArray& use() const noexcept { return use_; }

  /// Resolves named schemas, at the first call that succeeds.
  std::shared_ptr<const ResolvedPrompt> resolve(const Dotprompt& dotprompt) const;
  /// Throws INVALID_ARGUMENT, naming prompt, file and line, when `input` does not fit.
  void check_input(const ResolvedPrompt& resolved, const Json& input) const;

 private:
  void take_front_matter(const ParsedPrompt& file);
  ResolvedPrompt resolve_file(const Dotprompt& dotprompt) const;
  ResolvedPrompt resolve_code() const;

  PromptDraft draft_;
  std::string name_;
  std::string title_;
  bool is_file_ = false;
  std::optional<PromptTemplate> system_;
  std::optional<PromptTemplate> prompt_;
  std::optional<PromptTemplate> messages_;
  JsonArray use_;
  mutable std::mutex mutex_;
  mutable std::shared_ptr<const ResolvedPrompt> resolved_;
};

/// `schema` for callers who may leave out what `defaults` has: its members are not required.
Json with_defaults(const Json& schema, const Json& defaults);

/// Keys of front matter that mean nothing, the first ones each with its line: "modle" in line 2. Keys with a dot are extensions.
struct UnknownKeys {
  std::vector<std::string> shown;
  std::size_t more = 0;
};
UnknownKeys unknown_keys(const ParsedPrompt& file);

}  // namespace genkit::internal

#endif  // GENKIT_SRC_PROMPT_PROMPT_DEFINITION_H_
