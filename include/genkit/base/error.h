#ifndef GENKIT_BASE_ERROR_H_
#define GENKIT_BASE_ERROR_H_

#include <exception>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <variant>

#include <genkit/base/json.h>

namespace genkit {

/// The canonical codes of every Genkit (and of gRPC); the values are the numbers on the wire.
enum class Status {
  kOk = 0,
  kCancelled = 1,
  kUnknown = 2,
  kInvalidArgument = 3,
  kDeadlineExceeded = 4,
  kNotFound = 5,
  kAlreadyExists = 6,
  kPermissionDenied = 7,
  kResourceExhausted = 8,
  kFailedPrecondition = 9,
  kAborted = 10,
  kOutOfRange = 11,
  kUnimplemented = 12,
  kInternal = 13,
  kUnavailable = 14,
  kDataLoss = 15,
  kUnauthenticated = 16,
};

/// "INVALID_ARGUMENT" for kInvalidArgument.
std::string_view status_name(Status status) noexcept;
/// The inverse of `status_name`; nothing for other text.
std::optional<Status> status_from_name(std::string_view name) noexcept;
/// The HTTP status code that stands for `status`, 400 for kInvalidArgument.
int http_status(Status status) noexcept;

/// What every operation of the library throws. Copies share one immutable state.
class Error : public std::exception {
 public:
  Error(Status status, std::string message, Json details = nullptr, std::exception_ptr cause = nullptr);

  Status status() const noexcept;
  /// Without the status name.
  const std::string& message() const noexcept;
  /// What the thrower added: an object, or null.
  const Json& details() const noexcept;
  /// The exception that led to this one, or nullptr.
  std::exception_ptr cause() const noexcept;
  /// The trace in which the error arose; empty when it arose outside of any action.
  const std::string& trace_id() const noexcept;
  /// True when the text may be shown to clients of a service; see `PublicError`.
  bool is_public() const noexcept;
  /// "INVALID_ARGUMENT: message".
  const char* what() const noexcept override;

  /// A copy that names the trace, unless one is named already.
  Error with_trace_id(std::string trace_id) const;
  /// The canonical form on the wire: {"status", "message", "details"?}.
  Json to_json() const;

 protected:
  Error(Status status, std::string message, Json details, std::exception_ptr cause, bool is_public);

 private:
  struct State;
  std::shared_ptr<const State> state_;
};

/// An error whose text is meant for the clients of a service. All other errors reach them without message or details.
class PublicError : public Error {
 public:
  PublicError(Status status, std::string message, Json details = nullptr);

  PublicError with_trace_id(std::string trace_id) const { return PublicError(Error::with_trace_id(std::move(trace_id))); }

 private:
  explicit PublicError(Error error) : Error(std::move(error)) {}
};

/// Turns any exception into an `Error`: an `Error` stays as it is; anything else becomes INTERNAL with the text of `what()` and
/// the exception as its cause.
Error to_error(std::exception_ptr exception);

/// The outcome of `attempt`: a value or an error.
template <class T>
class Result {
 public:
  using value_type = T;

  Result(T value) : state_(std::in_place_index<0>, std::move(value)) {}
  Result(Error error) : state_(std::in_place_index<1>, std::move(error)) {}

  explicit operator bool() const noexcept { return state_.index() == 0; }
  bool has_value() const noexcept { return state_.index() == 0; }

  /// Throws the error when there is no value.
  T& value() & {
    throw_if_error();
    return std::get<0>(state_);
  }
  const T& value() const& {
    throw_if_error();
    return std::get<0>(state_);
  }
  T&& value() && {
    throw_if_error();
    return std::get<0>(std::move(state_));
  }
  T value_or(T other) const { return has_value() ? std::get<0>(state_) : std::move(other); }

  T& operator*() & { return value(); }
  const T& operator*() const& { return value(); }
  T&& operator*() && { return std::move(*this).value(); }
  T* operator->() { return &value(); }
  const T* operator->() const { return &value(); }

  /// Only when there is no value.
  const Error& error() const { return std::get<1>(state_); }

 private:
  void throw_if_error() const {
    if (state_.index() == 1) throw std::get<1>(state_);
  }

  std::variant<T, Error> state_;
};

template <>
class Result<void> {
 public:
  using value_type = void;

  Result() = default;
  Result(Error error) : error_(std::move(error)) {}

  explicit operator bool() const noexcept { return !error_; }
  bool has_value() const noexcept { return !error_; }
  void value() const {
    if (error_) throw *error_;
  }
  const Error& error() const { return *error_; }

 private:
  std::optional<Error> error_;
};

/// Calls `f` and returns what it returns, or the error that it threw: for code that does without exceptions.
template <class F>
auto attempt(F&& f) -> Result<std::invoke_result_t<F>> {
  try {
    if constexpr (std::is_void_v<std::invoke_result_t<F>>) {
      std::forward<F>(f)();
      return {};
    } else {
      return std::forward<F>(f)();
    }
  } catch (...) {
    return to_error(std::current_exception());
  }
}

}  // namespace genkit

#endif  // GENKIT_BASE_ERROR_H_
