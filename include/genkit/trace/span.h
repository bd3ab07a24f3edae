#ifndef GENKIT_TRACE_SPAN_H_
#define GENKIT_TRACE_SPAN_H_

#include <chrono>
#include <cstdint>
#include <exception>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include <genkit/runtime/context.h>

namespace genkit {

class Tracer;

namespace internal {
struct Failure;
struct SpanStart;
}  // namespace internal

/// 128 random bits; all zero means "none". Written as 32 lower-case hex digits.
struct TraceId {
  std::uint64_t high = 0;
  std::uint64_t low = 0;

  bool valid() const noexcept { return (high | low) != 0; }
  std::string hex() const;
  static std::optional<TraceId> parse(std::string_view hex) noexcept;
  friend bool operator==(const TraceId&, const TraceId&) = default;
};

/// 64 random bits; zero means "none". Written as 16 lower-case hex digits.
struct SpanId {
  std::uint64_t value = 0;

  bool valid() const noexcept { return value != 0; }
  std::string hex() const;
  static std::optional<SpanId> parse(std::string_view hex) noexcept;
  friend bool operator==(const SpanId&, const SpanId&) = default;
};

/// The position of a piece of work in a distributed trace, as W3C Trace Context carries it between processes.
struct SpanContext {
  TraceId trace_id;
  SpanId span_id;
  /// False: the caller decided that this trace is not recorded. Its spans run as always but do not reach exporters.
  bool sampled = true;

  /// "00-<trace>-<span>-01", https://www.w3.org/TR/trace-context/#traceparent-header
  std::string traceparent() const;
  /// Nothing when the header is malformed (callers then start a new trace, as the recommendation asks). Of versions newer than
  /// 00 the fields that version 00 has are taken.
  static std::optional<SpanContext> parse_traceparent(std::string_view header) noexcept;
};

using AttributeValue = std::variant<std::string, bool, std::int64_t, double>;
struct Attribute {
  std::string name;
  AttributeValue value;
};

struct SpanEvent {
  std::chrono::system_clock::time_point time;
  std::string name;
  std::vector<Attribute> attributes;
};

/// A reference to a related span of another trace.
struct SpanLink {
  SpanContext context;
  std::vector<Attribute> attributes;
};

/// Everything about one span, as exporters see it. The `genkit:*` attributes that nearly every span has are fields;
/// `all_attributes` puts them in line with the rest.
struct SpanData {
  SpanContext context;
  SpanId parent_span_id;
  std::string name;
  std::chrono::system_clock::time_point start_time;
  std::chrono::system_clock::time_point end_time;  ///< the epoch while the span is running

  std::string type;     ///< genkit:type: action, flowStep, util, …; may be empty
  std::string subtype;  ///< genkit:metadata:subtype: flow, model, …; may be empty
  std::string key;      ///< genkit:key: "/flow/tellJoke"; may be empty
  std::string path;     ///< genkit:path: "/{tellJoke,t:flow}/{generate,t:util}"; a `,s:<subtype>` closes the last segment
  std::optional<std::string> input;   ///< genkit:input, JSON text
  std::optional<std::string> init;    ///< genkit:init, JSON text
  std::optional<std::string> output;  ///< genkit:output, JSON text
  bool is_root = false;               ///< no parent in this process; a span of another one may still be its parent
  bool is_failure_source = false;     ///< the failure began here, not in a span below
  bool failed = false;                ///< genkit:state "error" and status code 2
  std::string status_message;         ///< when failed

  std::vector<Attribute> attributes;  ///< all others
  std::vector<SpanEvent> events;
  std::vector<SpanLink> links;

  bool ended() const noexcept { return end_time.time_since_epoch().count() != 0; }
};

/// The attributes of a span as they go over the wire, `genkit:*` names included, in the order of the other languages.
std::vector<Attribute> all_attributes(const SpanData& span);

/// What a new span is called and what it belongs to.
struct SpanOptions {
  std::string_view name = {};
  std::string_view type = {};                      ///< "action", "flowStep", "util", "promptTemplate", "dotprompt"
  std::string_view subtype = {};                   ///< for actions: their kind
  std::string_view key = {};                       ///< for actions: their key
  const std::vector<Attribute>* labels = nullptr;  ///< taken over verbatim at the start
  /// Continues a trace that came from outside (a `traceparent` header); only for spans without a parent in this process.
  std::optional<SpanContext> remote_parent = {};
};

/// One timed piece of work. Shared by whoever works on it; every member is thread-safe. After `end` changes are ignored.
class Span {
 public:
  /// Spans are made by `Tracer::start_span`.
  explicit Span(internal::SpanStart&& start);
  ~Span();
  Span(const Span&) = delete;
  Span& operator=(const Span&) = delete;

  /// The span that the calling fiber or thread works on; nullptr outside of all actions and steps.
  static std::shared_ptr<Span> current();

  const SpanContext& context() const noexcept { return context_; }
  /// Whether an exporter will get this span. When none will, nobody sees what it is told, and its texts need not be written.
  bool is_exported() const noexcept;
  void set_input(std::string json_text);
  void set_init(std::string json_text);
  void set_output(std::string json_text);
  /// Replaces the value of an attribute of the same name. Of the names that stand for fields of `SpanData`, "genkit:input",
  /// "init", "output", "key", "type" and "metadata:subtype" set those (to text); the others belong to the tracer and are left
  /// alone.
  void set_attribute(std::string name, AttributeValue value);
  void add_event(std::string name, std::vector<Attribute> attributes = {});
  void add_link(SpanLink link);
  /// Marks the span as failed, with the text of the exception as its status and as an `exception` event. The innermost span that
  /// an exception passes becomes the failure source; rethrown, copied (`Error::with_trace_id`) and as the cause of another
  /// exception it still counts as the same failure.
  void record_error(std::exception_ptr error);
  /// Stops the clock and hands the span to the exporters. A span that is destroyed before is ended then.
  void end();

  Tracer& tracer() const noexcept { return *tracer_; }

 private:
  friend class Tracer;

  /// Hands what is known by now to the exporters that show running spans; once.
  void announce();
  bool knows(const internal::Failure& failure) const;
  /// Remembers a failure of a span below; returns the span above.
  std::shared_ptr<Span> learn(const std::shared_ptr<const internal::Failure>& failure);
  static std::string segment(const internal::SpanStart& start);

  const std::shared_ptr<Tracer> tracer_;
  const SpanContext context_;
  const std::string path_;             // with the decoration of a last segment
  const std::size_t decoration_size_;  // which the paths of spans below do not have

  mutable std::mutex mutex_;
  SpanData data_;  // without the path, and moved away at the end
  bool ended_ = false;
  bool announced_ = false;
  std::shared_ptr<Span> parent_;                      // until the end
  std::shared_ptr<const internal::Failure> failure_;  // the last that was recorded here
  std::vector<std::shared_ptr<const internal::Failure>> failures_below_;
};

/// Receives spans and brings them somewhere. Thread-safe.
class SpanExporter {
 public:
  virtual ~SpanExporter() = default;
  /// A span became the current one of its work; `span` is what is known by now, name, path and usually input. Must be quick:
  /// called on the thread that works.
  virtual void on_start(const SpanData& span) { (void)span; }
  /// False when `on_start` would do nothing, so that no copy is made for it.
  virtual bool wants_start() const { return false; }
  /// A span ended. Must be quick; expensive work belongs on the exporter's own thread, behind a bounded queue.
  virtual void on_end(std::shared_ptr<const SpanData> span) = 0;
  /// Waits until all that was handed over is delivered or dropped, at most until `deadline`. True when nothing is left. Throws
  /// CANCELLED when the caller is cancelled.
  virtual bool flush(std::chrono::steady_clock::time_point deadline) {
    (void)deadline;
    return true;
  }
};

}  // namespace genkit

#endif  // GENKIT_TRACE_SPAN_H_
