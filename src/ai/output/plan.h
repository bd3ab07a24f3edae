#ifndef GENKIT_SRC_AI_OUTPUT_PLAN_H_
#define GENKIT_SRC_AI_OUTPUT_PLAN_H_

#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include <genkit/ai/model_types.h>
#include <genkit/core/action.h>
#include <genkit/trace/span.h>

namespace genkit {
class Registry;
}

namespace genkit::internal {

class AnswerReader;
struct OutputRequest;
class OutputWatch;

/// What one generation shall do about the form of its answers: decided once, before the first call of the model, from the
/// options, the format that they name and what the model can do. A cheap copyable handle; immutable and thread-safe.
class OutputPlan {
 public:
  /// How the model is held to the schema.
  enum class Choice {
    kNone,       ///< there is no schema, or nobody asked for a constraint
    kNative,     ///< the model constrains its own output
    kSimulated,  ///< the model's wrapper turns the schema into instructions
    kRefused,    ///< the model cannot give this form; `apply` throws why
  };

  /// No particular form.
  OutputPlan();
  /// From `output` of a GenerateActionOptions (absent: no particular form). Throws INVALID_ARGUMENT that names the member for
  /// options that cannot be, NOT_FOUND for an unknown format.
  static OutputPlan make(Registry& registry, const std::optional<OutputRequest>& output, const ActionInfo& model, bool has_tools);
  /// The plan that reads a finished response again, from the request that it holds.
  static OutputPlan of_response(Registry* registry, const ModelResponse& response);

  Choice choice() const noexcept;
  /// Writes the choice on the span of the generation.
  void describe(Span& span) const;

  /// Puts the form into the request of a turn: `output`, and the instructions among the messages.
  void apply(ModelRequest& request) const;

  /// Throws for an answer that was blocked or has no message (FAILED_PRECONDITION).
  void check_message(const ModelResponse& response) const;
  /// Throws for a final answer that is not what was asked for; `details()` holds "reason" ("truncated", "unparsable", "invalid"),
  /// "text" and where or why.
  /// `reader` (may be null) may have seen that the answer is one.
  void check_output(const ModelResponse& response, AnswerReader* reader) const;
  /// The value of the answer; throws as `check_output` when there is none.
  Json parse(const ModelResponse& response) const;

  /// How often a bad answer may be sent back, and the message that does so.
  int repairs() const noexcept;
  static Message repair_message(const Error& error);

  /// Follows the streamed text of one answer and says when it can no longer become valid; nullptr when nobody asked for that.
  std::unique_ptr<OutputWatch> watch() const;

  struct State;

 private:
  explicit OutputPlan(std::shared_ptr<const State> state) : state_(std::move(state)) {}

  std::shared_ptr<const State> state_;
};

/// See `OutputPlan::watch`. One per call of the model.
class OutputWatch {
 public:
  virtual ~OutputWatch() = default;
  /// The next text of the answer. Gives the error when no continuation can be valid any more: the model may then be stopped.
  virtual std::optional<Error> feed(std::string_view text) = 0;
};

}  // namespace genkit::internal

#endif  // GENKIT_SRC_AI_OUTPUT_PLAN_H_
