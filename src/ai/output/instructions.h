#ifndef GENKIT_SRC_AI_OUTPUT_INSTRUCTIONS_H_
#define GENKIT_SRC_AI_OUTPUT_INSTRUCTIONS_H_

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <genkit/ai/model_types.h>

namespace genkit::internal {

/// Puts `text` where the model reads how to answer: in place of the part that waits for it (a prompt's output section), else in
/// place of the instructions of an earlier call, else at the end of the system message, or of the last user message.
void inject_instructions(std::vector<Message>& messages, const std::string& text);

/// Removes instructions that an earlier call of the library left where those of this call would stand: they name another schema.
void remove_old_instructions(std::vector<Message>& messages);

/// Whether a model holds its output to a schema by itself, given its `supports.constrained` and whether the request has tools.
bool constrains(std::string_view supported, bool has_tools);

/// For models that cannot be constrained: the request with its schema turned into instructions, unless instructions of this call
/// are there already. Nothing when the request asks for no constraint.
std::optional<ModelRequest> simulate_constraint(const ModelRequest& request);

}  // namespace genkit::internal

#endif  // GENKIT_SRC_AI_OUTPUT_INSTRUCTIONS_H_
