#ifndef GENKIT_SRC_TRACE_FAILURE_H_
#define GENKIT_SRC_TRACE_FAILURE_H_

#include <exception>
#include <string>
#include <vector>

namespace genkit::internal {

/// An exception as spans tell of it and as they recognise it again.
///
/// On its way out an exception may be rethrown (the same object), copied with a trace id, converted to an `Error`, or wrapped as
/// the cause of another one. Each link of the chain of causes is kept with its object, for identity, and its text, for copies.
struct Failure {
  struct Link {
    std::exception_ptr object;
    std::string type;  ///< "genkit::Error", "std::runtime_error"
    std::string text;  ///< what()
    bool is_error;     ///< of the Error family, where a copy may have another type
  };
  std::vector<Link> chain;  ///< the exception itself, then its causes; never empty

  /// "type: text" and a line "Caused by: …" for each cause: what goes into `exception.stacktrace`.
  std::string trace_text() const;
};

Failure describe_failure(const std::exception_ptr& error);

/// True when `outer` is `inner` itself, a copy of it, or has it among its causes (or the other way round).
bool same_failure(const Failure& outer, const Failure& inner);

}  // namespace genkit::internal

#endif  // GENKIT_SRC_TRACE_FAILURE_H_
