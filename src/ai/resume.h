#ifndef GENKIT_SRC_AI_RESUME_H_
#define GENKIT_SRC_AI_RESUME_H_

#include <vector>

#include "ai/generate_request.h"
#include "ai/tool_calls.h"

namespace genkit::internal {

/// Names of metadata members by which a tool request shows how far it is. Only the library writes them: what a model puts there
/// is removed, as it could pass for an approval of the user.
void remove_reserved_metadata(Message& message);

/// The parts of `message` that are tool requests, by index.
std::vector<std::size_t> tool_request_indices(const Message& message);

/// The model's message after some of its tools interrupted: these carry `interrupt`, those that finished their `pendingOutput`.
/// `calls` belong to the tool requests in order. True when there was an interrupt.
bool mark_interrupts(Message& message, const std::vector<std::size_t>& indices, const std::vector<ToolCall>& calls);

/// One tool request of the last message, and what answers it.
struct ResumedRequest {
  std::size_t index = 0;       ///< of the part
  std::optional<Part> answer;  ///< finished before, or given by the caller
  std::optional<Part> restart;
  bool pending = false;  ///< it had finished before
};

/// Matches the tool requests of `message` with the caller's answers. Throws FAILED_PRECONDITION when there is nothing to resume,
/// INVALID_ARGUMENT for a request without an answer, an answer without a request, or a restart with a forged input.
std::vector<ResumedRequest> match_resume(const std::vector<Message>& messages, const ResumeRequest& resume);

/// Rewrites the metadata of a tool request that has its response now: what was pending or interrupted is resolved.
void mark_resolved(Part& request);

}  // namespace genkit::internal

#endif  // GENKIT_SRC_AI_RESUME_H_
