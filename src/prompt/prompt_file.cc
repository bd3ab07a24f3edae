#include <algorithm>
#include <cmath>
#include <iterator>
#include <string>
#include <utility>
#include <vector>

#include <genkit/base/error.h>

#include "prompt/front_matter.h"
#include "prompt/prompt_definition.h"

// What the front matter of a prompt file says to Genkit.

namespace genkit::internal {
namespace {

constexpr std::string_view kKnownKeys[] = {"candidates", "config",   "description", "ext",    "input",   "maxTurns",
                                           "metadata",   "model",    "name",        "output", "raw",     "returnToolRequests",
                                           "toolChoice", "toolDefs", "tools",       "use",    "variant", "version"};

/// Reads members of the front matter; what is of the wrong kind is an error that names file and line.
class FrontMatter {
 public:
  explicit FrontMatter(const ParsedPrompt& file) : file_(file) {}

  /// nullptr when it is missing or null.
  const Json* find(std::string_view key) const {
    const Json* raw = file_.metadata.if_contains("raw");
    const Json* value = raw != nullptr ? find_member(*raw, key) : nullptr;
    return value == nullptr || value->is_null() ? nullptr : value;
  }
  [[noreturn]] void fail(const std::string& pointer, std::string message) const {
    fail_in_front_matter(file_, pointer, Error(Status::kInvalidArgument, std::move(message)));
  }
  [[noreturn]] void refuse(std::string_view key, std::string_view wanted, const Json& value) const {
    fail("/" + std::string(key), "must be " + std::string(wanted) + ", got " + to_text(value));
  }

  std::string text(std::string_view key) const {
    const Json* value = find(key);
    if (value == nullptr) return {};
    if (!value->is_string()) refuse(key, "text", *value);
    return std::string(value->get_string());
  }
  Json object(std::string_view key) const {
    const Json* value = find(key);
    if (value == nullptr) return nullptr;
    if (!value->is_object()) refuse(key, "a mapping", *value);
    return *value;
  }
  bool flag(std::string_view key) const {
    const Json* value = find(key);
    if (value == nullptr) return false;
    if (!value->is_bool()) refuse(key, "true or false", *value);
    return value->get_bool();
  }
  std::optional<int> count(std::string_view key) const {
    constexpr double kMost = 1'000'000;
    const Json* value = find(key);
    if (value == nullptr) return std::nullopt;
    const double number = value->is_number() ? value->to_number<double>() : -1;
    if (!(number >= 0 && number <= kMost) || number != std::floor(number)) refuse(key, "a whole number, 0 or more", *value);
    return static_cast<int>(number);
  }
  const JsonArray& list(std::string_view key) const {
    static const JsonArray none;
    const Json* value = find(key);
    if (value == nullptr) return none;
    if (!value->is_array()) refuse(key, "a list", *value);
    return value->get_array();
  }

 private:
  const ParsedPrompt& file_;
};

std::optional<ToolChoice> tool_choice(const FrontMatter& front) {
  const std::string text = front.text("toolChoice");
  if (text.empty()) return std::nullopt;
  const auto choice = attempt([&] { return from_json<ToolChoice>(Json(text)); });
  if (!choice) front.refuse("toolChoice", "auto, required or none", Json(text));
  return *choice;
}

/// `use: [name, {name: …, config: …}]` in the second form.
JsonArray middleware(const FrontMatter& front) {
  JsonArray result;
  for (const Json& item : front.list("use")) {
    const Json* name = item.is_string() ? &item : find_member(item, "name");
    if (name == nullptr || !name->is_string()) front.refuse("use", "a list of names, or of mappings with a name", item);
    JsonObject reference{{"name", *name}};
    if (const Json* config = find_member(item, "config"); config != nullptr && !config->is_null()) reference["config"] = *config;
    result.push_back(std::move(reference));
  }
  return result;
}

void check_output(const FrontMatter& front) {
  const Json* output = front.find("output");
  if (output == nullptr) return;
  if (!output->is_object()) front.refuse("output", "a mapping", *output);
  const Json* format = find_member(*output, "format");
  if (format != nullptr && !format->is_string() && !format->is_null()) front.refuse("output/format", "text", *format);
}

/// Puts members of `metadata` into the order in which the other languages of Genkit list them.
JsonObject file_metadata(JsonObject resolved, const PromptDraft& draft, const JsonArray& use, const std::string& body) {
  JsonObject prompt;
  for (const char* key : {"ext", "metadata", "config", "model", "description", "input", "output", "raw"}) {
    if (Json* value = resolved.if_contains(key); value != nullptr && !value->is_null()) prompt[key] = std::move(*value);
  }
  if (!prompt.contains("input")) prompt["input"] = JsonObject();
  if (!draft.variant.empty()) prompt["variant"] = draft.variant;
  if (draft.tool_choice) prompt["toolChoice"] = to_json(*draft.tool_choice);
  prompt["use"] = use;
  prompt["template"] = body;
  prompt["name"] = draft.name;
  JsonArray tools;
  for (const ToolReference& tool : draft.tools) tools.push_back(Json(tool.name()));
  prompt["tools"] = std::move(tools);
  return prompt;
}

}  // namespace

PromptDefinition::PromptDefinition(std::string_view name, ParsedPrompt file) : name_(name), is_file_(true) {
  const std::size_t slash = name.rfind('/');
  const std::size_t dot = name.find('.', slash == name.npos ? 0 : slash);
  draft_.name = name.substr(0, dot);
  if (dot != name.npos) draft_.variant = name.substr(dot + 1);
  title_ = "prompt \"" + name_ + "\" (" + file.name + ")";
  take_front_matter(file);
  messages_.emplace(std::move(file));
}

void PromptDefinition::take_front_matter(const ParsedPrompt& file) {
  const FrontMatter front(file);
  draft_.description = front.text("description");
  draft_.model.name = front.text("model");
  draft_.config = front.object("config");
  draft_.metadata = front.object("metadata");
  draft_.tool_choice = tool_choice(front);
  draft_.max_turns = front.count("maxTurns");
  draft_.return_tool_requests = front.flag("returnToolRequests");
  for (const Json& tool : front.list("tools")) {
    if (!tool.is_string() || tool.get_string().empty()) front.refuse("tools", "a list of names", tool);
    draft_.tools.emplace_back(std::string_view(tool.get_string()));
  }
  use_ = middleware(front);
  check_output(front);
  const Json input = front.object("input");
  if (const Json* defaults = find_member(input, "default"); defaults != nullptr && !defaults->is_null()) {
    if (!defaults->is_object()) front.refuse("input/default", "a mapping", *defaults);
    draft_.input_default = *defaults;
  }
}

ResolvedPrompt PromptDefinition::resolve_file(const Dotprompt& dotprompt) const {
  const ParsedPrompt& file = messages_->source();
  JsonObject metadata = dotprompt.render_metadata(file);
  ResolvedPrompt resolved;
  if (const Json* input = metadata.if_contains("input")) {
    if (const Json* schema = find_member(*input, "schema")) resolved.input_schema = *schema;
  }
  if (const Json* output = metadata.if_contains("output")) {
    if (const Json* schema = find_member(*output, "schema")) resolved.output.schema = *schema;
    if (const Json* format = find_member(*output, "format"); format != nullptr && format->is_string()) {
      resolved.output.format = format->get_string();
    }
  }
  resolved.metadata = {{"type", "prompt"}, {"prompt", file_metadata(std::move(metadata), draft_, use_, file.body)}};
  return resolved;
}

UnknownKeys unknown_keys(const ParsedPrompt& file) {
  constexpr std::size_t kMostShown = 10;
  UnknownKeys unknown;
  const Json* raw = file.metadata.if_contains("raw");
  if (raw == nullptr || !raw->is_object()) return unknown;
  std::vector<std::string> keys;
  for (const auto& member : raw->get_object()) {
    const std::string_view key = member.key();
    const bool is_known = std::find(std::begin(kKnownKeys), std::end(kKnownKeys), key) != std::end(kKnownKeys);
    if (is_known || key.find('.') != key.npos) continue;
    if (keys.size() == kMostShown) {
      ++unknown.more;
    } else {
      keys.emplace_back(key);
    }
  }
  if (keys.empty()) return unknown;
  const std::map<std::string, std::size_t> lines = yaml_key_lines(file.front_matter, file.front_matter_line);
  for (const std::string& key : keys) {
    const auto found = lines.find(key);
    const std::size_t line = found == lines.end() ? file.front_matter_line : found->second;
    unknown.shown.push_back("\"" + key + "\" in line " + std::to_string(line));
  }
  return unknown;
}

}  // namespace genkit::internal
