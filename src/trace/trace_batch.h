#ifndef GENKIT_SRC_TRACE_TRACE_BATCH_H_
#define GENKIT_SRC_TRACE_TRACE_BATCH_H_

#include <memory>
#include <string>
#include <vector>

#include <genkit/trace/span.h>

#include "http/client_connection.h"

namespace genkit::internal {

using SpanRecord = std::shared_ptr<const SpanData>;

/// The spans that go to the telemetry server in one request, all of one trace.
struct TracePost {
  std::vector<SpanRecord> spans;
  /// More of the trace than fits into one request: not to be sent before the post ahead of it is acknowledged.
  bool continued = false;
};

/// Sorts records by trace, in the order in which the traces appear. Of a span that both began and ended only the end is kept:
/// the server replaces spans as a whole.
std::vector<TracePost> group_by_trace(std::vector<SpanRecord> records);

/// Appends the HTTP request for `post`.
void append_request(std::string& out, const TracePost& post, const HttpEndpoint& endpoint);

}  // namespace genkit::internal

#endif  // GENKIT_SRC_TRACE_TRACE_BATCH_H_
