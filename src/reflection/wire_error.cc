#include "reflection/wire_error.h"

#include <cxxabi.h>

#include <cstdlib>
#include <memory>
#include <typeinfo>

namespace genkit::internal {

namespace {

// Causes that go round in circles are possible with exception_ptr.
constexpr int kMaxCauses = 16;

std::string type_name(const std::exception& exception) {
  int status = 0;
  const std::unique_ptr<char, decltype(&std::free)> name(abi::__cxa_demangle(typeid(exception).name(), nullptr, nullptr, &status),
                                                         &std::free);
  return name ? name.get() : typeid(exception).name();
}

void append_causes(std::string& text, std::exception_ptr cause, int depth) {
  if (!cause || depth == kMaxCauses) return;
  text += "\n    caused by ";
  try {
    std::rethrow_exception(cause);
  } catch (const Error& error) {
    text += error.what();
    append_causes(text, error.cause(), depth + 1);
  } catch (const std::exception& exception) {
    text += type_name(exception) + ": " + exception.what();
  } catch (...) {
    text += "an exception that is no std::exception";
  }
}

/// "std::runtime_error" when `error` is only the form that an exception of another type was given; empty otherwise.
std::string foreign_type(const Error& error) {
  if (error.status() != Status::kInternal || !error.cause()) return {};
  try {
    std::rethrow_exception(error.cause());
  } catch (const Error&) {
    return {};
  } catch (const std::exception& exception) {
    return exception.what() == error.message() ? type_name(exception) : std::string();
  } catch (...) {
    return {};
  }
}

WireError make_wire_error(Status status, std::string message, Json details, std::string stack, std::string_view trace_id) {
  JsonObject object;
  if (details.is_object()) object = std::move(details.get_object());
  object["stack"] = std::move(stack);
  if (!trace_id.empty()) object["traceId"] = trace_id;
  return {static_cast<int>(status), std::move(message), std::move(object)};
}

}  // namespace

void WireError::append_text(std::string& out) const {
  out += "{\"code\":" + std::to_string(code) + ",\"message\":";
  append_json_string(out, message);
  out += ",\"details\":";
  genkit::append_text(out, details);
  out += '}';
}

WireError to_wire_error(const Error& error, std::string_view trace_id) {
  const std::string foreign = foreign_type(error);
  std::string stack = foreign.empty() ? error.what() : foreign + ": " + error.message();
  if (foreign.empty()) append_causes(stack, error.cause(), 0);
  return make_wire_error(error.status(), foreign.empty() ? error.what() : error.message(), error.details(), std::move(stack),
                         error.trace_id().empty() ? trace_id : std::string_view(error.trace_id()));
}

WireError plain_wire_error(Status status, std::string message) {
  std::string stack = message;
  return make_wire_error(status, std::move(message), nullptr, std::move(stack), {});
}

WireError cancelled_wire_error(std::string_view trace_id) {
  return make_wire_error(Status::kCancelled, "Action was cancelled", nullptr, "CANCELLED: Action was cancelled", trace_id);
}

}  // namespace genkit::internal
