#ifndef GENKIT_SRC_AI_GENERATION_H_
#define GENKIT_SRC_AI_GENERATION_H_

#include <optional>
#include <string>
#include <vector>

#include "ai/generate_request.h"
#include "ai/output/plan.h"
#include "ai/tool_calls.h"
#include "ai/turn_spans.h"

namespace genkit::internal {

/// One generation: the model, the tools that it asks for, the model again, until it answers. The one driver behind `generate`,
/// `generate_stream` and `/util/generate`; blocking and streaming differ only in whether there is a sink. Used once.
class Generation {
 public:
  /// `sink` and `reader` may be null; all references must outlive the object.
  Generation(Registry& registry, GenerateRequest request, ToolSet tools, int max_parallel_tools, const ChunkSink* sink,
             AnswerReader* reader = nullptr);

  ModelResponse run();

 private:
  /// What a turn came to: the end, or nothing when another turn follows.
  using TurnResult = std::optional<ModelResponse>;

  ModelResponse run_turns();
  void prepare();
  void warn_of_unsupported() const;
  TurnResult resume();
  TurnResult run_turn();

  // The three places that middleware wraps: one turn (`run_turn`), one call of the model, one run of tools (`run_tool_calls`).
  ModelResponse call_model();
  std::vector<ToolCall> tool_calls(const Message& message, const std::vector<std::size_t>& indices) const;

  TurnResult run_tools(ModelResponse response, const std::vector<std::size_t>& indices);
  ModelResponse finish(ModelResponse response);
  ModelResponse interrupted(ModelResponse response);
  /// Asks the model again, when there is a budget for it, and returns true.
  bool repair(Message answer, const Error& error);
  [[noreturn]] void throw_exceeded(const ModelResponse& response) const;

  void open_turn();
  void append_tool_message(Message message);
  /// Says where `chunk` belongs.
  void stamp(Role role, Chunk& chunk) noexcept;

  Registry& registry_;
  GenerateRequest request_;  // its messages are in model_request_ while the model and the tools run
  const ToolSet tools_;
  const int max_parallel_tools_;
  const ChunkSink* const sink_;
  AnswerReader* const reader_;

  TurnSpans spans_;
  std::optional<Action> model_;
  OutputPlan plan_;
  ModelRequest model_request_;
  int tool_turns_ = 0;
  int repairs_ = 0;

  // Where the next chunk belongs: messages are counted, but only those of which something was sent.
  std::int64_t message_index_ = 0;
  Role chunk_role_ = Role::kModel;
  bool sent_in_turn_ = false;
};

}  // namespace genkit::internal

#endif  // GENKIT_SRC_AI_GENERATION_H_
