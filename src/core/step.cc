#include <genkit/core/step.h>

#include <genkit/trace/tracer.h>

namespace genkit::internal {
namespace {

std::shared_ptr<Span> open(std::string_view name, std::string_view type) {
  const std::shared_ptr<Span> parent = Span::current();
  if (!parent) return nullptr;
  const SpanOptions options{.name = name, .type = type, .subtype = {}, .key = {}, .labels = nullptr, .remote_parent = {}};
  return parent->tracer().start_span(options, Context::current());
}

}  // namespace

StepScope::StepScope(std::string_view name, std::string_view type)
    : span_(open(name, type)), context_(span_ ? Tracer::with_span(Context::current(), span_) : Context::current()) {
  Context::current().check();
}

StepScope::~StepScope() {
  if (span_) span_->end();
}

void StepScope::set_input(ValueRef input) {
  if (!span_ || !span_->is_exported()) return;
  std::string text;
  input.append_text(text);
  span_->set_input(std::move(text));
}

void StepScope::succeed(ValueRef output) {
  if (!span_) return;
  if (output.type != nullptr && span_->is_exported()) {
    std::string text;
    output.append_text(text);
    span_->set_output(std::move(text));
  }
  span_->end();
}

void StepScope::fail(std::exception_ptr error) {
  if (!span_) return;
  span_->record_error(std::move(error));
  span_->end();
}

}  // namespace genkit::internal
