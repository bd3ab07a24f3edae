#ifndef GENKIT_BASE_SHARED_JSON_H_
#define GENKIT_BASE_SHARED_JSON_H_

#include <concepts>
#include <cstddef>
#include <initializer_list>
#include <memory>
#include <string_view>
#include <type_traits>
#include <utility>

#include <genkit/base/json.h>

namespace genkit {

/// A JSON value that never changes: copies share it, and its text is made once. For schemas, which go along with every call.
/// Reads like a `const Json` (with `->`), and takes what a Json takes; to change it, assign another. Thread-safe like a
/// shared_ptr. Braces mean what they mean for a Json: `SharedJson b{a}` is an array that holds `a`.
class SharedJson {
 public:
  SharedJson() noexcept = default;  ///< null
  template <class U>
    requires(!std::same_as<std::remove_cvref_t<U>, SharedJson> && std::convertible_to<U, Json>)
  SharedJson(U&& value) : SharedJson(make(Json(std::forward<U>(value)))) {}
  SharedJson(std::initializer_list<boost::json::value_ref> values) : SharedJson(make(Json(values))) {}

  const Json& get() const noexcept;
  operator const Json&() const noexcept { return get(); }
  const Json* operator->() const noexcept { return &get(); }
  const Json& at(std::string_view name) const { return get().at(name); }
  bool is_null() const noexcept { return get().is_null(); }
  /// `to_text` of the value; lives as long as the value.
  std::string_view text() const;

  friend bool operator==(const SharedJson& a, const SharedJson& b) { return a.holder_ == b.holder_ || a.get() == b.get(); }
  friend bool operator==(const SharedJson& a, const Json& b) { return a.get() == b; }
  friend bool operator==(const SharedJson& a, std::nullptr_t) { return a.is_null(); }

 private:
  struct Holder;
  explicit SharedJson(std::shared_ptr<const Holder> holder) noexcept : holder_(std::move(holder)) {}
  static std::shared_ptr<const Holder> make(Json value);

  std::shared_ptr<const Holder> holder_;
};

}  // namespace genkit

#endif  // GENKIT_BASE_SHARED_JSON_H_
