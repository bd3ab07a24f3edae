#ifndef GENKIT_BASE_BOXED_H_
#define GENKIT_BASE_BOXED_H_

#include <concepts>
#include <optional>
#include <type_traits>
#include <utility>

namespace genkit {

template <class T>
class Boxed;

namespace internal {

/// Whether a U is a value for a Boxed<T> rather than another box, an optional or nothing. A concept, because its parts are asked
/// in turn: a T that holds boxes of itself is not complete yet when the copy of a box asks.
template <class U, class T>
concept BoxedValue = !std::same_as<std::remove_cvref_t<U>, Boxed<T>> && !std::same_as<std::remove_cvref_t<U>, std::nullopt_t> &&
                     !std::same_as<std::remove_cvref_t<U>, std::optional<T>> && std::convertible_to<U, T>;

}  // namespace internal

/// What most code needs of a std::optional<T>, copies included, but the value lies on the heap: what is absent takes no more than
/// a pointer. For members that are seldom there, in structs of which there are many. Empty after a move. T may contain itself; as
/// with a unique_ptr, move a part of it out before it is assigned to the whole.
template <class T>
class Boxed {
 public:
  using value_type = T;

  constexpr Boxed() noexcept = default;
  constexpr Boxed(std::nullopt_t) noexcept {}
  Boxed(const Boxed& other) : value_(other.value_ == nullptr ? nullptr : new T(*other.value_)) {}
  Boxed(Boxed&& other) noexcept : value_(std::exchange(other.value_, nullptr)) {}
  Boxed(const std::optional<T>& other) : value_(other ? new T(*other) : nullptr) {}
  Boxed(std::optional<T>&& other) : value_(other ? new T(*std::move(other)) : nullptr) {}
  template <class U = T>
    requires internal::BoxedValue<U, T>
  Boxed(U&& value) : value_(new T(std::forward<U>(value))) {}
  ~Boxed() {
    if (value_ != nullptr) delete value_;
  }

  Boxed& operator=(const Boxed& other) {
    if (this != &other) *this = Boxed(other);
    return *this;
  }
  Boxed& operator=(Boxed&& other) noexcept {
    Boxed old(std::move(other));
    swap(old);
    return *this;
  }

  template <class U = T>
    requires internal::BoxedValue<U, T>
  Boxed& operator=(U&& value) {
    return *this = Boxed(std::forward<U>(value));
  }

  template <class... Arguments>
  T& emplace(Arguments&&... arguments) {
    T* const value = new T(std::forward<Arguments>(arguments)...);
    reset();
    return *(value_ = value);
  }
  void reset() noexcept { delete std::exchange(value_, nullptr); }
  void swap(Boxed& other) noexcept { std::swap(value_, other.value_); }

  bool has_value() const noexcept { return value_ != nullptr; }
  explicit operator bool() const noexcept { return value_ != nullptr; }

  /// Undefined when there is none.
  T& operator*() & noexcept { return *value_; }
  const T& operator*() const& noexcept { return *value_; }
  T&& operator*() && noexcept { return std::move(*value_); }
  T* operator->() noexcept { return value_; }
  const T* operator->() const noexcept { return value_; }

  /// Throws std::bad_optional_access when there is none.
  T& value() & { return *checked(); }
  const T& value() const& { return *checked(); }
  T&& value() && { return std::move(*checked()); }
  template <class U>
  T value_or(U&& other) const {
    return value_ != nullptr ? *value_ : static_cast<T>(std::forward<U>(other));
  }

  operator std::optional<T>() const& { return value_ != nullptr ? std::optional<T>(*value_) : std::nullopt; }
  operator std::optional<T>() && { return value_ != nullptr ? std::optional<T>(std::move(*value_)) : std::nullopt; }

  friend bool operator==(const Boxed& a, const Boxed& b)
    requires std::equality_comparable<T>
  {
    return a.value_ == nullptr || b.value_ == nullptr ? a.value_ == b.value_ : *a.value_ == *b.value_;
  }
  template <class U>
    requires(!std::same_as<U, Boxed> && !std::same_as<U, std::nullopt_t>) && requires(const T& a, const U& b) { a == b; }
  friend bool operator==(const Boxed& a, const U& b) {
    return a.value_ != nullptr && *a.value_ == b;
  }
  friend bool operator==(const Boxed& a, std::nullopt_t) noexcept { return a.value_ == nullptr; }

 private:
  T* checked() const { return value_ != nullptr ? value_ : throw std::bad_optional_access(); }

  T* value_ = nullptr;
};

}  // namespace genkit

#endif  // GENKIT_BASE_BOXED_H_
