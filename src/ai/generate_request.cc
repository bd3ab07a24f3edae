#include "ai/generate_request.h"

#include <cmath>

#include <genkit/ai/generate.h>
#include <genkit/core/registry.h>

namespace genkit::internal {
namespace {

std::optional<ResumeRequest> resume_request(const ResumeOptions& options) {
  if (options.respond.empty() && options.restart.empty()) {
    if (options.metadata.is_null()) return std::nullopt;
    throw Error(Status::kInvalidArgument, "generate: resume has metadata, but nothing to respond or to restart");
  }
  ResumeRequest resume;
  if (!options.respond.empty()) resume.respond = options.respond;
  if (!options.restart.empty()) resume.restart = options.restart;
  if (!options.metadata.is_null()) resume.metadata = options.metadata;
  return resume;
}

/// The model's options with those of the call on top; nothing when there are none.
std::optional<Json> merged_config(Json config, const Json& over) {
  if (!over.is_null() && !over.is_object()) {
    throw Error(Status::kInvalidArgument, "generate: config must be an object, got " + to_text(over));
  }
  if (!config.is_object()) {
    config = over;
  } else if (over.is_object()) {
    for (const auto& member : over.get_object()) config.get_object()[member.key()] = member.value();
  }
  if (!config.is_object() || config.get_object().empty()) return std::nullopt;
  return config;
}

/// Nothing when no option differs from its default.
std::optional<OutputRequest> output_request(const OutputOptions& options) {
  OutputRequest output;
  if (!options.format.empty()) output.format = options.format;
  if (!options.content_type.empty()) output.content_type = options.content_type;
  if (options.instructions.given()) output.instructions = options.instructions.to_json();
  output.json_schema = options.schema;
  if (options.constrained) output.constrained = *options.constrained;
  if (options.repairs != 0) output.repairs = options.repairs;
  if (options.stop_when_invalid) output.stop_when_invalid = true;
  if (ValueRef::of(output).type->is_empty(&output)) return std::nullopt;
  return output;
}

/// An empty text is no prompt, as in Genkit JS.
bool says_something(const Content& content) {
  return !content.empty() && (content.parts().size() > 1 || content.parts().front().text != "");
}

}  // namespace

ModelReference default_model(Registry& registry) {
  ModelReference reference;
  if (const auto value = registry.find_value("defaultModel", "defaultModel")) {
    reference.name = std::string(value->at("name").as_string());
    if (const Json* config = find_member(*value, "config")) reference.config = *config;
  }
  return reference;
}

GenerateRequest to_request(Registry& registry, const GenerateOptions& options) {
  GenerateRequest request;
  const ModelReference model = options.model.name.empty() ? default_model(registry) : options.model;
  if (!model.name.empty()) request.model = model.name;
  const Json& own_config = options.model.config.is_null() ? model.config : options.model.config;
  request.config = merged_config(own_config, options.config);

  if (says_something(options.system)) request.messages.push_back(Message::system(options.system));
  request.messages.insert(request.messages.end(), options.messages.begin(), options.messages.end());
  if (says_something(options.prompt)) request.messages.push_back(Message::user(options.prompt));
  if (!options.docs.empty()) request.docs = options.docs;

  request.tool_choice = options.tool_choice;
  if (options.max_turns) request.max_turns = *options.max_turns;
  if (options.return_tool_requests) request.return_tool_requests = true;
  request.output = output_request(options.output);
  request.resume = resume_request(options.resume);
  if (!options.step_name.empty()) request.step_name = options.step_name;
  return request;
}

void check_request(const GenerateRequest& request) {
  if (request.messages.empty()) {
    throw Error(Status::kInvalidArgument, "at least one message is required in generate request: give a prompt or messages");
  }
  if (!request.model || request.model->empty()) {
    throw Error(Status::kInvalidArgument,
                "no model to generate with: name one in the call (.model = \"plugin/model\") or as GenkitOptions::model");
  }
  if (request.max_turns && (*request.max_turns < 0 || *request.max_turns != std::floor(*request.max_turns))) {
    std::string number;
    append_json_number(number, *request.max_turns);
    throw Error(Status::kInvalidArgument, "maxTurns must be a whole number of at least 0, got " + number);
  }
  if (request.use && !request.use->empty()) {
    const Json* name = find_member(request.use->front(), "name");
    throw Error(Status::kNotFound,
                "middleware " + to_text(name != nullptr ? *name : request.use->front()) + " not found in registry");
  }
}

}  // namespace genkit::internal
