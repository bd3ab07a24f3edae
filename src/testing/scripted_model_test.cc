#include <genkit/testing/scripted_model.h>

#include <chrono>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <genkit/ai/generate.h>
#include <genkit/core/registry.h>
#include <genkit/runtime/future.h>

namespace genkit {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::SizeIs;

struct Asked {
  std::vector<std::string> chunks;
  ModelResponse response;
};

/// A registry with the model, and what it answers.
struct WithModel {
  std::shared_ptr<Registry> registry = Registry::create();
  ScriptedModel model;

  explicit WithModel(ScriptedModel scripted) : model(std::move(scripted)) { registry->add(model); }

  ModelResponse ask(const std::string& prompt, std::function<void(const Chunk&)> on_chunk = {}) {
    return internal::generate(*registry, {.model = model.name(), .prompt = prompt, .on_chunk = std::move(on_chunk)}, nullptr);
  }
  Asked stream(const std::string& prompt) {
    Asked asked;
    asked.response = ask(prompt, [&](const Chunk& chunk) { asked.chunks.push_back(chunk.text()); });
    return asked;
  }
  Error error_of_asking(const std::string& prompt) {
    auto result = attempt([&] { return ask(prompt); });
    return result ? Error(Status::kOk, "no error") : result.error();
  }
};

TEST(ScriptedModelTest, PlaysItsTurnsInOrder) {
  WithModel fixture(ScriptedModel({.script = {"Hello!", ScriptedTurn().text("How ").text("are you?")}}));

  EXPECT_EQ(fixture.ask("Hi").text(), "Hello!");
  EXPECT_EQ(fixture.model.remaining(), 1u);
  EXPECT_EQ(fixture.ask("And?").text(), "How are you?");
}

TEST(ScriptedModelTest, RemembersWhatItWasAsked) {
  WithModel fixture(ScriptedModel({.script = {"a", "b"}}));

  fixture.ask("One");
  fixture.ask("Two");

  EXPECT_EQ(fixture.model.calls(), 2u);
  EXPECT_EQ(fixture.model.requests().at(0).last_text(), "One");
  EXPECT_EQ(fixture.model.last_request().last_text(), "Two");
}

TEST(ScriptedModelTest, ForgetsTheOldestRequests) {
  WithModel fixture(ScriptedModel({.script = {"a"}, .repeat = true, .max_requests = 2}));

  for (const char* prompt : {"One", "Two", "Three"}) fixture.ask(prompt);

  EXPECT_EQ(fixture.model.calls(), 3u);
  ASSERT_THAT(fixture.model.requests(), SizeIs(2));
  EXPECT_EQ(fixture.model.requests()[0].last_text(), "Two");
}

TEST(ScriptedModelTest, TheAnswerIsWhatTheChunksAddUpTo) {
  const ScriptedTurn turn = ScriptedTurn().reasoning("Rome… ").reasoning("sun?").text("It is ").text("sunny.");
  WithModel streamed(ScriptedModel({.script = {turn}}));
  WithModel blocking(ScriptedModel({.script = {turn}}));

  const Asked asked = streamed.stream("Weather?");

  EXPECT_THAT(asked.chunks, ElementsAre("", "", "It is ", "sunny."));
  ASSERT_THAT(asked.response.message->content, SizeIs(2));
  EXPECT_EQ(asked.response.message->content[0].reasoning, "Rome… sun?");
  EXPECT_EQ(asked.response.text(), "It is sunny.");
  EXPECT_EQ(to_text(to_json(*blocking.ask("Weather?").message)), to_text(to_json(*asked.response.message)));
}

TEST(ScriptedModelTest, AsksForTools) {
  const ScriptedModel model({.script = {ScriptedTurn().tool_request("getWeather", {{"city", "Rome"}}, "r1")}});

  const Json response = model.action().run_json({{"messages", JsonArray()}});

  EXPECT_EQ(to_text(response.at("message")),
            R"({"role":"model","content":[{"toolRequest":{"name":"getWeather","ref":"r1","input":{"city":"Rome"}}}]})");
}

TEST(ScriptedModelTest, FailsWhereTheScriptSaysSo) {
  WithModel fixture(ScriptedModel({.script = {ScriptedTurn().text("It is").fail(Error(Status::kUnavailable, "overloaded"))}}));
  std::string seen;

  const auto result = attempt([&] { return fixture.ask("Weather?", [&](const Chunk& chunk) { seen += chunk.text(); }); });

  EXPECT_EQ(seen, "It is");
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().status(), Status::kUnavailable);
}

TEST(ScriptedModelTest, AScriptThatRunsOutIsATypedError) {
  WithModel fixture(ScriptedModel({.script = {"only one"}}));
  fixture.ask("One");

  const Error error = fixture.error_of_asking("Two");

  EXPECT_EQ(error.status(), Status::kFailedPrecondition);
  EXPECT_EQ(error.message(),
            "model \"scripted\" has no turn left: its script has 1, and this is call 2, whose last message is "
            "\"Two\"; add a turn, or set .repeat");
  EXPECT_EQ(to_text(error.details()), R"({"reason":"script_exhausted","turns":1,"call":2})");
}

TEST(ScriptedModelTest, GoesOnWithTurnsThatAreAddedLater) {
  WithModel fixture(ScriptedModel{});

  fixture.model.add("late");

  EXPECT_EQ(fixture.ask("Hi").text(), "late");
}

TEST(ScriptedModelTest, SaysWhyTheAnswerEndsAndWhatItCost) {
  WithModel fixture(ScriptedModel(
      {.script = {ScriptedTurn().text("Once upon").finish(FinishReason::kLength, "enough").usage({.output_tokens = 2})}}));

  const ModelResponse response = fixture.ask("Tell");

  EXPECT_EQ(response.finish_reason, FinishReason::kLength);
  EXPECT_EQ(response.finish_message, "enough");
  EXPECT_EQ(response.usage->output_tokens, 2);
}

TEST(ScriptedModelTest, AnswersWithWhatAFunctionMakesOfTheRequest) {
  WithModel fixture(ScriptedModel({.script = {ScriptedTurn().respond([](const ModelRequest& request, ModelContext&) {
                                     return ModelResponse::of_text(std::to_string(request.last_text().size()));
                                   })}}));

  EXPECT_EQ(fixture.ask("four").text(), "4");
}

TEST(ScriptedModelTest, DelaysFollowItsClock) {
  FakeClock clock;
  WithModel fixture(ScriptedModel({.script = {ScriptedTurn().text("It is ").delay(1h).text("sunny.")}, .clock = &clock}));
  auto asking = async([&] { return fixture.stream("Weather?"); });
  clock.wait_for_sleepers(1);
  EXPECT_FALSE(asking.ready());

  clock.advance(1h);

  EXPECT_THAT(asking.get().chunks, ElementsAre("It is ", "sunny."));
}

TEST(ScriptedModelTest, ACancelledCallStopsWaiting) {
  WithModel fixture(ScriptedModel({.script = {ScriptedTurn().hang()}}));
  auto asking = async([&] { return fixture.ask("Anybody there?"); });
  fixture.model.wait_for_calls(1);

  asking.cancel();

  const auto result = attempt([&] { return asking.get(); });
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().status(), Status::kCancelled);
}

TEST(ScriptedModelTest, CallsAtTheSameTimeTakeOneTurnEach) {
  WithModel fixture(ScriptedModel({.script = {"1", "2", "3", "4"}}));
  std::vector<Future<ModelResponse>> asking;
  for (int i = 0; i < 4; ++i) asking.push_back(async([&] { return fixture.ask("x"); }));

  std::vector<std::string> answers;
  for (auto& future : asking) answers.push_back(future.get().text());

  EXPECT_THAT(answers, testing::UnorderedElementsAre("1", "2", "3", "4"));
}

TEST(EchoModelTest, RepeatsTheLastMessageWordByWord) {
  WithModel fixture(echo_model());

  EXPECT_THAT(fixture.stream("a b  c").chunks, ElementsAre("a ", "b ", " ", "c"));
  EXPECT_EQ(fixture.ask("again").text(), "again");
  EXPECT_EQ(fixture.model.calls(), 2u);
}

}  // namespace
}  // namespace genkit
