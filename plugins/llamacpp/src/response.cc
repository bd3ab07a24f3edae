#include "response.h"

#include <algorithm>
#include <cstddef>
#include <utility>

#include <genkit/base/error.h>
#include <genkit/schema/validator.h>

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

Part tool_request_part(ToolRequest call, const ModelRequest& request) {
  std::size_t calls = 0;
  for (const Message& message : request.messages) {
    calls += static_cast<std::size_t>(std::count_if(message.content.begin(), message.content.end(),
                                                    [](const Part& part) { return part.tool_request.has_value(); }));
  }
  call.ref = "call-" + std::to_string(calls + 1);
  Part part;
  part.tool_request = std::move(call);
  return part;
}

void check_output(const ModelRequest& request, ModelResponse& response) {
  if (response.finish_reason != genkit::FinishReason::kStop || !request.output || !request.output->schema) return;
  std::vector<ValidationIssue> issues;
  try {
    Json value;
    if (request.output->format == "jsonl") {
      JsonArray& lines = value.emplace_array();
      const std::string text = response.text();
      for (std::size_t begin = 0; begin < text.size();) {
        const std::size_t end = std::min(text.find('\n', begin), text.size());
        lines.push_back(parse_json(std::string_view(text).substr(begin, end - begin)));
        begin = end + 1;
      }
    } else {
      value = parse_json(response.text());
    }
    if (SchemaValidator::compile(*request.output->schema)->validate(value, &issues)) return;
  } catch (const Error& error) {
    // A stop sequence may have cut it.
    issues.push_back({.path = "(root)", .message = error.message()});
  }
  response.finish_reason = genkit::FinishReason::kOther;
  response.finish_message = "the output does not fit its schema: " + issues.front().path + ": " + issues.front().message;
}

EmbedResponse to_embed_response(std::vector<std::vector<float>> embeddings) {
  EmbedResponse response;
  response.embeddings.reserve(embeddings.size());
  for (std::vector<float>& vector : embeddings) response.embeddings.emplace_back().embedding = std::move(vector);
  return response;
}

}  // namespace genkit::llama
