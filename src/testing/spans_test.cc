#include <genkit/testing/spans.h>

#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <genkit/genkit.h>
#include <genkit/testing/fake_clock.h>
#include <genkit/testing/fake_ids.h>
#include <genkit/testing/scripted_model.h>

namespace genkit {
namespace {

struct SpansTest : testing::Test {
  FakeClock clock;
  FakeIds ids;
  std::shared_ptr<InMemoryExporter> exporter = std::make_shared<InMemoryExporter>();
  Genkit ai{{.model = "scripted", .exporters = {exporter}, .clock = &clock, .ids = &ids}};
  ScriptedModel model{{.script = {"Because.", ScriptedTurn().fail(Error(Status::kUnavailable, "overloaded"))}}};

  SpansTest() { ai.registry().add(model); }
};

TEST_F(SpansTest, AreOutlinedAsTheyAreNested) {
  auto ask = ai.define_flow("ask", [this](const std::string& question) {
    const std::string facts = run("loadFacts", [&] { return question + "?"; });
    return ai.generate(facts).text() + ai.generate(facts).text();
  });

  EXPECT_FALSE(attempt([&] { return ask("Why"); }));

  EXPECT_EQ(outline(exporter->spans()), R"(ask (flow) failed: UNAVAILABLE: overloaded
  loadFacts (flowStep)
  generate (util)
    scripted (model)
  generate (util) failed: UNAVAILABLE: overloaded
    scripted (model) failed: UNAVAILABLE: overloaded
)");
}

TEST_F(SpansTest, AreFoundByName) {
  ai.generate("Why?");

  EXPECT_EQ(find_span(exporter->spans(), "scripted").type, "action");
  EXPECT_EQ(find_span(exporter->spans(), "generate").context.trace_id.hex(), "00000000000000010000000000000002");
  const auto missing = attempt([&] { return find_span(exporter->spans(), "other").name; });
  ASSERT_FALSE(missing);
  EXPECT_EQ(missing.error().message(), "there is no span \"other\"; there are:\ngenerate (util)\n  scripted (model)\n");
}

}  // namespace
}  // namespace genkit
