#ifndef GENKIT_LLAMACPP_REQUEST_H_
#define GENKIT_LLAMACPP_REQUEST_H_

#include <string>
#include <string_view>
#include <vector>

#include <genkit/ai/embedder.h>
#include <genkit/ai/model_types.h>

#include "engine.h"

namespace genkit::llama {

/// The conversation of a request. Tools are described in the system message; their calls and results, and what was answered
/// beside them, are written as the model writes and reads them. Throws INVALID_ARGUMENT that names the message and the part for
/// what is neither text nor data nor about tools.
std::vector<ChatMessage> to_chat(std::string_view model, const ModelRequest& request);

/// How to generate, without a grammar. Throws INVALID_ARGUMENT that lists what does not fit `LlamaCppConfig`.
GenerationParams to_params(std::string_view model, const ModelRequest& request);

/// The texts of a request for embeddings.
std::vector<std::string> to_texts(std::string_view embedder, const EmbedRequest& request);

}  // namespace genkit::llama

#endif  // GENKIT_LLAMACPP_REQUEST_H_
