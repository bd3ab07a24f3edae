#ifndef GENKIT_SCHEMA_TYPE_KINDS_H_
#define GENKIT_SCHEMA_TYPE_KINDS_H_

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include <genkit/schema/describe.h>
#include <genkit/schema/type_info.h>

/// The kinds of types that JSON can hold. Each takes a handful of functions that know the C++ type; all else is in the library.
namespace genkit::internal {

#define GENKIT_INTERNAL_TYPE_INFO_STEPS                                                              \
  void encode_at(const void* object, Json& json, int depth) const override;                          \
  void append_at(const void* object, JsonSink& sink, int depth) const override;                      \
  bool decode_at(const Json& json, void* object, const Place& place, Issues& issues) const override; \
  void write_schema(SchemaBuilder& builder, JsonObject& schema) const override;                      \
  bool is_empty(const void* object) const override;                                                  \
  std::string name() const override

/// null, for std::nullptr_t and std::monostate.
class NullInfo final : public TypeInfo {
 public:
  explicit constexpr NullInfo(const TypeLife& life) : TypeInfo(life) {}
  GENKIT_INTERNAL_TYPE_INFO_STEPS;
  bool is_absent(const void* object) const override;
};

class BoolInfo final : public TypeInfo {
 public:
  explicit constexpr BoolInfo(const TypeLife& life) : TypeInfo(life) {}
  GENKIT_INTERNAL_TYPE_INFO_STEPS;
};

/// Every integer type, told apart by size and sign.
class IntegerInfo final : public TypeInfo {
 public:
  constexpr IntegerInfo(const TypeLife& life, bool is_signed) : TypeInfo(life), is_signed_(is_signed) {}
  GENKIT_INTERNAL_TYPE_INFO_STEPS;
  ConstraintView constraint_view(const void* object) const override;

 private:
  bool is_signed_;
};

/// float and double, told apart by size.
class RealInfo final : public TypeInfo {
 public:
  explicit constexpr RealInfo(const TypeLife& life) : TypeInfo(life) {}
  GENKIT_INTERNAL_TYPE_INFO_STEPS;
  ConstraintView constraint_view(const void* object) const override;
};

class StringInfo final : public TypeInfo {
 public:
  explicit constexpr StringInfo(const TypeLife& life) : TypeInfo(life) {}
  GENKIT_INTERNAL_TYPE_INFO_STEPS;
  ConstraintView constraint_view(const void* object) const override;
  Filling filling() const override { return Filling::kText; }
  void fill_clear(void* object) const override;
};

class JsonInfo final : public TypeInfo {
 public:
  explicit constexpr JsonInfo(const TypeLife& life) : TypeInfo(life) {}
  GENKIT_INTERNAL_TYPE_INFO_STEPS;
  bool is_json() const override { return true; }
  bool is_absent(const void* object) const override;
};

/// SharedJson: any JSON.
class SharedJsonInfo final : public TypeInfo {
 public:
  explicit constexpr SharedJsonInfo(const TypeLife& life) : TypeInfo(life) {}
  GENKIT_INTERNAL_TYPE_INFO_STEPS;
  bool is_absent(const void* object) const override;
};

/// JsonObject: an object with any members.
class JsonObjectInfo final : public TypeInfo {
 public:
  explicit constexpr JsonObjectInfo(const TypeLife& life) : TypeInfo(life) {}
  GENKIT_INTERNAL_TYPE_INFO_STEPS;
};

/// JsonArray: an array of anything.
class JsonArrayInfo final : public TypeInfo {
 public:
  explicit constexpr JsonArrayInfo(const TypeLife& life) : TypeInfo(life) {}
  GENKIT_INTERNAL_TYPE_INFO_STEPS;
  ConstraintView constraint_view(const void* object) const override;
};

/// Types that are text in JSON, such as dates: `append` prints without quotes, `parse` returns why it does not take the text.
class TextInfo final : public TypeInfo {
 public:
  using Append = void (*)(const void* object, std::string& out);
  using Parse = const char* (*)(std::string_view text, void* object);

  /// Schemas show `format`, or `pattern` instead where there is one.
  constexpr TextInfo(const TypeLife& life, std::string_view format, std::string_view pattern, Append append, Parse parse)
      : TypeInfo(life), format_(format), pattern_(pattern), append_(append), parse_(parse) {}
  GENKIT_INTERNAL_TYPE_INFO_STEPS;

 private:
  std::string_view format_;
  std::string_view pattern_;
  Append append_;
  Parse parse_;
};

/// An enum: a string in JSON. The names come from the compiler, or from `describe`.
class EnumInfo final : public TypeInfo {
 public:
  struct Table {
    const char* type_name;  ///< what the compiler prints for the type
    const char* names;      ///< what it prints for the values from `first` on, or nullptr
    std::int64_t first;
    std::size_t count;        ///< of printed values or labels
    const EnumLabel* labels;  ///< from `describe`, or nullptr
    std::string_view description;
    bool is_signed;
  };
  constexpr EnumInfo(const TypeLife& life, const Table& table) : TypeInfo(life), table_(table) {}
  GENKIT_INTERNAL_TYPE_INFO_STEPS;

  /// The text of a value; nullptr when it has none.
  const std::string* label_of(std::int64_t value) const;

 private:
  struct Compiled;
  const Compiled& compiled() const;
  const std::string& label_in(const void* object) const;

  const Table& table_;
  mutable std::atomic<const Compiled*> compiled_ = nullptr;
};

/// optional, Boxed, unique_ptr, shared_ptr: a value or null.
class OptionalInfo final : public TypeInfo {
 public:
  enum class Op : unsigned char { kGet, kEmplace, kReset };
  using Access = void* (*)(Op op, void* optional);  // the value or nullptr

  /// `is_pointer`: the object is one pointer, which is null when there is no value.
  constexpr OptionalInfo(const TypeLife& life, const TypeInfo& value, Access access, bool is_pointer)
      : TypeInfo(life), value_(value), access_(access), is_pointer_(is_pointer) {}
  GENKIT_INTERNAL_TYPE_INFO_STEPS;
  void copy_at(const void* from, void* to) const override;
  bool has_constraints() const override;
  bool check_at(const void* object, const Place& place, Issues& issues) const override;
  ConstraintView constraint_view(const void* object) const override;
  const TypeInfo* child(std::size_t index) const override { return index == 0 ? &value_ : nullptr; }
  bool is_absent(const void* object) const override { return get(object) == nullptr; }
  bool is_optional() const override { return true; }
  bool is_pointer() const { return is_pointer_; }
  FillTarget fill_target(void* object) const override;

 private:
  const void* get(const void* object) const { return access_(Op::kGet, const_cast<void*>(object)); }

  const TypeInfo& value_;
  Access access_;
  bool is_pointer_;
};

/// vector, array and C arrays: elements side by side in memory.
class ArrayInfo final : public TypeInfo {
 public:
  struct Slice {
    void* data;
    std::size_t size;
  };
  static constexpr std::size_t kGet = static_cast<std::size_t>(-1);
  using Access = Slice (*)(void* array, std::size_t new_size);  // resizes unless new_size is kGet

  /// `fixed_size` is 0 for arrays that grow.
  constexpr ArrayInfo(const TypeLife& life, const TypeInfo& element, Access access, bool is_fixed, std::size_t fixed_size)
      : TypeInfo(life), element_(element), access_(access), is_fixed_(is_fixed), fixed_size_(fixed_size) {}
  GENKIT_INTERNAL_TYPE_INFO_STEPS;
  void copy_at(const void* from, void* to) const override;
  bool has_constraints() const override;
  bool check_at(const void* object, const Place& place, Issues& issues) const override;
  ConstraintView constraint_view(const void* object) const override;
  const TypeInfo* child(std::size_t index) const override { return index == 0 ? &element_ : nullptr; }
  Filling filling() const override { return Filling::kItems; }
  void fill_clear(void* object) const override;
  FillTarget fill_item(void* object, std::size_t index) const override;

 private:
  Slice get(const void* object) const { return access_(const_cast<void*>(object), kGet); }

  const TypeInfo& element_;
  Access access_;
  bool is_fixed_;
  std::size_t fixed_size_;
};

/// vector<bool>, set, unordered_set, deque, list: elements that come one at a time.
class CollectionInfo final : public TypeInfo {
 public:
  using Visitor = void (*)(void* context, const void* element);
  struct Table {
    std::size_t (*size)(const void* collection);
    void (*visit)(const void* collection, Visitor visitor, void* context);
    void (*clear)(void* collection);
    bool (*add)(void* collection, void* element);  // moves the element in; false when a set has it already
    bool is_set;
  };
  constexpr CollectionInfo(const TypeLife& life, const TypeInfo& element, const Table& table)
      : TypeInfo(life), element_(element), table_(table) {}
  GENKIT_INTERNAL_TYPE_INFO_STEPS;
  void copy_at(const void* from, void* to) const override;
  bool has_constraints() const override;
  bool check_at(const void* object, const Place& place, Issues& issues) const override;
  ConstraintView constraint_view(const void* object) const override;
  const TypeInfo* child(std::size_t index) const override { return index == 0 ? &element_ : nullptr; }
  Filling filling() const override { return Filling::kAddition; }
  void fill_clear(void* object) const override;
  void fill_add(void* object, const Json& item) const override;

 private:
  const TypeInfo& element_;
  const Table& table_;
};

/// map<string, T> and its kin: an object with any keys.
class MapInfo final : public TypeInfo {
 public:
  using Visitor = void (*)(void* context, std::string_view key, const void* value);
  struct Table {
    std::size_t (*size)(const void* map);
    void (*visit)(const void* map, Visitor visitor, void* context);
    void (*clear)(void* map);
    void* (*insert)(void* map, std::string_view key);  // where the value is
  };
  constexpr MapInfo(const TypeLife& life, const TypeInfo& value, const Table& table)
      : TypeInfo(life), value_(value), table_(table) {}
  GENKIT_INTERNAL_TYPE_INFO_STEPS;
  void copy_at(const void* from, void* to) const override;
  bool has_constraints() const override;
  bool check_at(const void* object, const Place& place, Issues& issues) const override;
  const TypeInfo* child(std::size_t index) const override { return index == 0 ? &value_ : nullptr; }
  Filling filling() const override { return Filling::kMembers; }
  void fill_clear(void* object) const override;
  FillTarget fill_member(void* object, std::string_view key, std::size_t index) const override;

 private:
  const TypeInfo& value_;
  const Table& table_;
};

/// pair and tuple: an array with a type for each place.
class TupleInfo final : public TypeInfo {
 public:
  using Addresses = void (*)(const void* tuple, const void** out);

  constexpr TupleInfo(const TypeLife& life, const TypeInfo* const* types, std::size_t count, Addresses addresses)
      : TypeInfo(life), types_(types), count_(count), addresses_(addresses) {}
  GENKIT_INTERNAL_TYPE_INFO_STEPS;
  void copy_at(const void* from, void* to) const override;
  bool has_constraints() const override;
  bool check_at(const void* object, const Place& place, Issues& issues) const override;
  const TypeInfo* child(std::size_t index) const override { return index < count_ ? types_[index] : nullptr; }

  static constexpr std::size_t kCapacity = 16;
  Filling filling() const override { return Filling::kItems; }
  FillTarget fill_item(void* object, std::size_t index) const override;

 private:
  const TypeInfo* const* types_;
  std::size_t count_;
  Addresses addresses_;
};

/// variant: any of its alternatives; JSON is read as the first one that fits.
class VariantInfo final : public TypeInfo {
 public:
  struct Held {
    void* value;
    std::size_t index;
  };
  static constexpr std::size_t kGet = static_cast<std::size_t>(-1);
  using Access = Held (*)(void* variant, std::size_t emplace);  // emplaces that alternative unless it is kGet

  constexpr VariantInfo(const TypeLife& life, const TypeInfo* const* types, std::size_t count, Access access)
      : TypeInfo(life), types_(types), count_(count), access_(access) {}
  GENKIT_INTERNAL_TYPE_INFO_STEPS;
  void copy_at(const void* from, void* to) const override;
  bool has_constraints() const override;
  bool check_at(const void* object, const Place& place, Issues& issues) const override;
  ConstraintView constraint_view(const void* object) const override;
  const TypeInfo* child(std::size_t index) const override { return index < count_ ? types_[index] : nullptr; }
  bool is_absent(const void* object) const override;

 private:
  Held get(const void* object) const { return access_(const_cast<void*>(object), kGet); }

  const TypeInfo* const* types_;
  std::size_t count_;
  Access access_;
};

/// A struct or class: an object with a member for each field.
class ObjectInfo final : public TypeInfo {
 public:
  static constexpr std::size_t kCapacity = 64;

  struct Table {
    const char* type_name;  ///< what the compiler prints for the type
    const char* names;      ///< what it prints for pointers to the members, or "first_, second_"
    bool names_are_listed;
    std::size_t count;
    const TypeInfo* const* types;
    void (*addresses)(void* object, const void** out);
    const FieldOptions* fields;  ///< from `describe`
    std::size_t field_count;
    const TypeOptions* options;
  };
  constexpr ObjectInfo(const TypeLife& life, const Table& table) : TypeInfo(life), table_(table) {}
  GENKIT_INTERNAL_TYPE_INFO_STEPS;
  void copy_at(const void* from, void* to) const override;
  bool has_constraints() const override;
  bool check_at(const void* object, const Place& place, Issues& issues) const override;
  const TypeInfo* child(std::size_t index) const override { return index < table_.count ? table_.types[index] : nullptr; }
  bool has_own_constraints() const override;
  Filling filling() const override { return Filling::kMembers; }
  FillTarget fill_member(void* object, std::string_view key, std::size_t index) const override;
  void fill_end(void* object, const Json& json) const override;

 private:
  struct Member;
  struct Compiled;
  class Compiler;
  const Compiled& compiled() const {
    const Compiled* known = compiled_.load(std::memory_order_acquire);
    return known != nullptr ? *known : compile();
  }
  const Compiled& compile() const;
  void append_extra(const void* object, JsonSink& sink, bool first) const;
  bool decode_member(const Member& member, const Json& json, void* object, const Place& place, Issues& issues) const;
  bool take_unknown(std::string_view key, const Json& json, void* object, const Place& place, Issues& issues) const;
  bool fill_missing(std::uint64_t seen, void* object, const Place& place, Issues& issues) const;
  static Json member_schema(const Member& member, SchemaBuilder& builder);

  const Table& table_;
  mutable std::atomic<const Compiled*> compiled_ = nullptr;
};

#undef GENKIT_INTERNAL_TYPE_INFO_STEPS

}  // namespace genkit::internal

#endif  // GENKIT_SCHEMA_TYPE_KINDS_H_
