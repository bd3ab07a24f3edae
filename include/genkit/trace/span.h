#ifndef GENKIT_TRACE_SPAN_H_
#define GENKIT_TRACE_SPAN_H_

#include <chrono>
#include <cstdint>
#include <exception>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include <genkit/runtime/context.h>

namespace genkit {

class Tracer;

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
  bool sampled = true;

  /// "00-<trace>-<span>-01", https://www.w3.org/TR/trace-context/#traceparent-header
  std::string traceparent() const;
  /// Nothing when the header is malformed (callers then start a new trace, as the recommendation asks).
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
  std::string path;     ///< genkit:path: "/{tellJoke,t:flow}/{generate,t:util}"
  std::optional<std::string> input;   ///< genkit:input, JSON text
  std::optional<std::string> init;    ///< genkit:init, JSON text
  std::optional<std::string> output;  ///< genkit:output, JSON text
  bool is_root = false;
  bool is_failure_source = false;
  bool failed = false;           ///< genkit:state "error" and status code 2
  std::string status_message;    ///< when failed

  std::vector<Attribute> attributes;  ///< all others
  std::vector<SpanEvent> events;
  std::vector<SpanLink> links;

  bool ended() const noexcept { return end_time.time_since_epoch().count() != 0; }
};

/// The attributes of a span as they go over the wire, `genkit:*` names included, in the order of the other languages.
std::vector<Attribute> all_attributes(const SpanData& span);

/// What a new span is called and what it belongs to.
struct SpanOptions {
  std::string_view name;
  std::string_view type;     ///< "action", "flowStep", "util", "promptTemplate", "dotprompt"
  std::string_view subtype;  ///< for actions: their kind
  std::string_view key;      ///< for actions: their key
  const std::vector<Attribute>* labels = nullptr;  ///< taken over verbatim at the start
  /// Continues a trace that came from outside (a `traceparent` header); only for spans without a parent in this process.
  std::optional<SpanContext> remote_parent;
};

/// One timed piece of work. Shared by whoever works on it; every member is thread-safe. After `end` changes are ignored.
class Span {
 public:
  ~Span();
  Span(const Span&) = delete;
  Span& operator=(const Span&) = delete;

  /// The span that the calling fiber or thread works on; nullptr outside of all actions and steps.
  static std::shared_ptr<Span> current();

  SpanContext context() const noexcept;
  void set_input(std::string json_text);
  void set_init(std::string json_text);
  void set_output(std::string json_text);
  void set_attribute(std::string name, AttributeValue value);
  void add_event(std::string name, std::vector<Attribute> attributes = {});
  void add_link(SpanLink link);
  /// Marks the span as failed, with the text of the exception as its status and as an `exception` event. The innermost span that
  /// an exception passes becomes the failure source.
  void record_error(std::exception_ptr error);
  /// Stops the clock and hands the span to the exporters. A span that is destroyed before is ended then.
  void end();

  Tracer& tracer() const noexcept;

 private:
  friend class Tracer;
  struct State;
  explicit Span(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

/// Starts spans and hands them to exporters. Thread-safe. One per Genkit instance.
class SpanExporter {
 public:
  virtual ~SpanExporter() = default;
  /// A span began; `span` is a copy of what is known by now. Must be quick: called on the thread that works.
  virtual void on_start(const SpanData& span) { (void)span; }
  /// False when `on_start` would do nothing, so that no copy is made for it.
  virtual bool wants_start() const { return false; }
  /// A span ended. Must be quick; expensive work belongs on the exporter's own thread, behind a bounded queue.
  virtual void on_end(std::shared_ptr<const SpanData> span) = 0;
  /// Waits until all that was handed over is delivered or dropped, at most until `deadline`. True when nothing is left.
  virtual bool flush(std::chrono::steady_clock::time_point deadline) {
    (void)deadline;
    return true;
  }
};

}  // namespace genkit

#endif  // GENKIT_TRACE_SPAN_H_
