#include <genkit/provider/tool_call_assembler.h>

#include <algorithm>
#include <utility>

#include <genkit/base/error.h>

namespace genkit {
namespace {

// A name is looked at anew with every piece of it.
constexpr std::size_t kLongestName = 4096;

[[noreturn]] void fail(const char* reason, std::string message, const std::string& name, const std::string& id,
                       const std::string& text) {
  JsonObject details{{"reason", reason}, {"tool", name}};
  if (!id.empty()) details["ref"] = id;
  details["text"] = text;
  throw Error(Status::kFailedPrecondition, std::move(message), std::move(details));
}

bool is_blank(std::string_view text) {
  return text.find_first_not_of(" \t\r\n") == std::string_view::npos;
}

}  // namespace

void ToolCallAssembler::Extent::add(std::string_view piece) {
  for (const char c : piece) {
    if (in_string) {
      if (escaped) {
        escaped = false;
      } else if (c == '\\') {
        escaped = true;
      } else if (c == '"') {
        in_string = false;
      }
    } else if (c == '"') {
      in_string = true;
    } else if (c == '{' || c == '[') {
      ++depth;
    } else if ((c == '}' || c == ']') && depth > 0) {
      --depth;
      is_complete |= depth == 0;
    }
  }
}

ToolCallAssembler::ToolCallAssembler(ToolCallAssemblerOptions options) : options_(std::move(options)) {
  std::sort(options_.tools.begin(), options_.tools.end());
}

void ToolCallAssembler::add(const ToolCallFragment& fragment) {
  bytes_ += fragment.arguments.size() + fragment.name.size() + fragment.id.size();
  if (bytes_ > options_.max_bytes) {
    throw Error(Status::kResourceExhausted,
                "the tool calls of one answer are longer than " + std::to_string(options_.max_bytes) + " bytes");
  }
  last_ = call_of(fragment);
  Call& call = calls_[last_];
  if (call.id.empty() && !fragment.id.empty()) {
    call.id = fragment.id;
    by_id_.emplace(call.id, last_);
  }
  if (!call.index && fragment.index) {
    call.index = fragment.index;
    std::size_t& latest = by_index_[*fragment.index];
    latest = std::max(latest, last_);
  }
  if (!fragment.name.empty()) add_name(call, fragment.name);
  call.arguments += fragment.arguments;
  call.extent.add(fragment.arguments);
}

std::size_t ToolCallAssembler::call_of(const ToolCallFragment& fragment) {
  if (!fragment.id.empty()) {
    if (const auto found = by_id_.find(std::string(fragment.id)); found != by_id_.end()) return found->second;
  }
  if (fragment.index) {
    const auto found = by_index_.find(*fragment.index);
    if (found == by_index_.end()) return begin();
    const Call& call = calls_[found->second];
    const bool other_id = !fragment.id.empty() && !call.id.empty();
    const bool other_call = fragment.id.empty() && call.id.empty() && call.extent.is_complete && !fragment.name.empty() &&
                            !is_blank(fragment.arguments);
    return other_id || other_call ? begin() : found->second;
  }
  if (calls_.empty()) return begin();
  const Call& last = calls_[last_];
  if (fragment.id.empty()) return is_another(last, fragment) ? begin() : last_;
  return last.id.empty() && last.arguments.empty() && !is_tool(last.name) && may_go_on(last, fragment.name) ? last_ : begin();
}

/// For fragments without index and id: whether it begins another call than the one before.
bool ToolCallAssembler::is_another(const Call& call, const ToolCallFragment& fragment) const {
  if (fragment.name.empty() || call.name.empty()) return false;
  if (call.arguments.empty()) return !may_go_on(call, fragment.name);
  return fragment.name != call.name || (call.extent.is_complete && !is_blank(fragment.arguments));
}

/// Whether `name` may be the name of `call` again, or the next piece of it.
bool ToolCallAssembler::may_go_on(const Call& call, std::string_view name) const {
  if (name.empty() || call.name.empty() || name == call.name) return true;
  if (options_.tools.empty()) return !call.id.empty() || call.index.has_value();
  return begins_tool(call.name + std::string(name)) || (name.starts_with(call.name) && begins_tool(name));
}

std::size_t ToolCallAssembler::begin() {
  if (calls_.size() == options_.max_calls) {
    throw Error(Status::kResourceExhausted, "one answer has more than " + std::to_string(options_.max_calls) + " tool calls");
  }
  calls_.emplace_back();
  return calls_.size() - 1;
}

void ToolCallAssembler::add_name(Call& call, std::string_view name) const {
  if (name == call.name) return;
  if (call.name.size() + name.size() > kLongestName) {
    throw Error(Status::kResourceExhausted,
                "the model asked for a tool with a name longer than " + std::to_string(kLongestName) + " bytes");
  }
  if (is_tool(call.name) && !is_tool(call.name + std::string(name))) return;
  if (is_tool(name)) {
    call.name = name;
  } else {
    call.name += name;
  }
}

bool ToolCallAssembler::is_tool(std::string_view name) const {
  return std::binary_search(options_.tools.begin(), options_.tools.end(), name);
}

bool ToolCallAssembler::begins_tool(std::string_view text) const {
  const auto found = std::lower_bound(options_.tools.begin(), options_.tools.end(), text);
  return found != options_.tools.end() && found->starts_with(text);
}

std::vector<Part> ToolCallAssembler::finish() {
  std::vector<Call> calls = std::exchange(calls_, {});
  by_id_.clear();
  by_index_.clear();
  last_ = 0;
  bytes_ = 0;
  std::vector<Part> parts;
  parts.reserve(calls.size());
  for (Call& call : calls) parts.push_back(part_of(call));
  return parts;
}

Part ToolCallAssembler::part_of(Call& call) const {
  if (call.name.empty()) fail("unnamed", "the model asked for a tool without naming it", call.name, call.id, call.arguments);
  Part part;
  ToolRequest& request = part.tool_request.emplace();
  if (is_blank(call.arguments)) {
    request.input = JsonObject();
  } else {
    try {
      request.input = parse_json(call.arguments);
    } catch (const Error& error) {
      if (options_.bad_arguments == ToolCallAssemblerOptions::BadArguments::kFail) {
        fail("unparsable", "the model's arguments for the tool \"" + call.name + "\" are no JSON: " + error.message(), call.name,
             call.id, call.arguments);
      }
      request.input = Json(call.arguments);
    }
  }
  if (call.id.empty() && options_.ids != nullptr) call.id = "call_" + std::to_string(options_.ids->next());
  if (!call.id.empty()) request.ref = std::move(call.id);
  request.name = std::move(call.name);
  return part;
}

}  // namespace genkit
