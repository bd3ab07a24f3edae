#include <string_view>

#include <gtest/gtest.h>

#include <genkit/trace/tracer.h>

#include "trace/trace_test_support.h"

namespace genkit {
namespace {

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

}  // namespace
}  // namespace genkit
