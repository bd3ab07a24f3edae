#ifndef GENKIT_AI_OUTPUT_H_
#define GENKIT_AI_OUTPUT_H_

#include <concepts>
#include <optional>
#include <string>
#include <string_view>

#include <genkit/base/shared_json.h>

namespace genkit {

/// Whether, and in which words, the model is told which form its answer shall have.
class OutputInstructions {
 public:
  /// The format decides: "array", "enum" and "jsonl" always tell, "json" only when the model cannot be constrained.
  OutputInstructions() = default;
  /// true: in the words of the format. false: the format adds none.
  template <std::same_as<bool> Bool>
  OutputInstructions(Bool wanted) : value_(wanted) {}
  /// In these words.
  template <class Text>
    requires std::convertible_to<const Text&, std::string_view>
  OutputInstructions(const Text& text) : value_(std::string_view(text)) {}

  bool given() const noexcept { return !value_.is_null(); }
  /// As callers of `/util/generate` give it: true, false or the text; null when nothing was said.
  const Json& to_json() const noexcept { return value_; }

 private:
  Json value_;
};

/// The form that an answer shall have.
struct OutputOptions {
  /// "text", "json", "array", "enum", "jsonl", or one of your own (`define_format`). Empty: "json" when there is a schema, and
  /// no particular form without.
  std::string format = {};
  /// JSON Schema of the answer; `schema_of<T>()` makes one, and `generate<T>` fills it in.
  SharedJson schema = {};
  /// Whether the model shall be held to the schema while it writes. Most programs leave this to the format.
  std::optional<bool> constrained = {};
  /// Media type of the answer; that of the format when empty.
  std::string content_type = {};
  OutputInstructions instructions = {};
  /// How often the model is shown what is wrong with an answer, and asked again, before the call fails.
  int repairs = 0;
  /// Stops the model at the first byte after which its answer can no longer fit the schema. A turn that may still ask for a tool
  /// is not stopped: what the model says before that is no answer.
  bool stop_when_invalid = false;
};

namespace internal {

/// The options of a call that asks for a value of a C++ type: what they leave open comes from the schema of the type. An enum is
/// asked for in the format "enum", a string as the text that it is.
OutputOptions output_for(OutputOptions options, const Json& type_schema);

}  // namespace internal

}  // namespace genkit

#endif  // GENKIT_AI_OUTPUT_H_
