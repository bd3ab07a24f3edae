#ifndef GENKIT_SRC_TRACE_TRACE_TEST_SUPPORT_H_
#define GENKIT_SRC_TRACE_TRACE_TEST_SUPPORT_H_

#include <atomic>
#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <genkit/trace/tracer.h>

namespace genkit {

/// Starts at a fixed time and advances by a millisecond with every look.
class TickingClock final : public Clock {
 public:
  std::chrono::system_clock::time_point now() override {
    return std::chrono::system_clock::time_point(std::chrono::milliseconds(1'700'000'000'000 + ticks_.fetch_add(1)));
  }

 private:
  std::atomic<std::int64_t> ticks_{0};
};

/// 1, 2, 3, …
class CountingIds final : public IdSource {
 public:
  std::uint64_t next() override { return last_.fetch_add(1) + 1; }

 private:
  std::atomic<std::uint64_t> last_{0};
};

/// A tracer with known times and ids, and what it exported.
struct TestTracer {
  TickingClock clock;
  CountingIds ids;
  std::shared_ptr<Tracer> tracer = std::make_shared<Tracer>(TracerOptions{.clock = &clock, .ids = &ids});
  std::shared_ptr<InMemoryExporter> exporter = std::make_shared<InMemoryExporter>();

  TestTracer() { tracer->add_exporter(exporter); }

  std::shared_ptr<Span> start(const SpanOptions& options, const Context& parent = Context()) const {
    return tracer->start_span(options, parent);
  }
  std::shared_ptr<Span> start_below(const std::shared_ptr<Span>& parent, const SpanOptions& options) const {
    return tracer->start_span(options, Tracer::with_span(Context(), parent));
  }
  /// The exported span of that name; fails the test's program when there is none.
  const SpanData& exported(std::string_view name) const {
    for (const auto& span : exporter->spans()) {
      if (span->name == name) return *span;
    }
    throw Error(Status::kNotFound, "no span named " + std::string(name) + " was exported");
  }
};

inline std::vector<std::string> names(const std::vector<std::shared_ptr<const SpanData>>& spans) {
  std::vector<std::string> result;
  for (const auto& span : spans) result.push_back(span->name);
  return result;
}

inline std::optional<AttributeValue> attribute(const SpanData& span, std::string_view name) {
  for (const Attribute& attribute : all_attributes(span)) {
    if (attribute.name == name) return attribute.value;
  }
  return std::nullopt;
}

}  // namespace genkit

#endif  // GENKIT_SRC_TRACE_TRACE_TEST_SUPPORT_H_
