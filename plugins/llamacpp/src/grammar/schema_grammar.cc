#include "grammar/schema_grammar_impl.h"

#include <algorithm>
#include <set>

#include "grammar/automaton.h"
#include "grammar/schema_merge.h"

namespace genkit::llama {
namespace {

constexpr int kDeepest = 64;
constexpr std::size_t kMostSteps = 20'000;
constexpr std::size_t kMostKeyBytes = 32'000'000;
constexpr std::size_t kMostBranches = 256;

/// Keywords that say nothing about a value.
bool is_annotation(std::string_view name) {
  static const std::set<std::string_view> names = {
      "$schema",  "$id",       "$comment",    "title", "description",     "default",          "examples",
      "readOnly", "writeOnly", "definitions", "$defs", "contentEncoding", "contentMediaType", "nullable"};
  return names.contains(name);
}

/// Keywords that a grammar cannot express, and the validator of draft-07 checks.
bool is_checked_later(std::string_view name) {
  static const std::set<std::string_view> names = {"not", "if", "contains", "dependencies", "uniqueItems"};
  return names.contains(name);
}

bool is_expressible(std::string_view name) {
  static const std::set<std::string_view> names = {"type",
                                                   "enum",
                                                   "properties",
                                                   "required",
                                                   "additionalProperties",
                                                   "patternProperties",
                                                   "propertyNames",
                                                   "minimum",
                                                   "maximum",
                                                   "exclusiveMinimum",
                                                   "exclusiveMaximum",
                                                   "multipleOf",
                                                   "minLength",
                                                   "maxLength",
                                                   "pattern",
                                                   "format",
                                                   "items",
                                                   "additionalItems",
                                                   "minItems",
                                                   "maxItems",
                                                   "minProperties",
                                                   "maxProperties"};
  return names.contains(name);
}

/// Keywords of later drafts, which the validator of draft-07 does not know either: nobody would notice that they are broken.
bool is_of_later_draft(std::string_view name) {
  static const std::set<std::string_view> names = {"prefixItems",      "dependentRequired",     "dependentSchemas",
                                                   "unevaluatedItems", "unevaluatedProperties", "minContains",
                                                   "maxContains",      "$dynamicRef",           "$recursiveRef"};
  return names.contains(name);
}

bool names_type(const JsonArray& types, std::string_view name) {
  return std::find(types.begin(), types.end(), Json(name)) != types.end();
}

}  // namespace

int integer_of(const JsonObject& keywords, std::string_view name, int absent) {
  const Json* value = keywords.if_contains(name);
  if (value == nullptr) return absent;
  const auto number = value->to_number<double>();
  return number > 1e9 ? 1'000'000'000 : static_cast<int>(number);
}

std::vector<std::string> texts_of(const Json& value) {
  std::vector<std::string> texts;
  if (value.is_string()) texts.emplace_back(value.get_string());
  if (value.is_array()) {
    for (const Json& text : value.get_array()) texts.emplace_back(text.as_string());
  }
  return texts;
}

bool says_something(const Json& schema) {
  return schema != Json(true) && !(schema.is_object() && schema.get_object().empty());
}

Sequence SchemaGrammar::Impl::value(std::string_view hint) {
  const Place place;
  auto sequence = convert(document_.root(), place, hint);
  if (!sequence) fail(place, "allows no value that a grammar can express");
  return *std::move(sequence);
}

SchemaGrammar::Elements SchemaGrammar::Impl::elements() {
  const Place place;
  const Flat flat = guarded(place, [&] { return flatten(document_.root(), place); });
  const Json* items = flat.keywords.if_contains("items");
  if (!flat.unions.empty() || items == nullptr || items->is_array() || !names_type(allowed_types(flat.keywords), "array")) {
    fail(place, "must be that of an array whose elements have one schema");
  }
  auto element = convert(*items, place.in("items"), "item");
  const auto [min, max] = array_bounds(flat.keywords);
  if (!element || min > max) fail(place, "allows no element that a grammar can express");
  return {.element = *std::move(element), .min = min, .max = max};
}

void SchemaGrammar::Impl::fail(const Place& place, const std::string& problem) {
  const std::string where = place.pointer.empty() ? "the schema" : "the schema at \"" + place.pointer + "\"";
  throw Error(Status::kInvalidArgument, where + " cannot be made into a grammar: " + problem, {{"pointer", place.pointer}});
}

SchemaDocument SchemaGrammar::Impl::make_document(const Json& schema) {
  return guarded(Place(), [&] { return SchemaDocument(schema); });
}

void SchemaGrammar::Impl::note_checked(const std::string& pointer) {
  if (comparing_) return;
  if (std::find(checked_.begin(), checked_.end(), pointer) == checked_.end()) checked_.push_back(pointer);
}

void SchemaGrammar::Impl::take_step(const Place& place) {
  if (++steps_ > kMostSteps) fail(place, "it is too large");
  if (place.nesting > kDeepest) fail(place, "it is nested more than " + std::to_string(kDeepest) + " levels deep");
}

SchemaGrammar::Impl::Result SchemaGrammar::Impl::convert(const Json& schema, const Place& place, std::string_view hint) {
  take_step(place);
  std::string key = std::to_string(place.depth) + ":";
  append_text(key, schema);
  key_bytes_ += key.size();
  if (key_bytes_ > kMostKeyBytes) fail(place, "it is too large");
  if (const auto known = known_.find(key); known != known_.end()) return known->second;
  Result result = guarded(place, [&] { return convert_flat(flatten(schema, place), place, hint); });
  known_.emplace(std::move(key), result);
  return result;
}

Flat SchemaGrammar::Impl::flatten(const Json& schema, const Place& place) {
  take_step(place);
  Flat flat{.depth = place.depth};
  if (schema.is_bool()) {
    flat.impossible = !schema.get_bool();
    return flat;
  }
  const JsonObject& object = schema.as_object();
  if (const Json* reference = object.if_contains("$ref")) return follow(std::string_view(reference->as_string()), place);
  for (const auto& member : object) take_keyword(flat, member.key(), member.value(), place);
  if (const Json* all = object.if_contains("allOf")) {
    for (std::size_t i = 0; i < all->as_array().size() && !flat.impossible; ++i) {
      merge(flat, flatten(all->as_array()[i], place.in("allOf").in(std::to_string(i))));
    }
  }
  return flat;
}

Flat SchemaGrammar::Impl::follow(std::string_view reference, const Place& place) {
  const SchemaDocument::Target& target = document_.find(reference);
  Place there{.pointer = target.pointer, .depth = place.depth + (target.recursive ? 1 : 0), .nesting = place.nesting + 1};
  // Whoever wants to go deeper than this is not let in: optional members are left out there, arrays are empty.
  if (there.depth > options_.max_recursion) return {.depth = place.depth, .impossible = true};
  return flatten(*target.schema, there);
}

void SchemaGrammar::Impl::take_keyword(Flat& flat, std::string_view name, const Json& value, const Place& place) {
  if (name == "allOf" || is_annotation(name)) return;
  if (name == "anyOf" || name == "oneOf") {
    if (value.as_array().size() > kMostBranches) {
      fail(place.in(name), "it has more than " + std::to_string(kMostBranches) + " alternatives");
    }
    flat.unions.push_back({&value.as_array(), place.in(name).pointer, name == "oneOf"});
  } else if (name == "const" || name == "enum") {
    const JsonObject values{{"enum", name == "const" ? Json(JsonArray{value}) : value}};
    flat.impossible = flat.impossible || !merge_keywords(flat.keywords, values);
  } else if (is_expressible(name)) {
    flat.keywords[name] = value;
  } else if (is_checked_later(name)) {
    if (value != Json(false)) note_checked(place.in(name).pointer);
  } else if (is_of_later_draft(name)) {
    fail(place.in(name), "the keyword is of a later draft than draft-07");
  }
}

void SchemaGrammar::Impl::merge(Flat& flat, Flat&& other) {
  flat.impossible = flat.impossible || other.impossible || !merge_keywords(flat.keywords, other.keywords);
  flat.depth = std::max(flat.depth, other.depth);
  flat.unions.insert(flat.unions.end(), other.unions.begin(), other.unions.end());
}

SchemaGrammar::Impl::Result SchemaGrammar::Impl::convert_flat(const Flat& flat, const Place& place, std::string_view hint) {
  if (flat.impossible) return std::nullopt;
  const Place here{.pointer = place.pointer, .depth = flat.depth, .nesting = place.nesting};
  if (!flat.unions.empty()) return convert_union(flat, here, hint);
  if (flat.keywords.contains("enum")) return convert_enum(flat.keywords, here, hint);
  const JsonArray types = allowed_types(flat.keywords);
  if (types.empty()) return any_value(options_.max_free_depth);

  std::vector<Sequence> alternatives;
  for (const Json& type : types) {
    if (Result one = convert_type(std::string_view(type.as_string()), flat.keywords, here, hint)) {
      alternatives.push_back(*std::move(one));
    }
  }
  if (alternatives.empty()) return std::nullopt;
  return builder_.choice(hint, std::move(alternatives));
}

SchemaGrammar::Impl::Result SchemaGrammar::Impl::convert_union(const Flat& flat, const Place& place, std::string_view hint) {
  Flat rest = flat;
  const Flat::Union choice = rest.unions.back();
  rest.unions.pop_back();
  const bool is_plain = rest.keywords.empty() && rest.unions.empty();
  std::vector<Sequence> alternatives;
  std::vector<Flat> flats;
  for (std::size_t i = 0; i < choice.branches->size(); ++i) {
    const Json& branch = (*choice.branches)[i];
    const Place there = Place{.pointer = choice.pointer, .depth = place.depth, .nesting = place.nesting}.in(std::to_string(i));
    take_step(there);
    Result one;
    if (is_plain) {
      one = convert(branch, there, hint);
    } else {
      Flat merged = rest;
      merge(merged, flatten(branch, there));
      one = convert_flat(merged, there, hint);
    }
    if (!one) continue;
    alternatives.push_back(*std::move(one));
    if (choice.exclusive) flats.push_back(flatten(branch, there));
  }
  if (alternatives.empty()) return std::nullopt;
  if (choice.exclusive && !are_disjoint(flats)) note_checked(choice.pointer);
  return builder_.choice(hint, std::move(alternatives));
}

bool SchemaGrammar::Impl::are_disjoint(const std::vector<Flat>& flats) {
  if (flats.size() > 64) return false;
  comparing_ = true;
  bool result = true;
  for (std::size_t i = 0; i < flats.size(); ++i) {
    for (std::size_t k = 0; k < i; ++k) result = result && are_disjoint(flats[i], flats[k]);
  }
  comparing_ = false;
  return result;
}

bool SchemaGrammar::Impl::are_disjoint(const Flat& a, const Flat& b) {
  const JsonArray types_a = allowed_types(a.keywords);
  const JsonArray types_b = allowed_types(b.keywords);
  if (!a.keywords.contains("type") && !a.keywords.contains("enum")) return false;
  if (!b.keywords.contains("type") && !b.keywords.contains("enum")) return false;
  JsonObject both;
  for (const char* name : {"type", "enum"}) {
    const Json* mine = a.keywords.if_contains(name);
    const Json* theirs = b.keywords.if_contains(name);
    if (mine == nullptr || theirs == nullptr) continue;
    JsonObject merged{{name, *mine}};
    if (!merge_keywords(merged, JsonObject{{name, *theirs}})) return true;
  }
  const bool objects = types_a.size() == 1 && types_b.size() == 1 && types_a[0] == "object" && types_b[0] == "object";
  return objects && (differ_in_a_member(a.keywords, b.keywords) || differ_in_a_member(b.keywords, a.keywords));
}

bool SchemaGrammar::Impl::differ_in_a_member(const JsonObject& a, const JsonObject& b) {
  const Json* required = a.if_contains("required");
  if (required == nullptr) return false;
  const Json* mine = a.if_contains("properties");
  const Json* theirs = b.if_contains("properties");
  for (const std::string& name : texts_of(*required)) {
    const Json* my_schema = mine == nullptr ? nullptr : mine->as_object().if_contains(name);
    const Json* their_schema = theirs == nullptr ? nullptr : theirs->as_object().if_contains(name);
    const Json* others = b.if_contains("additionalProperties");
    if (their_schema == nullptr && others != nullptr && *others == Json(false) && !b.contains("patternProperties")) return true;
    if (my_schema == nullptr || their_schema == nullptr) continue;
    const Flat mine_flat = flatten(*my_schema, Place());
    const Flat their_flat = flatten(*their_schema, Place());
    for (const char* keyword : {"type", "enum"}) {
      const Json* value = mine_flat.keywords.if_contains(keyword);
      const Json* other = their_flat.keywords.if_contains(keyword);
      if (value == nullptr || other == nullptr) continue;
      JsonObject merged{{keyword, *value}};
      if (!merge_keywords(merged, JsonObject{{keyword, *other}})) return true;
    }
  }
  return false;
}

SchemaGrammar::Impl::Result SchemaGrammar::Impl::convert_enum(const JsonObject& keywords, const Place& place,
                                                              std::string_view hint) {
  JsonObject others = keywords;
  others.erase("enum");
  for (const char* list : {"pattern", "format"}) {
    const Json* value = others.if_contains(list);
    if (value == nullptr || !value->is_array()) continue;
    JsonArray all;
    for (const std::string& text : texts_of(*value)) all.push_back(JsonObject{{list, text}});
    others.erase(list);
    others["allOf"] = all;
  }
  std::shared_ptr<const SchemaValidator> fits;
  try {
    if (!others.empty()) fits = SchemaValidator::compile(Json(others));
  } catch (const Error&) {
    // It refers to the rest of the document.
    note_checked(place.in("enum").pointer);
  }
  std::vector<std::string> texts;
  for (const Json& value : keywords.at("enum").as_array()) {
    if (!fits || fits->validate(value)) texts.push_back(to_text(value));
  }
  return builder_.plain(hint, Automaton::of_texts(texts));
}

SchemaGrammar::Impl::Result SchemaGrammar::Impl::convert_type(std::string_view type, const JsonObject& keywords,
                                                              const Place& place, std::string_view hint) {
  if (type == "null") return literal("null");
  if (type == "boolean")
    return shared("boolean", [&] { return builder_.choice("boolean", {literal("true"), literal("false")}); });
  if (type == "string") return convert_string(keywords, hint);
  if (type == "integer" || type == "number") return convert_number(type == "integer", keywords, hint);
  if (type == "array") return convert_array(keywords, place, hint);
  return convert_object(keywords, place, hint);
}

SchemaGrammar::SchemaGrammar(GbnfBuilder& builder, const Json& schema, const SchemaGrammarOptions& options)
    : impl_(std::make_unique<Impl>(builder, schema, options)) {}
SchemaGrammar::~SchemaGrammar() = default;

Sequence SchemaGrammar::value(std::string_view hint) {
  return impl_->value(hint);
}

SchemaGrammar::Elements SchemaGrammar::elements() {
  return impl_->elements();
}

const std::vector<std::string>& SchemaGrammar::checked() const noexcept {
  return impl_->checked();
}

Grammar schema_grammar(const Json& schema, const SchemaGrammarOptions& options) {
  GbnfBuilder builder;
  SchemaGrammar grammar(builder, schema, options);
  const Sequence root = grammar.value();
  try {
    return {.gbnf = builder.build(root), .checked = grammar.checked()};
  } catch (const Refusal& refusal) {
    throw Error(Status::kInvalidArgument, std::string("the schema cannot be made into a grammar: it ") + refusal.what(),
                {{"pointer", ""}});
  }
}

}  // namespace genkit::llama
