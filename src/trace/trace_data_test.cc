#include "trace/trace_data.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdint>
#include <deque>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <genkit/base/json.h>
#include <genkit/trace/tracer.h>

#include "trace/trace_test_support.h"

namespace genkit::internal {
namespace {

using ::testing::IsEmpty;
using ::testing::SizeIs;

Json trace_data(const std::vector<const SpanData*>& spans) {
  std::string text;
  append_trace_data(text, spans);
  return parse_json(text);
}

/// What the telemetry server's schema finds wrong with a TraceData; empty when it would be stored.
class WireCheck {
 public:
  static std::vector<std::string> problems(const Json& trace) {
    WireCheck check;
    check.object(trace, "trace", {{"traceId", "string"}, {"spans", "object"}},
                 {{"displayName", "string"}, {"startTime", "number"}, {"endTime", "number"}});
    for (const auto& [id, span] : trace.at("spans").as_object()) check.span(span, std::string(id));
    return check.problems_;
  }

 private:
  using Fields = std::map<std::string, std::string>;

  static std::string kind(const Json& value) {
    if (value.is_number()) return "number";
    if (value.is_string()) return "string";
    if (value.is_bool()) return "boolean";
    if (value.is_object()) return "object";
    return value.is_array() ? "array" : "null";
  }
  void object(const Json& value, const std::string& path, const Fields& required, const Fields& optional) {
    if (!value.is_object()) return problems_.push_back(path + " is no object");
    for (const auto& [name, type] : required) {
      if (find_member(value, name) == nullptr) problems_.push_back(path + "." + name + " is missing");
    }
    for (const auto& [name, member] : value.as_object()) {
      const auto is_required = required.find(std::string(name));
      const auto is_optional = optional.find(std::string(name));
      if (is_required == required.end() && is_optional == optional.end()) {
        problems_.push_back(path + "." + std::string(name) + " is unknown");
      } else if (const auto& field = is_required != required.end() ? *is_required : *is_optional; field.second != kind(member)) {
        problems_.push_back(path + "." + std::string(name) + " is a " + kind(member));
      }
    }
  }
  void span(const Json& span, const std::string& id) {
    object(span, id,
           {{"spanId", "string"},
            {"traceId", "string"},
            {"startTime", "number"},
            {"endTime", "number"},
            {"attributes", "object"},
            {"displayName", "string"},
            {"instrumentationLibrary", "object"},
            {"spanKind", "string"}},
           {{"parentSpanId", "string"},
            {"links", "array"},
            {"sameProcessAsParentSpan", "object"},
            {"status", "object"},
            {"timeEvents", "object"},
            {"truncated", "boolean"}});
    object(span.at("instrumentationLibrary"), id + ".instrumentationLibrary", {{"name", "string"}},
           {{"version", "string"}, {"schemaUrl", "string"}});
    object(span.at("sameProcessAsParentSpan"), id + ".sameProcessAsParentSpan", {{"value", "boolean"}}, {});
    object(span.at("status"), id + ".status", {{"code", "number"}}, {{"message", "string"}});
    object(span.at("timeEvents"), id + ".timeEvents", {}, {{"timeEvent", "array"}});
    for (const Json& event : span.at("timeEvents").at("timeEvent").as_array()) {
      object(event, id + ".timeEvent", {{"time", "number"}, {"annotation", "object"}}, {});
      object(event.at("annotation"), id + ".annotation", {{"attributes", "object"}, {"description", "string"}}, {});
    }
    for (const Json& link : span.at("links").as_array()) {
      object(link, id + ".link", {}, {{"context", "object"}, {"attributes", "object"}, {"droppedAttributesCount", "number"}});
      object(link.at("context"), id + ".link.context", {{"traceId", "string"}, {"spanId", "string"}, {"traceFlags", "number"}},
             {{"isRemote", "boolean"}});
    }
    for (const auto& [name, value] : span.at("attributes").as_object()) {
      if (value.is_null()) problems_.push_back(id + "." + std::string(name) + " is null");
    }
  }

  std::vector<std::string> problems_;
};

/// Gives out values that were recorded, in order.
struct RecordedClock final : Clock {
  std::deque<std::chrono::system_clock::time_point> times;
  std::chrono::system_clock::time_point now() override {
    const auto time = times.front();
    if (times.size() > 1) times.pop_front();
    return time;
  }
  void add(const Json& milliseconds) {
    const double value = milliseconds.to_number<double>();
    const double whole = std::floor(value);
    const auto nanoseconds = static_cast<std::int64_t>(whole) * 1'000'000 + std::llround((value - whole) * 1e6);
    times.push_back(std::chrono::system_clock::time_point(std::chrono::nanoseconds(nanoseconds)));
  }
};
struct RecordedIds final : IdSource {
  std::deque<std::uint64_t> ids;
  std::uint64_t next() override {
    const std::uint64_t id = ids.front();
    ids.pop_front();
    return id;
  }
};

std::string text_of(const Json& attributes, std::string_view name) {
  const Json* value = find_member(attributes, name);
  return value != nullptr ? std::string(value->as_string()) : std::string();
}

/// Does again what a recorded program did, through the tracer.
class Replay {
 public:
  explicit Replay(const Json& trace) : trace_(trace) {
    tracer_->add_exporter(exporter_);
    for (const auto& [id, span] : trace.at("spans").as_object()) {
      if (find_member(span, "parentSpanId") == nullptr) run(span, Context());
    }
  }

  Json result() const {
    std::vector<const SpanData*> spans;
    for (const auto& span : ended_ = exporter_->spans()) spans.push_back(span.get());
    return trace_data(spans);
  }

 private:
  void run(const Json& span, const Context& context) {
    const Json& attributes = span.at("attributes");
    if (ids_.ids.empty() && find_member(span, "parentSpanId") == nullptr) {
      const auto trace_id = TraceId::parse(std::string(span.at("traceId").as_string()));
      ids_.ids = {trace_id->high, trace_id->low};
    }
    ids_.ids.push_back(SpanId::parse(std::string(span.at("spanId").as_string()))->value);
    clock_.times.clear();
    clock_.add(span.at("startTime"));
    const std::string name(span.at("displayName").as_string());
    const std::string type = text_of(attributes, "genkit:type");
    const std::string subtype = text_of(attributes, "genkit:metadata:subtype");
    const std::string key = text_of(attributes, "genkit:key");
    const auto copy = tracer_->start_span({.name = name, .type = type, .subtype = subtype, .key = key}, context);
    for (const auto& [attribute, value] : attributes.as_object()) {
      if (value.is_string()) copy->set_attribute(std::string(attribute), std::string(value.as_string()));
    }

    std::exception_ptr error = children(span, Tracer::with_span(context, copy));
    clock_.times.clear();
    for (const Json& event : span.at("timeEvents").at("timeEvent").as_array()) {
      clock_.add(event.at("time"));
      const std::string message(span.at("status").at("message").as_string());
      if (!error) error = std::make_exception_ptr(std::runtime_error(message));
      copy->record_error(error);
    }
    failure_ = error;
    clock_.times.clear();
    clock_.add(span.at("endTime"));
    copy->end();
  }
  /// Returns what the last of them failed with.
  std::exception_ptr children(const Json& parent, const Context& context) {
    std::exception_ptr error;
    for (const auto& [id, span] : trace_.at("spans").as_object()) {
      const Json* parent_id = find_member(span, "parentSpanId");
      if (parent_id == nullptr || *parent_id != parent.at("spanId")) continue;
      failure_ = nullptr;
      run(span, context);
      if (failure_) error = failure_;
    }
    return error;
  }

  const Json& trace_;
  RecordedClock clock_;
  RecordedIds ids_;
  std::exception_ptr failure_;
  std::shared_ptr<Tracer> tracer_ = std::make_shared<Tracer>(TracerOptions{.clock = &clock_, .ids = &ids_});
  std::shared_ptr<InMemoryExporter> exporter_ = std::make_shared<InMemoryExporter>();
  mutable std::vector<std::shared_ptr<const SpanData>> ended_;
};

/// Stack traces and type names differ between languages.
void blank_exceptions(Json& trace) {
  for (auto& [id, span] : trace.at("spans").as_object()) {
    for (Json& event : span.at("timeEvents").at("timeEvent").as_array()) {
      Json& attributes = event.at("annotation").at("attributes");
      attributes.as_object()["exception.type"] = "";
      attributes.as_object()["exception.stacktrace"] = "";
    }
  }
}

Json read_json(const std::filesystem::path& path) {
  std::ifstream file(path);
  return parse_json(std::string(std::istreambuf_iterator<char>(file), {}));
}

std::vector<std::filesystem::path> captures() {
  std::vector<std::filesystem::path> paths;
  for (const auto& entry : std::filesystem::directory_iterator(GENKIT_TRACE_TESTDATA)) paths.push_back(entry.path());
  std::sort(paths.begin(), paths.end());
  return paths;
}

class RecordedTrace : public ::testing::TestWithParam<std::filesystem::path> {};

TEST_P(RecordedTrace, IsReproducedToTheLastMember) {
  Json recorded = read_json(GetParam());

  const Replay replay(recorded);
  Json own = replay.result();

  EXPECT_THAT(WireCheck::problems(own), IsEmpty());
  blank_exceptions(recorded);
  blank_exceptions(own);
  EXPECT_EQ(own, recorded) << to_text(own, 2);
}

INSTANTIATE_TEST_SUITE_P(Captures, RecordedTrace, ::testing::ValuesIn(captures()),
                         [](const auto& info) { return info.param.stem().string(); });

/// A span with something in every field.
SpanData full_span() {
  SpanData span;
  span.context = {TraceId{1, 2}, SpanId{3}, true};
  span.name = "n\"ame";
  span.start_time = std::chrono::system_clock::time_point(std::chrono::microseconds(1'795'345'881'683'548));
  span.end_time = span.start_time + std::chrono::microseconds(1'500);
  span.is_root = true;
  span.attributes = {{"s", "text\n"}, {"b", false}, {"i", std::int64_t{-5}}, {"d", 21.5}};
  span.events = {{span.start_time, "event", {{"k", std::int64_t{1}}}}};
  span.links = {{SpanContext{TraceId{0, 5}, SpanId{6}, false}, {{"why", "because"}}}};
  return span;
}

TEST(TraceData, IsWhatTheServerAccepts) {
  const SpanData span = full_span();

  const Json trace = trace_data({&span});

  EXPECT_THAT(WireCheck::problems(trace), IsEmpty());
  const Json& own = trace.at("spans").at("0000000000000003");
  EXPECT_EQ(own.at("startTime"), Json(1795345881683.548));
  EXPECT_EQ(own.at("attributes").at("i"), Json(-5));
  EXPECT_EQ(own.at("attributes").at("d"), Json(21.5));
  EXPECT_EQ(own.at("attributes").at("b"), Json(false));
  EXPECT_EQ(own.at("timeEvents").at("timeEvent").at(0).at("annotation").at("description"), Json("event"));
  EXPECT_EQ(own.at("links").at(0).at("context").at("traceFlags"), Json(0));
  EXPECT_EQ(own.at("sameProcessAsParentSpan").at("value"), Json(true));
}

TEST(TraceData, HasNamesAndTimesOfTheTraceOnlyTogetherWithItsRoot) {
  SpanData root = full_span();
  SpanData child = full_span();
  child.context.span_id = SpanId{4};
  child.parent_span_id = root.context.span_id;
  child.is_root = false;

  EXPECT_THAT(trace_data({&child}).as_object(), SizeIs(2));
  const Json with_root = trace_data({&child, &root});
  EXPECT_EQ(with_root.at("displayName"), Json("n\"ame"));
  EXPECT_EQ(with_root.at("endTime"), Json(1795345881685.048));
  EXPECT_EQ(with_root.at("spans").at("0000000000000004").at("parentSpanId"), Json("0000000000000003"));
}

TEST(TraceData, ARootBelowASpanOfAnotherProcessSaysSo) {
  SpanData span = full_span();
  span.parent_span_id = SpanId{9};

  const Json trace = trace_data({&span});

  EXPECT_EQ(find_member(trace, "displayName"), nullptr);
  EXPECT_EQ(trace.at("spans").at("0000000000000003").at("sameProcessAsParentSpan").at("value"), Json(false));
}

TEST(TraceData, ARunningSpanHasEndTimeZeroAndNoState) {
  SpanData span = full_span();
  span.end_time = {};

  const Json trace = trace_data({&span});

  EXPECT_THAT(WireCheck::problems(trace), IsEmpty());
  EXPECT_EQ(trace.at("endTime"), Json(0));
  const Json& own = trace.at("spans").at("0000000000000003");
  EXPECT_EQ(own.at("endTime"), Json(0));
  EXPECT_EQ(find_member(own.at("attributes"), "genkit:state"), nullptr);
}

TEST(TraceData, HasTheAttributesOfAllAttributesInTheSameOrder) {
  SpanData span = full_span();
  span.type = "action";
  span.subtype = "flow";
  span.key = "/flow/f";
  span.path = "/{f,t:flow}";
  span.input = "1";
  span.init = "2";
  span.output = "3";
  span.failed = true;
  span.is_failure_source = true;

  const Json trace = trace_data({&span});

  std::vector<std::string> written;
  for (const auto& [name, value] : trace.at("spans").at("0000000000000003").at("attributes").as_object()) {
    written.emplace_back(name);
  }
  std::vector<std::string> expected;
  for (const Attribute& attribute : all_attributes(span)) expected.push_back(attribute.name);
  EXPECT_EQ(written, expected);
}

TEST(TraceData, CutsHugeTextsToWhatStillParses) {
  SpanData span = full_span();
  std::string block;
  for (int i = 0; i < 1000; ++i) block += "\xC3\xA4";  // "ä", which must not be cut in half
  std::string huge = "\"";
  while (huge.size() < kMaxText) huge += block;
  huge += "\"";
  span.input = huge;
  span.output = huge;
  span.init = huge;
  span.attributes = {{"large", huge}};

  std::string text;
  append_trace_data(text, {&span});

  EXPECT_LT(text.size(), 2 * kMaxRecordText);
  const Json attributes = parse_json(text).at("spans").at("0000000000000003").at("attributes");
  for (const char* name : {"genkit:input", "genkit:init", "genkit:output"}) {
    const Json value = parse_json(std::string(attributes.at(name).as_string()));
    const std::string shown(value.as_string());
    EXPECT_TRUE(shown.ends_with("… (truncated, " + std::to_string(huge.size()) + " bytes)")) << name;
    EXPECT_EQ(shown.find("\xEF\xBF\xBD"), std::string::npos) << name;
  }
}

}  // namespace
}  // namespace genkit::internal
