#ifndef GENKIT_SRC_SCHEMA_DRAFT7_PROGRAM_H_
#define GENKIT_SRC_SCHEMA_DRAFT7_PROGRAM_H_

#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include <genkit/base/json.h>

#include "schema/draft7/format.h"
#include "schema/draft7/pattern.h"
#include "schema/draft7/value_set.h"

namespace genkit::internal {

// What a compiled schema looks like: a graph of nodes, one for each subschema, in which every $ref is already an edge to what it
// names. A node says which types it admits and points to the rules of those types that have any.

using TypeMask = std::uint8_t;
inline constexpr TypeMask kNullType = 1;
inline constexpr TypeMask kBooleanType = 2;
inline constexpr TypeMask kIntegerType = 4;
inline constexpr TypeMask kFractionType = 8;  ///< numbers that are no integers; "number" is both bits
inline constexpr TypeMask kStringType = 16;
inline constexpr TypeMask kArrayType = 32;
inline constexpr TypeMask kObjectType = 64;
inline constexpr TypeMask kEveryType = 127;

struct SchemaNode;

struct NumberRules {
  // Numbers of the schema, or nullptr.
  const Json* minimum = nullptr;
  const Json* maximum = nullptr;
  const Json* exclusive_minimum = nullptr;
  const Json* exclusive_maximum = nullptr;
  const Json* multiple_of = nullptr;
  const Format* format = nullptr;
  std::string format_name;
};

struct StringRules {
  std::uint64_t min_length = 0;
  std::uint64_t max_length = UINT64_MAX;
  const Pattern* pattern = nullptr;
  const Format* format = nullptr;
  std::string format_name;
};

struct ArrayRules {
  std::uint64_t min_items = 0;
  std::uint64_t max_items = UINT64_MAX;
  bool unique = false;
  std::vector<const SchemaNode*> tuple;  ///< `items` as an array
  const SchemaNode* rest = nullptr;      ///< `items` as a schema, or `additionalItems` after a tuple
  const SchemaNode* contains = nullptr;
};

struct PropertyRule {
  std::string name;
  const SchemaNode* node = nullptr;  ///< nullptr for a name that is only required
  bool required = false;
};

struct PatternRule {
  const Pattern* pattern;
  const SchemaNode* node;
};

struct DependencyRule {
  std::string property;
  std::vector<std::string> required;
  const SchemaNode* node = nullptr;
};

struct ObjectRules {
  std::uint64_t min_properties = 0;
  std::uint64_t max_properties = UINT64_MAX;
  std::vector<PropertyRule> properties;  ///< in the order of the schema, then what is only required
  std::size_t required_count = 0;
  std::vector<PatternRule> patterns;
  const SchemaNode* additional = nullptr;
  const SchemaNode* names = nullptr;
  std::vector<DependencyRule> dependencies;
  std::unordered_map<std::string_view, std::uint32_t> index;  ///< of `properties`; empty when there are only a few

  /// The position of `name` in `properties`, or their number. `hint` is the position that is looked at first: members mostly come
  /// in the order of the schema.
  std::size_t find_property(std::string_view name, std::size_t hint) const;
};

/// What does not depend on the type of the value.
struct GeneralRules {
  std::optional<ValueSet> values;  ///< `enum`
  std::optional<ValueSet> constant;
  std::vector<const SchemaNode*> all_of;
  std::vector<const SchemaNode*> any_of;
  std::vector<const SchemaNode*> one_of;
  const SchemaNode* none_of = nullptr;  ///< `not`
  const SchemaNode* condition = nullptr;
  const SchemaNode* consequence = nullptr;
  const SchemaNode* alternative = nullptr;
};

struct SchemaNode {
  TypeMask types = kEveryType;
  bool is_false = false;                  ///< the schema `false`
  bool has_rules = false;                 ///< otherwise the type is all that there is to check
  const SchemaNode* reference = nullptr;  ///< only while compiling
  std::unique_ptr<NumberRules> number;
  std::unique_ptr<StringRules> string;
  std::unique_ptr<ArrayRules> array;
  std::unique_ptr<ObjectRules> object;
  std::unique_ptr<GeneralRules> general;
};

struct SchemaProgram {
  std::shared_ptr<const Json> schema;  ///< nodes point into it
  std::deque<SchemaNode> nodes;        ///< addresses are stable
  std::deque<Pattern> patterns;
  const SchemaNode* root = nullptr;
};

/// The names of a type mask as ajv prints them: "string", "string,null".
std::string type_names(TypeMask types);

}  // namespace genkit::internal

#endif  // GENKIT_SRC_SCHEMA_DRAFT7_PROGRAM_H_
