#ifndef GENKIT_SRC_AI_TOOL_CALLS_H_
#define GENKIT_SRC_AI_TOOL_CALLS_H_

#include <exception>
#include <optional>
#include <vector>

#include "ai/tool_set.h"

namespace genkit::internal {

/// One run of a tool that a generation needs.
struct ToolCall {
  /// The tool request: the model's, or the one that `resume` restarts.
  Part request;
  /// Nothing when the generation has no such tool; `outcome.error` is set then.
  std::optional<BoundTool> tool = {};
  /// From the caller's `resume` only.
  std::optional<Json> resumed = {};
  std::optional<Json> original_input = {};

  struct Outcome {
    /// Exactly one of these, once the call has run.
    std::optional<Part> response = {};
    std::optional<Json> interrupt = {};
    std::exception_ptr error = nullptr;
  } outcome = {};
};

/// Runs all `calls`, at most `max_parallel` at once. A call that fails or interrupts does not stop the others; what became of
/// each is in its outcome.
///
/// When the caller is cancelled, the tools are, and this throws CANCELLED or DEADLINE_EXCEEDED when they have ended. Tools that
/// may be left (`ToolOptions::leave_when_cancelled`) and do not stop within a moment are left behind: they go on as wards of the
/// registry (`Registry::leave_running`), which logs it.
void run_tool_calls(Registry& registry, std::vector<ToolCall>& calls, int max_parallel);

/// The metadata of `part`, an empty object when there is none.
JsonObject metadata_of(const Part& part);

}  // namespace genkit::internal

#endif  // GENKIT_SRC_AI_TOOL_CALLS_H_
