#include <genkit/core/step.h>

#include "core/core_test_support.h"

#include <memory>

#include <genkit/runtime/future.h>

namespace genkit {
namespace {

using testing::HasSubstr;
using testing::Optional;

TEST(StepTest, IsASpanOfTheFlow) {
  TracedRegistry registry;
  const auto flow = registry.define("flow", [] { return run("load", [] { return 7; }); });

  EXPECT_EQ(flow(), 7);

  const auto spans = registry.exporter->take();
  ASSERT_EQ(spans.size(), 2u);
  EXPECT_EQ(spans[0]->name, "load");
  EXPECT_EQ(spans[0]->type, "flowStep");
  EXPECT_EQ(spans[0]->path, "/{flow,t:flow}/{load,t:flowStep}");
  EXPECT_THAT(spans[0]->output, Optional(std::string("7")));
  EXPECT_EQ(spans[0]->parent_span_id, spans[1]->context.span_id);
}

TEST(StepTest, ShowsTheInputThatItGets) {
  TracedRegistry registry;
  const auto flow = registry.define("flow", [] { return run("double", 21, [](int x) { return 2 * x; }); });

  EXPECT_EQ(flow(), 42);
  EXPECT_THAT(registry.exporter->take().at(0)->input, Optional(std::string("21")));
}

TEST(StepTest, MayReturnWhatCannotBeShown) {
  TracedRegistry registry;
  struct Handle {
    explicit Handle(int* p) : pointer(p) {}
    int* pointer;
  };
  const auto flow = registry.define("flow", [] {
    int value = 3;
    return *run("open", [&] { return Handle(&value); }).pointer;
  });

  EXPECT_EQ(flow(), 3);
}

TEST(StepTest, FailsWithWhatItThrows) {
  TracedRegistry registry;
  const auto flow = registry.define("flow", [] { run("break", [] { throw Error(Status::kDataLoss, "lost"); }); });

  EXPECT_THAT(error_of([&] { flow(); }), HasStatus(Status::kDataLoss));

  const auto spans = registry.exporter->take();
  EXPECT_TRUE(spans.at(0)->is_failure_source);
  EXPECT_THAT(spans.at(0)->status_message, HasSubstr("lost"));
}

TEST(StepTest, OutsideOfAFlowJustCallsTheFunction) {
  EXPECT_EQ(run("alone", [] { return 1; }), 1);
}

TEST(StepTest, KeepsItsParentAcrossAsync) {
  TracedRegistry registry;
  const auto flow = registry.define("flow", [] {
    auto a = async([] { return run("a", [] { return 1; }); });
    auto b = async([] { return run("b", [] { return 2; }); });
    return a.get() + b.get();
  });

  EXPECT_EQ(flow(), 3);

  const auto spans = registry.exporter->take();
  ASSERT_EQ(spans.size(), 3u);
  EXPECT_EQ(spans[0]->parent_span_id, spans[2]->context.span_id);
  EXPECT_EQ(spans[1]->parent_span_id, spans[2]->context.span_id);
}

}  // namespace
}  // namespace genkit
