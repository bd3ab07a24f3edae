#ifndef GENKIT_SRC_TRACE_SPAN_START_H_
#define GENKIT_SRC_TRACE_SPAN_START_H_

#include <chrono>
#include <memory>

#include <genkit/trace/span.h>

namespace genkit::internal {

/// What the tracer decides about a span before it exists.
struct SpanStart {
  std::shared_ptr<Tracer> tracer;
  std::shared_ptr<Span> parent;  ///< null: a new trace, or one that came from outside
  SpanContext context;
  SpanId parent_span_id;
  std::chrono::system_clock::time_point time;
  const SpanOptions& options;
};

}  // namespace genkit::internal

#endif  // GENKIT_SRC_TRACE_SPAN_START_H_
