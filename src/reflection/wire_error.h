#ifndef GENKIT_SRC_REFLECTION_WIRE_ERROR_H_
#define GENKIT_SRC_REFLECTION_WIRE_ERROR_H_

#include <string>
#include <string_view>

#include <genkit/base/error.h>

namespace genkit::internal {

/// An error as the Genkit tools take it. `details` is always written: without it the command line crashes.
struct WireError {
  int code = 13;  ///< the numeric `Status`
  std::string message;
  Json details;  ///< an object: what the thrower added, "stack", and "traceId" where there is one

  /// {"code":…,"message":…,"details":{…}}
  void append_text(std::string& out) const;
};

/// "NOT_FOUND: no such thing", or the bare text of an exception that is none of ours, as in the other languages. The stack, which
/// C++ does not have, is the chain of causes. `trace_id` is used when the error does not name one.
WireError to_wire_error(const Error& error, std::string_view trace_id = {});

/// For what is wrong with a request rather than with an action: the bare text.
WireError plain_wire_error(Status status, std::string message);

/// What a cancelled run ends with.
WireError cancelled_wire_error(std::string_view trace_id);

}  // namespace genkit::internal

#endif  // GENKIT_SRC_REFLECTION_WIRE_ERROR_H_
