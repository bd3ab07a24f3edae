#ifndef GENKIT_LLAMACPP_STREAM_H_
#define GENKIT_LLAMACPP_STREAM_H_

#include <functional>
#include <string>
#include <vector>

#include "embedder.h"
#include "engine.h"

namespace genkit::llama {

/// A generation that has ended.
struct Answer {
  std::string text;
  GenerationResult result;
};

/// Generates and waits: the calling fiber is suspended while the engine's thread works. `on_text`, which may be empty and may
/// wait, gets the text as it comes; what comes while it is busy is handed over in one piece. When the calling context is
/// cancelled, or `on_text` throws, the computation ends and the call throws.
Answer generate(Engine& engine, std::vector<ChatMessage> messages, GenerationParams params,
                const std::function<void(std::string)>& on_text);

/// The same for embeddings.
std::vector<std::vector<float>> embed(Embedder& embedder, std::vector<std::string> texts);

}  // namespace genkit::llama

#endif  // GENKIT_LLAMACPP_STREAM_H_
