#ifndef GENKIT_AI_GENERATE_H_
#define GENKIT_AI_GENERATE_H_

#include <chrono>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include <genkit/ai/model.h>
#include <genkit/ai/output.h>
#include <genkit/ai/response.h>
#include <genkit/ai/response_stream.h>
#include <genkit/ai/tool.h>
#include <genkit/core/stream.h>

namespace genkit {

/// The answers to the interrupts of the last response, whose messages `GenerateOptions::messages` are. Every tool request of the
/// last message that was interrupted needs one; those that had finished keep their outputs.
struct ResumeOptions {
  /// Made by `Tool::respond`: the user's answers.
  std::vector<Part> respond = {};
  /// Made by `Tool::restart`: tools that run again.
  std::vector<Part> restart = {};
  /// Put on the tool message as its "resumed"; true when null.
  Json metadata = {};
};

struct GenerateOptions {
  /// Which model; the default of the Genkit object when empty.
  ModelReference model = {};
  /// How the model shall behave.
  Content system = {};
  /// The question: text, or a list of parts.
  Content prompt = {};
  /// What was said before: `response.messages()` of the last turn.
  std::vector<Message> messages = {};
  /// What the model may ask to be run. Their short names (behind the last '/') must differ.
  std::vector<ToolReference> tools = {};
  /// Whether the model may, must or must not ask for tools; the model decides when empty.
  std::optional<ToolChoice> tool_choice = {};
  /// Options of the model, such as {"temperature", 0.2}. Merged over those of the model reference.
  Json config = {};
  /// Facts that the answer shall use.
  std::vector<Document> docs = {};
  /// The form that the answer shall have.
  OutputOptions output = {};
  /// How often tools may run before the model must answer; 5 when empty. A model that asks once more ends the call with ABORTED,
  /// and the conversation so far in `Error::details`.
  std::optional<int> max_turns = {};
  /// Leave the tools to the caller: the response then has `tool_requests()`.
  bool return_tool_requests = false;
  /// Goes on after interrupts.
  ResumeOptions resume = {};
  /// How many tools of one turn may run at once. Most programs leave this alone.
  int max_parallel_tools = 16;
  /// Called with every chunk, in order, on the fiber that runs the model.
  std::function<void(const Chunk&)> on_chunk = {};
  /// How long the whole call may take; it then ends with DEADLINE_EXCEEDED.
  std::optional<std::chrono::nanoseconds> timeout = {};
  /// Who asks: `Context::current().user()` below. Null inherits.
  Json context = {};
  /// The name of the call in traces; "generate" when empty.
  std::string step_name = {};
};

namespace internal {

/// Runs one generation. `sink` and `reader` may be null.
ModelResponse generate(Registry& registry, const GenerateOptions& options, const ChunkSink* sink, AnswerReader* reader = nullptr);
/// Makes the action `/util/generate`, through which tools run generations given as JSON.
Action generate_action();

}  // namespace internal

}  // namespace genkit

#endif  // GENKIT_AI_GENERATE_H_
