#include <genkit/ai/tool.h>

#include "ai/ai_test_support.h"
#include "ai/tool_test_support.h"

namespace genkit {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

TEST(ToolNameTest, AcceptsWhatModelsAccept) {
  EXPECT_EQ(ToolName("server/get_weather-2").view(), "server/get_weather-2");
  EXPECT_EQ(ToolName(std::string(64, 'a')).view().size(), 64u);
}

class BadToolNameTest : public testing::TestWithParam<std::string> {};

TEST_P(BadToolNameTest, IsRefusedWhenTheToolIsMade) {
  const auto error = error_of([] { tool({.name = GetParam(), .description = "d"}, [] { return 1; }); });

  EXPECT_THAT(error, HasStatus(Status::kInvalidArgument));
  EXPECT_THAT(error, HasMessage(HasSubstr("tool name \"" + GetParam() + "\" is not valid")));
}

INSTANTIATE_TEST_SUITE_P(Names, BadToolNameTest,
                         testing::Values("", "get weather", "a.b", "Wetter\xC3\xA4", "/a", "a/", "a//b", std::string(65, 'a')));

TEST(ToolTest, CanBeCalledLikeItsFunction) {
  TracedRegistry fixture;
  const auto weather = fixture_tool(fixture, "getWeather");

  EXPECT_EQ(weather({.city = "Rome"}).celsius, 4);
}

TEST(ToolTest, IsListedWithItsSchemasAndItsTwin) {
  TracedRegistry fixture;
  fixture_tool(fixture, "getWeather");

  const auto tool = fixture.registry->find_registered("/tool/getWeather");
  const auto twin = fixture.registry->find_registered("/tool.v2/getWeather");

  ASSERT_TRUE(tool && twin);
  EXPECT_EQ(to_text(tool->info().metadata), R"({"type":"tool"})");
  EXPECT_EQ(to_text(tool->info().input_schema->at("required")), R"(["city"])");
  EXPECT_EQ(to_text(twin->info().metadata), R"({"type":"tool.v2","tool":{"multipart":true}})");
  EXPECT_EQ(to_text(twin->run_json({{"city", "Rome"}})), R"({"output":{"celsius":4}})");
}

TEST(ToolTest, TakesAndReturnsWhatCanBeDescribed) {
  TracedRegistry fixture;
  const auto nothing = fixture.registry->add(tool({.name = "nothing", .description = "d"}, [] {}).action());
  const auto text = fixture.registry->add(
      tool({.name = "text", .description = "d"}, [](const std::string& name) { return "Hello, " + name; }).action());
  const auto numbers = fixture.registry->add(tool({.name = "numbers", .description = "d"}, [](ToolContext& tool) {
                                               return std::vector<int>{1, static_cast<int>(tool.name().size())};
                                             }).action());

  EXPECT_EQ(nothing.run_json({{"ignored", 1}}), Json(nullptr));
  EXPECT_EQ(text.run_json("Ada"), Json("Hello, Ada"));
  EXPECT_EQ(to_text(numbers.run_json()), "[1,7]");
}

TEST(ToolTest, ChecksSchemasThatAreOnlyKnownAtRunTime) {
  TracedRegistry fixture;
  const auto lookup = fixture.registry->add(tool({.name = "lookup",
                                                  .description = "d",
                                                  .input_schema = {{"type", "object"}, {"required", {"id"}}},
                                                  .output_schema = {{"type", "string"}}},
                                                 [](const Json& input, ToolContext&) -> Json { return input.at("id"); })
                                                .action());

  EXPECT_EQ(lookup.run_json({{"id", "x"}}), Json("x"));
  EXPECT_THAT(error_of([&] { lookup.run_json(JsonObject()); }), HasStatus(Status::kInvalidArgument));
  EXPECT_THAT(error_of([&] { lookup.run_json({{"id", 7}}); }), HasStatus(Status::kInternal));
}

TEST(MultipartToolTest, IsListedOnlyAsOne) {
  TracedRegistry fixture;
  const auto camera = tool({.name = "camera", .description = "Takes a picture", .output_schema = {{"type", "string"}}}, [] {
    return MultipartToolResponse{.output = "ok", .content = {media("data:image/png;base64,AA==")}};
  });

  internal::add_tool(*fixture.registry, camera.action());

  EXPECT_FALSE(fixture.registry->find_registered("/tool/camera"));
  const auto found = fixture.registry->find_registered("/tool.v2/camera");
  ASSERT_TRUE(found);
  EXPECT_EQ(to_text(found->run_json()), R"({"output":"ok","content":[{"media":{"url":"data:image/png;base64,AA=="}}]})");
}

TEST(MultipartToolTest, TheSchemaIsThatOfItsOutput) {
  TracedRegistry fixture;
  const auto camera =
      fixture.registry->add(tool({.name = "camera", .description = "d", .output_schema = {{"type", "string"}}}, [] {
                              return MultipartToolResponse{.output = 7};
                            }).action());

  const auto error = error_of([&] { camera.run_json(); });

  EXPECT_THAT(error, HasStatus(Status::kInternal));
  EXPECT_THAT(error, HasMessage(HasSubstr("output of tool \"camera\"")));
}

TEST(ToolTest, ANameIsTakenByBothKinds) {
  TracedRegistry fixture;
  const auto multipart = tool({.name = "a", .description = "d"}, [] { return MultipartToolResponse(); });
  internal::add_tool(*fixture.registry, multipart.action());

  const auto error = error_of([&] { fixture_tool(fixture, "a"); });

  EXPECT_THAT(error, HasStatus(Status::kAlreadyExists));
}

TEST(ToolTest, InterruptingOutsideOfAGenerationIsAnErrorThatSaysWhy) {
  TracedRegistry fixture;
  const auto ask = fixture.registry->add(
      tool({.name = "ask", .description = "d"}, [](ToolContext& tool) -> int { tool.interrupt({{"why", "large"}}); }).action());

  const auto error = error_of([&] { ask.run_json(); });

  EXPECT_THAT(error, HasStatus(Status::kAborted));
  EXPECT_THAT(error, HasMessage(HasSubstr(R"({"why":"large"})")));
}

TEST(ToolReferenceTest, ComesFromToolsActionsAndNames) {
  const auto typed = tool({.name = "typed", .description = "d"}, [] { return 1; });
  const Action action = tool({.name = "action", .description = "d"}, [] { return 1; }).action();
  const std::vector<ToolReference> references = {typed, action, "host:tool/*", std::string("other/tool")};

  std::vector<std::string> names;
  for (const auto& reference : references) names.push_back(reference.name());

  EXPECT_THAT(names, ElementsAre("typed", "action", "host:tool/*", "other/tool"));
}

}  // namespace
}  // namespace genkit
