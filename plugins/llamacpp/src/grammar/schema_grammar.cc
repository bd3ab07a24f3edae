#include "grammar/schema_grammar.h"

#include <algorithm>
#include <climits>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <utility>

#include <genkit/base/error.h>
#include <genkit/schema/validator.h>

#include "grammar/formats.h"
#include "grammar/number_automaton.h"
#include "grammar/pattern.h"
#include "grammar/schema_document.h"
#include "grammar/schema_merge.h"

namespace genkit::llama {
namespace {

constexpr int kDeepest = 64;
constexpr std::size_t kMostSteps = 20'000;
constexpr std::size_t kMostKeyBytes = 32'000'000;
constexpr std::size_t kMostBranches = 256;
constexpr std::size_t kMostMembers = 512;

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

/// A schema without references and allOf.
struct Flat {
  struct Union {
    const JsonArray* branches = nullptr;
    std::string pointer = {};
    bool exclusive = false;  ///< oneOf
  };
  JsonObject keywords = {};
  std::vector<Union> unions = {};
  int depth = 0;  ///< how often schemas that contain themselves were entered on the way
  bool impossible = false;
};

/// A place in a schema.
struct Place {
  std::string pointer = {};
  int depth = 0;
  int nesting = 0;

  Place in(std::string_view name) const { return {pointer_step(pointer, name), depth, nesting + 1}; }
};

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

bool is_number_format(std::string_view format) {
  return format == "int32" || format == "int64" || format == "float" || format == "double";
}

bool names_type(const JsonArray& types, std::string_view name) {
  return std::find(types.begin(), types.end(), Json(name)) != types.end();
}

bool says_something(const Json& schema) {
  return schema != Json(true) && !(schema.is_object() && schema.get_object().empty());
}

}  // namespace

class SchemaGrammar::Impl {
 public:
  Impl(GbnfBuilder& builder, const Json& schema, const SchemaGrammarOptions& options)
      : builder_(builder), options_(options), validator_(SchemaValidator::compile(schema)), document_(make_document(schema)) {}

  Sequence value(std::string_view hint) {
    const Place place;
    auto sequence = convert(document_.root(), place, hint);
    if (!sequence) fail(place, "allows no value that a grammar can express");
    return *std::move(sequence);
  }

  Elements elements() {
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

  const std::vector<std::string>& checked() const noexcept { return checked_; }

 private:
  using Result = std::optional<Sequence>;

  [[noreturn]] static void fail(const Place& place, const std::string& problem) {
    const std::string where = place.pointer.empty() ? "the schema" : "the schema at \"" + place.pointer + "\"";
    throw Error(Status::kInvalidArgument, where + " cannot be made into a grammar: " + problem, {{"pointer", place.pointer}});
  }

  /// Says where something was refused.
  template <class Work>
  static auto guarded(const Place& place, const Work& work) -> decltype(work()) {
    try {
      return work();
    } catch (const Refusal& refusal) {
      fail(place, refusal.what());
    }
  }

  static SchemaDocument make_document(const Json& schema) {
    return guarded(Place(), [&] { return SchemaDocument(schema); });
  }

  void note_checked(const std::string& pointer) {
    if (comparing_) return;
    if (std::find(checked_.begin(), checked_.end(), pointer) == checked_.end()) checked_.push_back(pointer);
  }

  void take_step(const Place& place) {
    if (++steps_ > kMostSteps) fail(place, "it is too large");
    if (place.nesting > kDeepest) fail(place, "it is nested more than " + std::to_string(kDeepest) + " levels deep");
  }

  // Schemas.

  /// Nothing when no value fits.
  Result convert(const Json& schema, const Place& place, std::string_view hint) {
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

  Flat flatten(const Json& schema, const Place& place) {
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

  Flat follow(std::string_view reference, const Place& place) {
    const SchemaDocument::Target& target = document_.find(reference);
    Place there{.pointer = target.pointer, .depth = place.depth + (target.recursive ? 1 : 0), .nesting = place.nesting + 1};
    // Whoever wants to go deeper than this is not let in: optional members are left out there, arrays are empty.
    if (there.depth > options_.max_recursion) return {.depth = place.depth, .impossible = true};
    return flatten(*target.schema, there);
  }

  void take_keyword(Flat& flat, std::string_view name, const Json& value, const Place& place) {
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

  static void merge(Flat& flat, Flat&& other) {
    flat.impossible = flat.impossible || other.impossible || !merge_keywords(flat.keywords, other.keywords);
    flat.depth = std::max(flat.depth, other.depth);
    flat.unions.insert(flat.unions.end(), other.unions.begin(), other.unions.end());
  }

  Result convert_flat(const Flat& flat, const Place& place, std::string_view hint) {
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

  Result convert_union(const Flat& flat, const Place& place, std::string_view hint) {
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

  bool are_disjoint(const std::vector<Flat>& flats) {
    if (flats.size() > 64) return false;
    comparing_ = true;
    bool result = true;
    for (std::size_t i = 0; i < flats.size(); ++i) {
      for (std::size_t k = 0; k < i; ++k) result = result && are_disjoint(flats[i], flats[k]);
    }
    comparing_ = false;
    return result;
  }

  bool are_disjoint(const Flat& a, const Flat& b) {
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

  /// True when each object of `a` has a member that makes it none of `b`.
  bool differ_in_a_member(const JsonObject& a, const JsonObject& b) {
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

  Result convert_enum(const JsonObject& keywords, const Place& place, std::string_view hint) {
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

  Result convert_type(std::string_view type, const JsonObject& keywords, const Place& place, std::string_view hint) {
    if (type == "null") return literal("null");
    if (type == "boolean")
      return shared("boolean", [&] { return builder_.choice("boolean", {literal("true"), literal("false")}); });
    if (type == "string") return convert_string(keywords, hint);
    if (type == "integer" || type == "number") return convert_number(type == "integer", keywords, hint);
    if (type == "array") return convert_array(keywords, place, hint);
    return convert_object(keywords, place, hint);
  }

  // Scalars.

  Result convert_string(const JsonObject& keywords, std::string_view hint) {
    const int min = integer_of(keywords, "minLength", 0);
    const int bound = integer_of(keywords, "maxLength", std::max(min, options_.max_string_length));
    const int max = std::min(bound, GbnfBuilder::kMostRepetitions);
    if (min > max) {
      if (min <= bound) throw Refusal("asks for strings of at least " + std::to_string(min) + " characters");
      return std::nullopt;
    }
    const auto texts = string_automaton(keywords);
    if (!texts) {
      if (min == 0 && max == options_.max_string_length) return shared("string", [&] { return quoted("string", 0, max); });
      return quoted("text", min, max);
    }
    return quoted_automaton(hint, *texts, min, keywords.contains("maxLength") ? std::optional(max) : std::nullopt, max);
  }

  Sequence quoted(std::string_view hint, int min, int max) {
    return {Symbol{.kind = Symbol::Kind::kRule, .rule = builder_.add_rule(hint, {builder_.any_string(min, max)})}};
  }

  /// `max`: nothing when the schema does not say.
  Result quoted_automaton(std::string_view hint, const Automaton& texts, int min, std::optional<int> max, int free_length) {
    Automaton writable = texts.over(CharSet::writable());
    if (min > 0 || max) {
      const int bound = max ? *max : std::max(min, options_.max_pattern_length);
      writable = writable.with_length(static_cast<std::size_t>(min), static_cast<std::size_t>(bound));
    } else if (!ends_by_itself(writable)) {
      const auto bound = std::max<std::size_t>(writable.shortest(), static_cast<std::size_t>(options_.max_pattern_length));
      writable = writable.with_length(0, bound);
    }
    return builder_.json_string(hint, writable, std::min(free_length, options_.max_string_length));
  }

  /// True when nothing goes on without end but what may be anything.
  static bool ends_by_itself(const Automaton& texts) {
    std::vector<Automaton::State> states = texts.states();
    for (std::size_t i = 0; i < states.size(); ++i) {
      if (texts.is_free(static_cast<int>(i), CharSet::writable())) states[i].edges.clear();
    }
    return Automaton(std::move(states)).longest().has_value();
  }

  std::optional<Automaton> string_automaton(const JsonObject& keywords) const {
    std::optional<Automaton> all;
    const auto take = [&all](const Automaton& texts) { all = all ? all->intersect(texts) : texts; };
    if (const Json* patterns = keywords.if_contains("pattern")) {
      for (const std::string& pattern : texts_of(*patterns)) take(pattern_automaton(pattern));
    }
    if (const Json* formats = keywords.if_contains("format")) {
      for (const std::string& format : texts_of(*formats)) {
        if (!is_number_format(format)) take(format_automaton(format));
      }
    }
    return all;
  }

  Result convert_number(bool integer, const JsonObject& keywords, std::string_view hint) {
    const auto bound = [&keywords](const char* name, bool exclusive) -> std::optional<NumberBound> {
      const Json* value = keywords.if_contains(name);
      if (value == nullptr) return std::nullopt;
      return NumberBound{.value = to_text(*value), .exclusive = exclusive};
    };
    std::optional<std::string> step;
    if (const Json* value = keywords.if_contains("multipleOf")) step = to_text(*value);
    const std::vector<std::string> formats =
        keywords.contains("format") ? texts_of(keywords.at("format")) : std::vector<std::string>();
    const auto has_format = [&formats](const char* name) {
      return std::find(formats.begin(), formats.end(), name) != formats.end();
    };
    integer = integer || has_format("int32") || has_format("int64");

    std::optional<Automaton> numbers;
    const auto take = [&](std::optional<NumberBound> min, std::optional<NumberBound> max) {
      if (!min && !max && !step) return;
      const Automaton range = number_automaton({.integer = integer, .min = min, .max = max, .multiple_of = step});
      numbers = numbers ? numbers->intersect(range) : range;
    };
    take(bound("minimum", false), bound("maximum", false));
    if (keywords.contains("exclusiveMinimum") || keywords.contains("exclusiveMaximum")) {
      take(bound("exclusiveMinimum", true), bound("exclusiveMaximum", true));
    }
    if (has_format("int32")) take(NumberBound{.value = "-2147483648"}, NumberBound{.value = "2147483647"});
    if (numbers) return builder_.plain(hint, *numbers);
    return integer ? shared("integer", [&] { return any_integer(); }) : shared("number", [&] { return any_number(); });
  }

  Sequence digits(int min, int max) {
    return {Symbol{.kind = Symbol::Kind::kChars, .chars = CharSet::of('0', '9'), .min = min, .max = max}};
  }
  Sequence optional_minus() { return {Symbol{.kind = Symbol::Kind::kText, .text = "-", .min = 0, .max = 1}}; }
  Sequence first_digit() { return {Symbol{.kind = Symbol::Kind::kChars, .chars = CharSet::of('1', '9')}}; }

  Sequence any_integer() {
    Sequence other = optional_minus();
    append(other, first_digit());
    append(other, digits(0, 14));
    return builder_.choice("integer", {literal("0"), other});
  }

  Sequence any_number() {
    Sequence whole = first_digit();
    append(whole, digits(0, 8));
    Sequence fraction = literal(".");
    append(fraction, digits(1, 6));
    Sequence number = optional_minus();
    append(number, builder_.choice("whole", {literal("0"), whole}));
    append(number, builder_.repeat("fraction", fraction, 0, 1));
    return {Symbol{.kind = Symbol::Kind::kRule, .rule = builder_.add_rule("number", {number})}};
  }

  /// What `make` makes, once.
  template <class Make>
  Sequence shared(const char* name, const Make& make) {
    const auto known = shared_.find(name);
    if (known != shared_.end()) return known->second;
    return shared_.emplace(name, make()).first->second;
  }

  Sequence space() const {
    if (!options_.spaces) return {};
    return {Symbol{.kind = Symbol::Kind::kText, .text = " ", .min = 0, .max = 1}};
  }
  Sequence comma() const {
    Sequence result = literal(",");
    append(result, space());
    return result;
  }

  /// A value of which the schema says nothing, in which `depth` arrays and objects may be nested.
  Sequence any_value(int depth) {
    const std::string name = "any-" + std::to_string(depth);
    return shared(name.c_str(), [&] {
      std::vector<Sequence> alternatives = {*convert_string({}, "string"), *convert_number(false, {}, "number"), literal("true"),
                                            literal("false"), literal("null")};
      if (depth > 0) {
        alternatives.push_back(list("[", any_value(depth - 1), 0, options_.max_items, "]", "items"));
        alternatives.push_back(list("{", member_of(any_key(), any_value(depth - 1)), 0, options_.max_members, "}", "members"));
      }
      return builder_.choice(name, std::move(alternatives));
    });
  }

  Sequence any_key() {
    return shared("key", [&] { return quoted("key", 1, std::min(options_.max_pattern_length, options_.max_string_length)); });
  }

  Sequence member_of(const Sequence& key, const Sequence& value) {
    Sequence result = key;
    append(result, literal(":"));
    append(result, space());
    append(result, value);
    return result;
  }

  // Arrays.

  std::pair<int, int> array_bounds(const JsonObject& keywords) const {
    const int min = integer_of(keywords, "minItems", 0);
    int max = integer_of(keywords, "maxItems", std::max(min, options_.max_items));
    if (max > GbnfBuilder::kMostRepetitions / 2) {
      if (min > GbnfBuilder::kMostRepetitions / 2) throw Refusal("asks for at least " + std::to_string(min) + " elements");
      max = std::max(min, GbnfBuilder::kMostRepetitions / 2);
    }
    return {min, max};
  }

  Sequence list(std::string_view open, const Sequence& item, int min, int max, std::string_view close, std::string_view hint) {
    Sequence result = literal(open);
    if (max > 0) {
      Sequence more = comma();
      append(more, item);
      Sequence items = item;
      append(items, builder_.repeat("more-" + std::string(hint), more, std::max(0, min - 1), max - 1));
      append(result, min > 0 ? items : builder_.repeat(hint, items, 0, 1));
    }
    append(result, literal(close));
    return result;
  }

  Result convert_array(const JsonObject& keywords, const Place& place, std::string_view hint) {
    const auto [min, max] = array_bounds(keywords);
    if (min > max) return std::nullopt;
    const Json* items = keywords.if_contains("items");
    if (items != nullptr && items->is_array()) return convert_tuple(keywords, place, min, max);

    Result item = items == nullptr ? Result(any_value(options_.max_free_depth - 1)) : convert(*items, place.in("items"), "item");
    if (!item && min > 0) return std::nullopt;
    return rule(hint, list("[", item ? *item : Sequence(), min, item ? max : 0, "]", "items"));
  }

  Sequence rule(std::string_view hint, Sequence sequence) {
    return {Symbol{.kind = Symbol::Kind::kRule, .rule = builder_.add_rule(hint, {std::move(sequence)})}};
  }

  Result convert_tuple(const JsonObject& keywords, const Place& place, int min, int max) {
    const JsonArray& items = keywords.at("items").as_array();
    const Json* rest = keywords.if_contains("additionalItems");
    std::vector<Sequence> elements;
    bool open = true;
    for (std::size_t i = 0; i < items.size() && static_cast<int>(i) < max; ++i) {
      Result element = convert(items[i], place.in("items").in(std::to_string(i)), "item-" + std::to_string(i));
      open = open && element.has_value();
      if (!open) break;
      elements.push_back(*std::move(element));
    }
    const int count = static_cast<int>(elements.size());
    Sequence tail;
    // Without a rule for more elements, there are no more.
    const bool wants_more = min > count || (rest != nullptr && says_something(*rest));
    Result more;
    if (open && wants_more && count < max) {
      more =
          rest == nullptr ? Result(any_value(options_.max_free_depth - 1)) : convert(*rest, place.in("additionalItems"), "item");
    }
    if (!more && min > count) return std::nullopt;
    if (more) {
      Sequence another = count > 0 ? comma() : Sequence();
      append(another, *more);
      if (count == 0) return rule("tuple", list("[", *more, min, max, "]", "items"));
      tail = builder_.repeat("more-items", another, std::max(0, min - count), max - count);
    }
    for (int i = count - 1; i >= 0; --i) {
      Sequence here = i > 0 ? comma() : Sequence();
      append(here, elements[static_cast<std::size_t>(i)]);
      append(here, tail);
      tail = i >= min ? builder_.repeat("rest", here, 0, 1) : here;
    }
    Sequence result = literal("[");
    append(result, tail);
    append(result, literal("]"));
    return rule("tuple", std::move(result));
  }

  // Objects.

  struct Member {
    Sequence text;  ///< key and value
    bool required = false;
    std::string name = {};
  };
  struct Members {
    std::vector<Member> listed = {};
    std::vector<Sequence> others = {};  ///< key and value of what may come in addition
    int min = 0;
    int max = INT_MAX;
  };

  Result convert_object(const JsonObject& keywords, const Place& place, std::string_view hint) {
    Members members{.min = integer_of(keywords, "minProperties", 0), .max = integer_of(keywords, "maxProperties", INT_MAX)};
    if (!list_members(keywords, place, members)) return std::nullopt;
    list_others(keywords, place, members);

    int required = 0;
    for (const Member& member : members.listed) required += member.required ? 1 : 0;
    // Keys that are repeated count once.
    if (members.min > std::max(1, required) && !members.others.empty()) note_checked(place.in("minProperties").pointer);
    MemberWriter writer(*this, members);
    Result body = writer.write();
    if (!body) return std::nullopt;
    Sequence result = literal("{");
    append(result, *body);
    append(result, literal("}"));
    return rule(hint, std::move(result));
  }

  /// False when a member that has to be there cannot be.
  bool list_members(const JsonObject& keywords, const Place& place, Members& members) {
    std::vector<std::string> required;
    if (const Json* names = keywords.if_contains("required")) required = texts_of(*names);
    const Json* properties = keywords.if_contains("properties");
    std::set<std::string> listed;
    if (properties != nullptr) {
      for (const auto& member : properties->as_object()) {
        const std::string name(member.key());
        const bool needed = std::find(required.begin(), required.end(), name) != required.end();
        listed.insert(name);
        Result value = convert_member(name, member.value(), keywords, place);
        if (!value && needed) return false;
        if (value) members.listed.push_back({key_and(name, *value), needed, name});
      }
    }
    for (const std::string& name : required) {
      if (!listed.insert(name).second) continue;
      const Json* rule = matching_pattern(keywords, name) ? nullptr : keywords.if_contains("additionalProperties");
      Result value = convert_member(name, rule == nullptr ? Json(JsonObject()) : *rule, keywords, place);
      if (!value) return false;
      members.listed.push_back({key_and(name, *value), true, name});
    }
    if (members.listed.size() > kMostMembers) throw Refusal("has more than " + std::to_string(kMostMembers) + " members");
    return true;
  }

  Sequence key_and(const std::string& name, const Sequence& value) {
    std::string key;
    append_json_string(key, name);
    return member_of(literal(key), value);
  }

  static bool matching_pattern(const JsonObject& keywords, const std::string& name) {
    const Json* patterns = keywords.if_contains("patternProperties");
    return patterns != nullptr && std::any_of(patterns->as_object().begin(), patterns->as_object().end(),
                                              [&](const auto& entry) { return pattern_automaton(entry.key()).accepts(name); });
  }

  Result convert_member(const std::string& name, const Json& schema, const JsonObject& keywords, const Place& place) {
    const Place there = place.in("properties").in(name);
    JsonArray all{schema};
    if (const Json* patterns = keywords.if_contains("patternProperties")) {
      for (const auto& entry : patterns->as_object()) {
        if (pattern_automaton(entry.key()).accepts(name)) all.push_back(entry.value());
      }
    }
    if (const Json* names = keywords.if_contains("propertyNames"); names != nullptr && !name_fits(*names, name, place))
      return std::nullopt;
    if (all.size() == 1) return convert(schema, there, name);
    return convert(JsonObject{{"allOf", all}}, there, name);
  }

  bool name_fits(const Json& names, const std::string& name, const Place& place) {
    try {
      return SchemaValidator::compile(names)->validate(Json(name));
    } catch (const Error&) {
      note_checked(place.in("propertyNames").pointer);
      return true;
    }
  }

  void list_others(const JsonObject& keywords, const Place& place, Members& members) {
    const Json* properties = keywords.if_contains("properties");
    const Json* patterns = keywords.if_contains("patternProperties");
    const Json* rule = keywords.if_contains("additionalProperties");
    const bool lists_none =
        members.listed.empty() && (properties == nullptr || properties->as_object().empty()) && patterns == nullptr;
    const bool wants_others = rule == nullptr ? lists_none : *rule != Json(false) && (lists_none || says_something(*rule));
    const bool needs_others = members.min > static_cast<int>(members.listed.size()) && (rule == nullptr || *rule != Json(false));

    std::optional<Automaton> keys = key_automaton(keywords, place);
    if (properties != nullptr || !members.listed.empty()) {
      std::vector<std::string> taken;
      for (const Member& member : members.listed) taken.push_back(member.name);
      if (properties != nullptr) {
        for (const auto& member : properties->as_object()) taken.emplace_back(member.key());
      }
      if (!taken.empty()) keys = (keys ? *keys : Automaton::all(CharSet::any())).without(Automaton::of_texts(taken));
    }
    std::vector<Automaton> patterned;
    if (patterns != nullptr) {
      for (const auto& entry : patterns->as_object()) patterned.push_back(pattern_automaton(entry.key()));
    }
    for (std::size_t i = 0; i < patterned.size(); ++i) {
      Automaton mine = keys ? patterned[i].intersect(*keys) : patterned[i];
      for (std::size_t k = 0; k < patterned.size(); ++k) {
        if (k != i) mine = mine.without(patterned[k]);
      }
      const auto& entry = *(patterns->as_object().begin() + static_cast<std::ptrdiff_t>(i));
      add_other(members, mine, entry.value(), place.in("patternProperties").in(entry.key()));
    }
    if (!wants_others && !needs_others) return;
    for (const Automaton& pattern : patterned) keys = (keys ? *keys : Automaton::all(CharSet::any())).without(pattern);
    const Json anything = JsonObject();
    const Json& value = rule == nullptr ? anything : *rule;
    add_other(members, keys, value, place.in("additionalProperties"));
  }

  void add_other(Members& members, const std::optional<Automaton>& keys, const Json& schema, const Place& place) {
    Result key = keys ? quoted_automaton("key", *keys, 0, std::nullopt, options_.max_pattern_length) : Result(any_key());
    const bool is_any = !says_something(schema);
    Result value = is_any ? Result(any_value(options_.max_free_depth - 1)) : convert(schema, place, "member");
    if (key && value) members.others.push_back(member_of(*key, *value));
  }

  /// The keys that propertyNames allows; nothing when it does not say.
  std::optional<Automaton> key_automaton(const JsonObject& keywords, const Place& place) {
    const Json* names = keywords.if_contains("propertyNames");
    if (names == nullptr || !says_something(*names)) return std::nullopt;
    const Place there = place.in("propertyNames");
    const Flat flat = flatten(*names, there);
    if (flat.impossible) return Automaton();
    if (!flat.unions.empty()) fail(there, "alternatives for the names of members are not supported");
    if (const Json* values = flat.keywords.if_contains("enum")) {
      std::vector<std::string> texts;
      for (const Json& value : values->as_array()) {
        if (value.is_string()) texts.emplace_back(value.get_string());
      }
      return Automaton::of_texts(texts);
    }
    auto texts = string_automaton(flat.keywords);
    const int min = integer_of(flat.keywords, "minLength", 0);
    const int max = integer_of(flat.keywords, "maxLength", std::max(min, options_.max_pattern_length));
    if (!texts) texts = Automaton::all(CharSet::any());
    if (min == 0 && !flat.keywords.contains("maxLength")) return texts;
    const int bound = std::min(max, std::max(min, options_.max_pattern_length));
    return texts->with_length(static_cast<std::size_t>(min), static_cast<std::size_t>(std::max(0, bound)));
  }

  /// Writes the members of an object: those that may be left out in any combination, with the commas in the right places.
  class MemberWriter {
   public:
    MemberWriter(Impl& grammar, const Members& members)
        : grammar_(grammar), members_(members), counted_(std::max(1, members.max != INT_MAX ? members.max : members.min)) {
      required_behind_.resize(members.listed.size() + 1, 0);
      for (std::size_t i = members.listed.size(); i-- > 0;) {
        required_behind_[i] = required_behind_[i + 1] + (members.listed[i].required ? 1 : 0);
      }
    }

    Result write() {
      if (counted_ > 64 && counted_ > static_cast<int>(members_.listed.size()) + grammar_.options_.max_members) {
        counted_ = static_cast<int>(members_.listed.size()) + grammar_.options_.max_members + 1;
      }
      if (static_cast<std::size_t>(counted_) * members_.listed.size() > 10'000) throw Refusal("counts too many members");
      return from(0, 0);
    }

   private:
    /// What may come from the member `index` on, after `count` members.
    Result from(std::size_t index, int count) {
      if (index == members_.listed.size()) return others(count);
      if (count + required_behind_[index] > members_.max) return std::nullopt;
      const auto [known, is_new] = known_.try_emplace({index, count});
      if (!is_new) return known->second;
      const Member& member = members_.listed[index];
      Result with;
      if (count < members_.max) with = from(index + 1, std::min(count + 1, counted_));
      if (with) {
        Sequence head = count > 0 ? grammar_.comma() : Sequence();
        append(head, member.text);
        append(head, *with);
        with = std::move(head);
      }
      Result result = with;
      if (!member.required) {
        const Result without = from(index + 1, count);
        std::vector<Sequence> alternatives;
        if (with) alternatives.push_back(*with);
        if (without) alternatives.push_back(*without);
        result = std::nullopt;
        if (!alternatives.empty()) result = grammar_.builder_.choice("rest", std::move(alternatives));
      }
      return known_[{index, count}] = result;
    }

    Result others(int count) {
      const int min = std::max(0, members_.min - count);
      const int room =
          members_.max == INT_MAX ? grammar_.options_.max_members : std::min(grammar_.options_.max_members, members_.max - count);
      const int max = std::max(min, room);
      if (members_.others.empty() || max == 0) return min == 0 ? Result(Sequence()) : std::nullopt;
      if (members_.max != INT_MAX && count + min > members_.max) return std::nullopt;
      if (max > GbnfBuilder::kMostRepetitions / 2) throw Refusal("asks for too many members");
      const Sequence other = grammar_.builder_.choice("member", members_.others);
      Sequence more = grammar_.comma();
      append(more, other);
      if (count > 0) return grammar_.builder_.repeat("more", more, min, max);
      Sequence all = other;
      append(all, grammar_.builder_.repeat("more", more, std::max(0, min - 1), max - 1));
      return min > 0 ? all : grammar_.builder_.repeat("members", all, 0, 1);
    }

    Impl& grammar_;
    const Members& members_;
    int counted_;  ///< more members than this make no difference
    std::vector<int> required_behind_;
    std::map<std::pair<std::size_t, int>, Result> known_;
  };

  GbnfBuilder& builder_;
  const SchemaGrammarOptions options_;
  const std::shared_ptr<const SchemaValidator> validator_;
  const SchemaDocument document_;
  std::map<std::string, Result> known_;
  std::map<std::string, Sequence, std::less<>> shared_;
  std::vector<std::string> checked_;
  bool comparing_ = false;  ///< schemas are looked at, not translated
  std::size_t steps_ = 0;
  std::size_t key_bytes_ = 0;
};

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
