#include "response.h"

#include <utility>

namespace genkit::llama {
namespace {

genkit::FinishReason to_finish_reason(FinishReason reason) {
  switch (reason) {
    case FinishReason::kStop:
      return genkit::FinishReason::kStop;
    case FinishReason::kLength:
      return genkit::FinishReason::kLength;
    case FinishReason::kAborted:
      break;
  }
  return genkit::FinishReason::kAborted;
}

}  // namespace

ModelResponse to_response(std::string text, const GenerationResult& result) {
  ModelResponse response = ModelResponse::of_text(std::move(text));
  response.finish_reason = to_finish_reason(result.finish);
  genkit::GenerationUsage& usage = response.usage.emplace();
  usage.input_tokens = result.usage.input_tokens;
  usage.output_tokens = result.usage.output_tokens;
  usage.total_tokens = result.usage.input_tokens + result.usage.output_tokens;
  usage.cached_content_tokens = result.usage.cached_tokens;
  return response;
}

EmbedResponse to_embed_response(std::vector<std::vector<float>> embeddings) {
  EmbedResponse response;
  response.embeddings.reserve(embeddings.size());
  for (std::vector<float>& vector : embeddings) response.embeddings.emplace_back().embedding = std::move(vector);
  return response;
}

}  // namespace genkit::llama
