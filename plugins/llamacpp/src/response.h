#ifndef GENKIT_LLAMACPP_RESPONSE_H_
#define GENKIT_LLAMACPP_RESPONSE_H_

#include <string>
#include <vector>

#include <genkit/ai/embedder.h>
#include <genkit/ai/model_types.h>

#include "engine.h"

namespace genkit::llama {

ModelResponse to_response(std::string text, const GenerationResult& result);

/// The part for a call; its `ref` tells it apart from the calls that `request` holds already.
Part tool_request_part(ToolRequest call, const ModelRequest& request);

/// Tells in `response` when it is complete, but breaks a rule of the schema of the output that its grammar did not guarantee. It
/// is left to those who read the output to refuse it.
void check_output(const ModelRequest& request, ModelResponse& response);

EmbedResponse to_embed_response(std::vector<std::vector<float>> embeddings);

}  // namespace genkit::llama

#endif  // GENKIT_LLAMACPP_RESPONSE_H_
