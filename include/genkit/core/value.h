#ifndef GENKIT_CORE_VALUE_H_
#define GENKIT_CORE_VALUE_H_

#include <memory>
#include <optional>
#include <string>
#include <utility>

#include <genkit/schema/schema.h>

namespace genkit::internal {

/// A value that the core passes on without knowing its type: JSON is one type among others. Refers, does not own.
/// `type == nullptr` means that there is no value (void).
struct ValueRef {
  const void* object = nullptr;
  const TypeInfo* type = nullptr;
  /// Nobody looks at the object after the call that it is passed to, which may move from it.
  bool expiring = false;

  template <class T>
  static ValueRef of(const T& value) {
    return {&value, &type_info<T>()};
  }
  template <class T>
  static ValueRef expiring_of(T& value) {
    return {&value, &type_info<T>(), true};
  }
  Json to_json() const;
  void append_text(std::string& out) const;
};

/// The same, owned.
class Value {
 public:
  Value() noexcept = default;
  ~Value() { reset(); }
  Value(Value&& other) noexcept : storage_(std::exchange(other.storage_, nullptr)), type_(std::exchange(other.type_, nullptr)) {}
  Value& operator=(Value&& other) noexcept {
    if (this != &other) {
      reset();
      storage_ = std::exchange(other.storage_, nullptr);
      type_ = std::exchange(other.type_, nullptr);
    }
    return *this;
  }

  template <class T>
  static Value of(T value) {
    return Value(type_info<T>(), &value);
  }
  /// A default-constructed object of `type`.
  static Value make(const TypeInfo& type) { return Value(type, nullptr); }
  static Value copy_of(ValueRef ref);
  /// Moved out of what is expiring, else a copy.
  static Value take_from(ValueRef ref);

  bool has_value() const noexcept { return type_ != nullptr; }
  ValueRef ref() const noexcept { return {storage_, type_}; }
  void* object() noexcept { return storage_; }
  const TypeInfo* type() const noexcept { return type_; }

  /// The object as a T: moved out when it is one, else converted by way of JSON (throws INVALID_ARGUMENT when it does not fit).
  template <class T>
  T take() {
    if (type_ == &type_info<T>()) return std::move(*static_cast<T*>(storage_));
    return from_json<T>(ref().to_json());
  }

 private:
  Value(const TypeInfo& type, void* move_from);
  void reset() noexcept;

  void* storage_ = nullptr;
  const TypeInfo* type_ = nullptr;
};

/// The object that `ref` refers to as a T: moved from when it is expiring, else copied or converted.
template <class T>
T take_as(ValueRef ref) {
  if (ref.type != &type_info<T>()) return from_json<T>(ref.to_json());
  if (ref.expiring) return std::move(*static_cast<T*>(const_cast<void*>(ref.object)));
  return *static_cast<const T*>(ref.object);
}

/// The same, into an object that is there.
template <class T>
void take_into(ValueRef ref, T& object) {
  if (ref.type != &type_info<T>()) {
    object = from_json<T>(ref.to_json());
  } else if (ref.expiring) {
    T& source = *static_cast<T*>(const_cast<void*>(ref.object));
    if constexpr (requires { genkit_take_over(object, source); }) {
      genkit_take_over(object, source);
    } else {
      object = std::move(source);
    }
  } else {
    object = *static_cast<const T*>(ref.object);
  }
}

/// `ref` as a `const T&`: the object itself when it is one, else a conversion that is kept in `storage`.
template <class T>
const T& view_as(ValueRef ref, std::optional<T>& storage) {
  if (ref.type == &type_info<T>()) return *static_cast<const T*>(ref.object);
  storage.emplace(from_json<T>(ref.to_json()));
  return *storage;
}

}  // namespace genkit::internal

#endif  // GENKIT_CORE_VALUE_H_
