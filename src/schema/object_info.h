#ifndef GENKIT_SRC_SCHEMA_OBJECT_INFO_H_
#define GENKIT_SRC_SCHEMA_OBJECT_INFO_H_

#include <cstdint>
#include <cstring>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <genkit/schema/type_kinds.h>

#include "schema/constraints.h"

namespace genkit::internal {

/// A member of a struct, made ready for reading and writing.
struct ObjectInfo::Member {
  std::string key;
  std::string prefix;  ///< `,"key":`
  std::size_t offset = 0;
  const TypeInfo* type = nullptr;
  bool required = true;
  bool omit_empty = false;
  bool may_be_absent = false;  ///< not required, and of a type that has an absent value
  bool is_boxed = false;       ///< and a pointer, null when it is absent
  bool check_inside = false;   ///< types inside have constraints
  std::unique_ptr<const Constraints> constraints;
  std::optional<Json> default_value;  ///< for the schema
  bool default_is_described = false;  ///< and to be decoded when the member is missing
  std::string description;
  std::string format;
  JsonArray examples;

  const void* in(const void* object) const { return static_cast<const char*>(object) + offset; }
  void* in(void* object) const { return static_cast<char*>(object) + offset; }
  bool is_left_out(const void* object) const {
    if (is_boxed) return is_null_pointer(in(object));
    return (may_be_absent && type->is_absent(in(object))) || (omit_empty && type->is_empty(in(object)));
  }
  static bool is_null_pointer(const void* pointer) {
    const void* value = nullptr;
    std::memcpy(&value, pointer, sizeof value);
    return value == nullptr;
  }
  bool check(const void* object, const Place& place, Issues& issues) const;
};

struct ObjectInfo::Compiled {
  static constexpr std::size_t kNone = static_cast<std::size_t>(-1);

  std::vector<Member> members;  ///< without ExtraMembers
  std::optional<std::size_t> extra_offset;
  bool open = false;
  bool has_constraints = false;
  bool has_constants = false;
  std::string title;
  std::string description;

  /// The member with this key; looks first where it would be if JSON had the order of the struct.
  std::size_t find(std::string_view key, std::size_t expected) const {
    if (expected < members.size() && members[expected].key == key) return expected;
    for (std::size_t i = 0; i < members.size(); ++i) {
      if (members[i].key == key) return i;
    }
    return kNone;
  }
  const JsonObject& extra_in(const void* object) const {
    return *reinterpret_cast<const JsonObject*>(static_cast<const char*>(object) + *extra_offset);
  }
  JsonObject& extra_in(void* object) const { return *reinterpret_cast<JsonObject*>(static_cast<char*>(object) + *extra_offset); }
};

}  // namespace genkit::internal

#endif  // GENKIT_SRC_SCHEMA_OBJECT_INFO_H_
