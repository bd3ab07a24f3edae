#include "ai/output/instructions.h"

#include <algorithm>

#include "ai/output/format_set.h"

namespace genkit::internal {
namespace {

constexpr std::string_view kLibraryWords = "Output should be ";

bool has_purpose(const Part& part) {
  const Json* purpose = part.metadata ? find_member(*part.metadata, "purpose") : nullptr;
  return purpose != nullptr && *purpose == "output";
}

bool is_pending(const Part& part) {
  const Json* pending = part.metadata ? find_member(*part.metadata, "pending") : nullptr;
  return pending != nullptr && *pending == true;
}

Part* find_part(std::vector<Part>& parts, bool pending) {
  const auto found = std::find_if(parts.begin(), parts.end(),
                                  [&](const Part& part) { return has_purpose(part) && is_pending(part) == pending; });
  return found != parts.end() ? &*found : nullptr;
}

/// The first system message, or else the last one of the user.
Message* find_target(std::vector<Message>& messages) {
  for (Message& message : messages) {
    if (message.role == Role::kSystem) return &message;
  }
  const auto user =
      std::find_if(messages.rbegin(), messages.rend(), [](const Message& message) { return message.role == Role::kUser; });
  return user != messages.rend() ? &*user : nullptr;
}

Part* find_pending(std::vector<Message>& messages) {
  for (Message& message : messages) {
    if (Part* part = find_part(message.content, true)) return part;
  }
  return nullptr;
}

}  // namespace

void inject_instructions(std::vector<Message>& messages, const std::string& text) {
  if (text.empty()) return;
  Part instructions = genkit::text(text);
  instructions.metadata = Json{{"purpose", "output"}};
  if (Part* pending = find_pending(messages)) {
    *pending = std::move(instructions);
    return;
  }
  Message* target = find_target(messages);
  if (target == nullptr) return;
  if (Part* old = find_part(target->content, false)) {
    *old = std::move(instructions);
  } else {
    target->content.push_back(std::move(instructions));
  }
}

void remove_old_instructions(std::vector<Message>& messages) {
  Message* target = find_target(messages);
  if (target == nullptr) return;
  std::erase_if(target->content, [](const Part& part) {
    return has_purpose(part) && !is_pending(part) && part.text && part.text->starts_with(kLibraryWords);
  });
}

bool constrains(std::string_view supported, bool has_tools) {
  return supported == "all" || (supported == "no-tools" && !has_tools);
}

std::optional<ModelRequest> simulate_constraint(const ModelRequest& request) {
  if (!request.output || !request.output->constrained.value_or(false) || !request.output->schema) return std::nullopt;
  ModelRequest simulated = request;
  Message* target = find_target(simulated.messages);
  const bool has_instructions = target != nullptr && find_part(target->content, false) != nullptr;
  if (!has_instructions) inject_instructions(simulated.messages, json_instructions(*request.output->schema));
  simulated.output->constrained = false;
  simulated.output->format.reset();
  simulated.output->content_type.reset();
  simulated.output->schema.reset();
  return simulated;
}

}  // namespace genkit::internal
