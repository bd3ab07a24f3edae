#include "ai/resume.h"

#include <array>
#include <utility>

#include "ai/tool_names.h"

namespace genkit::internal {
namespace {

constexpr std::array<std::string_view, 3> kPending = {"pendingOutput", "pendingContent", "pendingMetadata"};
constexpr std::array<std::string_view, 4> kReserved = {"interrupt", "resolvedInterrupt", "resumed", "replacedInput"};

const Json* metadata_member(const Part& part, std::string_view name) {
  return part.metadata ? find_member(*part.metadata, name) : nullptr;
}

void set_metadata(Part& part, JsonObject metadata) {
  if (metadata.empty()) {
    part.metadata.reset();
  } else {
    part.metadata = std::move(metadata);
  }
}

/// "pay#1", or "pay" without a ref.
std::string label(const std::string& name, const std::optional<std::string>& ref) {
  return ref ? name + "#" + *ref : name;
}

/// Answers of the caller, each of which is for one request: those without a ref are matched in order.
class Answers {
 public:
  Answers(const char* name, const std::optional<std::vector<Part>>& parts) : name_(name) {
    if (!parts) return;
    for (std::size_t i = 0; i < parts->size(); ++i) {
      const Part& part = (*parts)[i];
      const bool fits = name_ == "respond" ? part.tool_response.has_value() : part.tool_request.has_value();
      if (!fits) {
        throw Error(Status::kInvalidArgument, place(i) + " must be a part with a " +
                                                  (name_ == "respond" ? "toolResponse" : "toolRequest") + ", got " +
                                                  to_text(to_json(part)));
      }
      parts_.push_back(&part);
    }
  }

  const Part* take(const ToolRequest& request) {
    for (const Part*& part : parts_) {
      if (part == nullptr) continue;
      const auto& [name, ref] = identity(*part);
      if (name != request.name || ref != request.ref) continue;
      return std::exchange(part, nullptr);
    }
    return nullptr;
  }

  /// Throws when one is left over.
  void check_all_taken() const {
    for (std::size_t i = 0; i < parts_.size(); ++i) {
      if (parts_[i] == nullptr) continue;
      const auto& [name, ref] = identity(*parts_[i]);
      throw Error(Status::kInvalidArgument, place(i) + " is for the tool request '" + label(name, ref) +
                                                "', which the last message does not have or which is answered already");
    }
  }

 private:
  static std::pair<const std::string&, const std::optional<std::string>&> identity(const Part& part) {
    if (part.tool_response) return {part.tool_response->name, part.tool_response->ref};
    return {part.tool_request->name, part.tool_request->ref};
  }
  std::string place(std::size_t index) const { return "resume." + std::string(name_) + "[" + std::to_string(index) + "]"; }

  std::string_view name_;
  std::vector<const Part*> parts_;
};

/// The response of a tool that had finished when another one interrupted.
Part pending_response(const Part& request) {
  Part part;
  ToolResponse& response = part.tool_response.emplace();
  response.name = request.tool_request->name;
  response.ref = request.tool_request->ref;
  response.output = *metadata_member(request, "pendingOutput");
  if (const Json* content = metadata_member(request, "pendingContent")) response.content = *content;

  JsonObject metadata = metadata_of(request);
  if (const Json* own = metadata_member(request, "pendingMetadata"); own != nullptr && own->is_object()) {
    for (const auto& member : own->get_object()) metadata[member.key()] = member.value();
  }
  for (const std::string_view name : kPending) metadata.erase(name);
  metadata["source"] = "pending";
  part.metadata = std::move(metadata);
  return part;
}

/// The caller may replace the input, but has to say so: otherwise a client that only passes an approval on could run the tool
/// with an input that nobody has approved.
void check_input(const ToolRequest& original, const Part& restart) {
  const Json* replaced = metadata_member(restart, "replacedInput");
  const Json before = original.input.value_or(nullptr);
  const Json after = restart.tool_request->input.value_or(nullptr);
  if (replaced != nullptr ? *replaced == before : after == before) return;
  throw Error(Status::kInvalidArgument, "resume.restart has modified inputs for the tool request '" +
                                            label(original.name, original.ref) + "': the model asked for " + to_text(before) +
                                            ", the restart has " + to_text(after) + "; use Tool::restart to replace an input");
}

}  // namespace

void remove_reserved_metadata(Message& message) {
  for (Part& part : message.content) {
    if (!part.tool_request || !part.metadata || !part.metadata->is_object()) continue;
    JsonObject& metadata = part.metadata->get_object();
    const std::size_t size = metadata.size();
    for (const std::string_view name : kReserved) metadata.erase(name);
    for (const std::string_view name : kPending) metadata.erase(name);
    if (metadata.empty() && size > 0) part.metadata.reset();
  }
}

std::vector<std::size_t> tool_request_indices(const Message& message) {
  std::vector<std::size_t> indices;
  for (std::size_t i = 0; i < message.content.size(); ++i) {
    if (message.content[i].tool_request) indices.push_back(i);
  }
  return indices;
}

bool mark_interrupts(Message& message, const std::vector<std::size_t>& indices, const std::vector<ToolCall>& calls) {
  bool interrupted = false;
  for (const ToolCall& call : calls) interrupted |= call.outcome.interrupt.has_value();
  if (!interrupted) return false;

  for (std::size_t i = 0; i < calls.size(); ++i) {
    const ToolCall::Outcome& outcome = calls[i].outcome;
    Part& part = message.content[indices[i]];
    JsonObject metadata = metadata_of(part);
    if (outcome.interrupt) {
      metadata["interrupt"] = *outcome.interrupt;
    } else {
      const ToolResponse& response = *outcome.response->tool_response;
      metadata.erase("interrupt");
      metadata["pendingOutput"] = response.output.value_or(nullptr);
      if (response.content) metadata["pendingContent"] = *response.content;
      if (outcome.response->metadata) metadata["pendingMetadata"] = *outcome.response->metadata;
    }
    set_metadata(part, std::move(metadata));
  }
  return true;
}

std::vector<ResumedRequest> match_resume(const std::vector<Message>& messages, const ResumeRequest& resume) {
  const Message* last = messages.empty() ? nullptr : &messages.back();
  const auto indices = last != nullptr && last->role == Role::kModel ? tool_request_indices(*last) : std::vector<std::size_t>();
  if (indices.empty()) {
    const bool is_prompt = last != nullptr && last->role == Role::kUser;
    throw Error(
        Status::kFailedPrecondition,
        std::string("Cannot 'resume' generation unless the previous message is a model message with at least one tool request.") +
            (is_prompt ? " The last message is the user's: leave out the prompt of a call that resumes." : ""));
  }

  Answers respond("respond", resume.respond);
  Answers restart("restart", resume.restart);
  std::vector<ResumedRequest> matched;
  for (const std::size_t index : indices) {
    const Part& part = last->content[index];
    const ToolRequest& request = *part.tool_request;
    ResumedRequest& resumed = matched.emplace_back();
    resumed.index = index;
    if (metadata_member(part, "pendingOutput") != nullptr) {
      resumed.answer = pending_response(part);
      resumed.pending = true;
    } else if (const Part* answer = respond.take(request)) {
      resumed.answer = *answer;
    } else if (const Part* again = restart.take(request)) {
      check_input(request, *again);
      resumed.restart = *again;
    } else {
      throw Error(Status::kInvalidArgument, "Unresolved tool request '" + label(request.name, request.ref) +
                                                "' was not handled by the 'resume' argument. You must supply replies or restarts "
                                                "for all interrupted tool requests.");
    }
  }
  respond.check_all_taken();
  restart.check_all_taken();
  return matched;
}

void mark_resolved(Part& request) {
  JsonObject metadata = metadata_of(request);
  for (const std::string_view name : kPending) metadata.erase(name);
  if (const Json* interrupt = metadata.if_contains("interrupt")) {
    metadata["resolvedInterrupt"] = Json(*interrupt);
    metadata.erase("interrupt");
  }
  set_metadata(request, std::move(metadata));
}

}  // namespace genkit::internal
