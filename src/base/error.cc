#include <genkit/base/error.h>

#include <array>
#include <cstddef>

namespace genkit {
namespace {

struct StatusRow {
  std::string_view name;
  int http;
};

// Indexed by the value of Status.
constexpr std::array<StatusRow, 17> kStatusRows = {{
    {"OK", 200},
    {"CANCELLED", 499},
    {"UNKNOWN", 500},
    {"INVALID_ARGUMENT", 400},
    {"DEADLINE_EXCEEDED", 504},
    {"NOT_FOUND", 404},
    {"ALREADY_EXISTS", 409},
    {"PERMISSION_DENIED", 403},
    {"RESOURCE_EXHAUSTED", 429},
    {"FAILED_PRECONDITION", 400},
    {"ABORTED", 409},
    {"OUT_OF_RANGE", 400},
    {"UNIMPLEMENTED", 501},
    {"INTERNAL", 500},
    {"UNAVAILABLE", 503},
    {"DATA_LOSS", 500},
    {"UNAUTHENTICATED", 401},
}};

// A number outside of the enumeration (cast from a peer's answer) reads as UNKNOWN.
const StatusRow& row_of(Status status) noexcept {
  auto index = static_cast<std::size_t>(status);
  return kStatusRows[index < kStatusRows.size() ? index : static_cast<std::size_t>(Status::kUnknown)];
}

}  // namespace

std::string_view status_name(Status status) noexcept {
  return row_of(status).name;
}

std::optional<Status> status_from_name(std::string_view name) noexcept {
  for (std::size_t i = 0; i < kStatusRows.size(); ++i) {
    if (kStatusRows[i].name == name) return static_cast<Status>(i);
  }
  return std::nullopt;
}

int http_status(Status status) noexcept {
  return row_of(status).http;
}

struct Error::State {
  Status status;
  std::string message;
  Json details;
  std::exception_ptr cause;
  bool is_public;
  std::string trace_id;
  std::string what;
};

Error::Error(Status status, std::string message, Json details, std::exception_ptr cause)
    : Error(status, std::move(message), std::move(details), std::move(cause), false) {}

Error::Error(Status status, std::string message, Json details, std::exception_ptr cause, bool is_public) {
  std::string what(status_name(status));
  what += ": ";
  what += message;
  state_ = std::make_shared<const State>(State{.status = status,
                                               .message = std::move(message),
                                               .details = std::move(details),
                                               .cause = std::move(cause),
                                               .is_public = is_public,
                                               .trace_id = {},
                                               .what = std::move(what)});
}

Status Error::status() const noexcept {
  return state_->status;
}
const std::string& Error::message() const noexcept {
  return state_->message;
}
const Json& Error::details() const noexcept {
  return state_->details;
}
std::exception_ptr Error::cause() const noexcept {
  return state_->cause;
}
const std::string& Error::trace_id() const noexcept {
  return state_->trace_id;
}
bool Error::is_public() const noexcept {
  return state_->is_public;
}
const char* Error::what() const noexcept {
  return state_->what.c_str();
}

Error Error::with_trace_id(std::string trace_id) const {
  if (!state_->trace_id.empty()) return *this;
  auto state = std::make_shared<State>(*state_);
  state->trace_id = std::move(trace_id);
  Error copy = *this;
  copy.state_ = std::move(state);
  return copy;
}

Json Error::to_json() const {
  JsonObject json;
  json["status"] = status_name(state_->status);
  json["message"] = state_->message;
  if (!state_->details.is_null()) json["details"] = state_->details;
  return json;
}

PublicError::PublicError(Status status, std::string message, Json details)
    : Error(status, std::move(message), std::move(details), nullptr, true) {}

Error to_error(std::exception_ptr exception) {
  if (exception == nullptr) return Error(Status::kInternal, "unknown exception");
  try {
    std::rethrow_exception(exception);
  } catch (const Error& error) {
    return error;
  } catch (const std::exception& other) {
    return Error(Status::kInternal, other.what(), nullptr, exception);
  } catch (...) {
    return Error(Status::kInternal, "unknown exception", nullptr, exception);
  }
}

}  // namespace genkit
