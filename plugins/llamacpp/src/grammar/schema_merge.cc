#include "grammar/schema_merge.h"

#include <algorithm>
#include <array>
#include <string>

#include "grammar/automaton.h"
#include "grammar/pattern.h"

namespace genkit::llama {
namespace {

bool contains(const JsonArray& array, const Json& value) {
  return std::find(array.begin(), array.end(), value) != array.end();
}

Json all_of(Json a, Json b) {
  if (a == b) return a;
  return {{"allOf", JsonArray{std::move(a), std::move(b)}}};
}

JsonArray as_array(const Json& value) {
  return value.is_array() ? value.get_array() : JsonArray{value};
}

double number(const Json& value) {
  return value.to_number<double>();
}

bool merge_types(Json& mine, const Json& other) {
  const JsonArray a = as_array(mine);
  const JsonArray b = as_array(other);
  JsonArray both;
  const auto add = [&both](const Json& type) {
    if (!contains(both, type)) both.push_back(type);
  };
  for (const Json& type : a) {
    if (contains(b, type)) add(type);
    if (type == "number" && contains(b, "integer")) add("integer");
    if (type == "integer" && contains(b, "number")) add("integer");
  }
  mine = both;
  return !both.empty();
}

bool merge_enums(Json& mine, const Json& other) {
  JsonArray both;
  for (const Json& value : mine.as_array()) {
    if (contains(other.as_array(), value)) both.push_back(value);
  }
  mine = both;
  return !both.empty();
}

/// What an object schema says about a member that it does not list.
const Json* rule_for_others(const JsonObject& keywords) {
  return keywords.if_contains("additionalProperties");
}

/// Adds to each of `properties` that `other` does not list what `other` says about members that it does not list.
void apply_rule_for_others(JsonObject& properties, const JsonObject& other) {
  const Json* rule = rule_for_others(other);
  if (rule == nullptr) return;
  const Json* listed = other.if_contains("properties");
  const Json* patterns = other.if_contains("patternProperties");
  for (auto& member : properties) {
    if (listed != nullptr && listed->as_object().contains(member.key())) continue;
    const bool matches = patterns != nullptr &&
                         std::any_of(patterns->as_object().begin(), patterns->as_object().end(),
                                     [&](const auto& entry) { return pattern_automaton(entry.key()).accepts(member.key()); });
    if (!matches) member.value() = all_of(std::move(member.value()), *rule);
  }
}

void merge_members(JsonObject& keywords, const JsonObject& other) {
  if (!keywords.contains("properties") && !other.contains("properties")) return;
  JsonObject mine = keywords.contains("properties") ? keywords.at("properties").as_object() : JsonObject();
  JsonObject theirs = other.contains("properties") ? other.at("properties").as_object() : JsonObject();
  const JsonObject listed_here = mine;
  apply_rule_for_others(mine, other);
  JsonObject here{{"properties", listed_here}};
  if (const Json* rule = rule_for_others(keywords)) here["additionalProperties"] = *rule;
  if (const Json* patterns = keywords.if_contains("patternProperties")) here["patternProperties"] = *patterns;
  apply_rule_for_others(theirs, here);
  for (auto& member : theirs) {
    if (Json* same = mine.if_contains(member.key())) {
      *same = all_of(std::move(*same), std::move(member.value()));
    } else {
      mine[member.key()] = std::move(member.value());
    }
  }
  keywords["properties"] = std::move(mine);
}

bool is_closed(const JsonObject& keywords) {
  const Json* rule = rule_for_others(keywords);
  return rule != nullptr && *rule != Json(true) && !(rule->is_object() && rule->get_object().empty());
}

void check_patterns(const JsonObject& a, const JsonObject& b) {
  if (a.contains("patternProperties") && is_closed(b)) {
    throw Refusal("combines patternProperties with additionalProperties of another schema");
  }
}

void merge_items(JsonObject& keywords, const JsonObject& other) {
  const Json* theirs = other.if_contains("items");
  Json* mine = keywords.if_contains("items");
  const bool one_is_tuple = (mine != nullptr && mine->is_array()) || (theirs != nullptr && theirs->is_array());
  if (one_is_tuple && mine != nullptr && theirs != nullptr) {
    const Json* my_rest = keywords.if_contains("additionalItems");
    const Json* their_rest = other.if_contains("additionalItems");
    const bool same_rest = (my_rest == nullptr) == (their_rest == nullptr) && (my_rest == nullptr || *my_rest == *their_rest);
    if (*mine != *theirs || !same_rest) throw Refusal("combines two different tuples");
    return;
  }
  if (theirs == nullptr) return;
  if (mine != nullptr) {
    *mine = all_of(std::move(*mine), *theirs);
  } else {
    keywords["items"] = *theirs;
    if (const Json* rest = other.if_contains("additionalItems")) keywords["additionalItems"] = *rest;
  }
}

void merge_multiple(Json& mine, const Json& other) {
  const double a = number(mine);
  const double b = number(other);
  const double quotient = std::max(a, b) / std::min(a, b);
  if (quotient != static_cast<double>(static_cast<long long>(std::min(quotient, 1e15)))) {
    throw Refusal("combines two values of multipleOf, neither of which is a multiple of the other");
  }
  if (b > a) mine = other;
}

void merge_schemas_by_name(Json& mine, const Json& other) {
  JsonObject& members = mine.as_object();
  for (const auto& member : other.as_object()) {
    if (Json* same = members.if_contains(member.key())) {
      *same = all_of(std::move(*same), member.value());
    } else {
      members[member.key()] = member.value();
    }
  }
}

bool is_one_of(std::string_view name, std::initializer_list<std::string_view> names) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

void merge_list(Json& mine, const Json& other) {
  JsonArray list = as_array(mine);
  for (const Json& value : as_array(other)) {
    if (!contains(list, value)) list.push_back(value);
  }
  mine = std::move(list);
}

}  // namespace

bool merge_keywords(JsonObject& keywords, const JsonObject& other) {
  check_patterns(keywords, other);
  check_patterns(other, keywords);
  merge_members(keywords, other);
  merge_items(keywords, other);
  for (const auto& member : other) {
    const std::string_view name = member.key();
    if (is_one_of(name, {"properties", "items", "additionalItems"})) continue;
    Json* mine = keywords.if_contains(name);
    if (mine == nullptr) {
      keywords[name] = member.value();
    } else if (name == "type") {
      if (!merge_types(*mine, member.value())) return false;
    } else if (name == "enum") {
      if (!merge_enums(*mine, member.value())) return false;
    } else if (is_one_of(name, {"required", "pattern", "format"})) {
      merge_list(*mine, member.value());
    } else if (is_one_of(name, {"minimum", "exclusiveMinimum", "minLength", "minItems", "minProperties"})) {
      if (number(member.value()) > number(*mine)) *mine = member.value();
    } else if (is_one_of(name, {"maximum", "exclusiveMaximum", "maxLength", "maxItems", "maxProperties"})) {
      if (number(member.value()) < number(*mine)) *mine = member.value();
    } else if (name == "multipleOf") {
      merge_multiple(*mine, member.value());
    } else if (name == "patternProperties") {
      merge_schemas_by_name(*mine, member.value());
    } else if (is_one_of(name, {"additionalProperties", "propertyNames"})) {
      *mine = *mine == Json(false) || member.value() == Json(false) ? Json(false) : all_of(std::move(*mine), member.value());
    }
  }
  return true;
}

JsonArray allowed_types(const JsonObject& keywords) {
  JsonArray types;
  if (const Json* type = keywords.if_contains("type")) {
    types = as_array(*type);
    if (contains(types, "number")) types.erase(std::remove(types.begin(), types.end(), Json("integer")), types.end());
    return types;
  }
  const auto add_if = [&](const char* type, std::initializer_list<const char*> names) {
    if (std::any_of(names.begin(), names.end(), [&](const char* name) { return keywords.contains(name); })) types.push_back(type);
  };
  add_if("object", {"properties", "required", "additionalProperties", "patternProperties", "propertyNames", "minProperties",
                    "maxProperties"});
  add_if("array", {"items", "additionalItems", "minItems", "maxItems"});
  add_if("string", {"minLength", "maxLength", "pattern"});
  add_if("number", {"minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf"});
  if (const Json* format = keywords.if_contains("format"); format != nullptr && types.empty()) {
    const JsonArray formats = as_array(*format);
    const bool of_numbers = contains(formats, "int32") || contains(formats, "int64");
    types.push_back(of_numbers ? "number" : "string");
  }
  return types;
}

}  // namespace genkit::llama
