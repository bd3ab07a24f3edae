#include "grammar/schema_document.h"

#include <cstddef>
#include <set>
#include <utility>
#include <vector>

#include "grammar/automaton.h"

namespace genkit::llama {
namespace {

constexpr std::size_t kMostValues = 50'000;
constexpr std::size_t kMostWork = 5'000'000;

/// Calls `visit` with `value` and all values in it. Needs no stack for deep values.
template <class Visit>
void for_each_value(const Json& value, const Visit& visit) {
  std::vector<const Json*> waiting{&value};
  while (!waiting.empty()) {
    const Json& next = *waiting.back();
    waiting.pop_back();
    visit(next);
    if (next.is_object()) {
      for (const auto& member : next.get_object()) {
        // What is under these is data, whatever it looks like.
        if (member.key() == "enum" || member.key() == "const" || member.key() == "default" || member.key() == "examples")
          continue;
        waiting.push_back(&member.value());
      }
    } else if (next.is_array()) {
      for (const Json& element : next.get_array()) waiting.push_back(&element);
    }
  }
}

const Json* reference_of(const Json& value) {
  const Json* reference = find_member(value, "$ref");
  return reference != nullptr && reference->is_string() ? reference : nullptr;
}

int hex_value(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

std::string percent_decoded(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool escaped = text[i] == '%' && i + 2 < text.size() && hex_value(text[i + 1]) >= 0 && hex_value(text[i + 2]) >= 0;
    out += escaped ? static_cast<char>(hex_value(text[i + 1]) * 16 + hex_value(text[i + 2])) : text[i];
    if (escaped) i += 2;
  }
  return out;
}

std::string unescaped_step(std::string_view step) {
  std::string out;
  for (std::size_t i = 0; i < step.size(); ++i) {
    if (step[i] == '~' && i + 1 < step.size()) {
      out += step[++i] == '0' ? '~' : '/';
    } else {
      out += step[i];
    }
  }
  return out;
}

const Json* step_into(const Json& value, const std::string& step) {
  if (value.is_object()) return value.get_object().if_contains(step);
  if (!value.is_array()) return nullptr;
  std::size_t index = 0;
  for (const char c : step) {
    if (c < '0' || c > '9' || index > kMostValues) return nullptr;
    index = index * 10 + static_cast<std::size_t>(c - '0');
  }
  return value.get_array().if_contains(index);
}

}  // namespace

std::string pointer_step(const std::string& pointer, std::string_view name) {
  std::string result = pointer + "/";
  for (const char c : name) {
    if (c == '~') {
      result += "~0";
    } else if (c == '/') {
      result += "~1";
    } else {
      result += c;
    }
  }
  return result;
}

SchemaDocument::SchemaDocument(const Json& root) : root_(root) {
  collect(root);
  find_circles();
}

void SchemaDocument::collect(const Json& value) {
  std::size_t values = 0;
  for_each_value(value, [&](const Json& next) {
    if (++values > kMostValues) throw Refusal("has more than " + std::to_string(kMostValues) + " values");
    const Json* reference = reference_of(next);
    if (reference == nullptr) return;
    const std::string_view text = reference->get_string();
    if (!targets_.contains(text)) targets_.emplace(text, resolve(text));
  });
}

SchemaDocument::Target SchemaDocument::resolve(std::string_view reference) const {
  Target target;
  if (reference == "#" || reference.starts_with("#/")) {
    target.schema = &root_;
    const std::string path = percent_decoded(reference.substr(1));
    for (std::size_t begin = 1; begin <= path.size() && target.schema != nullptr;) {
      const std::size_t end = std::min(path.find('/', begin), path.size());
      const std::string step = unescaped_step(std::string_view(path).substr(begin, end - begin));
      target.schema = step_into(*target.schema, step);
      target.pointer = pointer_step(target.pointer, step);
      begin = end + 1;
    }
  }
  return target;
}

const SchemaDocument::Target& SchemaDocument::find(std::string_view reference) const {
  const auto found = targets_.find(reference);
  if (found == targets_.end() || found->second.schema == nullptr) {
    throw Refusal("refers to \"" + std::string(reference) +
                  "\"; a grammar can only be made of references into the same schema, like \"#/definitions/Name\"");
  }
  return found->second;
}

void SchemaDocument::find_circles() {
  std::size_t work = 0;
  std::map<const Json*, std::set<const Json*>> leads_to;
  for (const auto& [name, target] : targets_) {
    if (target.schema == nullptr || leads_to.contains(target.schema)) continue;
    auto& targets = leads_to[target.schema];
    for_each_value(*target.schema, [&](const Json& next) {
      if (++work > kMostWork) throw Refusal("has too many references");
      const Json* reference = reference_of(next);
      if (reference == nullptr) return;
      const auto found = targets_.find(std::string_view(reference->get_string()));
      if (found != targets_.end() && found->second.schema != nullptr) targets.insert(found->second.schema);
    });
  }
  for (auto& [name, target] : targets_) {
    if (target.schema == nullptr) continue;
    std::set<const Json*> seen;
    std::vector<const Json*> waiting{target.schema};
    while (!waiting.empty() && !target.recursive) {
      const Json* next = waiting.back();
      waiting.pop_back();
      for (const Json* other : leads_to[next]) {
        if (++work > kMostWork) throw Refusal("has too many references");
        if (other == target.schema) target.recursive = true;
        if (seen.insert(other).second) waiting.push_back(other);
      }
    }
  }
}

}  // namespace genkit::llama
