#include "schema/issues.h"

#include <algorithm>
#include <cctype>

#include "base/json_pointer.h"
#include "schema/draft7/budget.h"

namespace genkit::internal {
namespace {

/// The first bytes of `text`, without half a character at the end.
std::string clip(std::string text, std::size_t limit) {
  if (text.size() <= limit) return text;
  std::size_t end = limit;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0) == 0x80) --end;
  text.resize(end);
  return text + "…";
}

std::string unescape_pointer_token(std::string_view token) {
  std::string text;
  for (std::size_t i = 0; i < token.size(); ++i) {
    if (token[i] == '~' && i + 1 < token.size()) {
      text += token[++i] == '0' ? '~' : '/';
    } else {
      text += token[i];
    }
  }
  return text;
}

bool is_index(std::string_view token) {
  return !token.empty() && std::all_of(token.begin(), token.end(), [](unsigned char c) { return std::isdigit(c) != 0; });
}

bool is_plain_key(std::string_view token) {
  return !token.empty() && std::all_of(token.begin(), token.end(),
                                       [](unsigned char c) { return std::isalnum(c) || c == '_' || c == '-' || c >= 0x80; });
}

/// "/a/b/1" as "a.b[1]".
std::string readable_path(std::string_view pointer) {
  std::string path;
  while (!pointer.empty()) {
    pointer.remove_prefix(1);
    std::size_t end = std::min(pointer.find('/'), pointer.size());
    std::string token = unescape_pointer_token(pointer.substr(0, end));
    pointer.remove_prefix(end);
    if (is_index(token)) {
      path += '[' + token + ']';
    } else if (is_plain_key(token)) {
      if (!path.empty()) path += '.';
      path += token;
    } else {
      path += '[';
      append_json_string(path, token);
      path += ']';
    }
  }
  return path;
}

}  // namespace

std::string Place::pointer() const {
  if (up_ == nullptr) return {};
  std::string pointer = up_->pointer();
  pointer += '/';
  if (is_index_) return pointer + std::to_string(index_);
  append_pointer_step(pointer, key_);
  return pointer;
}

Issues::Issues(std::vector<TypeIssue>& issues, const Issues& outer) : issues_(issues), budget_(outer.budget_), is_trial_(true) {
  if (budget_ != nullptr) budget_->spend(kStepsPerAttempt);
}

bool Issues::add(const Place& place, std::string message) {
  if (!full()) issues_.push_back({place.pointer(), std::move(message)});
  return false;
}

bool Issues::add_made(TypeIssue issue) {
  if (!full()) issues_.push_back(std::move(issue));
  return false;
}

bool Issues::add_unexpected(const Place& place, std::string_view expected, const Json& got) {
  if (full()) return false;
  return add(place, "expected " + std::string(expected) + ", got " + brief_text(got));
}

bool Issues::admit(const Place& place) {
  if (place.depth() < TypeInfo::kMaxDepth) return true;
  return add(place, "is nested deeper than " + std::to_string(TypeInfo::kMaxDepth) + " levels");
}

std::string brief_text(const Json& value) {
  constexpr std::size_t kLimit = 60;
  if (value.is_object()) return "an object";
  if (value.is_array()) return "an array";
  const auto* text = value.if_string();
  if (text == nullptr) return to_text(value);
  std::string quoted;
  append_json_string(quoted, clip(std::string(std::string_view(*text).substr(0, kLimit * 2)), kLimit));
  return quoted;
}

void check_depth(int depth) {
  if (depth < TypeInfo::kMaxDepth) return;
  throw Error(Status::kInvalidArgument,
              "a value nested deeper than " + std::to_string(TypeInfo::kMaxDepth) + " levels cannot be written as JSON");
}

std::string format_issues(const std::vector<TypeIssue>& issues) {
  std::string text;
  for (const TypeIssue& issue : issues) {
    if (!text.empty()) text += '\n';
    std::string path = readable_path(issue.path);
    if (!path.empty()) text += path + ": ";
    text += issue.message;
  }
  return text;
}

void decode_or_throw(const TypeInfo& type, const Json& json, void* object) {
  std::vector<TypeIssue> issues;
  if (type.decode(json, object, issues)) return;
  JsonArray errors;
  for (const TypeIssue& issue : issues) errors.push_back({{"path", issue.path}, {"message", issue.message}});
  throw Error(Status::kInvalidArgument, format_issues(issues), {{"errors", std::move(errors)}});
}

}  // namespace genkit::internal
