#include "ai/augment.h"

#include <algorithm>

namespace genkit::internal {
namespace {

constexpr std::string_view kPreface = "\n\nUse the following information to complete your task:\n\n";

const Json* metadata_member(const Boxed<Json>& metadata, std::string_view name) {
  return metadata ? find_member(*metadata, name) : nullptr;
}

bool is_true(const Json* json) {
  return json != nullptr && json->is_bool() && json->get_bool();
}

bool is_context_part(const Part& part) {
  const Json* purpose = metadata_member(part.metadata, "purpose");
  return purpose != nullptr && *purpose == "context";
}

std::string citation(const Document& document, std::size_t index) {
  for (const char* key : {"ref", "id"}) {
    const Json* value = metadata_member(document.metadata, key);
    if (value == nullptr || value->is_null()) continue;
    return value->is_string() ? std::string(value->get_string()) : to_text(*value);
  }
  return std::to_string(index);
}

}  // namespace

std::optional<ModelRequest> augment_with_context(const ModelRequest& request) {
  if (!request.docs || request.docs->empty()) return std::nullopt;
  const auto last_user = std::find_if(request.messages.rbegin(), request.messages.rend(),
                                      [](const Message& message) { return message.role == Role::kUser; });
  if (last_user == request.messages.rend()) return std::nullopt;
  const auto existing = std::find_if(last_user->content.begin(), last_user->content.end(), is_context_part);
  if (existing != last_user->content.end() && !is_true(metadata_member(existing->metadata, "pending"))) return std::nullopt;

  std::string text(kPreface);
  for (std::size_t i = 0; i < request.docs->size(); ++i) {
    const Document& document = (*request.docs)[i];
    text += "- [" + citation(document, i) + "]: " + document.text() + "\n";
  }
  text += "\n";
  Part part = genkit::text(std::move(text));
  part.metadata = Json{{"purpose", "context"}};

  ModelRequest augmented = request;
  auto& content = augmented.messages[static_cast<std::size_t>(request.messages.rend() - last_user) - 1].content;
  if (existing != last_user->content.end()) {
    content[static_cast<std::size_t>(existing - last_user->content.begin())] = std::move(part);
  } else {
    content.push_back(std::move(part));
  }
  return augmented;
}

}  // namespace genkit::internal
