#include <genkit/ai/tool.h>

#include <genkit/core/registry.h>
#include <genkit/schema/validator.h>

#include "ai/model_dialect.h"
#include "ai/tool_interrupt.h"
#include "ai/tool_names.h"
#include "core/action_state.h"

namespace genkit::internal {
namespace {

/// `{"type": …, "tool": {…}, …}` with what the user wrote.
Json tool_metadata(const Json& user, std::string_view type, JsonObject tool) {
  JsonObject metadata{{"type", type}};
  if (user.is_object()) {
    for (const auto& member : user.get_object()) {
      if (member.key() != "type") metadata[member.key()] = member.value();
    }
  }
  if (tool.empty()) return metadata;
  Json& merged = metadata["tool"];
  if (!merged.is_object()) merged = JsonObject();
  for (auto& member : tool) merged.get_object()[member.key()] = std::move(member.value());
  return metadata;
}

/// Shows on the span of the tool that, and with what, it was restarted.
ActionBody tracing_restarts(ActionBody body) {
  return [body = std::move(body)](ValueRef input, ActionCall& call) {
    const auto* run = dynamic_cast<const ToolRun*>(call.attachment());
    if (run != nullptr && run->resumed != nullptr) {
      Span::current()->set_attribute("genkit:metadata:resumed", to_text(*run->resumed));
    }
    return body(input, call);
  };
}

ActionBody checking_multipart_output(ActionBody body, const Json& schema, std::string name) {
  return [body = std::move(body), validator = SchemaValidator::compile(schema), schema, name = std::move(name)](
             ValueRef input, ActionCall& call) {
    Value value = body(input, call);
    const auto& response = *static_cast<const MultipartToolResponse*>(value.ref().object);
    const Json output = response.output.value_or(nullptr);
    std::vector<ValidationIssue> issues;
    if (!validator->validate(output, &issues)) {
      const Error error = validation_error(issues, output, schema);
      throw Error(Status::kInternal, "output of tool \"" + name + "\": " + error.message(), error.details());
    }
    return value;
  };
}

/// The twin "/tool.v2/name" of a tool that returns one value.
Action multipart_twin(const Action& tool) {
  const auto original = tool.state()->definition;
  ActionDefinition definition;
  definition.kind = ActionKind::kToolV2;
  definition.name = original->name;
  definition.description = original->description;
  definition.metadata = tool_metadata(original->metadata, kind_name(ActionKind::kToolV2), {{"multipart", true}});
  definition.input_type = original->input_type;
  definition.input_schema = original->input_schema;
  definition.output_type = &type_info<MultipartToolResponse>();
  definition.body = [original, tool](ValueRef input, ActionCall& call) {
    const Value output = original->body(input, call);
    tool.check_output(output.ref(), Status::kInternal);
    MultipartToolResponse response;
    if (output.has_value()) response.output = output.ref().to_json();
    return Value::of(std::move(response));
  };
  return Action(std::move(definition));
}

const ToolRequest& request_of(const Action& tool, const Part& interrupt, const char* method) {
  const auto refuse = [&](const std::string& why) {
    throw Error(Status::kInvalidArgument, "tool \"" + tool.name() + "\": " + method + " " + why);
  };
  if (!interrupt.tool_request) refuse("needs a tool request, as response.interrupts() gives them");
  const std::string& name = interrupt.tool_request->name;
  if (name != short_tool_name(tool.name()) && name != tool.name()) refuse("was given a request of the tool \"" + name + "\"");
  return *interrupt.tool_request;
}

}  // namespace

void interrupt_tool(const ActionCall& call, Json metadata) {
  if (metadata.is_null()) metadata = true;
  if (const auto span = Span::current()) span->set_attribute("genkit:metadata:interrupt", to_text(metadata));
  throw Error(Status::kAborted, "tool \"" + call.name() + "\" interrupted its run to ask the caller: " + to_text(metadata),
              {{"interrupt", metadata}}, std::make_exception_ptr(ToolInterrupt{metadata}));
}

std::optional<Json> interrupt_metadata(const Error& error) {
  if (!error.cause()) return std::nullopt;
  try {
    std::rethrow_exception(error.cause());
  } catch (const ToolInterrupt& interrupt) {
    return interrupt.metadata;
  } catch (...) {
    return std::nullopt;
  }
}

ActionDefinition tool_definition(ToolOptions options, bool multipart) {
  const std::string name(options.name.view());
  if (!ToolName::is_valid(name)) {
    throw Error(Status::kInvalidArgument,
                "tool name \"" + name + "\" is not valid: use 1 to 64 letters, digits, '_', '-' and '/' between them");
  }
  ActionDefinition definition;
  definition.kind = multipart ? ActionKind::kToolV2 : ActionKind::kTool;
  definition.name = name;
  definition.description = std::move(options.description);
  if (!options.metadata.is_null() && !options.metadata.is_object()) {
    throw Error(Status::kInvalidArgument, "tool \"" + name + "\": metadata must be an object, got " + to_text(options.metadata));
  }
  JsonObject marks;
  if (multipart) marks["multipart"] = true;
  if (options.leave_when_cancelled) marks["leaveWhenCancelled"] = true;
  definition.metadata = tool_metadata(options.metadata, kind_name(definition.kind), std::move(marks));
  definition.input_schema = std::move(options.input_schema);
  if (!multipart) definition.output_schema = std::move(options.output_schema);
  return definition;
}

ActionDefinition interrupt_definition(ToolOptions options) {
  ActionDefinition definition = tool_definition(std::move(options), false);
  definition.metadata = tool_metadata(definition.metadata, kind_name(definition.kind), {{"restartable", false}});
  return definition;
}

Action make_tool(ActionDefinition definition, Json multipart_output_schema) {
  if (definition.kind == ActionKind::kToolV2 && !multipart_output_schema.is_null()) {
    definition.body = checking_multipart_output(std::move(definition.body), multipart_output_schema, definition.name);
    definition.metadata =
        tool_metadata(definition.metadata, kind_name(definition.kind), {{"outputSchema", std::move(multipart_output_schema)}});
  }
  definition.body = tracing_restarts(std::move(definition.body));
  return Action(std::move(definition));
}

Action add_tool(Registry& registry, const Action& tool) {
  if (tool.info().input_schema) {
    check_dialect(registry, "", *tool.info().input_schema, "the input of tool \"" + tool.name() + "\"");
  }
  if (tool.kind() == ActionKind::kToolV2) return registry.add(tool);
  if (registry.find_registered(make_key(ActionKind::kToolV2, tool.name()))) {
    throw Error(Status::kAlreadyExists, "tool \"" + tool.name() + "\" is defined twice: choose another name");
  }
  Action added = registry.add(tool);
  registry.add(multipart_twin(tool));
  return added;
}

Part respond_to(const Action& tool, const Part& interrupt, ValueRef output, Json metadata) {
  const ToolRequest& request = request_of(tool, interrupt, "respond");
  tool.check_output(output, Status::kInvalidArgument);
  Part part;
  part.tool_response.emplace();
  part.tool_response->name = request.name;
  part.tool_response->ref = request.ref;
  JsonObject part_metadata;
  if (output.type == &type_info<MultipartToolResponse>()) {
    const auto& response = *static_cast<const MultipartToolResponse*>(output.object);
    part.tool_response->output = response.output;
    if (!response.content.empty()) part.tool_response->content = to_json(response.content);
    if (response.metadata && response.metadata->is_object()) part_metadata = response.metadata->get_object();
  } else if (output.type != nullptr) {
    part.tool_response->output = output.to_json();
  }
  part_metadata["interruptResponse"] = metadata.is_null() ? Json(true) : std::move(metadata);
  part.metadata = std::move(part_metadata);
  return part;
}

Part restart_of(const Action& tool, const Part& interrupt, Json metadata, ValueRef input) {
  const ToolRequest& request = request_of(tool, interrupt, "restart");
  require_restartable(tool);
  Part part;
  part.tool_request = request;
  JsonObject part_metadata;
  if (interrupt.metadata && interrupt.metadata->is_object()) part_metadata = interrupt.metadata->get_object();
  part_metadata["resumed"] = metadata.is_null() ? Json(true) : std::move(metadata);
  if (input.type != nullptr) {
    part.tool_request->input = input.to_json();
    part_metadata["replacedInput"] = request.input.value_or(nullptr);
  }
  part.metadata = std::move(part_metadata);
  return part;
}

}  // namespace genkit::internal
