// What tracing costs the code that is traced, and what a trace costs to write down.

#include <chrono>
#include <cstddef>
#include <memory>
#include <string>
#include <vector>

#include <benchmark/benchmark.h>

#include <genkit/trace/tracer.h>

namespace genkit {
namespace {

constexpr std::string_view kInput = R"({"id":1,"name":"widget","score":3.5,"active":true,"tags":["alpha","beta"]})";
constexpr std::string_view kOutput = R"({"ok":true,"id":1,"label":"widget","total":3.5})";

std::shared_ptr<Span> run_action(Tracer& tracer, const Context& context, std::string_view name) {
  auto span = tracer.start_span({.name = name, .type = "action", .subtype = "flow", .key = "/flow/act"}, context);
  span->set_input(std::string(kInput));
  span->set_output(std::string(kOutput));
  return span;
}

/// The span of a flow: name, path, input, output.
void root_span(benchmark::State& state) {
  const auto tracer = std::make_shared<Tracer>();
  const Context context;
  for (auto _ : state) run_action(*tracer, context, "act")->end();
}
BENCHMARK(root_span);

void child_span(benchmark::State& state) {
  const auto tracer = std::make_shared<Tracer>();
  const auto root = run_action(*tracer, Context(), "outer");
  const Context context = Tracer::with_span(Context(), root);
  for (auto _ : state) run_action(*tracer, context, "act")->end();
}
BENCHMARK(child_span);

/// The same with what an action adds: it becomes the current span.
void current_span(benchmark::State& state) {
  const auto tracer = std::make_shared<Tracer>();
  for (auto _ : state) {
    const Context context = Context::current();
    const auto span = run_action(*tracer, context, "act");
    const ScopedContext scope(Tracer::with_span(context, span));
    span->end();
  }
}
BENCHMARK(current_span);

void root_span_in_memory(benchmark::State& state) {
  const auto tracer = std::make_shared<Tracer>();
  tracer->add_exporter(std::make_shared<InMemoryExporter>(100));
  const Context context;
  for (auto _ : state) run_action(*tracer, context, "act")->end();
}
BENCHMARK(root_span_in_memory);

/// Nobody listens on the discard port: what a dead server costs.
void root_span_dead_server(benchmark::State& state) {
  const auto tracer = std::make_shared<Tracer>();
  tracer->add_exporter(
      std::make_shared<TelemetryServerExporter>(TelemetryServerOptions{.url = "http://127.0.0.1:9", .realtime = true}));
  const Context context;
  for (auto _ : state) run_action(*tracer, context, "act")->end();
}
BENCHMARK(root_span_dead_server);

void failed_span(benchmark::State& state) {
  const auto tracer = std::make_shared<Tracer>();
  const auto error = std::make_exception_ptr(Error(Status::kInternal, "boom"));
  for (auto _ : state) {
    const auto span = tracer->start_span({.name = "act", .type = "action"}, Context());
    span->record_error(error);
    span->end();
  }
}
BENCHMARK(failed_span);

/// The request body for a trace of five spans.
void write_trace(benchmark::State& state) {
  const auto tracer = std::make_shared<Tracer>();
  const auto memory = std::make_shared<InMemoryExporter>();
  tracer->add_exporter(memory);
  Context context;
  std::vector<std::shared_ptr<Span>> spans;
  for (const char* name : {"l1", "l2", "l3", "l4", "l5"}) {
    spans.push_back(run_action(*tracer, context, name));
    context = Tracer::with_span(context, spans.back());
  }
  for (const auto& span : spans) span->end();
  const auto finished = memory->take();
  std::vector<const SpanData*> pointers;
  for (const auto& span : finished) pointers.push_back(span.get());

  std::string body;
  for (auto _ : state) {
    body.clear();
    internal::append_trace_data(body, pointers);
    benchmark::DoNotOptimize(body.data());
  }
  state.SetBytesProcessed(static_cast<std::int64_t>(body.size()) * static_cast<std::int64_t>(state.iterations()));
}
BENCHMARK(write_trace);

void parse_traceparent(benchmark::State& state) {
  const std::string header = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
  for (auto _ : state) benchmark::DoNotOptimize(SpanContext::parse_traceparent(header));
}
BENCHMARK(parse_traceparent);

}  // namespace
}  // namespace genkit
