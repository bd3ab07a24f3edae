#include "schema/schema_builder.h"

#include <algorithm>

#include <genkit/schema/type_kinds.h>

namespace genkit::internal {
namespace {

bool contains_itself(const TypeInfo& type) {
  for (std::size_t c = 0; const TypeInfo* child = type.child(c); ++c) {
    if (any_type_inside(*child, [&](const TypeInfo& inside) { return &inside == &type; })) return true;
  }
  return false;
}

}  // namespace

Json SchemaBuilder::build(const TypeInfo& root) {
  SchemaBuilder builder;
  JsonObject schema;
  root.write_schema(builder, schema);
  if (!builder.definitions_.empty()) schema["definitions"] = std::move(builder.definitions_);
  return schema;
}

void SchemaBuilder::write(const TypeInfo& type, JsonObject& schema) {
  if (dynamic_cast<const ObjectInfo*>(&type) != nullptr && contains_itself(type)) {
    schema["$ref"] = "#/definitions/" + define(type);
  } else {
    type.write_schema(*this, schema);
  }
}

JsonObject SchemaBuilder::schema_of(const TypeInfo& type) {
  JsonObject schema;
  write(type, schema);
  return schema;
}

const std::string& SchemaBuilder::define(const TypeInfo& type) {
  auto known = std::find_if(names_.begin(), names_.end(), [&](const auto& entry) { return entry.first == &type; });
  if (known != names_.end()) return known->second;

  const std::string name = type.name();
  std::string unique = name;
  for (int n = 2; definitions_.contains(unique); ++n) unique = name + std::to_string(n);
  names_.emplace_back(&type, unique);
  definitions_[unique] = nullptr;  // takes the name and its place before the types inside take theirs
  JsonObject body;
  type.write_schema(*this, body);
  definitions_[unique] = std::move(body);
  // The types inside may have moved the entries of names_.
  return std::find_if(names_.begin(), names_.end(), [&](const auto& entry) { return entry.first == &type; })->second;
}

}  // namespace genkit::internal
