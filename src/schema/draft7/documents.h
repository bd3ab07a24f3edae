#ifndef GENKIT_SRC_SCHEMA_DRAFT7_DOCUMENTS_H_
#define GENKIT_SRC_SCHEMA_DRAFT7_DOCUMENTS_H_

#include <cstddef>
#include <deque>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

#include <genkit/base/json.h>

namespace genkit::internal {

/// One step of a JSON pointer and the steps before it. Linked, because writing the whole pointer down for each subschema would
/// take time and memory quadratic in the depth of a schema.
struct PointerStep {
  const PointerStep* before = nullptr;
  std::string_view name;
  std::optional<std::size_t> index;  ///< instead of the name
  bool is_pointer = false;           ///< the name is itself a JSON pointer: the fragment of a $ref
};

/// "#/properties/a": the pointer as it is written in a reference.
std::string to_pointer(const PointerStep* last);

/// Throws INVALID_ARGUMENT: `JSON schema at "#/properties/a/type": <what>`.
[[noreturn]] void refuse_schema(const PointerStep* where, std::string_view what);

/// A subschema, the base URI of the references in it, and the way to it.
struct SchemaLocation {
  const Json* json = nullptr;
  const std::string* base = nullptr;
  const PointerStep* where = nullptr;
};

/// Everything that a `$ref` of one schema can name: its subschemas, by JSON pointer or `$id`, and the draft-07 metaschema.
/// Locations are valid as long as the object and the schema live.
class SchemaDocuments {
 public:
  /// Throws INVALID_ARGUMENT for `$id`s that are none, or not unique.
  explicit SchemaDocuments(const Json& root);
  SchemaDocuments(const SchemaDocuments&) = delete;
  SchemaDocuments& operator=(const SchemaDocuments&) = delete;

  const SchemaLocation& root() const { return root_; }

  /// A keyword of the schema `parent`.
  const PointerStep* step(const PointerStep* before, std::string_view name);
  /// The subschema that is the value of a keyword, of a member in it, or an element of it; its `$id` applies.
  SchemaLocation below(const SchemaLocation& parent, const Json& json, std::string_view keyword);
  SchemaLocation below(const SchemaLocation& parent, const Json& json, std::string_view keyword, std::string_view member);
  SchemaLocation below(const SchemaLocation& parent, const Json& json, std::string_view keyword, std::size_t index);

  /// What `reference` names when it is read in the schema `from`. Throws INVALID_ARGUMENT when there is nothing.
  SchemaLocation resolve(const SchemaLocation& from, std::string_view reference);

  /// Calls `visit(location)` for each direct subschema of `parent`, in the keywords of draft-07.
  template <class Visit>
  void for_each_subschema(const SchemaLocation& parent, const Visit& visit);

 private:
  void add_document(const SchemaLocation& root);
  void add_id(const SchemaLocation& location);
  SchemaLocation enter(const Json& json, const std::string* outer_base, const PointerStep* where);
  const SchemaLocation* find(const std::string& uri);
  std::optional<SchemaLocation> follow_pointer(SchemaLocation location, std::string_view fragment, std::string_view pointer);

  std::deque<PointerStep> steps_;
  std::deque<std::string> bases_;
  std::unordered_map<std::string, SchemaLocation> by_uri_;
  SchemaLocation root_;
  bool has_metaschema_ = false;
};

template <class Visit>
void SchemaDocuments::for_each_subschema(const SchemaLocation& parent, const Visit& visit) {
  const JsonObject* schema = parent.json->if_object();
  if (schema == nullptr) return;
  for (std::string_view keyword :
       {"additionalItems", "additionalProperties", "contains", "else", "if", "items", "not", "propertyNames", "then"}) {
    const Json* value = schema->if_contains(keyword);
    if (value != nullptr && value->is_object()) visit(below(parent, *value, keyword));
  }
  for (std::string_view keyword : {"allOf", "anyOf", "items", "oneOf"}) {
    const Json* value = schema->if_contains(keyword);
    if (value == nullptr || !value->is_array()) continue;
    std::size_t index = 0;
    for (const Json& element : value->get_array()) visit(below(parent, element, keyword, index++));
  }
  for (std::string_view keyword : {"$defs", "definitions", "dependencies", "patternProperties", "properties"}) {
    const Json* value = schema->if_contains(keyword);
    if (value == nullptr || !value->is_object()) continue;
    for (const auto& member : value->get_object()) {
      if (!member.value().is_array()) visit(below(parent, member.value(), keyword, member.key()));
    }
  }
}

}  // namespace genkit::internal

#endif  // GENKIT_SRC_SCHEMA_DRAFT7_DOCUMENTS_H_
