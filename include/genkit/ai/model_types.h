#ifndef GENKIT_AI_MODEL_TYPES_H_
#define GENKIT_AI_MODEL_TYPES_H_

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <genkit/ai/message.h>

namespace genkit {

/// A tool as a model sees it.
struct ToolDefinition {
  std::string name = {};  ///< the short name: the last segment of the key
  std::optional<std::string> key = {};
  std::string description = {};
  std::optional<Json> input_schema = {};
  std::optional<Json> output_schema = {};
  std::optional<Json> metadata = {};
  ExtraMembers extra = {};
};
constexpr auto describe(Type<ToolDefinition>) {
  return fields(field<&ToolDefinition::description>().required()).camel_case_keys();
}

enum class ToolChoice { kAuto, kRequired, kNone };
constexpr auto describe(Type<ToolChoice>) {
  return enum_values(value<ToolChoice::kAuto>("auto"), value<ToolChoice::kRequired>("required"),
                     value<ToolChoice::kNone>("none"));
}

/// The form that the model's answer shall have.
struct OutputConfig {
  std::optional<std::string> format = {};  ///< "text", "json", "array", "enum", "jsonl", or a custom one
  std::optional<Json> schema = {};
  std::optional<bool> constrained = {};
  std::optional<std::string> content_type = {};
  ExtraMembers extra = {};
};
constexpr auto describe(Type<OutputConfig>) {
  return fields().camel_case_keys();
}

/// What a model action is asked (spec: GenerateRequest).
struct ModelRequest {
  std::vector<Message> messages = {};
  std::optional<Json> config = {};
  std::optional<std::vector<ToolDefinition>> tools = {};
  std::optional<ToolChoice> tool_choice = {};
  std::optional<OutputConfig> output = {};
  std::optional<std::vector<Document>> docs = {};
  ExtraMembers extra = {};

  /// The text of the last message; empty when there is none.
  std::string last_text() const;
};
constexpr auto describe(Type<ModelRequest>) {
  return fields(field<&ModelRequest::messages>().required()).camel_case_keys();
}

enum class FinishReason { kStop, kLength, kBlocked, kAborted, kFailed, kInterrupted, kOther, kUnknown };
constexpr auto describe(Type<FinishReason>) {
  return enum_values(value<FinishReason::kStop>("stop"), value<FinishReason::kLength>("length"),
                     value<FinishReason::kBlocked>("blocked"), value<FinishReason::kAborted>("aborted"),
                     value<FinishReason::kFailed>("failed"), value<FinishReason::kInterrupted>("interrupted"),
                     value<FinishReason::kOther>("other"), value<FinishReason::kUnknown>("unknown"));
}

/// What a call cost. Absent where the model does not say.
struct GenerationUsage {
  std::optional<std::int64_t> input_tokens = {};
  std::optional<std::int64_t> output_tokens = {};
  std::optional<std::int64_t> total_tokens = {};
  std::optional<std::int64_t> input_characters = {};
  std::optional<std::int64_t> output_characters = {};
  std::optional<std::int64_t> input_images = {};
  std::optional<std::int64_t> output_images = {};
  std::optional<std::int64_t> input_videos = {};
  std::optional<std::int64_t> output_videos = {};
  std::optional<std::int64_t> input_audio_files = {};
  std::optional<std::int64_t> output_audio_files = {};
  std::optional<std::int64_t> thoughts_tokens = {};
  std::optional<std::int64_t> cached_content_tokens = {};
  std::optional<std::map<std::string, double>> custom = {};
  ExtraMembers extra = {};
};
constexpr auto describe(Type<GenerationUsage>) {
  return fields().camel_case_keys();
}

/// What a model action answers (spec: ModelResponse).
struct ModelResponse {
  std::optional<Message> message = {};
  std::optional<FinishReason> finish_reason = {};
  std::optional<std::string> finish_message = {};
  std::optional<double> latency_ms = {};
  std::optional<GenerationUsage> usage = {};
  std::optional<Json> custom = {};
  std::optional<Json> raw = {};
  std::optional<ModelRequest> request = {};
  std::optional<Json> operation = {};
  ExtraMembers extra = {};

  static ModelResponse of_text(std::string text);
  /// All text of the message; empty without one.
  std::string text() const;
};
constexpr auto describe(Type<ModelResponse>) {
  return fields().camel_case_keys();
}

/// A piece of an answer that is still being made (spec: ModelResponseChunk).
struct ModelResponseChunk {
  std::optional<Role> role = {};
  std::optional<std::int64_t> index = {};  ///< counts the messages of a generation, tool messages included
  std::vector<Part> content = {};
  Boxed<Json> custom = {};
  std::optional<bool> aggregated = {};  ///< true when the chunk repeats what came before
  ExtraMembers extra = {};

  static ModelResponseChunk of_text(std::string text);
  std::string text() const { return text_of(content); }
};
constexpr auto describe(Type<ModelResponseChunk>) {
  return fields(field<&ModelResponseChunk::content>().required()).camel_case_keys();
}
/// Moves `from` into `to`. What `to` had is left in `from` as memory to use again, and means nothing.
inline void genkit_take_over(ModelResponseChunk& to, ModelResponseChunk& from) {
  to.role = std::exchange(from.role, {});
  to.index = std::exchange(from.index, {});
  to.content.swap(from.content);
  to.custom.swap(from.custom);
  from.custom.reset();
  to.aggregated = std::exchange(from.aggregated, {});
  if (to.extra.members.empty() && from.extra.members.empty()) return;
  to.extra.members.swap(from.extra.members);
  from.extra.members.clear();
}
using Chunk = ModelResponseChunk;

/// The options that most models know. Models may have more: `extra` takes them.
struct GenerationCommonConfig {
  std::optional<std::string> version = {};
  std::optional<double> temperature = {};
  std::optional<std::int64_t> max_output_tokens = {};
  std::optional<std::int64_t> top_k = {};
  std::optional<double> top_p = {};
  std::optional<std::vector<std::string>> stop_sequences = {};
  ExtraMembers extra = {};
};
constexpr auto describe(Type<GenerationCommonConfig>) {
  return fields(field<&GenerationCommonConfig::version>("Version of the model"),
                field<&GenerationCommonConfig::temperature>("Randomness: 0 always takes the likeliest token"),
                field<&GenerationCommonConfig::max_output_tokens>("Upper bound on the length of the answer"),
                field<&GenerationCommonConfig::top_k>("Only the K likeliest tokens are considered"),
                field<&GenerationCommonConfig::top_p>("Only the likeliest tokens that together reach this probability"),
                field<&GenerationCommonConfig::stop_sequences>("The answer ends before the first of these"))
      .camel_case_keys();
}

/// What a model can do; absent means unknown.
struct ModelSupports {
  std::optional<bool> multiturn = {};
  std::optional<bool> media = {};
  std::optional<bool> tools = {};
  std::optional<bool> system_role = {};
  std::optional<std::vector<std::string>> output = {};
  std::optional<std::vector<std::string>> content_type = {};
  std::optional<bool> context = {};
  std::optional<std::string> constrained = {};  ///< "none", "all", "no-tools"
  std::optional<bool> tool_choice = {};
  std::optional<bool> long_running = {};
};
constexpr auto describe(Type<ModelSupports>) {
  return fields().camel_case_keys();
}

}  // namespace genkit

#endif  // GENKIT_AI_MODEL_TYPES_H_
