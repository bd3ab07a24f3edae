#ifndef GENKIT_SCHEMA_TYPE_INFO_H_
#define GENKIT_SCHEMA_TYPE_INFO_H_

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <genkit/base/error.h>
#include <genkit/base/json.h>

namespace genkit::internal {

class Place;
class TypeInfo;
class Issues;
class JsonSink;
class SchemaBuilder;
struct ConstraintView;

/// One reason why a value does not fit a type. `path` is a JSON pointer ("/ingredients/1/quantity", "" for the value itself).
struct TypeIssue {
  std::string path;
  std::string message;
};

/// What can be done to the storage of a C++ object; one function per type does it all.
enum class LifeOp : unsigned char { kDefaultConstruct, kMoveConstruct, kCopyConstruct, kCopyAssign, kDestroy };

/// How a value of a type can be filled while its JSON is still arriving.
enum class Filling : unsigned char {
  kWhole,    ///< not before all of it is there
  kText,     ///< a std::string, which grows
  kMembers,  ///< member by member
  kItems,    ///< item by item, each in its place
  kAddition  ///< item by item, each when it is complete
};

/// Where a part of a value goes; without a type: nowhere.
struct FillTarget {
  const TypeInfo* type = nullptr;
  void* object = nullptr;
};

/// The facts about a C++ type that every descriptor holds.
struct TypeLife {
  std::size_t size;
  std::size_t alignment;
  bool copyable;  ///< the copy operations work; otherwise descriptors copy what is inside
  void (*run)(LifeOp op, void* to, void* from);
};

/// How the untyped core handles values of one C++ type. One immutable instance per type, alive until the process ends.
/// Instances are constants that the templates of reflect.h fill in; all algorithms are compiled in the library.
class TypeInfo {
 public:
  TypeInfo(const TypeInfo&) = delete;
  TypeInfo& operator=(const TypeInfo&) = delete;

  /// Draft-07, built once; self-contained (recursive types use "$ref" into "definitions").
  const Json& schema() const { return *schema_holder(); }
  /// The same, shared: actions keep it without copying.
  std::shared_ptr<const Json> shared_schema() const { return schema_holder(); }

  /// Throws INVALID_ARGUMENT for what JSON cannot hold: an enum value without a name, more than kMaxDepth levels.
  void encode(const void* object, Json& json) const { encode_at(object, json, 0); }
  /// The JSON text of the object without building a tree; equal to `to_text(encode(object))`.
  void append_text(const void* object, std::string& out) const;
  /// Decodes into an existing, default-constructed object; adds an issue for everything that does not fit, constraints included
  /// (at most kMaxIssues).
  bool decode(const Json& json, void* object, std::vector<TypeIssue>& issues) const;
  /// Checks only what C++ types cannot guarantee: `describe`d limits, lengths, patterns. True when there is nothing to complain
  /// about; `has_constraints()` false means that it need not be called.
  bool check(const void* object, std::vector<TypeIssue>& issues) const;
  virtual bool has_constraints() const { return false; }

  /// Life of an object whose type is known only here. Copies are deep: what a unique_ptr owns is copied too.
  std::size_t size() const { return life_.size; }
  std::size_t alignment() const { return life_.alignment; }
  void default_construct(void* storage) const { life_.run(LifeOp::kDefaultConstruct, storage, nullptr); }
  void move_construct(void* storage, void* from) const { life_.run(LifeOp::kMoveConstruct, storage, from); }
  void copy_construct(void* storage, const void* from) const;
  void destroy(void* object) const noexcept { life_.run(LifeOp::kDestroy, object, nullptr); }

  /// True for `Json` itself, for which encoding and decoding are copies and `schema()` is `{}` (anything).
  virtual bool is_json() const { return false; }

  /// Deepest nesting of values of recursive types, the same as that of parsed JSON.
  static constexpr int kMaxDepth = 256;
  static constexpr std::size_t kMaxIssues = 100;

  /// The steps that descriptors take on each other.
  virtual void encode_at(const void* object, Json& json, int depth) const = 0;
  virtual void append_at(const void* object, JsonSink& sink, int depth) const = 0;
  virtual bool decode_at(const Json& json, void* object, const Place& place, Issues& issues) const = 0;
  /// Makes a default-constructed object equal to `from`.
  virtual void copy_at(const void* from, void* to) const;
  virtual bool check_at(const void* object, const Place& place, Issues& issues) const;
  virtual void write_schema(SchemaBuilder& builder, JsonObject& schema) const = 0;
  /// What `describe`d limits apply to: the number, the text, the length of the array.
  virtual ConstraintView constraint_view(const void* object) const;
  /// Filling an object part by part; `ValueFiller` is the one that does it.
  virtual Filling filling() const { return Filling::kWhole; }
  /// The object that takes what is no null: itself, or what an optional then holds.
  virtual FillTarget fill_target(void* object) const { return {this, object}; }
  /// Removes all items, text or entries.
  virtual void fill_clear(void* object) const;
  virtual FillTarget fill_member(void* object, std::string_view key, std::size_t index) const;
  virtual FillTarget fill_item(void* object, std::size_t index) const;
  virtual void fill_add(void* object, const Json& item) const;
  /// All of `json` has been filled in: what is missing in it gets its default.
  virtual void fill_end(void* object, const Json& json) const;
  /// The types that values of this one contain, each by index; nullptr after the last.
  virtual const TypeInfo* child(std::size_t index) const;
  /// A value for which a member that is not required is left out: an empty optional, a null.
  virtual bool is_absent(const void* object) const;
  /// What `omit_empty()` leaves out: false, 0, "", [], {}, null.
  virtual bool is_empty(const void* object) const = 0;
  /// True for types whose null means absent, so that a member of this type is not required.
  virtual bool is_optional() const { return false; }
  /// Limits of its own, not of the types inside.
  virtual bool has_own_constraints() const { return false; }
  /// The name of the type in "definitions" and messages.
  virtual std::string name() const = 0;

 protected:
  explicit constexpr TypeInfo(const TypeLife& life) : life_(life) {}
  ~TypeInfo() = default;

 private:
  const std::shared_ptr<const Json>& schema_holder() const;

  const TypeLife& life_;
  mutable std::atomic<const std::shared_ptr<const Json>*> schema_ = nullptr;
};

/// The descriptor of T. Types that cannot be described do not compile: one readable line says why.
template <class T>
const TypeInfo& type_info();

/// Throws INVALID_ARGUMENT that lists all issues, see `from_json`.
void decode_or_throw(const TypeInfo& type, const Json& json, void* object);

/// "a.b[1]: message" lines joined by "\n"; a single issue is a single line.
std::string format_issues(const std::vector<TypeIssue>& issues);

}  // namespace genkit::internal

#endif  // GENKIT_SCHEMA_TYPE_INFO_H_
