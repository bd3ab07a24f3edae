#ifndef GENKIT_SCHEMA_DESCRIBABLE_H_
#define GENKIT_SCHEMA_DESCRIBABLE_H_

#include <array>
#include <memory>
#include <optional>
#include <string>
#include <type_traits>
#include <variant>
#include <vector>

#include <genkit/schema/reflect.h>

/// Asks whether a type can be described, without the compile error of one that cannot. For values that are shown when they can
/// be, such as the result of a step.
namespace genkit::internal {

template <class T, class... Outer>
consteval bool is_describable();

template <class... Outer, class... M>
consteval bool are_describable(TypeList<M...>*) {
  return (is_describable<M, Outer...>() && ...);
}

template <class T>
struct IsDescribableContainer : std::false_type {};
template <class T>
struct IsDescribableContainer<std::optional<T>> : std::bool_constant<is_describable<T>()> {};
template <class T>
struct IsDescribableContainer<Boxed<T>> : std::bool_constant<is_describable<T>()> {};
template <class T>
struct IsDescribableContainer<std::unique_ptr<T>> : std::bool_constant<is_describable<T>()> {};
template <class T>
struct IsDescribableContainer<std::shared_ptr<T>> : std::bool_constant<is_describable<T>()> {};
template <class T>
struct IsDescribableContainer<std::vector<T>> : std::bool_constant<is_describable<T>()> {};
template <class T, std::size_t N>
struct IsDescribableContainer<std::array<T, N>> : std::bool_constant<is_describable<T>()> {};
template <class... T>
struct IsDescribableContainer<std::variant<T...>> : std::bool_constant<(is_describable<T>() && ...)> {};

template <class T>
consteval bool is_describable_class() {
  if constexpr (std::is_same_v<T, std::string> || std::is_same_v<T, Json> || std::is_same_v<T, SharedJson>) {
    return true;
  } else if constexpr (requires { typename T::mapped_type; }) {
    return std::is_same_v<typename T::key_type, std::string> && is_describable<typename T::mapped_type>();
  } else {
    return IsDescribableContainer<T>::value || ClassAccess::describes<T>();
  }
}

/// `Outer` are the structs that T is a member of: one that comes again is recursive, and as good as the rest of it.
template <class T, class... Outer>
consteval bool is_describable() {
  if constexpr ((std::is_same_v<T, Outer> || ...)) {
    return true;
  } else if constexpr (std::is_arithmetic_v<T>) {
    return !std::is_same_v<T, char> && !std::is_same_v<T, wchar_t> && !std::is_same_v<T, char8_t> &&
           !std::is_same_v<T, char16_t> && !std::is_same_v<T, char32_t>;
  } else if constexpr (std::is_enum_v<T>) {
    return true;
  } else if constexpr (!std::is_class_v<T> || !std::is_move_constructible_v<T>) {
    return false;
  } else if constexpr (is_describable_class<T>()) {
    return true;
  } else if constexpr (!std::is_aggregate_v<T> || !std::is_default_constructible_v<T>) {
    return false;
  } else if constexpr (requires { T{AnyBaseOf<T>{}}; } || Binder<ObjectInfo::kCapacity + 1>::template fits<T>) {
    return false;
  } else {
    return are_describable<T, Outer...>(static_cast<decltype(AggregateShape<T>::list(AggregateShape<T>::kBound))>(nullptr));
  }
}

template <class T>
inline constexpr bool is_describable_v = is_describable<T>();

}  // namespace genkit::internal

#endif  // GENKIT_SCHEMA_DESCRIBABLE_H_
