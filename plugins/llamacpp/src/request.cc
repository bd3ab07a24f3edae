#include "request.h"

#include <genkit/plugins/llamacpp.h>
#include <genkit/schema/validator.h>

namespace genkit::llama {
namespace {

[[noreturn]] void refuse(std::string_view model, const std::string& what) {
  throw Error(Status::kInvalidArgument, "model \"" + std::string(model) + "\": " + what);
}

const char* role_name(Role role) {
  switch (role) {
    case Role::kSystem:
      return "system";
    case Role::kModel:
      return "assistant";
    case Role::kUser:
    case Role::kTool:
      break;
  }
  return "user";
}

/// What a part is, when it is something that a text model cannot read; nullptr otherwise.
const char* unreadable(const Part& part) {
  if (part.media) return "media";
  if (part.tool_request) return "a tool request";
  if (part.tool_response) return "a tool response";
  if (part.resource) return "a resource";
  if (part.custom) return "custom content";
  return nullptr;
}

/// The text of a part. Reasoning of earlier turns is left out, as models are trained to see their answers only.
std::string text_of_part(const Part& part) {
  if (part.text) return *part.text;
  if (part.data) return to_text(*part.data);
  return {};
}

std::string join(std::string_view model, const std::vector<Part>& parts, const std::string& where) {
  std::string text;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    if (const char* kind = unreadable(parts[i])) {
      refuse(model, where + ".content[" + std::to_string(i) + "] is " + kind + ", it reads text only");
    }
    text += text_of_part(parts[i]);
  }
  return text;
}

LlamaCppConfig read_config(std::string_view model, const Json& config) {
  static const auto validator = SchemaValidator::compile(schema_of<LlamaCppConfig>());
  try {
    validator->validate_or_throw(config);
    return from_json<LlamaCppConfig>(config);
  } catch (const Error& error) {
    throw Error(error.status(), "model \"" + std::string(model) + "\": config: " + error.message(), error.details());
  }
}

}  // namespace

std::vector<ChatMessage> to_chat(std::string_view model, const ModelRequest& request) {
  if (request.tools && !request.tools->empty()) {
    refuse(model, "it cannot use tools (\"" + request.tools->front().name + "\"): leave them out or choose another model");
  }
  std::vector<ChatMessage> chat;
  chat.reserve(request.messages.size());
  for (std::size_t i = 0; i < request.messages.size(); ++i) {
    const Message& message = request.messages[i];
    chat.push_back({role_name(message.role), join(model, message.content, "messages[" + std::to_string(i) + "]")});
  }
  if (chat.empty()) refuse(model, "the request has no messages");
  return chat;
}

GenerationParams to_params(std::string_view model, const ModelRequest& request) {
  const bool has_config = request.config && !request.config->is_null();
  const LlamaCppConfig config = has_config ? read_config(model, *request.config) : LlamaCppConfig();
  GenerationParams params;
  params.sampling.temperature = static_cast<float>(config.temperature);
  params.sampling.top_k = config.top_k;
  params.sampling.top_p = static_cast<float>(config.top_p);
  params.sampling.min_p = static_cast<float>(config.min_p);
  params.sampling.repeat_penalty = static_cast<float>(config.repeat_penalty);
  params.sampling.seed = config.seed;
  params.max_tokens = config.max_output_tokens;
  if (config.stop_sequences) params.stop_sequences = *config.stop_sequences;
  return params;
}

std::vector<std::string> to_texts(std::string_view embedder, const EmbedRequest& request) {
  std::vector<std::string> texts;
  texts.reserve(request.input.size());
  for (std::size_t i = 0; i < request.input.size(); ++i) {
    texts.push_back(join(embedder, request.input[i].content, "input[" + std::to_string(i) + "]"));
  }
  return texts;
}

}  // namespace genkit::llama
