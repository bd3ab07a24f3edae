#ifndef GENKIT_TRACE_TRACER_H_
#define GENKIT_TRACE_TRACER_H_

#include <atomic>
#include <chrono>
#include <cstddef>
#include <deque>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include <genkit/base/clock.h>
#include <genkit/base/ids.h>
#include <genkit/base/log.h>
#include <genkit/trace/span.h>

namespace genkit {

namespace internal {
class TraceSender;
}

struct TracerOptions {
  Clock* clock = nullptr;   ///< default: the system's; must outlive the tracer
  IdSource* ids = nullptr;  ///< default: random; must outlive the tracer
  Logger logger = Logger();
};

/// Starts spans and hands them to exporters. Thread-safe; one per Genkit instance, owned by a `std::shared_ptr`: every span keeps
/// its tracer alive.
class Tracer : public std::enable_shared_from_this<Tracer> {
 public:
  explicit Tracer(TracerOptions options = {});
  ~Tracer();

  /// Starts a span below the span of `parent`, or a new trace when that has none.
  std::shared_ptr<Span> start_span(const SpanOptions& options, const Context& parent);
  /// `parent` with `span` as its current span. The span's work begins now: exporters that show running spans are told, so set
  /// what is known (its input) before.
  static Context with_span(const Context& parent, std::shared_ptr<Span> span);

  /// Spans that have begun before may come without their input. Throws INVALID_ARGUMENT when `exporter` is null.
  void add_exporter(std::shared_ptr<SpanExporter> exporter);
  /// Flushes every exporter, all within `timeout`. True when nothing is left; what an exporter throws is logged. Throws CANCELLED
  /// when the caller is cancelled.
  bool flush(std::chrono::nanoseconds timeout = std::chrono::seconds(2));

  Clock& clock() const noexcept { return clock_; }
  IdSource& ids() const noexcept { return ids_; }
  const Logger& logger() const noexcept { return logger_; }

 private:
  friend class Span;
  struct ExporterNode;

  bool has_exporters() const noexcept { return first_.load(std::memory_order_acquire) != nullptr; }
  bool wants_start() const;
  void deliver_start(const SpanData& span) const noexcept;
  void deliver_end(std::shared_ptr<const SpanData> span) const noexcept;

  Clock& clock_;
  IdSource& ids_;
  const Logger logger_;
  std::mutex add_mutex_;
  std::atomic<ExporterNode*> first_{nullptr};  // only ever appended to, hence read without a lock
};

/// Keeps the last finished spans in memory: for tests, and for programs that look at themselves.
class InMemoryExporter final : public SpanExporter {
 public:
  explicit InMemoryExporter(std::size_t capacity = 4096);
  void on_end(std::shared_ptr<const SpanData> span) override;
  /// In the order in which they ended; the oldest fall out when the capacity is reached.
  std::vector<std::shared_ptr<const SpanData>> spans() const;
  /// The same, and forgets them.
  std::vector<std::shared_ptr<const SpanData>> take();

 private:
  const std::size_t capacity_;
  mutable std::mutex mutex_;
  std::deque<std::shared_ptr<const SpanData>> spans_;
};

struct TelemetryServerOptions {
  /// "http://localhost:4033". May be empty at first and set later. Anything but plain HTTP is logged as an error and not used.
  std::string url = {};
  /// Also send a record when a span starts (the Developer UI shows running spans).
  bool realtime = false;
  /// Records that may wait; what comes on top is dropped and counted.
  std::size_t queue_capacity = 16384;
  Logger logger = Logger();
};

/// Sends spans to the Genkit telemetry server: `POST <url>/api/traces` (spec: TraceData), in order over one keep-alive
/// connection of a background thread that starts with the first span. A server that does not answer costs a connection attempt
/// now and then and nothing else: for some seconds records wait for it, then they are dropped and counted. The destructor sends
/// what waits, for at most a second. Texts of more than 8 MiB are cut.
class TelemetryServerExporter final : public SpanExporter {
 public:
  explicit TelemetryServerExporter(TelemetryServerOptions options);
  ~TelemetryServerExporter() override;

  /// Where to send from now on; empty stops sending.
  void set_url(std::string url);
  void on_start(const SpanData& span) override;
  bool wants_start() const override;
  void on_end(std::shared_ptr<const SpanData> span) override;
  bool flush(std::chrono::steady_clock::time_point deadline) override;
  /// Records that were not delivered since the beginning.
  std::size_t dropped() const noexcept;

 private:
  internal::TraceSender& sender() const;

  const TelemetryServerOptions options_;
  /// Replaced in a forked child, which shares neither the thread nor the connection of its parent.
  struct Process;
  mutable std::atomic<Process*> process_;
};

namespace internal {
/// The `genkit:path` segment and TraceData JSON of the telemetry server (spec §7.1); pure, for tests and other exporters.
void append_trace_data(std::string& out, const std::vector<const SpanData*>& spans_of_one_trace);
}  // namespace internal

}  // namespace genkit

#endif  // GENKIT_TRACE_TRACER_H_
