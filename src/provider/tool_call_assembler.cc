#include <genkit/provider/tool_call_assembler.h>

#include <algorithm>
#include <utility>

#include <genkit/base/error.h>

namespace genkit {
namespace {

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

ToolCallAssembler::ToolCallAssembler(ToolCallAssemblerOptions options) : options_(std::move(options)) {}

void ToolCallAssembler::add(const ToolCallFragment& fragment) {
  bytes_ += fragment.arguments.size() + fragment.name.size() + fragment.id.size();
  if (bytes_ > options_.max_bytes) {
    throw Error(Status::kResourceExhausted,
                "the tool calls of one answer are longer than " + std::to_string(options_.max_bytes) + " bytes");
  }
  Call& call = call_of(fragment);
  last_ = static_cast<std::size_t>(&call - calls_.data());
  if (call.id.empty()) call.id = fragment.id;
  if (!call.index) call.index = fragment.index;
  if (!fragment.name.empty()) add_name(call, fragment.name);
  call.arguments += fragment.arguments;
}

ToolCallAssembler::Call& ToolCallAssembler::call_of(const ToolCallFragment& fragment) {
  // The latest first: a provider that begins every call with index 0 means the last one.
  if (!fragment.id.empty()) {
    const auto found = std::find_if(calls_.rbegin(), calls_.rend(), [&](const Call& call) { return call.id == fragment.id; });
    if (found != calls_.rend()) return *found;
  }
  if (fragment.index) {
    const auto found =
        std::find_if(calls_.rbegin(), calls_.rend(), [&](const Call& call) { return call.index == fragment.index; });
    const bool other_id = found != calls_.rend() && !fragment.id.empty() && !found->id.empty();
    return found == calls_.rend() || other_id ? begin(fragment) : *found;
  }
  if (calls_.empty()) return begin(fragment);
  Call& last = calls_[last_];
  if (!fragment.id.empty()) return last.id.empty() && last.arguments.empty() && !is_tool(last.name) ? last : begin(fragment);
  const bool names_another = !fragment.name.empty() && !last.arguments.empty() && fragment.name != last.name;
  const bool names_it_again = !fragment.name.empty() && fragment.name == last.name && !fragment.arguments.empty() &&
                              !last.arguments.empty() && fragment.arguments.front() == '{' && last.arguments.back() == '}';
  return names_another || names_it_again ? begin(fragment) : last;
}

ToolCallAssembler::Call& ToolCallAssembler::begin(const ToolCallFragment& fragment) {
  return calls_.emplace_back(Call{.index = fragment.index, .id = std::string(fragment.id), .name = {}, .arguments = {}});
}

void ToolCallAssembler::add_name(Call& call, std::string_view name) const {
  if (name == call.name) return;
  if (is_tool(call.name) && !is_tool(call.name + std::string(name))) return;
  if (is_tool(name)) {
    call.name = name;
  } else {
    call.name += name;
  }
}

bool ToolCallAssembler::is_tool(std::string_view name) const {
  return std::find(options_.tools.begin(), options_.tools.end(), name) != options_.tools.end();
}

std::vector<Part> ToolCallAssembler::finish() {
  std::vector<Call> calls = std::exchange(calls_, {});
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
