#include "ai/tool_set.h"

#include <algorithm>
#include <utility>

#include "ai/tool_names.h"
#include "core/action_state.h"

namespace genkit::internal {
namespace {

bool is_tool_kind(ActionKind kind) {
  return kind == ActionKind::kTool || kind == ActionKind::kToolV2 || kind == ActionKind::kPrompt;
}

/// Keys under which a name may be found, in this order.
std::vector<std::string> keys_for(std::string_view name) {
  if (name.starts_with('/')) return {std::string(name)};
  if (name.find(':') != std::string_view::npos) return {make_key(ActionKind::kDynamicActionProvider, name)};
  return {make_key(ActionKind::kTool, name), make_key(ActionKind::kToolV2, name), make_key(ActionKind::kPrompt, name)};
}

std::vector<Action> find_by_name(Registry& registry, const std::string& name) {
  if (name.empty()) throw Error(Status::kInvalidArgument, "tools: a name is empty: name a tool or pass one");
  for (const std::string& key : keys_for(name)) {
    if (auto found = registry.find_all(key); !found.empty()) return found;
  }
  std::vector<std::string> names;
  for (const ActionInfo& info : registry.list()) {
    if (is_tool_kind(info.kind) && std::find(names.begin(), names.end(), info.name) == names.end()) names.push_back(info.name);
  }
  throw Error(Status::kNotFound, "tool \"" + name + "\" not found" + name_advice(name, names));
}

/// JSON Schema for what says nothing about its form.
const Json& any_schema() {
  static const Json schema = {{"$schema", "http://json-schema.org/draft-07/schema#"}};
  return schema;
}

/// The schema, or `any_schema` for none and for that of `Json`, which says nothing either.
const Json& schema_or_any(const std::shared_ptr<const Json>& schema) {
  const bool says_something = schema && !(schema->is_object() && schema->get_object().empty());
  return says_something ? *schema : any_schema();
}

bool leaves_when_cancelled(const ActionInfo& info) {
  const Json* marks = find_member(info.metadata, "tool");
  const Json* leaves = marks != nullptr ? find_member(*marks, "leaveWhenCancelled") : nullptr;
  return leaves != nullptr && *leaves == true;
}

Json output_schema(const ActionInfo& info) {
  if (info.kind == ActionKind::kToolV2) {
    const Json* marks = find_member(info.metadata, "tool");
    const Json* schema = marks != nullptr ? find_member(*marks, "outputSchema") : nullptr;
    return schema != nullptr ? *schema : any_schema();
  }
  return schema_or_any(info.output_schema);
}

ToolDefinition definition_of(const ActionInfo& info) {
  ToolDefinition definition;
  definition.name = short_tool_name(info.name);
  definition.key = info.key;
  definition.description = info.description;
  definition.input_schema = schema_or_any(info.input_schema);
  definition.output_schema = output_schema(info);
  if (definition.name.size() != info.name.size()) definition.metadata = Json{{"originalName", info.name}};
  return definition;
}

}  // namespace

ToolSet::ToolSet(Registry& registry, const std::vector<ToolReference>& references) {
  tools_.reserve(references.size());
  by_short_name_.reserve(references.size());
  for (const ToolReference& reference : references) add(registry, reference);
}

void ToolSet::add(Registry& registry, const ToolReference& reference) {
  if (!reference.action()) {
    for (Action& action : find_by_name(registry, reference.name())) insert({std::move(action), false});
    return;
  }
  const Action& action = *reference.action();
  if (!action.state()->registry.expired()) return insert({action, false});
  insert({action, true});
  if (!child_) child_ = registry.make_child();
  tools_.back().action = child_->add(action);
}

void ToolSet::insert(BoundTool tool) {
  const ActionInfo& info = tool.action.info();
  if (!is_tool_kind(info.kind)) {
    throw Error(Status::kInvalidArgument, info.key + " is a " + std::string(kind_name(info.kind)) + ", where a tool is needed");
  }
  if (const BoundTool* other = find(short_tool_name(info.name))) {
    throw Error(Status::kInvalidArgument, "Cannot provide two tools with the same name: '" + other->action.name() + "' and '" +
                                              info.name + "': models see only what is behind the last '/'");
  }
  tool.may_be_left = !tool.dynamic && leaves_when_cancelled(info);
  by_short_name_.emplace(short_tool_name(info.name), tools_.size());
  tools_.push_back(std::move(tool));
}

const BoundTool* ToolSet::find(std::string_view short_name) const noexcept {
  const auto found = by_short_name_.find(short_name);
  return found != by_short_name_.end() ? &tools_[found->second] : nullptr;
}

Error ToolSet::unknown(const ToolRequest& request) const {
  std::vector<std::string> names;
  for (const BoundTool& tool : tools_) names.emplace_back(short_tool_name(tool.action.name()));
  const std::string advice = names.empty() ? "; the call was given no tools" : name_advice(request.name, names);
  return Error(Status::kNotFound, "Tool \"" + request.name + "\" not found" + advice, {{"request", to_json(request)}});
}

std::vector<ToolDefinition> ToolSet::definitions() const {
  std::vector<ToolDefinition> definitions;
  definitions.reserve(tools_.size());
  for (const BoundTool& tool : tools_) definitions.push_back(definition_of(tool.action.info()));
  return definitions;
}

std::vector<std::string> ToolSet::keys() const {
  std::vector<std::string> keys;
  keys.reserve(tools_.size());
  for (const BoundTool& tool : tools_) keys.push_back(tool.action.key());
  return keys;
}

}  // namespace genkit::internal
