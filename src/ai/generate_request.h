#ifndef GENKIT_SRC_AI_GENERATE_REQUEST_H_
#define GENKIT_SRC_AI_GENERATE_REQUEST_H_

#include <optional>
#include <string>
#include <vector>

#include <genkit/ai/model_types.h>

namespace genkit::internal {

/// One generation as JSON callers give it and as traces show it (spec: GenerateActionOptions).
struct GenerateRequest {
  std::optional<std::string> model = {};
  std::optional<std::vector<Document>> docs = {};
  std::vector<Message> messages = {};
  std::optional<std::vector<std::string>> tools = {};
  std::optional<std::vector<std::string>> resources = {};
  std::optional<ToolChoice> tool_choice = {};
  std::optional<Json> config = {};
  std::optional<Json> output = {};
  std::optional<Json> resume = {};
  std::optional<bool> return_tool_requests = {};
  std::optional<double> max_turns = {};
  std::optional<std::string> step_name = {};
  std::optional<std::vector<Json>> use = {};
  ExtraMembers extra = {};
};
constexpr auto describe(Type<GenerateRequest>) {
  return fields(field<&GenerateRequest::messages>().required()).camel_case_keys();
}

}  // namespace genkit::internal

#endif  // GENKIT_SRC_AI_GENERATE_REQUEST_H_
