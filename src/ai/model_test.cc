#include <genkit/ai/model.h>

#include "ai/ai_test_support.h"

#include <algorithm>

namespace genkit {
namespace {

using testing::HasSubstr;

std::optional<AttributeValue> attribute(const SpanData& span, std::string_view name) {
  for (const Attribute& attribute : span.attributes) {
    if (attribute.name == name) return attribute.value;
  }
  return std::nullopt;
}

TEST(ModelTest, IsListedAsToolsExpect) {
  const Action action = model("mine", {.label = "Mine", .supports = {.multiturn = true, .tools = false}, .versions = {"v1"}},
                              [](const ModelRequest&, ModelContext&) { return ModelResponse::of_text(""); });

  EXPECT_EQ(action.key(), "/model/mine");
  EXPECT_EQ(action.info().description, "Mine");
  const std::string metadata = to_text(action.info().metadata);
  EXPECT_THAT(metadata, HasSubstr(R"("label":"Mine")"));
  EXPECT_THAT(metadata, HasSubstr(R"("supports":{"multiturn":true,"tools":false})"));
  EXPECT_THAT(metadata, HasSubstr(R"("versions":["v1"])"));
  EXPECT_THAT(metadata, HasSubstr(R"("customOptions":{)"));
}

TEST(ModelTest, AnswersJsonRequestsWithItsLatency) {
  EchoRegistry fixture;

  const Json response = fixture.echo.action().run_json({{"messages", {{{"role", "user"}, {"content", {{{"text", "hi"}}}}}}}});

  EXPECT_EQ(to_text(response.at("message")), R"({"role":"model","content":[{"text":"hi"}]})");
  EXPECT_EQ(response.at("finishReason"), Json("stop"));
  EXPECT_GE(response.at("latencyMs").to_number<double>(), 0);
}

TEST(ModelTest, DescribesItsCallByTheConventionsOfOpenTelemetry) {
  TracedRegistry fixture;
  const Action mine = fixture.registry->add(model("acme/mine", {}, [](const ModelRequest&, ModelContext&) {
    ModelResponse response = ModelResponse::of_text("x");
    response.usage = GenerationUsage{.input_tokens = 3, .output_tokens = 1};
    return response;
  }));

  mine.run_json({{"messages", JsonArray()}, {"config", {{"temperature", 0.5}, {"maxOutputTokens", 9}}}});

  const auto span = fixture.exporter->take().at(0);
  EXPECT_EQ(attribute(*span, "gen_ai.provider.name"), AttributeValue("acme"));
  EXPECT_EQ(attribute(*span, "gen_ai.request.model"), AttributeValue("mine"));
  EXPECT_EQ(attribute(*span, "gen_ai.request.temperature"), AttributeValue(0.5));
  EXPECT_EQ(attribute(*span, "gen_ai.request.max_tokens"), AttributeValue(std::int64_t{9}));
  EXPECT_EQ(attribute(*span, "gen_ai.usage.input_tokens"), AttributeValue(std::int64_t{3}));
}

TEST(ModelTest, DescribesNothingThatItDoesNotKnow) {
  TracedRegistry fixture;
  const Action mine = fixture.registry->add(model("mine", {}, [](const ModelRequest&, ModelContext&) {
    ModelResponse response = ModelResponse::of_text("x");
    response.finish_reason.reset();
    return response;
  }));

  mine.run_json({{"messages", JsonArray()}});

  const auto span = fixture.exporter->take().at(0);
  EXPECT_EQ(attribute(*span, "gen_ai.provider.name"), std::nullopt);
  EXPECT_EQ(attribute(*span, "gen_ai.request.model"), AttributeValue("mine"));
  EXPECT_EQ(attribute(*span, "gen_ai.response.finish_reasons"), std::nullopt);
}

TEST(ModelTest, GetsDocumentsAsTextUnlessItTakesThem) {
  EchoRegistry fixture;
  bool saw_docs = false;
  fixture.registry->add(model("reader", {.supports = {.context = true}}, [&](const ModelRequest& request, ModelContext&) {
    saw_docs = request.docs && request.messages[0].content.size() == 1;
    return ModelResponse::of_text("ok");
  }));
  const std::vector<Document> docs = {Document::of_text("Pancakes")};

  EXPECT_THAT(fixture.generate({.model = "echo", .prompt = "sweet?", .docs = docs}).text(), HasSubstr("- [0]: Pancakes"));
  fixture.generate({.model = "reader", .prompt = "sweet?", .docs = docs});
  EXPECT_TRUE(saw_docs);
}

}  // namespace
}  // namespace genkit
