#ifndef GENKIT_LLAMACPP_TOOL_CALLING_H_
#define GENKIT_LLAMACPP_TOOL_CALLING_H_

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <genkit/ai/model_types.h>

namespace genkit::llama {

// Tools for models that were not trained to use any. The model is told about them in its system message, and its grammar makes it
// begin each answer with a choice: {"tool":"getWeather","input":{…}}, or {"tool":"none"} and, on the next line, the answer.

/// How a choice begins, up to the name.
inline constexpr std::string_view kToolChoiceHead = R"({"tool":")";
/// Between the name and the input.
inline constexpr std::string_view kToolInputHead = R"(","input":)";

/// The name for no tool: "none", unless a tool is called that.
std::string no_tool_name(const std::vector<ToolDefinition>& tools);
/// What an answer without a tool begins with.
std::string no_tool_head(const std::vector<ToolDefinition>& tools);

/// What the system message says about the tools.
std::string tool_instructions(const std::vector<ToolDefinition>& tools);
/// A call as the model writes it.
std::string tool_call_text(const ToolRequest& request);
/// What the model reads about the result of a call.
std::string tool_response_text(const ToolResponse& response);

/// A short form of a JSON Schema for the eyes of a model: {city: string, unit?: "C"|"F"}.
std::string schema_outline(const Json& schema);

/// Takes the choice out of the text of an answer while it comes.
class ToolAnswer {
 public:
  /// `head`: what an answer without a tool begins with; everything else is a call.
  explicit ToolAnswer(std::string head) : head_(std::move(head)) {}

  /// The part of the answer that is sure to be text for the user.
  std::string push(std::string_view text);

  struct Result {
    std::optional<ToolRequest> call = {};
    /// A call that was not finished, as far as it came; empty otherwise.
    std::string cut_off = {};
  };
  /// The end of the text.
  Result finish() const;

 private:
  std::string head_;
  std::string held_;
  bool is_text_ = false;
};

}  // namespace genkit::llama

#endif  // GENKIT_LLAMACPP_TOOL_CALLING_H_
