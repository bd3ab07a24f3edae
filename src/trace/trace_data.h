#ifndef GENKIT_SRC_TRACE_TRACE_DATA_H_
#define GENKIT_SRC_TRACE_TRACE_DATA_H_

#include <cstddef>

#include <genkit/trace/span.h>

namespace genkit::internal {

// The telemetry server takes bodies of 100 MB. Escapes can double a text and more, hence the distance.
inline constexpr std::size_t kMaxText = std::size_t{8} << 20;
inline constexpr std::size_t kMaxRecordText = std::size_t{24} << 20;

/// About how many bytes a span occupies, in memory as well as in a request.
std::size_t text_size(const SpanData& span);

}  // namespace genkit::internal

#endif  // GENKIT_SRC_TRACE_TRACE_DATA_H_
