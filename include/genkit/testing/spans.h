#ifndef GENKIT_TESTING_SPANS_H_
#define GENKIT_TESTING_SPANS_H_

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include <genkit/trace/tracer.h>

namespace genkit {

/// What an `InMemoryExporter` has collected.
using Spans = std::vector<std::shared_ptr<const SpanData>>;

/// The spans as a text that can be compared: one line each, below the line of its parent, in the order of their beginnings; of
/// those that began at the same time, as with a clock that stands still, in the order of their ends.
///
///     tellJoke (flow)
///       loadFacts (flowStep)
///       generate (util)
///         scripted (model) failed: UNAVAILABLE: overloaded
std::string outline(const Spans& spans);

/// The first span of that name to end. Throws NOT_FOUND, with the outline of what there is, when there is none.
const SpanData& find_span(const Spans& spans, std::string_view name);

}  // namespace genkit

#endif  // GENKIT_TESTING_SPANS_H_
