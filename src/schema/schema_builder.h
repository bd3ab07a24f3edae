#ifndef GENKIT_SRC_SCHEMA_SCHEMA_BUILDER_H_
#define GENKIT_SRC_SCHEMA_SCHEMA_BUILDER_H_

#include <string>
#include <utility>
#include <vector>

#include <genkit/schema/type_info.h>

namespace genkit::internal {

/// Writes the schema of one type. Types inside are written where they occur; only types that contain themselves go into
/// "definitions". The root stays an object with properties even then, as tools of models must have one.
class SchemaBuilder {
 public:
  static Json build(const TypeInfo& root);

  /// The schema of a type that occurs in another one.
  void write(const TypeInfo& type, JsonObject& schema);
  JsonObject schema_of(const TypeInfo& type);

 private:
  const std::string& define(const TypeInfo& type);

  JsonObject definitions_;
  std::vector<std::pair<const TypeInfo*, std::string>> names_;
};

/// True when `type` or a type inside it satisfies `predicate`, which is asked once for each.
template <class Predicate>
bool any_type_inside(const TypeInfo& type, const Predicate& predicate) {
  std::vector<const TypeInfo*> seen = {&type};
  for (std::size_t i = 0; i < seen.size(); ++i) {
    if (predicate(*seen[i])) return true;
    for (std::size_t c = 0; const TypeInfo* child = seen[i]->child(c); ++c) {
      bool known = false;
      for (const TypeInfo* other : seen) known = known || other == child;
      if (!known) seen.push_back(child);
    }
  }
  return false;
}

}  // namespace genkit::internal

#endif  // GENKIT_SRC_SCHEMA_SCHEMA_BUILDER_H_
