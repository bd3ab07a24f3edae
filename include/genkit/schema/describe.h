#ifndef GENKIT_SCHEMA_DESCRIBE_H_
#define GENKIT_SCHEMA_DESCRIBE_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <type_traits>

#include <genkit/base/json.h>

namespace genkit {

/// Names a type to functions that are found by argument-dependent lookup: `constexpr auto describe(genkit::Type<JokeRequest>)`.
/// Declare `describe` right after the type, before its first use with genkit.
template <class T>
struct Type {
  using type = T;
};

/// A member of this type collects what no other member of its struct takes, and the struct's schema becomes open. Encoding
/// writes the collected members back after the others, each as it came.
struct ExtraMembers {
  JsonObject members;
};

namespace internal {

enum class OptionTag : std::uint8_t {
  kDescription,
  kTitle,
  kKey,
  kMinimum,
  kMaximum,
  kExclusiveMinimum,
  kExclusiveMaximum,
  kMultipleOf,
  kMinLength,
  kMaxLength,
  kPattern,
  kFormat,
  kMinItems,
  kMaxItems,
  kUniqueItems,
  kDefault,
  kConstant,
  kExample,
  kOptional,
  kRequired,
  kOmitEmpty,
  kAllowUnknown,
  kCamelCaseKeys,
};

/// One thing that a description says: a tag and a scalar, small enough to live in a constant table.
struct DescribeOption {
  enum class Kind : std::uint8_t { kNull, kBool, kInt, kUint, kDouble, kString };

  OptionTag tag = OptionTag::kDescription;
  Kind kind = Kind::kNull;
  bool is_enum = false;
  std::uint32_t length = 0;
  union {
    bool boolean;
    std::int64_t integer = 0;
    std::uint64_t natural;
    double real;
    const char* text;
  };

  constexpr DescribeOption() = default;
  template <class V>
  constexpr DescribeOption(OptionTag option_tag, const V& value) : tag(option_tag) {
    if constexpr (std::is_same_v<V, std::nullptr_t>) {
      kind = Kind::kNull;
    } else if constexpr (std::is_same_v<V, bool>) {
      kind = Kind::kBool;
      boolean = value;
    } else if constexpr (std::is_enum_v<V>) {
      kind = Kind::kInt;
      is_enum = true;
      integer = static_cast<std::int64_t>(value);
    } else if constexpr (std::is_integral_v<V> && std::is_signed_v<V>) {
      kind = Kind::kInt;
      integer = value;
    } else if constexpr (std::is_integral_v<V>) {
      kind = Kind::kUint;
      natural = value;
    } else if constexpr (std::is_floating_point_v<V>) {
      kind = Kind::kDouble;
      real = static_cast<double>(value);
    } else {
      static_assert(std::is_convertible_v<const V&, std::string_view>, "genkit: this value must be a scalar or a string");
      std::string_view view = value;
      kind = Kind::kString;
      length = static_cast<std::uint32_t>(view.size());
      text = view.data();
    }
  }
};

/// What is known of one member, whatever its type.
struct FieldOptions {
  static constexpr std::size_t kCapacity = 8;

  const void* (*address)(const void* object) = nullptr;
  std::size_t count = 0;
  std::array<DescribeOption, kCapacity> options{};

  constexpr void add(DescribeOption option) {
    if (count == kCapacity) throw "genkit: a field takes at most 8 options";
    options[count++] = option;
  }
};

struct TypeOptions {
  std::size_t count = 0;
  std::array<DescribeOption, 4> options{};

  constexpr void add(DescribeOption option) { options[count++] = option; }
};

/// The values of a type behind optional<>, pointers that may be null, and the like.
template <class V>
struct Unwrapped {
  using type = V;
};
template <class V>
  requires requires(V value) { *value; } && std::is_class_v<V>
struct Unwrapped<V> {
  using type = std::remove_cvref_t<decltype(*std::declval<V&>())>;
};

template <class V>
inline constexpr bool kIsNumber = std::is_arithmetic_v<V> && !std::is_same_v<V, bool>;
template <class V>
inline constexpr bool kIsText = std::is_convertible_v<const V&, std::string_view>;
template <class V>
inline constexpr bool kIsArray = !kIsText<V> && (std::is_array_v<V> || requires(const V& value) { value.begin(); });

template <auto M>
struct MemberOf;
template <class C, class V, V C::* M>
struct MemberOf<M> {
  using Class = C;
  using Value = V;
  static const void* address(const void* object) { return &(static_cast<const C*>(object)->*M); }
};

}  // namespace internal

/// The description of one member of C, a V, made by `field<&C::member>()`. Every setter returns the field; a limit that does not
/// go with the member's type does not compile. On `optional<X>` the limits are those of the X.
template <class C, class V>
class Field : public internal::FieldOptions {
 public:
  constexpr explicit Field(const void* (*member)(const void*)) { address = member; }

  constexpr Field& description(std::string_view text) { return set(internal::OptionTag::kDescription, text); }
  /// The member's name in JSON, where it differs from the name in C++.
  constexpr Field& key(std::string_view name) { return set(internal::OptionTag::kKey, name); }

  template <class N>
  constexpr Field& minimum(N limit) {
    return set_number(internal::OptionTag::kMinimum, limit);
  }
  template <class N>
  constexpr Field& maximum(N limit) {
    return set_number(internal::OptionTag::kMaximum, limit);
  }
  template <class N>
  constexpr Field& exclusive_minimum(N limit) {
    return set_number(internal::OptionTag::kExclusiveMinimum, limit);
  }
  template <class N>
  constexpr Field& exclusive_maximum(N limit) {
    return set_number(internal::OptionTag::kExclusiveMaximum, limit);
  }
  template <class N>
  constexpr Field& multiple_of(N step) {
    return set_number(internal::OptionTag::kMultipleOf, step);
  }

  /// Lengths count Unicode code points.
  constexpr Field& min_length(std::uint32_t limit) { return set_text(internal::OptionTag::kMinLength, limit); }
  constexpr Field& max_length(std::uint32_t limit) { return set_text(internal::OptionTag::kMaxLength, limit); }
  /// An RE2 expression that must match somewhere in the text; anchor it with ^ and $ to mean all of it.
  constexpr Field& pattern(std::string_view expression) { return set_text(internal::OptionTag::kPattern, expression); }
  /// Tells the reader of the schema what the text is ("email", "uri", …); not checked.
  constexpr Field& format(std::string_view name) { return set_text(internal::OptionTag::kFormat, name); }

  constexpr Field& min_items(std::uint32_t limit) { return set_array(internal::OptionTag::kMinItems, limit); }
  constexpr Field& max_items(std::uint32_t limit) { return set_array(internal::OptionTag::kMaxItems, limit); }
  constexpr Field& unique_items() { return set_array(internal::OptionTag::kUniqueItems, true); }

  /// What the member is when JSON leaves it out. An initialiser in the struct says the same and is the better place.
  template <class D>
  constexpr Field& default_value(const D& value) {
    return set_value(internal::OptionTag::kDefault, value);
  }
  /// The only value that is accepted: what tells the alternatives of a variant apart.
  template <class D>
  constexpr Field& constant(const D& value) {
    return set_value(internal::OptionTag::kConstant, value);
  }
  template <class... D>
  constexpr Field& examples(const D&... values) {
    (set_value(internal::OptionTag::kExample, values), ...);
    return *this;
  }

  /// May be left out, whatever the type: the member then keeps what its initialiser gave it.
  constexpr Field& optional() { return set(internal::OptionTag::kOptional, true); }
  /// Must be there: also members with an initialiser, and optional<>, which is then null when it is empty.
  constexpr Field& required() { return set(internal::OptionTag::kRequired, true); }
  /// May be left out, and is left out when it is false, 0, "", [], {} or null.
  constexpr Field& omit_empty() { return set(internal::OptionTag::kOmitEmpty, true); }

 private:
  using Value = typename internal::Unwrapped<V>::type;

  template <class O>
  constexpr Field& set(internal::OptionTag tag, const O& value) {
    add({tag, value});
    return *this;
  }
  template <class N>
  constexpr Field& set_number(internal::OptionTag tag, N limit) {
    static_assert(internal::kIsNumber<N>, "genkit: a limit of a number must be a number");
    static_assert(internal::kIsNumber<Value>, "genkit: only fields that are numbers have minimum, maximum and multiple_of");
    return set(tag, limit);
  }
  template <class O>
  constexpr Field& set_text(internal::OptionTag tag, const O& value) {
    static_assert(internal::kIsText<Value>, "genkit: only fields that are strings have lengths, pattern and format");
    return set(tag, value);
  }
  template <class O>
  constexpr Field& set_array(internal::OptionTag tag, const O& value) {
    static_assert(internal::kIsArray<Value>, "genkit: only fields that are arrays have min_items, max_items and unique_items");
    return set(tag, value);
  }
  template <class D>
  constexpr Field& set_value(internal::OptionTag tag, const D& value) {
    static_assert(!std::is_enum_v<D> || std::is_same_v<D, Value>, "genkit: this value is of another enum than the field");
    return set(tag, value);
  }
};

/// Describes the member M: `field<&Joke::setup>("The line that sets the joke up").max_length(200)`.
template <auto M>
constexpr auto field(std::string_view description = {}) {
  using Member = internal::MemberOf<M>;
  Field<typename Member::Class, typename Member::Value> result(&Member::address);
  if (!description.empty()) result.description(description);
  return result;
}

/// What `describe` returns for the struct C, made by `fields(...)`; C is void where no member is mentioned.
template <class C, std::size_t N>
struct Fields {
  using Class = C;

  std::array<internal::FieldOptions, N == 0 ? 1 : N> members{};
  internal::TypeOptions type{};

  static constexpr std::size_t kCount = N;

  constexpr Fields& description(std::string_view text) { return set(internal::OptionTag::kDescription, text); }
  constexpr Fields& title(std::string_view text) { return set(internal::OptionTag::kTitle, text); }
  /// Members that the struct does not have are accepted and dropped. `ExtraMembers` keeps them.
  constexpr Fields& allow_unknown() { return set(internal::OptionTag::kAllowUnknown, true); }
  /// `max_words` in C++ is `maxWords` in JSON.
  constexpr Fields& camel_case_keys() { return set(internal::OptionTag::kCamelCaseKeys, true); }

 private:
  template <class O>
  constexpr Fields& set(internal::OptionTag tag, const O& value) {
    type.add({tag, value});
    return *this;
  }
};

/// Describes a struct. Members that are not mentioned keep their names and have no limits:
/// `constexpr auto describe(genkit::Type<Joke>) { return genkit::fields(genkit::field<&Joke::setup>("…")).description("…"); }`
template <class C, class... V>
constexpr auto fields(const Field<C, V>&... members) {
  Fields<C, sizeof...(V)> result;
  result.members = {static_cast<const internal::FieldOptions&>(members)...};
  return result;
}
constexpr auto fields() {
  return Fields<void, 0>();
}

namespace internal {

struct EnumLabel {
  std::int64_t value = 0;
  std::string_view label;
};

}  // namespace internal

/// The JSON text of one enumerator: `value<Color::kRed>("red")`.
template <auto E>
constexpr internal::EnumLabel value(std::string_view label) {
  static_assert(std::is_enum_v<decltype(E)>, "genkit: value<> takes an enumerator");
  return {static_cast<std::int64_t>(E), label};
}

/// What `describe` returns for an enum, made by `enum_values(...)`.
template <std::size_t N>
struct EnumValues {
  std::array<internal::EnumLabel, N> labels{};
  std::string_view text{};

  static constexpr std::size_t kCount = N;

  constexpr EnumValues& description(std::string_view description) {
    text = description;
    return *this;
  }
};

/// Describes an enum: exactly these enumerators, under these names.
template <class... L>
constexpr auto enum_values(const L&... labels) {
  static_assert(sizeof...(L) > 0, "genkit: enum_values needs at least one value");
  return EnumValues<sizeof...(L)>{{labels...}, {}};
}

}  // namespace genkit

/// Makes the private members of a class with a default constructor its JSON members, without their trailing underscores:
/// `GENKIT_DESCRIBE(Account, owner_, balance_)` inside the class. Limits come from a friend `describe` as usual.
#define GENKIT_DESCRIBE(Class, ...)                                          \
  friend struct ::genkit::internal::ClassAccess;                             \
  using GenkitDescribedClass = Class;                                        \
  static constexpr const char* genkit_member_names() {                       \
    return #__VA_ARGS__;                                                     \
  }                                                                          \
  template <class GenkitVisitor>                                             \
  constexpr auto genkit_visit_members(const GenkitVisitor& genkit_visitor) { \
    return genkit_visitor(__VA_ARGS__);                                      \
  }                                                                          \
  static_assert(true, "needs a semicolon after GENKIT_DESCRIBE")

#endif  // GENKIT_SCHEMA_DESCRIBE_H_
