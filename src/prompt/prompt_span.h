#ifndef GENKIT_SRC_PROMPT_PROMPT_SPAN_H_
#define GENKIT_SRC_PROMPT_PROMPT_SPAN_H_

#include <exception>
#include <memory>
#include <string>
#include <string_view>

#include <genkit/base/error.h>
#include <genkit/core/value.h>
#include <genkit/runtime/context.h>
#include <genkit/trace/tracer.h>

namespace genkit::internal {

/// Ends a span when what it spans is done, and its result made.
struct SpanEnding {
  Span& span;
  ~SpanEnding() { span.end(); }
};

/// Calls `function(span)` inside of a new span, below the current one or as the first of a trace. Errors that leave it name the
/// trace.
template <class F>
auto run_in_span(Tracer& tracer, std::string_view name, std::string_view type, ValueRef input, F&& function) {
  const SpanOptions options{.name = name, .type = type, .subtype = {}, .key = {}, .labels = nullptr, .remote_parent = {}};
  const std::shared_ptr<Span> span = tracer.start_span(options, Context::current());
  if (span->is_exported()) {
    std::string text;
    input.append_text(text);
    span->set_input(std::move(text));
  }
  const ScopedContext scope(Tracer::with_span(Context::current(), span));
  const SpanEnding ending{*span};
  try {
    return function(*span);
  } catch (...) {
    const Error error = to_error(std::current_exception()).with_trace_id(span->context().trace_id.hex());
    span->record_error(std::make_exception_ptr(error));
    throw error;
  }
}

}  // namespace genkit::internal

#endif  // GENKIT_SRC_PROMPT_PROMPT_SPAN_H_
