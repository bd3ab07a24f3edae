#include "prompt/prompt_definition.h"

#include <algorithm>
#include <utility>

#include <genkit/base/error.h>

#include "prompt/front_matter.h"

namespace genkit::internal {
namespace {

ParsedPrompt code_template(const std::string& prompt, std::string_view part, std::string text) {
  ParsedPrompt parsed;
  parsed.name = prompt + " (" + std::string(part) + ")";
  parsed.metadata = {{"ext", JsonObject()}, {"metadata", JsonObject()}, {"config", JsonObject()}};
  parsed.body = std::move(text);
  return parsed;
}

void expect_object(const std::string& title, std::string_view option, const Json& value) {
  if (value.is_null() || value.is_object()) return;
  throw Error(Status::kInvalidArgument, title + ": " + std::string(option) + " must be an object, got " + to_text(value));
}

void expect_turns(const std::string& title, const std::optional<int>& turns) {
  if (!turns || *turns >= 0) return;
  throw Error(Status::kInvalidArgument, title + ": max_turns must be 0 or more, got " + std::to_string(*turns));
}

/// Picoschema closes every object. A template may well use what the schema of its file does not tell of, and in the other
/// languages gets it: what the author has not closed is open at its top.
Json opened(const Json& schema, const ParsedPrompt& file) {
  const Json* input = file.metadata.if_contains("input");
  const Json* written = input != nullptr ? find_member(*input, "schema") : nullptr;
  if (written == nullptr || !written->is_object() || written->get_object().contains("additionalProperties")) return schema;
  Json open = schema;
  if (open.is_object()) open.get_object().stable_erase("additionalProperties");
  return open;
}

}  // namespace

CompiledPrompt PromptTemplate::compiled(const Dotprompt& dotprompt) const {
  const std::lock_guard lock(mutex_);
  if (!compiled_) compiled_ = dotprompt.compile(source_);
  return *compiled_;
}

PromptDefinition::PromptDefinition(PromptDraft draft) : draft_(std::move(draft)) {
  name_ = draft_.variant.empty() ? draft_.name : draft_.name + "." + draft_.variant;
  title_ = "prompt \"" + name_ + "\"";
  expect_object(title_, "config", draft_.config);
  expect_object(title_, "input_default", draft_.input_default);
  expect_object(title_, "metadata", draft_.metadata);
  expect_turns(title_, draft_.max_turns);
  if (draft_.system.text) system_.emplace(code_template(name_, "system", *std::exchange(draft_.system.text, {})));
  if (draft_.prompt.text) prompt_.emplace(code_template(name_, "prompt", *std::exchange(draft_.prompt.text, {})));
  if (draft_.messages.text) messages_.emplace(code_template(name_, "messages", *std::exchange(draft_.messages.text, {})));
  // Schemas that were given as JSON are refused here rather than at the first call.
  if (!draft_.input_schema.is_null()) SchemaValidator::compile(draft_.input_schema);
}

std::shared_ptr<const ResolvedPrompt> PromptDefinition::resolve(const Dotprompt& dotprompt) const {
  {
    const std::lock_guard lock(mutex_);
    if (resolved_) return resolved_;
  }
  auto resolved = std::make_shared<ResolvedPrompt>(is_file_ ? resolve_file(dotprompt) : resolve_code());
  if (const Json& schema = resolved->input_schema; !schema.is_null()) {
    resolved->input_validator = SchemaValidator::compile(is_file_ ? opened(schema, messages_->source()) : schema);
  }
  const std::lock_guard lock(mutex_);
  if (!resolved_) resolved_ = std::move(resolved);
  return resolved_;
}

ResolvedPrompt PromptDefinition::resolve_code() const {
  ResolvedPrompt resolved;
  resolved.input_schema = draft_.input_schema;
  if (resolved.input_schema.is_null() && draft_.input_type != nullptr && !draft_.input_type->is_json()) {
    resolved.input_schema = draft_.input_type->schema();
  }
  resolved.output = draft_.output;

  JsonObject input;
  if (!resolved.input_schema.is_null()) input["schema"] = resolved.input_schema;
  if (!draft_.input_default.is_null()) input["default"] = draft_.input_default;
  JsonObject prompt;
  if (!draft_.config.is_null()) prompt["config"] = draft_.config;
  prompt["input"] = std::move(input);
  prompt["name"] = draft_.name;
  if (!draft_.variant.empty()) prompt["variant"] = draft_.variant;
  if (!draft_.model.name.empty()) prompt["model"] = draft_.model.name;
  if (draft_.tool_choice) prompt["toolChoice"] = to_json(*draft_.tool_choice);
  JsonArray tools;
  for (const ToolReference& tool : draft_.tools) tools.push_back(Json(tool.name()));
  prompt["tools"] = std::move(tools);
  prompt["use"] = JsonArray();
  JsonObject metadata = draft_.metadata.is_object() ? draft_.metadata.get_object() : JsonObject();
  metadata["prompt"] = std::move(prompt);
  metadata["type"] = "prompt";
  resolved.metadata = std::move(metadata);
  return resolved;
}

void PromptDefinition::check_input(const ResolvedPrompt& resolved, const Json& input) const {
  if (!resolved.input_validator) return;
  std::vector<ValidationIssue> issues;
  if (resolved.input_validator->validate(input, &issues)) return;
  const Error full = validation_error(issues, input, resolved.input_schema);
  std::string message = "input";
  for (const ValidationIssue& issue : issues) {
    message += &issue == issues.data() ? " " : "; ";
    if (issue.path != "(root)") message += issue.path + ": ";
    message += issue.message;
  }
  message += "\n\n" + full.message();
  const Error error(Status::kInvalidArgument, std::move(message), full.details());
  if (is_file_) fail_in_front_matter(messages_->source(), "/input/schema", error);
  throw Error(error.status(), title_ + ", " + error.message(), error.details());
}

Json with_defaults(const Json& schema, const Json& defaults) {
  const Json* required = find_member(schema, "required");
  if (required == nullptr || !required->is_array() || !defaults.is_object()) return schema;
  JsonArray left;
  for (const Json& name : required->get_array()) {
    if (!name.is_string() || !defaults.get_object().contains(name.get_string())) left.push_back(name);
  }
  Json relaxed = schema;
  if (left.empty()) {
    relaxed.get_object().stable_erase("required");
  } else {
    relaxed.get_object()["required"] = std::move(left);
  }
  return relaxed;
}

}  // namespace genkit::internal
