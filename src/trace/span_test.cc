#include <chrono>
#include <cstdint>
#include <exception>
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <genkit/trace/tracer.h>

#include "trace/trace_test_support.h"

namespace genkit {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

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
  EXPECT_FALSE(root->is_exported());
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

TEST(Span, IsExportedOnceSomebodyListens) {
  const auto tracer = std::make_shared<Tracer>();
  const auto span = tracer->start_span({.name = "s"}, Context());
  EXPECT_FALSE(span->is_exported());

  tracer->add_exporter(std::make_shared<InMemoryExporter>());

  EXPECT_TRUE(span->is_exported());
}

}  // namespace
}  // namespace genkit
