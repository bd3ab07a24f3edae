#ifndef GENKIT_PROMPT_PROMPT_H_
#define GENKIT_PROMPT_PROMPT_H_

#include <concepts>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

#include <genkit/ai/generate.h>
#include <genkit/ai/response_stream.h>
#include <genkit/prompt/prompt_options.h>

namespace genkit {

namespace internal {

class PromptLibrary;

/// A prompt without its C++ types: where it is found at each use, because files may change. Keeps nothing alive, so that what the
/// library owns (tools, functions) may hold prompts. Everything but the name throws FAILED_PRECONDITION when the Genkit object is
/// gone.
class PromptHandle {
 public:
  PromptHandle(std::weak_ptr<PromptLibrary> library, std::string name) : library_(std::move(library)), name_(std::move(name)) {}

  const std::string& name() const noexcept { return name_; }
  /// `output` is the C++ type of the answer, or nullptr.
  ModelResponse run(ValueRef input, GenerateOptions options, const TypeInfo* output, const ChunkSink* sink,
                    AnswerReader* reader = nullptr) const;
  GenerateOptions render(ValueRef input, GenerateOptions&& options, const TypeInfo* output) const;
  /// The form of the answer of such a call.
  OutputOptions output(const GenerateOptions& options, const TypeInfo* output) const;
  /// Name, description and schemas of the prompt as a tool, where `options` does not say them.
  ToolOptions tool_options(ToolOptions options) const;
  std::shared_ptr<Registry> registry() const;

 private:
  std::shared_ptr<PromptLibrary> library() const;

  std::weak_ptr<PromptLibrary> library_;
  std::string name_;
};

}  // namespace internal

/// Which of several wordings of a prompt.
struct PromptLookup {
  std::string variant = {};
};

/// A prompt file that is part of the program; `genkit_embed_prompts` of CMake makes them.
struct EmbeddedPrompt {
  std::string_view path;  ///< below the folder that was embedded: "mail/welcome.prompt"
  std::string_view text;
};
using EmbeddedPrompts = std::span<const EmbeddedPrompt>;

/// A prompt that can be called like a function: it renders its template with the input and asks the model. Copies refer to the
/// same prompt. Thread-safe.
///
///     auto prompt = ai.prompt<JokeRequest, Joke>("tell_joke");
///     Joke joke = prompt({.subject = "cats"}).output();
///
/// The options of a call go over those of the prompt: `config` member by member, everything else as a whole; `messages` is the
/// conversation so far, which goes where the prompt wants it. `system` and `prompt` of the options must be empty:
/// INVALID_ARGUMENT.
template <class In = Json, class Out = void>
class Prompt {
 public:
  using Input = In;
  using Answer = std::conditional_t<std::is_void_v<Out>, Response, TypedResponse<Out>>;
  using Stream = std::conditional_t<std::is_void_v<Out>, ResponseStream, TypedResponseStream<Out>>;

  explicit Prompt(internal::PromptHandle handle) : handle_(std::move(handle)) {}

  /// Throws what `generate` throws; INVALID_ARGUMENT for input that does not fit, and for a file that does not parse: the message
  /// names file and line.
  Answer operator()(const In& input, GenerateOptions options = {}) const {
    return Answer(
        Response(handle_.run(internal::ValueRef::of(input), std::move(options), output_type(), nullptr), handle_.registry()));
  }
  Answer operator()() const
    requires std::same_as<In, Json>
  {
    return (*this)(Json(JsonObject()));
  }

  /// The same as a stream of chunks.
  Stream stream(In input, GenerateOptions options = {}) const {
    OutputOptions output = handle_.output(options, output_type());
    return Stream(
        [handle = handle_, input = std::move(input), options = std::move(options)](const internal::ChunkSink& sink,
                                                                                   internal::AnswerReader& reader) {
          return internal::Value::of(handle.run(internal::ValueRef::of(input), options, output_type(), &sink, &reader));
        },
        handle_.registry(), std::move(output));
  }

  /// What a call would give to `generate`, messages and all: to be looked at, changed, and generated with.
  GenerateOptions render(const In& input, GenerateOptions options = {}) const {
    return handle_.render(internal::ValueRef::of(input), std::move(options), output_type());
  }
  GenerateOptions render() const
    requires std::same_as<In, Json>
  {
    return render(Json(JsonObject()));
  }

  /// A tool that runs the prompt: its answer is the prompt's output, or its text when it has no particular form. Name and
  /// description are the prompt's unless `options` has others; what a tool's name cannot have becomes '_'.
  auto as_tool(ToolOptions options = {}) const {
    using ToolOutput = std::conditional_t<std::is_void_v<Out>, Json, Out>;
    return tool(handle_.tool_options(std::move(options)),
                [prompt = *this](const In& input) -> ToolOutput { return prompt(input).output(); });
  }

  /// With the variant: "tell_joke.short".
  const std::string& name() const noexcept { return handle_.name(); }

 private:
  static const internal::TypeInfo* output_type() { return internal::type_info_or_null<Out>(); }

  internal::PromptHandle handle_;
};

}  // namespace genkit

#endif  // GENKIT_PROMPT_PROMPT_H_
