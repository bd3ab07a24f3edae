#include "tool_calling.h"

#include <algorithm>
#include <cstddef>

#include <genkit/base/error.h>

namespace genkit::llama {
namespace {

constexpr int kDeepestOutline = 5;
constexpr std::size_t kLongestOutline = 2000;

bool is_word(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
  });
}

bool contains(const Json* list, std::string_view name) {
  if (list == nullptr || !list->is_array()) return false;
  return std::find(list->get_array().begin(), list->get_array().end(), Json(name)) != list->get_array().end();
}

class OutlineWriter {
 public:
  explicit OutlineWriter(const Json& root) : root_(root) {}

  std::string write() {
    write(root_, 0);
    return std::move(out_);
  }

 private:
  void write(const Json& schema, int depth) {
    if (!schema.is_object() || depth > kDeepestOutline || out_.size() > kLongestOutline) {
      out_ += "any";
      return;
    }
    const JsonObject& object = schema.get_object();
    if (const Json* reference = object.if_contains("$ref"); reference != nullptr && reference->is_string()) {
      return write_reference(std::string_view(reference->get_string()), depth);
    }
    if (const Json* value = object.if_contains("const")) return append_text(out_, *value);
    if (const Json* values = object.if_contains("enum"); values != nullptr && values->is_array())
      return write_enum(values->get_array());
    for (const char* name : {"anyOf", "oneOf"}) {
      const Json* branches = object.if_contains(name);
      if (branches != nullptr && branches->is_array()) return write_alternatives(branches->get_array(), depth);
    }
    const Json* type = object.if_contains("type");
    if (type != nullptr && type->is_array()) return write_types(type->get_array());
    const Json* properties = object.if_contains("properties");
    if (properties != nullptr && properties->is_object()) return write_members(object, properties->get_object(), depth);
    if (type == nullptr || !type->is_string()) {
      out_ += "any";
    } else if (*type == "array") {
      const Json* items = object.if_contains("items");
      items == nullptr ? out_ += "any" : (write(*items, depth + 1), out_);
      out_ += "[]";
    } else {
      out_ += std::string_view(type->get_string());
    }
  }

  void write_reference(std::string_view reference, int depth) {
    for (const char* list : {"definitions", "$defs"}) {
      const std::string prefix = std::string("#/") + list + "/";
      const Json* definitions = find_member(root_, list);
      if (definitions == nullptr || !reference.starts_with(prefix)) continue;
      if (const Json* target = find_member(*definitions, reference.substr(prefix.size()))) return write(*target, depth + 1);
    }
    out_ += "any";
  }

  void write_enum(const JsonArray& values) {
    for (std::size_t i = 0; i < values.size(); ++i) {
      if (i > 0) out_ += '|';
      append_text(out_, values[i]);
      if (out_.size() > kLongestOutline) return;
    }
  }

  void write_types(const JsonArray& types) {
    for (std::size_t i = 0; i < types.size(); ++i) {
      if (i > 0) out_ += '|';
      if (types[i].is_string()) out_ += std::string_view(types[i].get_string());
    }
  }

  void write_alternatives(const JsonArray& branches, int depth) {
    for (std::size_t i = 0; i < branches.size(); ++i) {
      if (i > 0) out_ += '|';
      write(branches[i], depth + 1);
    }
  }

  void write_members(const JsonObject& schema, const JsonObject& properties, int depth) {
    const Json* required = schema.if_contains("required");
    out_ += '{';
    bool first = true;
    for (const auto& member : properties) {
      if (!first) out_ += ", ";
      first = false;
      if (is_word(member.key())) {
        out_ += std::string_view(member.key());
      } else {
        append_json_string(out_, member.key());
      }
      if (!contains(required, member.key())) out_ += '?';
      out_ += ": ";
      write(member.value(), depth + 1);
      const Json* description = find_member(member.value(), "description");
      if (description != nullptr && description->is_string()) {
        out_ += " (" + std::string(description->get_string()) + ")";
      }
    }
    out_ += '}';
  }

  const Json& root_;
  std::string out_;
};

bool is_tool(const std::vector<ToolDefinition>& tools, std::string_view name) {
  return std::any_of(tools.begin(), tools.end(), [name](const ToolDefinition& tool) { return tool.name == name; });
}

}  // namespace

std::string no_tool_name(const std::vector<ToolDefinition>& tools) {
  std::string name = "none";
  while (is_tool(tools, name)) name += "_";
  return name;
}

std::string no_tool_head(const std::vector<ToolDefinition>& tools) {
  return std::string(kToolChoiceHead) + no_tool_name(tools) + "\"}\n";
}

std::string schema_outline(const Json& schema) {
  return OutlineWriter(schema).write();
}

std::string tool_instructions(const std::vector<ToolDefinition>& tools) {
  // Of many wordings, the one with which a small model takes the right tool most often without taking one for everything: each
  // line says what a choice is for, and shows it as it has to be written.
  const std::string none = std::string(kToolChoiceHead) + no_tool_name(tools) + "\"}";
  std::string text = "Choose what to do with the user's message:\nTalks with the user: " + none + "\n";
  for (const ToolDefinition& tool : tools) {
    std::string purpose = tool.description.empty() ? tool.name : tool.description;
    std::replace(purpose.begin(), purpose.end(), '\n', ' ');
    text += purpose + ": " + std::string(kToolChoiceHead) + tool.name + std::string(kToolInputHead);
    text += tool.input_schema && !tool.input_schema->is_null() ? schema_outline(*tool.input_schema) : "{}";
    text += "}\n";
  }
  return text + "Tells the result of a tool: " + none + "\nEverything else: " + none;
}

std::string tool_call_text(const ToolRequest& request) {
  std::string text(kToolChoiceHead);
  text += request.name;
  text += kToolInputHead;
  text += request.input ? to_text(*request.input) : "{}";
  text += '}';
  return text;
}

std::string tool_response_text(const ToolResponse& response) {
  std::string text = "Result of " + response.name + ": ";
  if (response.output && response.output->is_string()) {
    text += std::string_view(response.output->get_string());
  } else if (response.output) {
    append_text(text, *response.output);
  }
  return text;
}

std::string ToolAnswer::push(std::string_view text) {
  if (is_text_) return std::string(text);
  held_ += text;
  if (!held_.starts_with(head_)) return {};
  is_text_ = true;
  std::string rest = held_.substr(head_.size());
  held_.clear();
  return rest;
}

ToolAnswer::Result ToolAnswer::finish() const {
  if (is_text_) return {};
  Result result;
  try {
    const Json call = parse_json(held_);
    ToolRequest& request = result.call.emplace();
    request.name = std::string(call.at("tool").as_string());
    if (const Json* input = find_member(call, "input")) request.input = *input;
  } catch (const std::exception&) {
    result.call.reset();
    result.cut_off = held_;
  }
  return result;
}

}  // namespace genkit::llama
