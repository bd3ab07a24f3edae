#ifndef GENKIT_PROMPT_HELPER_H_
#define GENKIT_PROMPT_HELPER_H_

#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>
#include <vector>

#include <genkit/base/error.h>
#include <genkit/base/json.h>

namespace genkit {
namespace internal {
class HelperFrame;
}

/// Text that a helper returns and that is never HTML-escaped.
struct SafeText {
  std::string text;
};

/// What the body of a block helper is rendered with, beside its context.
struct HelperBlock {
  /// More `@name` variables for the body: an object, or null.
  const Json* data = nullptr;
  /// The values of `as |x y|`: an array, or null.
  const Json* block_params = nullptr;
};

/// One call of a helper from a template: `{{name arg… key=value…}}`, or a block `{{#name …}}…{{else}}…{{/name}}`.
/// Lives as long as the call; used by one thread.
class HelperCall {
 public:
  explicit HelperCall(internal::HelperFrame& frame) : frame_(frame) {}
  HelperCall(const HelperCall&) = delete;
  HelperCall& operator=(const HelperCall&) = delete;

  std::string_view name() const;
  /// The number of positional arguments.
  std::size_t size() const;
  /// A positional argument; null when it is missing or undefined.
  const Json& operator[](std::size_t index) const;
  /// True for an argument that is not there, or a value that the data does not have.
  bool is_undefined(std::size_t index) const;
  /// A positional argument as `{{x}}` prints it.
  std::string_view text(std::size_t index) const;
  /// True when the two arguments are the same value as JavaScript's `===` sees it.
  bool same(std::size_t left, std::size_t right) const;
  /// The value of `key=value`; nullptr when there is none, or it is undefined.
  const Json* hash(std::string_view key) const;
  /// The keys of all `key=value`.
  std::vector<std::string_view> hash_keys() const;
  /// `this`, the context that the helper is called in.
  const Json& context() const;
  /// The value of `@name`, or nullptr.
  const Json* data(std::string_view name) const;

  /// True for `{{#name}}…{{/name}}`.
  bool is_block() const;
  /// Renders the body of the block, in the current context or in another one.
  std::string fn() const;
  std::string fn(const Json& context, const HelperBlock& block = {}) const;
  /// Renders what follows `{{else}}`; empty when there is no such part.
  std::string inverse() const;
  std::string inverse(const Json& context) const;

  /// Throws INVALID_ARGUMENT that names the helper and where the template calls it.
  [[noreturn]] void fail(std::string_view reason) const;

 private:
  internal::HelperFrame& frame_;
};

/// What a helper gives back: a value that is printed, or passed on when the call is a subexpression.
struct HelperResult {
  HelperResult() = default;
  HelperResult(Json result) : value(std::move(result)), undefined(false) {}
  HelperResult(SafeText result) : value(result.text), undefined(false), safe(true) {}

  Json value;
  bool undefined = true;
  bool safe = false;
};

/// The general form of a helper. Called from many threads at once.
using HelperFunction = std::function<HelperResult(const HelperCall&)>;

namespace internal {

std::string_view helper_text(const HelperCall& call, std::size_t index);
double helper_number(const HelperCall& call, std::size_t index);
long long helper_integer(const HelperCall& call, std::size_t index);
bool helper_bool(const HelperCall& call, std::size_t index);
void check_helper_arity(const HelperCall& call, std::size_t least, std::size_t most);

template <class T>
struct IsOptional : std::false_type {};
template <class T>
struct IsOptional<std::optional<T>> : std::true_type {};

template <class T>
constexpr bool always_false = false;

template <class T>
T helper_argument(const HelperCall& call, std::size_t index) {
  if constexpr (IsOptional<T>::value) {
    if (call[index].is_null()) return std::nullopt;
    return helper_argument<typename T::value_type>(call, index);
  } else if constexpr (std::is_same_v<T, Json>) {
    return call[index];
  } else if constexpr (std::is_same_v<T, std::string_view>) {
    return helper_text(call, index);
  } else if constexpr (std::is_same_v<T, std::string>) {
    return std::string(helper_text(call, index));
  } else if constexpr (std::is_same_v<T, bool>) {
    return helper_bool(call, index);
  } else if constexpr (std::is_integral_v<T>) {
    const long long number = helper_integer(call, index);
    if (!std::in_range<T>(number)) call.fail("argument " + std::to_string(index + 1) + " is out of range");
    return static_cast<T>(number);
  } else if constexpr (std::is_floating_point_v<T>) {
    return static_cast<T>(helper_number(call, index));
  } else {
    static_assert(always_false<T>, "helpers take text, numbers, bool, genkit::Json, std::optional of these, and a HelperCall");
  }
}

template <class T>
HelperResult helper_result(T&& value) {
  using Value = std::remove_cvref_t<T>;
  if constexpr (std::is_same_v<Value, HelperResult> || std::is_same_v<Value, SafeText> || std::is_same_v<Value, Json>) {
    return HelperResult(std::forward<T>(value));
  } else if constexpr (std::is_convertible_v<T, std::string_view>) {
    return HelperResult(Json(std::string_view(value)));
  } else {
    static_assert(std::is_constructible_v<Json, T>,
                  "helpers return text, genkit::SafeText, a number, bool, genkit::Json or nothing");
    return HelperResult(Json(std::forward<T>(value)));
  }
}

template <class T>
constexpr bool is_helper_call = std::is_same_v<std::remove_cvref_t<T>, HelperCall>;

template <class T>
constexpr bool may_be_left_out = IsOptional<std::remove_cvref_t<T>>::value;

template <class R, class F, class... Args>
struct HelperAdapter {
  F function;

  static constexpr std::size_t kMost = (std::size_t{0} + ... + (is_helper_call<Args> ? 0 : 1));
  static constexpr std::size_t kLeast = (std::size_t{0} + ... + (is_helper_call<Args> || may_be_left_out<Args> ? 0 : 1));

  template <class Arg>
  static decltype(auto) argument(const HelperCall& call, std::size_t index) {
    if constexpr (is_helper_call<Arg>) {
      return (call);
    } else if constexpr (std::is_same_v<std::remove_cvref_t<Arg>, Json>) {
      return call[index];
    } else {
      return helper_argument<std::remove_cvref_t<Arg>>(call, index);
    }
  }

  template <std::size_t... I>
  HelperResult invoke(const HelperCall& call, std::index_sequence<I...>) const {
    if constexpr (std::is_void_v<R>) {
      function(argument<Args>(call, I)...);
      return {};
    } else {
      return helper_result(function(argument<Args>(call, I)...));
    }
  }

  HelperResult operator()(const HelperCall& call) const {
    // A helper that asks for the call itself, or for nothing else, looks after its arguments.
    if constexpr (kMost > 0) check_helper_arity(call, kLeast, kMost);
    return invoke(call, std::index_sequence_for<Args...>());
  }
};

template <class F>
struct HelperSignature : HelperSignature<decltype(&F::operator())> {};
template <class R, class... Args>
struct HelperSignature<R (*)(Args...)> {
  template <class F>
  using Adapter = HelperAdapter<R, F, Args...>;
};
template <class C, class R, class... Args>
struct HelperSignature<R (C::*)(Args...) const> : HelperSignature<R (*)(Args...)> {};
template <class C, class R, class... Args>
struct HelperSignature<R (C::*)(Args...)> {
  static_assert(always_false<C>, "helpers run on many threads at once: their operator() must be const (a lambda not mutable)");
};
template <class R, class... Args>
struct HelperSignature<R (*)(Args...) noexcept> : HelperSignature<R (*)(Args...)> {};
template <class C, class R, class... Args>
struct HelperSignature<R (C::*)(Args...) const noexcept> : HelperSignature<R (*)(Args...)> {};

}  // namespace internal

/// Makes a helper of an ordinary function. Its parameter types say what the template may pass: text (`std::string_view`,
/// `std::string`: any value as it is printed), numbers, `bool` (truthiness), `genkit::Json`, `std::optional` of these for
/// arguments that may be left out, and `const genkit::HelperCall&` for all the rest. A HelperCall comes after the arguments.
template <class F>
HelperFunction make_helper(F&& function) {
  using Function = std::decay_t<F>;
  if constexpr (std::is_same_v<Function, HelperFunction>) {
    return std::forward<F>(function);
  } else {
    using Adapter = typename internal::HelperSignature<Function>::template Adapter<Function>;
    return Adapter{std::forward<F>(function)};
  }
}

}  // namespace genkit

#endif  // GENKIT_PROMPT_HELPER_H_
