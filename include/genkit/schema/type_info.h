#ifndef GENKIT_SCHEMA_TYPE_INFO_H_
#define GENKIT_SCHEMA_TYPE_INFO_H_

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <genkit/base/error.h>
#include <genkit/base/json.h>

namespace genkit::internal {

/// One reason why a value does not fit a type. `path` is a JSON pointer ("/ingredients/1/quantity", "" for the value itself).
struct TypeIssue {
  std::string path;
  std::string message;
};

/// How the untyped core handles values of one C++ type. One immutable instance per type, alive until the process ends.
class TypeInfo {
 public:
  virtual ~TypeInfo() = default;

  /// Draft-07, built once; self-contained (recursive types use "$ref" into "definitions").
  virtual const Json& schema() const = 0;
  /// The same, shared: actions keep it without copying.
  virtual std::shared_ptr<const Json> shared_schema() const = 0;
  virtual void encode(const void* object, Json& json) const = 0;
  /// The JSON text of the object without building a tree; equal to `to_text(encode(object))`.
  virtual void append_text(const void* object, std::string& out) const = 0;
  /// Decodes into an existing, default-constructed object; adds an issue for everything that does not fit, constraints included.
  virtual bool decode(const Json& json, void* object, std::vector<TypeIssue>& issues) const = 0;
  /// Checks only what C++ types cannot guarantee: `describe`d limits, lengths, patterns. True when there is nothing to complain
  /// about; `has_constraints()` false means that it need not be called.
  virtual bool check(const void* object, std::vector<TypeIssue>& issues) const = 0;
  virtual bool has_constraints() const = 0;

  /// Life of an object whose type is known only here.
  virtual std::size_t size() const = 0;
  virtual std::size_t alignment() const = 0;
  virtual void default_construct(void* storage) const = 0;
  virtual void move_construct(void* storage, void* from) const = 0;
  virtual void copy_construct(void* storage, const void* from) const = 0;
  virtual void destroy(void* object) const noexcept = 0;

  /// True for `Json` itself, for which encoding and decoding are copies and `schema()` is `{}` (anything).
  virtual bool is_json() const { return false; }
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
