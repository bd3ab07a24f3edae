#ifndef GENKIT_SRC_SCHEMA_CONSTRAINTS_H_
#define GENKIT_SRC_SCHEMA_CONSTRAINTS_H_

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include <genkit/schema/describe.h>
#include <genkit/schema/type_info.h>

namespace re2 {
class RE2;
}

namespace genkit::internal {

/// A value as limits see it.
struct ConstraintView {
  enum class Kind : std::uint8_t { kNone, kInt, kUint, kReal, kText, kItems };

  Kind kind = Kind::kNone;
  std::int64_t integer = 0;
  std::uint64_t natural = 0;  ///< also the number of items
  double real = 0;
  std::string_view text;
};

/// True for options that limit values, rather than tell about them.
bool is_constraint(OptionTag tag) noexcept;

/// The JSON value of an option; for enumerators, `type` knows the text.
Json option_value(const DescribeOption& option, const TypeInfo& type);

/// The limits of one member, ready to be checked.
class Constraints {
 public:
  /// Throws INVALID_ARGUMENT for a pattern that RE2 does not take; `name` says whose it is.
  Constraints(const FieldOptions& options, const TypeInfo& type, const std::string& name);
  ~Constraints();

  bool check(const void* object, const Place& place, Issues& issues) const;
  /// True when only one value is allowed.
  bool has_constant() const noexcept;
  /// Adds the keywords of the limits.
  void write_schema(JsonObject& schema) const;

 private:
  struct Limit {
    OptionTag tag;
    DescribeOption option;
    Json value;
  };

  bool check_limit(const Limit& limit, const ConstraintView& view, const void* object, const Place& place, Issues& issues) const;
  bool check_unique(const void* object, const Place& place, Issues& issues) const;

  const TypeInfo& type_;
  std::vector<Limit> limits_;
  std::unique_ptr<const re2::RE2> pattern_;
};

}  // namespace genkit::internal

#endif  // GENKIT_SRC_SCHEMA_CONSTRAINTS_H_
