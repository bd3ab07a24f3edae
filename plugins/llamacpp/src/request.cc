#include "request.h"

#include <algorithm>

#include <genkit/plugins/llamacpp.h>
#include <genkit/schema/validator.h>

#include "output_grammar.h"
#include "tool_calling.h"

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
  if (part.resource) return "a resource";
  if (part.custom) return "custom content";
  return nullptr;
}

/// The text of a part. Reasoning of earlier turns is left out, as models are trained to see their answers only.
std::string text_of_part(const Part& part) {
  if (part.text) return *part.text;
  if (part.data) return to_text(*part.data);
  if (part.tool_request) return tool_call_text(*part.tool_request);
  if (part.tool_response) return tool_response_text(*part.tool_response);
  return {};
}

bool is_about_tools(const Part& part) {
  return part.tool_request || part.tool_response;
}

std::string join(std::string_view model, const std::vector<Part>& parts, const std::string& where) {
  std::string text;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    if (const char* kind = unreadable(parts[i])) {
      refuse(model, where + ".content[" + std::to_string(i) + "] is " + kind + ", it reads text only");
    }
    // Calls and results stand on lines of their own.
    if (!text.empty() && is_about_tools(parts[i])) text += '\n';
    text += text_of_part(parts[i]);
  }
  return text;
}

/// What a model answered, in the form in which it had to.
std::string join_answer(std::string_view model, const Message& message, const std::string& where, const std::string& no_tool) {
  std::string text = join(model, message.content, where);
  const bool calls =
      std::any_of(message.content.begin(), message.content.end(), [](const Part& part) { return part.tool_request.has_value(); });
  return calls ? text : no_tool + text;
}

void add_instructions(std::vector<ChatMessage>& chat, const std::string& instructions) {
  const auto system = std::find_if(chat.begin(), chat.end(), [](const ChatMessage& message) { return message.role == "system"; });
  if (system == chat.end()) {
    chat.insert(chat.begin(), {"system", instructions});
  } else {
    system->content += "\n\n" + instructions;
  }
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
  const bool with_tools = chooses_tool(request);
  const std::string no_tool = with_tools ? no_tool_head(*request.tools) : std::string();
  std::vector<ChatMessage> chat;
  chat.reserve(request.messages.size() + 1);
  for (std::size_t i = 0; i < request.messages.size(); ++i) {
    const Message& message = request.messages[i];
    const std::string where = "messages[" + std::to_string(i) + "]";
    chat.push_back({role_name(message.role), message.role == Role::kModel ? join_answer(model, message, where, no_tool)
                                                                          : join(model, message.content, where)});
  }
  if (chat.empty()) refuse(model, "the request has no messages");
  if (with_tools) add_instructions(chat, tool_instructions(*request.tools));
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
