#include "schema/draft7/compile.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>

#include <genkit/base/error.h>

#include "schema/draft7/documents.h"
#include "schema/draft7/graph.h"
#include "schema/draft7/numbers.h"

namespace genkit::internal {
namespace {

// Up to so many properties are found by looking at each.
constexpr std::size_t kFewProperties = 8;

struct TypeName {
  std::string_view name;
  TypeMask types;
};

// In the order in which several are printed. "number" comes before "integer", whose bit it includes.
constexpr std::array<TypeName, 7> kTypeNames = {{{"string", kStringType},
                                                 {"number", kIntegerType | kFractionType},
                                                 {"integer", kIntegerType},
                                                 {"boolean", kBooleanType},
                                                 {"array", kArrayType},
                                                 {"object", kObjectType},
                                                 {"null", kNullType}}};

std::string show_short(const Json& value) {
  std::string text = to_text(value);
  constexpr std::size_t kLongest = 60;
  return text.size() <= kLongest ? text : text.substr(0, kLongest) + "...";
}

template <class Rules>
Rules& ensure(std::unique_ptr<Rules>& rules) {
  if (!rules) rules = std::make_unique<Rules>();
  return *rules;
}

class SchemaCompiler {
 public:
  explicit SchemaCompiler(std::shared_ptr<const Json> schema) : program_(std::make_unique<SchemaProgram>()), documents_(*schema) {
    program_->schema = std::move(schema);
  }

  std::unique_ptr<const SchemaProgram> compile() {
    program_->root = node_at(documents_.root());
    // Nodes are made empty and filled in turn, so that nesting costs no stack.
    for (std::size_t i = 0; i < locations_.size(); ++i) fill(program_->nodes[i], locations_[i]);
    if (const SchemaNode* circle = resolve_references(*program_)) {
      refuse_schema(documents_.step(where_of(circle), "$ref"), "is a circle of references that never reaches a schema");
    }
    if (const SchemaNode* circle = find_circle_in_place(*program_)) {
      refuse_schema(where_of(circle), "leads back to itself without a step into the value, and would never end");
    }
    for (SchemaNode& node : program_->nodes) {
      node.has_rules = node.is_false || node.number || node.string || node.array || node.object || node.general;
    }
    return std::move(program_);
  }

 private:
  // ---- reading keywords

  const SchemaNode* node_at(const SchemaLocation& location) {
    auto [entry, added] = by_json_.emplace(location.json, nullptr);
    if (added) {
      entry->second = &program_->nodes.emplace_back();
      locations_.push_back(location);
    }
    return entry->second;
  }

  void fill(SchemaNode& node, const SchemaLocation& location) {
    const Json& json = *location.json;
    if (const bool* value = json.if_bool()) {
      node.is_false = !*value;
      return;
    }
    if (!json.is_object()) refuse_schema(location.where, "must be an object, true or false, but is " + show_short(json));
    current_ = location;
    schema_ = &json.get_object();
    compile_definitions();
    if (const Json* reference = schema_->if_contains("$ref")) {
      if (!reference->is_string()) refuse("$ref", "must be a string", *reference);
      node.reference = node_at(documents_.resolve(location, reference->get_string()));
      return;
    }
    compile_types(node);
    compile_numbers(node);
    compile_strings(node);
    compile_arrays(node);
    compile_objects(node);
    compile_values(node);
    compile_combinations(node);
    compile_format(node);
  }

  [[noreturn]] void refuse(std::string_view keyword, const std::string& what, const Json& value) {
    refuse_schema(documents_.step(current_.where, keyword), what + ", but is " + show_short(value));
  }

  const Json* find(std::string_view keyword) const { return schema_->if_contains(keyword); }

  const Json* find_number(std::string_view keyword) {
    const Json* value = find(keyword);
    if (value == nullptr) return nullptr;
    if (!value->is_number() || (value->is_double() && !std::isfinite(value->get_double()))) {
      refuse(keyword, value->is_bool() ? "must be a number (since draft-06)" : "must be a number", *value);
    }
    return value;
  }

  const JsonArray* find_array(std::string_view keyword, const std::string& what) {
    const Json* value = find(keyword);
    if (value == nullptr) return nullptr;
    if (!value->is_array()) refuse(keyword, what, *value);
    return &value->get_array();
  }

  const JsonObject* find_object(std::string_view keyword) {
    const Json* value = find(keyword);
    if (value == nullptr) return nullptr;
    if (!value->is_object()) refuse(keyword, "must be an object", *value);
    return &value->get_object();
  }

  const Json* find_string(std::string_view keyword) {
    const Json* value = find(keyword);
    if (value != nullptr && !value->is_string()) refuse(keyword, "must be a string", *value);
    return value;
  }

  const SchemaNode* find_schema(std::string_view keyword) {
    const Json* value = find(keyword);
    return value == nullptr ? nullptr : node_at(documents_.below(current_, *value, keyword));
  }

  /// Reads a limit of a length or count; false when there is none.
  bool find_count(std::string_view keyword, std::uint64_t* count) {
    const Json* value = find_number(keyword);
    if (value == nullptr) return false;
    if ((value->is_double() && !is_integral(value->get_double())) || compare_numbers(*value, Json(0)) < 0) {
      refuse(keyword, "must be an integer that is not negative", *value);
    }
    if (value->is_double()) {
      constexpr double kTwoTo63 = 9223372036854775808.0;
      *count = value->get_double() < kTwoTo63 ? static_cast<std::uint64_t>(value->get_double()) : UINT64_MAX;
    } else {
      *count = value->is_uint64() ? value->get_uint64() : static_cast<std::uint64_t>(value->get_int64());
    }
    return true;
  }

  std::vector<std::string> read_names(std::string_view keyword, const Json& list) {
    std::vector<std::string> names;
    if (list.is_array()) {
      for (const Json& name : list.get_array()) {
        if (name.is_string()) names.emplace_back(std::string_view(name.get_string()));
      }
    }
    if (!list.is_array() || names.size() != list.get_array().size()) refuse(keyword, "must be an array of strings", list);
    return names;
  }

  const Pattern* add_pattern(std::string_view keyword, std::string_view text) {
    try {
      return &program_->patterns.emplace_back(text);
    } catch (const Error& error) {
      refuse_schema(documents_.step(current_.where, keyword), error.message());
    }
  }

  // ---- one group of keywords each

  void compile_definitions() {
    for (std::string_view keyword : {"definitions", "$defs"}) {
      const JsonObject* definitions = find_object(keyword);
      if (definitions == nullptr) continue;
      for (const auto& member : *definitions) node_at(documents_.below(current_, member.value(), keyword, member.key()));
    }
    find_string("$schema");
  }

  void compile_types(SchemaNode& node) {
    const Json* type = find("type");
    if (type == nullptr) return;
    auto mask_of = [&](const Json& name) -> TypeMask {
      for (const TypeName& known : kTypeNames) {
        if (name.is_string() && name.get_string() == known.name) return known.types;
      }
      refuse("type", "must be one of string, number, integer, boolean, array, object, null, or an array of these", *type);
    };
    if (!type->is_array()) {
      node.types = mask_of(*type);
      return;
    }
    node.types = 0;
    for (const Json& name : type->get_array()) node.types |= mask_of(name);
    if (node.types == 0) refuse("type", "must name at least one type", *type);
  }

  void compile_numbers(SchemaNode& node) {
    NumberRules rules;
    rules.minimum = find_number("minimum");
    rules.maximum = find_number("maximum");
    rules.exclusive_minimum = find_number("exclusiveMinimum");
    rules.exclusive_maximum = find_number("exclusiveMaximum");
    rules.multiple_of = find_number("multipleOf");
    if (rules.multiple_of != nullptr && compare_numbers(*rules.multiple_of, Json(0)) <= 0) {
      refuse("multipleOf", "must be greater than 0", *rules.multiple_of);
    }
    bool any = rules.minimum || rules.maximum || rules.exclusive_minimum || rules.exclusive_maximum || rules.multiple_of;
    if (any) ensure(node.number) = std::move(rules);
  }

  void compile_strings(SchemaNode& node) {
    StringRules rules;
    bool any = find_count("minLength", &rules.min_length);
    any |= find_count("maxLength", &rules.max_length);
    if (const Json* pattern = find_string("pattern")) {
      rules.pattern = add_pattern("pattern", pattern->get_string());
      any = true;
    }
    if (any) ensure(node.string) = std::move(rules);
  }

  void compile_format(SchemaNode& node) {
    const Json* name = find_string("format");
    const Format* format = name == nullptr ? nullptr : find_format(name->get_string());
    if (format == nullptr) return;
    if (format->matches_text != nullptr) {
      ensure(node.string).format = format;
      node.string->format_name = std::string_view(name->get_string());
    } else {
      ensure(node.number).format = format;
      node.number->format_name = std::string_view(name->get_string());
    }
  }

  void compile_arrays(SchemaNode& node) {
    ArrayRules rules;
    bool any = find_count("minItems", &rules.min_items);
    any |= find_count("maxItems", &rules.max_items);
    if (const Json* unique = find("uniqueItems")) {
      if (!unique->is_bool()) refuse("uniqueItems", "must be true or false", *unique);
      rules.unique = unique->get_bool();
    }
    rules.contains = find_schema("contains");
    const SchemaNode* additional = find_schema("additionalItems");  // compiled even where it has no effect, to find mistakes
    const Json* items = find("items");
    if (items != nullptr && items->is_array()) {
      std::size_t index = 0;
      for (const Json& item : items->get_array())
        rules.tuple.push_back(node_at(documents_.below(current_, item, "items", index++)));
      rules.rest = additional;
    } else {
      rules.rest = find_schema("items");
    }
    any |= rules.unique || rules.contains != nullptr || rules.rest != nullptr || !rules.tuple.empty();
    if (any) ensure(node.array) = std::move(rules);
  }

  void compile_objects(SchemaNode& node) {
    ObjectRules rules;
    bool any = find_count("minProperties", &rules.min_properties);
    any |= find_count("maxProperties", &rules.max_properties);
    compile_properties(rules);
    compile_pattern_properties(rules);
    compile_dependencies(rules);
    rules.additional = find_schema("additionalProperties");
    rules.names = find_schema("propertyNames");
    any |= !rules.properties.empty() || !rules.patterns.empty() || !rules.dependencies.empty() || rules.additional != nullptr ||
           rules.names != nullptr;
    // The index holds views of the names: built where they stay.
    if (any) index_properties(ensure(node.object) = std::move(rules));
  }

  void compile_properties(ObjectRules& rules) {
    std::unordered_map<std::string_view, std::size_t> positions;
    if (const JsonObject* properties = find_object("properties")) {
      for (const auto& member : *properties) {
        positions.emplace(member.key(), rules.properties.size());
        rules.properties.push_back({.name = member.key(),
                                    .node = node_at(documents_.below(current_, member.value(), "properties", member.key())),
                                    .required = false});
      }
    }
    const Json* required = find("required");
    if (required == nullptr) return;
    std::vector<std::string> names = read_names("required", *required);
    for (const std::string& name : names) {
      auto [entry, added] = positions.emplace(name, rules.properties.size());
      if (added) rules.properties.push_back({.name = name, .node = nullptr, .required = false});
      rules.required_count += rules.properties[entry->second].required ? 0 : 1;
      rules.properties[entry->second].required = true;
    }
  }

  static void index_properties(ObjectRules& rules) {
    if (rules.properties.size() <= kFewProperties) return;
    rules.index.reserve(rules.properties.size());
    for (std::size_t i = 0; i < rules.properties.size(); ++i) {
      rules.index.emplace(rules.properties[i].name, static_cast<std::uint32_t>(i));
    }
  }

  void compile_pattern_properties(ObjectRules& rules) {
    const JsonObject* patterns = find_object("patternProperties");
    if (patterns == nullptr) return;
    for (const auto& member : *patterns) {
      rules.patterns.push_back({.pattern = add_pattern("patternProperties", member.key()),
                                .node = node_at(documents_.below(current_, member.value(), "patternProperties", member.key()))});
    }
  }

  void compile_dependencies(ObjectRules& rules) {
    const JsonObject* dependencies = find_object("dependencies");
    if (dependencies == nullptr) return;
    for (const auto& member : *dependencies) {
      DependencyRule& rule = rules.dependencies.emplace_back();
      rule.property = member.key();
      if (member.value().is_array()) {
        rule.required = read_names("dependencies", member.value());
      } else {
        rule.node = node_at(documents_.below(current_, member.value(), "dependencies", member.key()));
      }
    }
  }

  void compile_values(SchemaNode& node) {
    if (const JsonArray* values = find_array("enum", "must be an array")) {
      std::vector<const Json*> pointers;
      for (const Json& value : *values) pointers.push_back(&value);
      ensure(node.general).values.emplace(std::move(pointers));
    }
    if (const Json* value = find("const")) ensure(node.general).constant.emplace(std::vector<const Json*>{value});
  }

  void compile_combinations(SchemaNode& node) {
    GeneralRules rules;
    bool any = find_schemas("allOf", rules.all_of);
    any |= find_schemas("anyOf", rules.any_of);
    any |= find_schemas("oneOf", rules.one_of);
    rules.none_of = find_schema("not");
    rules.condition = find_schema("if");
    rules.consequence = find_schema("then");
    rules.alternative = find_schema("else");
    if (!any && rules.none_of == nullptr && rules.condition == nullptr) return;
    if (node.general) {
      rules.values = std::move(node.general->values);
      rules.constant = std::move(node.general->constant);
    }
    ensure(node.general) = std::move(rules);
  }

  bool find_schemas(std::string_view keyword, std::vector<const SchemaNode*>& nodes) {
    const JsonArray* schemas = find_array(keyword, "must be an array of schemas");
    if (schemas == nullptr) return false;
    if (schemas->empty()) refuse(keyword, "must hold at least one schema", *find(keyword));
    std::size_t index = 0;
    for (const Json& schema : *schemas) nodes.push_back(node_at(documents_.below(current_, schema, keyword, index++)));
    return true;
  }

  const PointerStep* where_of(const SchemaNode* node) const {
    for (std::size_t i = 0; i < locations_.size(); ++i) {
      if (&program_->nodes[i] == node) return locations_[i].where;
    }
    return nullptr;
  }

  std::unique_ptr<SchemaProgram> program_;
  SchemaDocuments documents_;
  std::unordered_map<const Json*, const SchemaNode*> by_json_;
  std::deque<SchemaLocation> locations_;  // of the nodes, in their order
  SchemaLocation current_;                // of the schema whose keywords are read
  const JsonObject* schema_ = nullptr;
};

}  // namespace

std::string type_names(TypeMask types) {
  std::string names;
  for (const TypeName& known : kTypeNames) {
    if ((types & known.types) != known.types) continue;
    if (!names.empty()) names += ',';
    names += known.name;
    types &= static_cast<TypeMask>(~known.types);
  }
  return names;
}

std::size_t ObjectRules::find_property(std::string_view name, std::size_t hint) const {
  if (hint < properties.size() && properties[hint].name == name) return hint;
  if (!index.empty()) {
    auto entry = index.find(name);
    return entry == index.end() ? properties.size() : entry->second;
  }
  for (std::size_t i = 0; i < properties.size(); ++i) {
    if (properties[i].name == name) return i;
  }
  return properties.size();
}

std::unique_ptr<const SchemaProgram> compile_schema(std::shared_ptr<const Json> schema) {
  return SchemaCompiler(std::move(schema)).compile();
}

}  // namespace genkit::internal
