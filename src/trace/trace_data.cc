// The TraceData of the Genkit telemetry server. Written without a JSON tree in between: a trace of five spans is a few
// microseconds.
#include <algorithm>
#include <charconv>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <type_traits>
#include <variant>
#include <vector>

#include <genkit/base/json.h>
#include <genkit/trace/tracer.h>

#include "trace/trace_data.h"

namespace genkit::internal {
namespace {

using TimePoint = std::chrono::system_clock::time_point;

void append_member(std::string& out, std::string_view name) {
  if (out.back() != '{') out += ',';
  append_json_string(out, name);
  out += ':';
}

/// For names and texts that need no escapes: ids, and what this file spells out.
void append_plain_member(std::string& out, std::string_view name, std::string_view text) {
  if (out.back() != '{') out += ',';
  out.append("\"").append(name).append("\":\"").append(text).append("\"");
}

/// Milliseconds since the epoch with a fraction; zero while a span is running.
void append_time(std::string& out, TimePoint time) {
  const auto nanoseconds = std::chrono::duration_cast<std::chrono::nanoseconds>(time.time_since_epoch()).count();
  // Rounded once only: the nanoseconds of today do not fit into a double.
  append_json_number(out, static_cast<double>(nanoseconds / 1'000'000) + static_cast<double>(nanoseconds % 1'000'000) / 1e6);
}

/// Cuts texts so that no record outgrows what the server takes, however large the inputs of an application are.
class TextBudget {
 public:
  std::size_t grant(std::size_t size) {
    const std::size_t granted = std::min({size, kMaxText, left_});
    left_ -= granted;
    return granted;
  }

 private:
  std::size_t left_ = kMaxRecordText;
};

std::string truncated(std::string_view text, std::size_t size) {
  // Not inside of a UTF-8 sequence.
  while (size > 0 && (static_cast<unsigned char>(text[size]) & 0xC0) == 0x80) --size;
  std::string shown(text.substr(0, size));
  shown += "… (truncated, " + std::to_string(text.size()) + " bytes)";
  return shown;
}

void append_text_value(std::string& out, std::string_view text, TextBudget& budget) {
  const std::size_t size = budget.grant(text.size());
  append_json_string(out, size == text.size() ? text : truncated(text, size));
}

/// A JSON document as text. Cut, it would not parse any more: then it becomes a JSON string that holds the beginning.
void append_document(std::string& out, std::string_view json, TextBudget& budget) {
  const std::size_t size = budget.grant(json.size());
  if (size == json.size()) return append_json_string(out, json);
  std::string document;
  append_json_string(document, truncated(json, size));
  append_json_string(out, document);
}

void append_value(std::string& out, const AttributeValue& value, TextBudget& budget) {
  std::visit(
      [&](const auto& v) {
        using V = std::decay_t<decltype(v)>;
        if constexpr (std::is_same_v<V, std::string>) {
          append_text_value(out, v, budget);
        } else if constexpr (std::is_same_v<V, bool>) {
          out += v ? "true" : "false";
        } else if constexpr (std::is_same_v<V, std::int64_t>) {
          char digits[24];
          out.append(digits, std::to_chars(digits, digits + sizeof digits, v).ptr);
        } else {
          append_json_number(out, v);
        }
      },
      value);
}

void append_attributes(std::string& out, const std::vector<Attribute>& attributes, TextBudget& budget) {
  for (const Attribute& attribute : attributes) {
    append_member(out, attribute.name);
    append_value(out, attribute.value, budget);
  }
}

/// The same members in the same order as `all_attributes`, without its copies.
void append_all_attributes(std::string& out, const SpanData& span, TextBudget& budget) {
  const auto add_text = [&](std::string_view name, const std::string& text) {
    if (text.empty()) return;
    append_member(out, name);
    append_text_value(out, text, budget);
  };
  const auto add_document = [&](std::string_view name, const std::optional<std::string>& json) {
    if (!json) return;
    append_member(out, name);
    append_document(out, *json, budget);
  };

  out += "\"attributes\":{";
  add_text("genkit:type", span.type);
  add_text("genkit:metadata:subtype", span.subtype);
  add_text("genkit:key", span.key);
  add_text("genkit:name", span.name);
  if (span.is_root) out += out.back() == '{' ? "\"genkit:isRoot\":true" : ",\"genkit:isRoot\":true";
  add_text("genkit:path", span.path);
  append_attributes(out, span.attributes, budget);
  add_document("genkit:input", span.input);
  add_document("genkit:init", span.init);
  add_document("genkit:output", span.output);
  if (span.ended()) append_plain_member(out, "genkit:state", span.failed ? "error" : "success");
  if (span.is_failure_source) out += out.back() == '{' ? "\"genkit:isFailureSource\":true" : ",\"genkit:isFailureSource\":true";
  out += '}';
}

void append_links(std::string& out, const SpanData& span, TextBudget& budget) {
  out += ",\"links\":[";
  for (const SpanLink& link : span.links) {
    if (out.back() != '[') out += ',';
    out += "{\"context\":{";
    append_plain_member(out, "traceId", link.context.trace_id.hex());
    append_plain_member(out, "spanId", link.context.span_id.hex());
    out += link.context.sampled ? ",\"traceFlags\":1},\"attributes\":{" : ",\"traceFlags\":0},\"attributes\":{";
    append_attributes(out, link.attributes, budget);
    out += "}}";
  }
  out += ']';
}

void append_events(std::string& out, const SpanData& span, TextBudget& budget) {
  out += ",\"timeEvents\":{\"timeEvent\":[";
  for (const SpanEvent& event : span.events) {
    if (out.back() != '[') out += ',';
    out += "{\"time\":";
    append_time(out, event.time);
    out += ",\"annotation\":{\"attributes\":{";
    append_attributes(out, event.attributes, budget);
    out += "},\"description\":";
    append_json_string(out, event.name);
    out += "}}";
  }
  out += "]}";
}

void append_span(std::string& out, const SpanData& span) {
  TextBudget budget;
  const std::string span_id = span.context.span_id.hex();
  out.append("\"").append(span_id).append("\":{");
  append_plain_member(out, "spanId", span_id);
  append_plain_member(out, "traceId", span.context.trace_id.hex());
  if (span.parent_span_id.valid()) append_plain_member(out, "parentSpanId", span.parent_span_id.hex());
  out += ",\"startTime\":";
  append_time(out, span.start_time);
  out += ",\"endTime\":";
  append_time(out, span.end_time);
  out += ',';
  append_all_attributes(out, span, budget);
  out += ",\"displayName\":";
  append_json_string(out, span.name);
  append_links(out, span, budget);
  const bool has_remote_parent = span.is_root && span.parent_span_id.valid();
  out += R"(,"instrumentationLibrary":{"name":"genkit-tracer","version":"v1"},"spanKind":"INTERNAL")";
  out += has_remote_parent ? R"(,"sameProcessAsParentSpan":{"value":false})" : R"(,"sameProcessAsParentSpan":{"value":true})";
  if (span.failed) {
    out += ",\"status\":{\"code\":2,\"message\":";
    append_text_value(out, span.status_message, budget);
    out += '}';
  } else {
    out += ",\"status\":{\"code\":0}";
  }
  append_events(out, span, budget);
  out += '}';
}

}  // namespace

void append_trace_data(std::string& out, const std::vector<const SpanData*>& spans_of_one_trace) {
  if (spans_of_one_trace.empty()) return;
  out += '{';
  append_plain_member(out, "traceId", spans_of_one_trace.front()->context.trace_id.hex());
  // The server takes these from whichever batch has them, so they may only come with the span that knows.
  const auto root = std::find_if(spans_of_one_trace.begin(), spans_of_one_trace.end(),
                                 [](const SpanData* span) { return !span->parent_span_id.valid(); });
  if (root != spans_of_one_trace.end()) {
    out += ",\"displayName\":";
    append_json_string(out, (*root)->name);
    out += ",\"startTime\":";
    append_time(out, (*root)->start_time);
    out += ",\"endTime\":";
    append_time(out, (*root)->end_time);
  }
  out += ",\"spans\":{";
  for (const SpanData* span : spans_of_one_trace) {
    if (out.back() != '{') out += ',';
    append_span(out, *span);
  }
  out += "}}";
}

std::size_t text_size(const SpanData& span) {
  const auto size_of = [](const std::vector<Attribute>& attributes) {
    std::size_t size = 0;
    for (const Attribute& attribute : attributes) {
      size += attribute.name.size() + sizeof attribute;
      if (const auto* text = std::get_if<std::string>(&attribute.value)) size += text->size();
    }
    return size;
  };
  std::size_t size = sizeof span + span.name.size() + span.key.size() + span.path.size() + span.status_message.size();
  for (const auto* json : {&span.input, &span.init, &span.output}) {
    if (*json) size += (*json)->size();
  }
  size += size_of(span.attributes);
  for (const SpanEvent& event : span.events) size += event.name.size() + size_of(event.attributes);
  for (const SpanLink& link : span.links) size += sizeof link + size_of(link.attributes);
  return size;
}

}  // namespace genkit::internal
