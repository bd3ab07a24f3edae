#include <future>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <genkit/base/error.h>
#include <genkit/trace/tracer.h>

#include "trace/trace_test_support.h"

namespace genkit {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

std::vector<std::string> names(const std::vector<std::shared_ptr<const SpanData>>& spans) {
  std::vector<std::string> result;
  for (const auto& span : spans) result.push_back(span->name);
  return result;
}

std::optional<AttributeValue> attribute(const SpanData& span, std::string_view name) {
  for (const Attribute& attribute : all_attributes(span)) {
    if (attribute.name == name) return attribute.value;
  }
  return std::nullopt;
}

struct PathRow {
  std::string_view name, type, subtype, as_root, below;
};

class SpanPath : public ::testing::TestWithParam<PathRow> {};

TEST_P(SpanPath, FollowsTheGrammar) {
  const PathRow& row = GetParam();
  TestTracer test;
  const SpanOptions options{.name = row.name, .type = row.type, .subtype = row.subtype};

  test.start(options)->end();
  const auto flow = test.start({.name = "outer", .type = "action", .subtype = "flow"});
  test.start_below(flow, options)->end();

  const auto spans = test.exporter->spans();
  EXPECT_EQ(spans.at(0)->path, row.as_root);
  EXPECT_EQ(spans.at(1)->path, row.below);
}

INSTANTIATE_TEST_SUITE_P(
    Kinds, SpanPath,
    ::testing::Values(PathRow{"joke", "action", "flow", "/{joke,t:flow}", "/{outer,t:flow}/{joke,t:flow,s:flow}"},
                      PathRow{"fake/echo", "action", "model", "/{fake/echo,t:action}",
                              "/{outer,t:flow}/{fake/echo,t:action,s:model}"},
                      PathRow{"generate", "action", "util", "/{generate,t:action}", "/{outer,t:flow}/{generate,t:action,s:util}"},
                      PathRow{"generate", "util", "", "/{generate,t:util}", "/{outer,t:flow}/{generate,t:util}"},
                      PathRow{"load", "flowStep", "", "/{load,t:flowStep}", "/{outer,t:flow}/{load,t:flowStep}"},
                      PathRow{"Test Case 1", "", "", "/{Test Case 1}", "/{outer,t:flow}/{Test Case 1}"},
                      PathRow{"odd", "", "tool", "/{odd}", "/{outer,t:flow}/{odd,s:tool}"}));

TEST(SpanPath, OnlyTheLastSegmentIsDecorated) {
  TestTracer test;
  const auto flow = test.start({.name = "f", .type = "action", .subtype = "flow"});
  const auto tool = test.start_below(flow, {.name = "t", .type = "action", .subtype = "tool"});
  const auto inner = test.start_below(tool, {.name = "g", .type = "action", .subtype = "flow"});
  const auto step = test.start_below(inner, {.name = "s", .type = "flowStep"});

  for (const auto& span : {step, inner, tool, flow}) span->end();

  EXPECT_EQ(test.exported("s").path, "/{f,t:flow}/{t,t:action}/{g,t:flow}/{s,t:flowStep}");
  EXPECT_EQ(test.exported("g").path, "/{f,t:flow}/{t,t:action}/{g,t:flow,s:flow}");
  EXPECT_EQ(test.exported("t").path, "/{f,t:flow}/{t,t:action,s:tool}");
  EXPECT_EQ(test.exported("f").path, "/{f,t:flow}");
}

TEST(Span, CarriesWhatItWasGiven) {
  TestTracer test;
  const std::vector<Attribute> labels{{"batchRun", "lbl1"}};

  const auto span = test.start({.name = "joke", .type = "action", .subtype = "flow", .key = "/flow/joke", .labels = &labels});
  span->set_input("{\"a\":1}");
  span->set_init("{}");
  span->set_attribute("genkit:metadata:context", "{}");
  span->set_output("\"ha\"");
  span->end();

  const SpanData& data = test.exported("joke");
  std::vector<std::string> order;
  for (const Attribute& attribute : all_attributes(data)) order.push_back(attribute.name);
  EXPECT_THAT(order,
              ElementsAre("genkit:type", "genkit:metadata:subtype", "genkit:key", "genkit:name", "genkit:isRoot", "genkit:path",
                          "batchRun", "genkit:metadata:context", "genkit:input", "genkit:init", "genkit:output", "genkit:state"));
  EXPECT_EQ(attribute(data, "genkit:state"), AttributeValue("success"));
  EXPECT_EQ(attribute(data, "genkit:isRoot"), AttributeValue(true));
  EXPECT_EQ(attribute(data, "batchRun"), AttributeValue("lbl1"));
  EXPECT_EQ(data.end_time - data.start_time, std::chrono::milliseconds(1));
}

TEST(Span, ANewTraceHasIdsOfItsOwnAndChildrenStayInIt) {
  TestTracer test;

  const auto root = test.start({.name = "root"});
  const auto child = test.start_below(root, {.name = "child"});
  const auto other = test.start({.name = "other"});
  child->end();

  EXPECT_EQ(root->context().trace_id, (TraceId{1, 2}));
  EXPECT_EQ(root->context().span_id, SpanId{3});
  EXPECT_EQ(child->context().trace_id, root->context().trace_id);
  EXPECT_EQ(test.exported("child").parent_span_id, root->context().span_id);
  EXPECT_FALSE(test.exported("child").is_root);
  EXPECT_NE(other->context().trace_id, root->context().trace_id);
}

TEST(Span, ContinuesATraceFromOutside) {
  TestTracer test;
  const SpanContext remote{TraceId{7, 8}, SpanId{9}, true};

  const auto root = test.start({.name = "root", .remote_parent = remote});
  const auto child = test.tracer->start_span({.name = "child", .remote_parent = SpanContext{TraceId{1, 1}, SpanId{1}, true}},
                                             Tracer::with_span(Context(), root));
  child->end();
  root->end();

  EXPECT_EQ(root->context().trace_id, remote.trace_id);
  EXPECT_EQ(test.exported("root").parent_span_id, remote.span_id);
  EXPECT_TRUE(test.exported("root").is_root);
  EXPECT_EQ(child->context().trace_id, remote.trace_id) << "a parent in this process comes first";
}

TEST(Span, OfATraceThatIsNotSampledReachesNoExporter) {
  TestTracer test;

  const auto root = test.start({.name = "root", .remote_parent = SpanContext{TraceId{7, 8}, SpanId{9}, false}});
  test.start_below(root, {.name = "child"})->end();
  root->end();

  EXPECT_THAT(test.exporter->spans(), IsEmpty());
  EXPECT_TRUE(root->context().traceparent().ends_with("-00"));
}

TEST(Span, IgnoresChangesAfterItsEnd) {
  TestTracer test;
  const auto span = test.start({.name = "s"});
  span->end();

  span->set_input("1");
  span->set_init("1");
  span->set_output("1");
  span->set_attribute("a", "1");
  span->add_event("e");
  span->add_link({});
  span->record_error(std::make_exception_ptr(std::runtime_error("late")));
  span->end();

  ASSERT_THAT(test.exporter->spans(), SizeIs(1));
  const SpanData& data = test.exported("s");
  EXPECT_FALSE(data.input || data.init || data.output || data.failed);
  EXPECT_THAT(data.attributes, IsEmpty());
  EXPECT_THAT(data.events, IsEmpty());
  EXPECT_THAT(data.links, IsEmpty());
}

TEST(Span, EndsWhenItIsDestroyed) {
  TestTracer test;

  test.start({.name = "forgotten"}).reset();

  EXPECT_THAT(names(test.exporter->spans()), ElementsAre("forgotten"));
}

TEST(Span, AnAttributeSetTwiceHasTheLastValue) {
  TestTracer test;
  const std::vector<Attribute> labels{{"n", std::int64_t{1}}};
  const auto span = test.start({.name = "s", .labels = &labels});

  span->set_attribute("n", 2.5);
  span->end();

  ASSERT_THAT(test.exported("s").attributes, SizeIs(1));
  EXPECT_EQ(attribute(test.exported("s"), "n"), AttributeValue(2.5));
}

TEST(Span, AttributesThatStandForFieldsNeverAppearTwice) {
  TestTracer test;
  const std::vector<Attribute> labels{{"genkit:type", "action"}, {"genkit:isRoot", false}, {"genkit:key", "/tool/t"}};
  const auto span = test.start({.name = "s", .labels = &labels});

  span->set_attribute("genkit:output", "1");
  span->set_attribute("genkit:name", "liar");
  span->set_attribute("genkit:unknown", "kept");
  span->end();

  const SpanData& data = test.exported("s");
  EXPECT_EQ(data.type, "action");
  EXPECT_EQ(data.key, "/tool/t");
  EXPECT_EQ(data.output, "1");
  EXPECT_EQ(attribute(data, "genkit:name"), AttributeValue("s"));
  EXPECT_EQ(attribute(data, "genkit:isRoot"), AttributeValue(true));
  ASSERT_THAT(data.attributes, SizeIs(1));
  EXPECT_EQ(data.attributes[0].name, "genkit:unknown");
}

TEST(Span, NeverEndsBeforeItsStart) {
  struct BackwardClock final : Clock {
    int seconds = 10;
    std::chrono::system_clock::time_point now() override {
      return std::chrono::system_clock::time_point(std::chrono::seconds(seconds--));
    }
  } clock;
  const auto tracer = std::make_shared<Tracer>(TracerOptions{.clock = &clock});
  const auto exporter = std::make_shared<InMemoryExporter>();
  tracer->add_exporter(exporter);

  tracer->start_span({.name = "s"}, Context())->end();

  EXPECT_EQ(exporter->spans().at(0)->start_time, exporter->spans().at(0)->end_time);
}

TEST(SpanFailure, HasTheTextOfTheExceptionAndAnEvent) {
  TestTracer test;
  const auto span = test.start({.name = "s"});

  span->record_error(std::make_exception_ptr(Error(Status::kNotFound, "no such joke")));
  span->end();

  const SpanData& data = test.exported("s");
  EXPECT_TRUE(data.failed);
  EXPECT_EQ(data.status_message, "NOT_FOUND: no such joke");
  EXPECT_EQ(attribute(data, "genkit:state"), AttributeValue("error"));
  EXPECT_EQ(attribute(data, "genkit:isFailureSource"), AttributeValue(true));
  ASSERT_THAT(data.events, SizeIs(1));
  EXPECT_EQ(data.events[0].name, "exception");
  EXPECT_EQ(data.events[0].attributes[0].value, AttributeValue("genkit::Error"));
  EXPECT_EQ(data.events[0].attributes[1].value, AttributeValue("NOT_FOUND: no such joke"));
}

TEST(SpanFailure, ShowsTheCausesWhereOtherLanguagesShowTheStack) {
  TestTracer test;
  const auto span = test.start({.name = "s"});
  const auto cause = std::make_exception_ptr(std::runtime_error("disk full"));

  span->record_error(std::make_exception_ptr(Error(Status::kInternal, "cannot save", nullptr, cause)));
  span->end();

  EXPECT_EQ(test.exported("s").events[0].attributes[2].value,
            AttributeValue("genkit::Error: INTERNAL: cannot save\nCaused by: std::runtime_error: disk full"));
}

TEST(SpanFailure, KnowsExceptionsOfAnyType) {
  TestTracer test;
  const auto span = test.start({.name = "s"});

  span->record_error(std::make_exception_ptr(42));
  span->end();

  EXPECT_EQ(test.exported("s").status_message, "exception of type int");
}

TEST(SpanFailure, RecordedTwiceIsOneEvent) {
  TestTracer test;
  const auto span = test.start({.name = "s"});
  const Error error(Status::kInternal, "boom");

  span->record_error(std::make_exception_ptr(error));
  span->record_error(std::make_exception_ptr(error.with_trace_id("t")));
  span->end();

  EXPECT_THAT(test.exported("s").events, SizeIs(1));
  EXPECT_TRUE(test.exported("s").is_failure_source);
}

/// How an exception changes between the span below and the span above.
using Passage = std::exception_ptr (*)(const std::exception_ptr&);
struct PassageRow {
  std::string_view name;
  Passage pass;
};

class SpanFailureSource : public ::testing::TestWithParam<PassageRow> {};

TEST_P(SpanFailureSource, IsTheInnermostSpanOnly) {
  TestTracer test;
  const auto root = test.start({.name = "root"});
  const auto middle = test.start_below(root, {.name = "middle"});
  const auto inner = test.start_below(middle, {.name = "inner"});

  std::exception_ptr error = std::make_exception_ptr(std::runtime_error("boom"));
  for (const auto& span : {inner, middle, root}) {
    span->record_error(error);
    span->end();
    error = GetParam().pass(error);
  }

  EXPECT_TRUE(test.exported("inner").is_failure_source);
  EXPECT_FALSE(test.exported("middle").is_failure_source);
  EXPECT_FALSE(test.exported("root").is_failure_source);
  EXPECT_TRUE(test.exported("root").failed);
}

INSTANTIATE_TEST_SUITE_P(
    Passages, SpanFailureSource,
    ::testing::Values(PassageRow{"rethrown", [](const std::exception_ptr& error) { return error; }},
                      PassageRow{"converted",
                                 [](const std::exception_ptr& error) { return std::make_exception_ptr(to_error(error)); }},
                      PassageRow{"named",
                                 [](const std::exception_ptr& error) {
                                   return std::make_exception_ptr(to_error(error).with_trace_id("0af7"));
                                 }},
                      PassageRow{"wrapped",
                                 [](const std::exception_ptr& error) {
                                   return std::make_exception_ptr(Error(Status::kAborted, "the flow failed", nullptr, error));
                                 }},
                      PassageRow{"nested",
                                 [](const std::exception_ptr& error) {
                                   try {
                                     try {
                                       std::rethrow_exception(error);
                                     } catch (...) {
                                       std::throw_with_nested(std::logic_error("outer"));
                                     }
                                   } catch (...) {
                                     return std::current_exception();
                                   }
                                   return std::exception_ptr();
                                 }}),
    [](const auto& info) { return std::string(info.param.name); });

TEST(SpanFailureSource, IsFoundAcrossASpanThatDidNotRecord) {
  TestTracer test;
  const auto root = test.start({.name = "root"});
  const auto middle = test.start_below(root, {.name = "middle"});
  const auto inner = test.start_below(middle, {.name = "inner"});
  const auto error = std::make_exception_ptr(Error(Status::kInternal, "boom"));

  inner->record_error(error);
  inner->end();
  middle->end();
  root->record_error(error);
  root->end();

  EXPECT_TRUE(test.exported("inner").is_failure_source);
  EXPECT_FALSE(test.exported("root").is_failure_source);
}

TEST(SpanFailureSource, IsTheParentWhenItFailsForAReasonOfItsOwn) {
  TestTracer test;
  const auto root = test.start({.name = "root"});
  const auto child = test.start_below(root, {.name = "child"});

  child->record_error(std::make_exception_ptr(Error(Status::kUnavailable, "model is busy")));
  child->end();
  root->record_error(std::make_exception_ptr(Error(Status::kInvalidArgument, "no fallback")));
  root->end();

  EXPECT_TRUE(test.exported("child").is_failure_source);
  EXPECT_TRUE(test.exported("root").is_failure_source);
}

TEST(SpanFailureSource, OfParallelFailuresIsEachOfThem) {
  TestTracer test;
  const auto root = test.start({.name = "root"});
  std::vector<std::exception_ptr> errors;
  for (const char* name : {"a", "b", "c"}) {
    const auto child = test.start_below(root, {.name = name});
    errors.push_back(std::make_exception_ptr(Error(Status::kInternal, std::string("failed: ") + name)));
    child->record_error(errors.back());
    child->end();
  }

  root->record_error(errors[1]);
  root->end();

  for (const char* name : {"a", "b", "c"}) EXPECT_TRUE(test.exported(name).is_failure_source) << name;
  EXPECT_FALSE(test.exported("root").is_failure_source);
}

TEST(Tracer, MakesTheSpanTheCurrentOneOfAScope) {
  TestTracer test;
  const auto span = test.start({.name = "s"});
  EXPECT_EQ(Span::current(), nullptr);
  {
    const ScopedContext scope(Tracer::with_span(Context::current(), span));
    EXPECT_EQ(Span::current(), span);
  }
  EXPECT_EQ(Span::current(), nullptr);
}

TEST(Tracer, ThreadsThatCarryTheContextNestTheirSpans) {
  TestTracer test;
  const auto root = test.start({.name = "root"});
  const Context context = Tracer::with_span(Context(), root);
  const auto work = [&](std::string name) {
    EXPECT_EQ(Span::current(), nullptr) << "a thread of its own starts with an empty context";
    const ScopedContext scope(context);
    const auto outer = test.tracer->start_span({.name = name}, Context::current());
    const ScopedContext inner_scope(Tracer::with_span(Context::current(), outer));
    test.tracer->start_span({.name = name + " inner"}, Context::current())->end();
    outer->end();
  };

  std::thread a(work, "a");
  std::thread b(work, "b");
  a.join();
  b.join();
  root->end();

  for (const char* name : {"a", "b"}) {
    const SpanData& outer = test.exported(name);
    EXPECT_EQ(outer.parent_span_id, root->context().span_id);
    EXPECT_EQ(test.exported(std::string(name) + " inner").parent_span_id, outer.context.span_id);
  }
}

TEST(Tracer, SpansOfManyThreadsKeepTheirAttributes) {
  TestTracer test;
  const auto span = test.start({.name = "shared"});
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([&, t] {
      for (int i = 0; i < 50; ++i) {
        span->set_attribute("t" + std::to_string(t), std::int64_t{i});
        test.start_below(span, {.name = "child"})->end();
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  span->end();

  EXPECT_THAT(test.exported("shared").attributes, SizeIs(4));
  EXPECT_THAT(test.exporter->spans(), SizeIs(201));
}

TEST(Tracer, OutlivesItsOwnerInItsSpans) {
  auto test = std::make_unique<TestTracer>();
  const auto exporter = test->exporter;
  auto span = test->start({.name = "s"});

  test->tracer.reset();
  span->tracer().start_span({.name = "child"}, Tracer::with_span(Context(), span))->end();
  span.reset();

  EXPECT_THAT(names(exporter->spans()), ElementsAre("child", "s"));
}

/// Notes what it is told, and throws when asked to.
class NotingExporter final : public SpanExporter {
 public:
  void on_start(const SpanData& span) override { started.push_back(span); }
  bool wants_start() const override { return true; }
  void on_end(std::shared_ptr<const SpanData>) override { throw std::runtime_error("disk full"); }

  std::vector<SpanData> started;
};

TEST(Tracer, TellsOfTheStartOnceTheInputIsKnown) {
  TestTracer test;
  const auto exporter = std::make_shared<NotingExporter>();
  test.tracer->add_exporter(exporter);

  const auto span = test.start({.name = "s", .type = "util"});
  span->set_input("{\"a\":1}");
  EXPECT_THAT(exporter->started, IsEmpty());
  const Context context = Tracer::with_span(Context(), span);
  Tracer::with_span(context, span);

  ASSERT_THAT(exporter->started, SizeIs(1));
  const SpanData& started = exporter->started[0];
  EXPECT_FALSE(started.ended());
  EXPECT_EQ(started.path, "/{s,t:util}");
  EXPECT_EQ(started.input, "{\"a\":1}");
  EXPECT_EQ(attribute(started, "genkit:state"), std::nullopt);
}

TEST(Tracer, LogsAnExporterThatThrowsAndGoesOn) {
  std::vector<std::string> lines;
  const Logger logger([&](const LogRecord& record) { lines.emplace_back(record.message); });
  const auto tracer = std::make_shared<Tracer>(TracerOptions{.logger = logger});
  const auto good = std::make_shared<InMemoryExporter>();
  tracer->add_exporter(std::make_shared<NotingExporter>());
  tracer->add_exporter(good);

  tracer->start_span({.name = "s"}, Context())->end();

  EXPECT_THAT(lines, ElementsAre(HasSubstr("disk full")));
  EXPECT_THAT(good->spans(), SizeIs(1));
}

TEST(InMemoryExporter, ForgetsTheOldest) {
  InMemoryExporter exporter(2);
  for (const char* name : {"a", "b", "c"}) {
    auto span = std::make_shared<SpanData>();
    span->name = name;
    exporter.on_end(std::move(span));
  }

  EXPECT_THAT(names(exporter.spans()), ElementsAre("b", "c"));
  EXPECT_THAT(names(exporter.take()), ElementsAre("b", "c"));
  EXPECT_THAT(exporter.spans(), IsEmpty());
}

}  // namespace
}  // namespace genkit
