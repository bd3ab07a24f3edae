#include "ai/turn_spans.h"

#include <utility>

namespace genkit::internal {
namespace {

std::string text_of(ValueRef value) {
  std::string text;
  value.append_text(text);
  return text;
}

}  // namespace

TurnSpans::Level::Level(std::shared_ptr<Span> opened)
    : span(std::move(opened)), scope(Tracer::with_span(Context::current(), span)) {}

TurnSpans::~TurnSpans() {
  while (!levels_.empty()) levels_.pop_back();
}

void TurnSpans::open(Registry& registry, const std::string& name, ValueRef input) {
  const SpanOptions options{.name = name, .type = "util", .subtype = {}, .key = {}, .labels = nullptr, .remote_parent = {}};
  auto span = registry.tracer().start_span(options, Context::current());
  if (span->is_exported()) span->set_input(text_of(input));
  levels_.push_back(std::make_unique<Level>(std::move(span)));
}

void TurnSpans::close(ValueRef output) {
  const bool is_exported = current().is_exported();
  const std::string text = is_exported ? text_of(output) : std::string();
  for (; !levels_.empty(); levels_.pop_back()) {
    if (is_exported) current().set_output(text);
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
