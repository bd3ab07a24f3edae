#ifndef GENKIT_LLAMACPP_RESPONSE_H_
#define GENKIT_LLAMACPP_RESPONSE_H_

#include <string>
#include <vector>

#include <genkit/ai/embedder.h>
#include <genkit/ai/model_types.h>

#include "engine.h"

namespace genkit::llama {

ModelResponse to_response(std::string text, const GenerationResult& result);

EmbedResponse to_embed_response(std::vector<std::vector<float>> embeddings);

}  // namespace genkit::llama

#endif  // GENKIT_LLAMACPP_RESPONSE_H_
