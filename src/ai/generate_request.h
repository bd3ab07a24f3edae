#ifndef GENKIT_SRC_AI_GENERATE_REQUEST_H_
#define GENKIT_SRC_AI_GENERATE_REQUEST_H_

#include <optional>
#include <string>
#include <vector>

#include <genkit/ai/generate.h>

namespace genkit::internal {

/// The answers to interrupts, as parts (spec: resume of GenerateActionOptions).
struct ResumeRequest {
  std::optional<std::vector<Part>> respond = {};
  std::optional<std::vector<Part>> restart = {};
  std::optional<Json> metadata = {};
  ExtraMembers extra = {};
};
constexpr auto describe(Type<ResumeRequest>) {
  return fields().camel_case_keys();
}

/// The form of the answer. What is null counts as absent; `OutputPlan::make` refuses what is of the wrong type.
struct OutputRequest {
  std::optional<Json> format = {};
  std::optional<Json> content_type = {};
  std::optional<Json> instructions = {};
  SharedJson json_schema = {};
  std::optional<Json> constrained = {};
  std::optional<Json> repairs = {};
  std::optional<Json> stop_when_invalid = {};
  ExtraMembers extra = {};
};
constexpr auto describe(Type<OutputRequest>) {
  return fields(field<&OutputRequest::json_schema>().optional()).camel_case_keys();
}

/// One generation as JSON callers give it and as traces show it (spec: GenerateActionOptions).
struct GenerateRequest {
  std::optional<std::string> model = {};
  std::optional<std::vector<Document>> docs = {};
  std::vector<Message> messages = {};
  std::optional<std::vector<std::string>> tools = {};
  std::optional<std::vector<std::string>> resources = {};
  std::optional<ToolChoice> tool_choice = {};
  std::optional<Json> config = {};
  std::optional<OutputRequest> output = {};
  std::optional<ResumeRequest> resume = {};
  std::optional<bool> return_tool_requests = {};
  std::optional<double> max_turns = {};
  std::optional<std::string> step_name = {};
  std::optional<std::vector<Json>> use = {};
  ExtraMembers extra = {};
};
constexpr auto describe(Type<GenerateRequest>) {
  return fields(field<&GenerateRequest::messages>().required()).camel_case_keys();
}

/// The model of calls that name none; empty when there is no such.
ModelReference default_model(Registry& registry);

/// The same request, whether it came from C++ or as JSON; without its tools. Throws INVALID_ARGUMENT for options that cannot be.
GenerateRequest to_request(Registry& registry, const GenerateOptions& options);

/// Throws INVALID_ARGUMENT for a request without messages or model, or with a `maxTurns` that is no count.
void check_request(const GenerateRequest& request);

}  // namespace genkit::internal

#endif  // GENKIT_SRC_AI_GENERATE_REQUEST_H_
