#include "testing/json_difference.h"

#include <algorithm>
#include <vector>

#include "base/json_pointer.h"

namespace genkit::internal {
namespace {

void append_canonical(std::string& out, const Json& value) {
  if (const auto* array = value.if_array()) {
    out += '[';
    for (const Json& item : *array) {
      if (out.back() != '[') out += ',';
      append_canonical(out, item);
    }
    out += ']';
  } else if (const auto* object = value.if_object()) {
    std::vector<const JsonObject::value_type*> members;
    for (const auto& member : *object) members.push_back(&member);
    std::sort(members.begin(), members.end(), [](const auto* a, const auto* b) { return a->key() < b->key(); });
    out += '{';
    for (const auto* member : members) {
      if (out.back() != '{') out += ',';
      append_json_string(out, member->key());
      out += ':';
      append_canonical(out, member->value());
    }
    out += '}';
  } else {
    append_text(out, value);
  }
}

std::size_t common_prefix(std::string_view a, std::string_view b) {
  return static_cast<std::size_t>(std::mismatch(a.begin(), a.end(), b.begin(), b.end()).first - a.begin());
}

/// Walks both values at once and counts where they differ.
class Comparison {
 public:
  JsonDifference result;

  void compare(const Json& left, const Json& right) {
    if (left.is_object() && right.is_object()) {
      compare_members(left.get_object(), right.get_object());
    } else if (left.is_array() && right.is_array()) {
      compare_items(left.get_array(), right.get_array());
    } else if (canonical_text(left) != canonical_text(right)) {
      differ(&left, &right);
    }
  }

 private:
  void compare_members(const JsonObject& left, const JsonObject& right) {
    for (const auto& member : left) below(member.key(), &member.value(), right.if_contains(member.key()));
    for (const auto& member : right) {
      if (!left.contains(member.key())) below(member.key(), nullptr, &member.value());
    }
  }

  void compare_items(const JsonArray& left, const JsonArray& right) {
    for (std::size_t i = 0; i < std::max(left.size(), right.size()); ++i) {
      below(std::to_string(i), i < left.size() ? &left[i] : nullptr, i < right.size() ? &right[i] : nullptr);
    }
  }

  void below(std::string_view step, const Json* left, const Json* right) {
    const std::size_t length = pointer_.size();
    pointer_ += '/';
    append_pointer_step(pointer_, step);
    if (left != nullptr && right != nullptr) {
      compare(*left, *right);
    } else {
      differ(left, right);
    }
    pointer_.resize(length);
  }

  void differ(const Json* left, const Json* right) {
    if (result.places++ > 0) return;
    result.pointer = pointer_;
    if (left != nullptr) result.left = *left;
    if (right != nullptr) result.right = *right;
    if (left != nullptr && right != nullptr && left->is_string() && right->is_string()) {
      result.common = common_prefix(left->get_string(), right->get_string());
    }
  }

  std::string pointer_;
};

bool continues_character(char c) {
  return (static_cast<unsigned char>(c) & 0xC0) == 0x80;
}

/// At most 60 bytes of `text` around `position`, cut between characters.
std::string excerpt(std::string_view text, std::size_t position) {
  constexpr std::size_t kBefore = 20;
  constexpr std::size_t kLength = 60;
  std::size_t begin = position > kBefore ? position - kBefore : 0;
  while (begin > 0 && continues_character(text[begin])) --begin;
  std::size_t end = std::min(begin + kLength, text.size());
  while (end < text.size() && continues_character(text[end])) ++end;
  return (begin > 0 ? "…" : "") + std::string(text.substr(begin, end - begin)) + (end < text.size() ? "…" : "");
}

std::string describe_side(const std::optional<Json>& side, std::size_t common) {
  if (!side) return "nothing";
  if (!side->is_string()) return excerpt(to_text(*side), 0);
  std::string quoted;
  append_json_string(quoted, excerpt(side->get_string(), common));
  return quoted;
}

}  // namespace

std::string canonical_text(const Json& value) {
  std::string text;
  append_canonical(text, value);
  return text;
}

JsonDifference json_difference(const Json& left, const Json& right) {
  Comparison comparison;
  comparison.compare(left, right);
  return std::move(comparison.result);
}

std::string describe_sides(const JsonDifference& difference, const std::string& left_name, const std::string& right_name) {
  return left_name + " " + describe_side(difference.left, difference.common) + ", " + right_name + " " +
         describe_side(difference.right, difference.common);
}

}  // namespace genkit::internal
