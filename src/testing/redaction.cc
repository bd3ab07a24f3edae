#include "testing/redaction.h"

#include <algorithm>
#include <utility>

namespace genkit::internal {
namespace {

constexpr std::string_view kRedacted = "[redacted]";

/// "x-api-key", "X_Api_Key" and "xApiKey" are the same.
std::string folded(std::string_view name) {
  std::string result;
  for (const char c : name) {
    if (c == '-' || c == '_') continue;
    result += c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  }
  return result;
}

}  // namespace

Redaction::Redaction(const std::vector<std::string>& members, std::vector<std::string> secrets) : secrets_(std::move(secrets)) {
  for (const std::string& member : members) members_.insert(folded(member));
  std::erase(secrets_, "");
  // A secret that contains another one goes first, so that nothing of it stays.
  std::sort(secrets_.begin(), secrets_.end(), [](const auto& a, const auto& b) { return a.size() > b.size(); });
}

void Redaction::redact_members(Json& value) const {
  if (auto* array = value.if_array()) {
    for (Json& item : *array) redact_members(item);
  } else if (auto* object = value.if_object()) {
    for (auto& member : *object) {
      if (member.value().is_string() && members_.contains(folded(member.key()))) {
        member.value() = kRedacted;
      } else {
        redact_members(member.value());
      }
    }
  }
}

void Redaction::redact_texts(Json& value) const {
  if (auto* array = value.if_array()) {
    for (Json& item : *array) redact_texts(item);
  } else if (auto* object = value.if_object()) {
    for (auto& member : *object) redact_texts(member.value());
  } else if (auto* text = value.if_string()) {
    for (const std::string& secret : secrets_) {
      for (std::size_t at = text->find(secret); at != std::string::npos; at = text->find(secret, at + kRedacted.size())) {
        text->replace(at, secret.size(), kRedacted);
      }
    }
  }
}

}  // namespace genkit::internal
