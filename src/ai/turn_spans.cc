#include "ai/turn_spans.h"

#include <utility>

namespace genkit::internal {

TurnSpans::Level::Level(std::shared_ptr<Span> opened)
    : span(std::move(opened)), scope(Tracer::with_span(Context::current(), span)) {}

TurnSpans::~TurnSpans() {
  while (!levels_.empty()) levels_.pop_back();
}

void TurnSpans::open(Registry& registry, const std::string& name, std::string input) {
  const SpanOptions options{.name = name, .type = "util", .subtype = {}, .key = {}, .labels = nullptr, .remote_parent = {}};
  auto span = registry.tracer().start_span(options, Context::current());
  span->set_input(std::move(input));
  levels_.push_back(std::make_unique<Level>(std::move(span)));
}

void TurnSpans::close(const std::string& output) {
  for (; !levels_.empty(); levels_.pop_back()) {
    current().set_output(output);
    current().end();
  }
}

std::string TurnSpans::fail(std::exception_ptr exception) {
  std::string trace_id = current().context().trace_id.hex();
  const std::exception_ptr recorded = std::make_exception_ptr(to_error(std::move(exception)).with_trace_id(trace_id));
  for (; !levels_.empty(); levels_.pop_back()) {
    current().record_error(recorded);
    current().end();
  }
  return trace_id;
}

}  // namespace genkit::internal
