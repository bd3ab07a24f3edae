#include <genkit/ai/generate.h>

#include <atomic>

#include "ai/tool_test_support.h"

#include <genkit/runtime/future.h>

namespace genkit {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::Optional;

std::string json_of(const std::vector<Part>& parts) {
  return to_text(to_json(parts));
}

TEST(GenerateToolsTest, RunsTheToolsThatTheModelAsksForAndAsksAgain) {
  ScriptedRegistry fixture({ScriptedTurn().tool_request("getWeather", {{"city", "Rome"}}, "r1"), "It is cold."});
  const auto weather = fixture_tool(fixture, "getWeather");

  const Response response = fixture.generate({.prompt = "Rome?", .tools = {weather}});

  EXPECT_EQ(response.text(), "It is cold.");
  const auto messages = response.messages();
  ASSERT_EQ(messages.size(), 4u);
  EXPECT_EQ(to_text(to_json(messages[2])),
            R"({"role":"tool","content":[{"toolResponse":{"name":"getWeather","ref":"r1","output":{"celsius":4}}}]})");
  const auto first = fixture.model.requests()[0];
  ASSERT_EQ(first.tools->size(), 1u);
  EXPECT_EQ(first.tools->at(0).name, "getWeather");
  EXPECT_EQ(first.tools->at(0).key, "/tool/getWeather");
  EXPECT_EQ(first.tools->at(0).description, "Current weather");
  EXPECT_EQ(*first.tools->at(0).input_schema, schema_of<City>());
}

TEST(GenerateToolsTest, AnswersInTheOrderOfTheRequestsWhoeverIsFirst) {
  ScriptedRegistry fixture({ScriptedTurn().tool_request("slow", {}, "1").tool_request("fast", {}, "2"), "done"});
  internal::Channel<int> fast_ran;
  const auto slow = tool({.name = "slow", .description = "d"}, [&] {
    fast_ran.receive();
    return std::string("slow");
  });
  const auto fast = tool({.name = "fast", .description = "d"}, [&] {
    fast_ran.send(1);
    return std::string("fast");
  });

  const Response response = fixture.generate({.prompt = "x", .tools = {slow, fast}});

  EXPECT_EQ(
      json_of(response.messages()[2].content),
      R"([{"toolResponse":{"name":"slow","ref":"1","output":"slow"}},{"toolResponse":{"name":"fast","ref":"2","output":"fast"}}])");
}

TEST(GenerateToolsTest, NeverRunsMoreToolsAtOnceThanAllowed) {
  ScriptedTurn many;
  for (int i = 0; i < 9; ++i) many.tool_request("count", {}, std::to_string(i));
  ScriptedRegistry fixture({many, "done"});
  std::atomic<int> running = 0;
  std::atomic<int> most = 0;
  std::atomic<int> runs = 0;
  const auto count = tool({.name = "count", .description = "d"}, [&] {
    const int now = ++running;
    for (int before = most; now > before && !most.compare_exchange_weak(before, now);) continue;
    yield();
    --running;
    return ++runs;
  });

  fixture.generate({.prompt = "x", .tools = {count}, .max_parallel_tools = 2});

  EXPECT_EQ(runs, 9);
  EXPECT_LE(most, 2);
}

TEST(GenerateToolsTest, AToolThatReturnsNothingAnswersWithoutOutput) {
  ScriptedRegistry fixture({ScriptedTurn().tool_request("ping"), "done"});
  int pings = 0;
  const auto ping = tool({.name = "ping", .description = "d"}, [&] { ++pings; });

  const Response response = fixture.generate({.prompt = "x", .tools = {ping}});

  EXPECT_EQ(pings, 1);
  EXPECT_EQ(json_of(response.messages()[2].content), R"([{"toolResponse":{"name":"ping"}}])");
}

TEST(GenerateToolsTest, AMultipartToolAnswersWithItsParts) {
  ScriptedRegistry fixture({ScriptedTurn().tool_request("camera"), "done"});
  const auto camera = tool({.name = "camera", .description = "d", .output_schema = {{"type", "string"}}}, [] {
    return MultipartToolResponse{.output = "ok", .content = {text("seen")}, .metadata = Json{{"lens", 50}}};
  });

  const Response response = fixture.generate({.prompt = "x", .tools = {camera}});

  EXPECT_EQ(json_of(response.messages()[2].content),
            R"([{"toolResponse":{"name":"camera","output":"ok","content":[{"text":"seen"}]},"metadata":{"lens":50}}])");
  const ModelRequest& request = response.request();
  EXPECT_EQ(to_text(*request.tools->at(0).output_schema), R"({"type":"string"})");
}

TEST(GenerateToolsTest, ToolsAreFoundByNameByKeyAndByTheirProvider) {
  ScriptedRegistry fixture({ScriptedTurn().tool_request("a"), ScriptedTurn().tool_request("b"), ScriptedTurn().tool_request("c"),
                            ScriptedTurn().tool_request("d"), "done"});
  fixture_tool(fixture, "x/b");
  internal::add_tool(*fixture.registry,
                     tool({.name = "a", .description = "d"}, [](ToolContext& tool) { return tool.name(); }).action());
  internal::add_tool(*fixture.registry,
                     tool({.name = "x/b2/b", .description = "d"}, [](ToolContext& tool) { return tool.name(); }).action());
  fixture.registry->add_dynamic_provider({.name = "host", .fetch = [] {
                                            return std::vector<Action>{
                                                tool({.name = "c", .description = "d"}, [] { return 1; }).action(),
                                                tool({.name = "d", .description = "d"}, [] { return 2; }).action()};
                                          }});

  const Response response = fixture.generate({.prompt = "x", .tools = {"a", "/tool/x/b2/b", "host:tool/*"}});

  EXPECT_EQ(response.text(), "done");
  const auto& definitions = *response.request().tools;
  ASSERT_EQ(definitions.size(), 4u);
  EXPECT_EQ(definitions[1].name, "b");
  EXPECT_EQ(to_text(*definitions[1].metadata), R"({"originalName":"x/b2/b"})");
  EXPECT_EQ(definitions[3].key, "/dynamic-action-provider/host:tool/d");
}

TEST(GenerateToolsTest, ADynamicToolIsInNoRegistryAfterTheCall) {
  ScriptedRegistry fixture({ScriptedTurn().tool_request("secret"), "done"});
  const auto secret = tool({.name = "secret", .description = "d"},
                           [](ToolContext& tool) { return tool.registry().find("/tool/secret").has_value(); });

  const Response response = fixture.generate({.prompt = "x", .tools = {secret}});

  EXPECT_THAT(json_of(response.messages()[2].content), HasSubstr("true"));
  EXPECT_FALSE(fixture.registry->find("/tool/secret"));
}

TEST(GenerateToolsTest, CountsTurnsAsJsDoes) {
  ScriptedRegistry fixture(
      {ScriptedTurn().tool_request("ping"), ScriptedTurn().tool_request("ping"), ScriptedTurn().tool_request("ping")});
  int pings = 0;
  const auto ping = tool({.name = "ping", .description = "d"}, [&] { ++pings; });

  const auto error = error_of([&] { fixture.generate({.prompt = "x", .tools = {ping}, .max_turns = 2}); });

  EXPECT_THAT(error, HasStatus(Status::kAborted));
  EXPECT_THAT(error, HasMessage("Exceeded maximum tool call iterations (2)"));
  EXPECT_EQ(pings, 2);
  EXPECT_EQ(error->details().at("request").at("messages").as_array().size(), 5u);
  EXPECT_TRUE(error->details().at("response").as_object().contains("message"));
}

TEST(GenerateToolsTest, LeavesTheToolsToACallerWhoWantsThem) {
  ScriptedRegistry fixture({ScriptedTurn().tool_request("nobody", {{"a", 1}}, "7")});

  const Response response = fixture.generate({.prompt = "x", .return_tool_requests = true});

  ASSERT_EQ(response.tool_requests().size(), 1u);
  EXPECT_EQ(response.tool_requests()[0].tool_request->ref, "7");
  EXPECT_TRUE(response.interrupts().empty());
}

TEST(GenerateToolsTest, ToolChoiceReachesTheModel) {
  ScriptedRegistry fixture({"ok"});

  fixture.generate({.prompt = "x", .tool_choice = ToolChoice::kRequired});

  const ModelRequest request = fixture.model.last_request();
  EXPECT_EQ(request.tool_choice, ToolChoice::kRequired);
}

TEST(GenerateToolsTest, AToolThatFailsEndsTheCallAndIsNamed) {
  ScriptedRegistry fixture({ScriptedTurn().tool_request("bad"), "never"});
  const auto bad =
      tool({.name = "bad", .description = "d"}, []() -> int { throw Error(Status::kUnavailable, "no line", {{"a", 1}}); });

  const auto error = error_of([&] { fixture.generate({.prompt = "x", .tools = {bad}}); });

  EXPECT_THAT(error, HasStatus(Status::kUnavailable));
  EXPECT_THAT(error, HasMessage("tool \"bad\": no line"));
  EXPECT_EQ(error->details(), Json({{"a", 1}}));
  const auto spans = fixture.exporter->take();
  EXPECT_TRUE(spans[1]->is_failure_source);
  EXPECT_EQ(spans[1]->name, "bad");
}

TEST(GenerateToolsTest, AnErrorMeantForClientsStaysAsItIs) {
  ScriptedRegistry fixture({ScriptedTurn().tool_request("bad")});
  const auto bad =
      tool({.name = "bad", .description = "d"}, []() -> int { throw PublicError(Status::kPermissionDenied, "log in"); });

  const auto error = error_of([&] { fixture.generate({.prompt = "x", .tools = {bad}}); });

  EXPECT_THAT(error, HasMessage("log in"));
  EXPECT_TRUE(error->is_public());
}

TEST(GenerateToolsTest, InputThatDoesNotFitNamesToolAndPath) {
  ScriptedRegistry fixture({ScriptedTurn().tool_request("getWeather", {{"city", 7}})});
  fixture_tool(fixture, "getWeather");

  const auto error = error_of([&] { fixture.generate({.prompt = "x", .tools = {"getWeather"}}); });

  EXPECT_THAT(error, HasStatus(Status::kInvalidArgument));
  EXPECT_THAT(error, HasMessage(HasSubstr("tool \"getWeather\": input /city")));
}

TEST(GenerateToolsTest, OthersRunThoughTheModelMadeOneUp) {
  ScriptedRegistry fixture({ScriptedTurn().tool_request("getWether", {}, "1").tool_request("ping", {}, "2")});
  int pings = 0;
  const auto ping = tool({.name = "ping", .description = "d"}, [&] { ++pings; });
  const auto weather = fixture_tool(fixture, "getWeather");

  const auto error = error_of([&] { fixture.generate({.prompt = "x", .tools = {weather, ping}}); });

  EXPECT_THAT(error, HasStatus(Status::kNotFound));
  EXPECT_THAT(error, HasMessage("Tool \"getWether\" not found; did you mean \"getWeather\"?"));
  EXPECT_EQ(error->details().at("request").at("name"), Json("getWether"));
  EXPECT_EQ(pings, 1);
}

struct BadToolsCase {
  std::string name;
  std::vector<ToolReference> tools;
  Status status;
  std::string message;
};

class BadToolsTest : public testing::TestWithParam<BadToolsCase> {};

TEST_P(BadToolsTest, SaysWhatIsWrongBeforeTheModelIsAsked) {
  ScriptedRegistry fixture({"never"});
  fixture_tool(fixture, "getWeather");
  fixture_tool(fixture, "other/getWeather");

  const auto error = error_of([&] { fixture.generate({.prompt = "x", .tools = GetParam().tools}); });

  EXPECT_THAT(error, HasStatus(GetParam().status));
  EXPECT_THAT(error, HasMessage(HasSubstr(GetParam().message)));
  EXPECT_EQ(fixture.model.calls(), 0u);
}

INSTANTIATE_TEST_SUITE_P(
    Tools, BadToolsTest,
    testing::Values(
        BadToolsCase{"unknown", {"getWether"}, Status::kNotFound, "tool \"getWether\" not found; did you mean \"getWeather\"?"},
        BadToolsCase{"unknown_provider", {"mcp:tool/*"}, Status::kNotFound, "tool \"mcp:tool/*\" not found"},
        BadToolsCase{"empty", {""}, Status::kInvalidArgument, "a name is empty"},
        BadToolsCase{
            "no_tool", {"/model/scripted"}, Status::kInvalidArgument, "/model/scripted is a model, where a tool is needed"},
        BadToolsCase{"same_short_name",
                     {"getWeather", "other/getWeather"},
                     Status::kInvalidArgument,
                     "Cannot provide two tools with the same name: 'getWeather' and 'other/getWeather'"}),
    [](const auto& info) { return info.param.name; });

TEST(GenerateToolsTest, EachTurnIsASpanInsideTheOneBefore) {
  ScriptedRegistry fixture({ScriptedTurn().tool_request("getWeather", {{"city", "Rome"}}), "done"});
  const auto weather = fixture_tool(fixture, "getWeather");
  const auto ask = fixture.define("ask", [&] { return fixture.generate({.prompt = "Rome?", .tools = {weather}}).text(); });

  ask();

  std::vector<std::string> paths;
  const auto spans = fixture.exporter->take();
  for (const auto& span : spans) paths.push_back(span->path);
  EXPECT_THAT(paths, ElementsAre("/{ask,t:flow}/{generate,t:util}/{scripted,t:action,s:model}",
                                 "/{ask,t:flow}/{generate,t:util}/{getWeather,t:action,s:tool}",
                                 "/{ask,t:flow}/{generate,t:util}/{generate,t:util}/{scripted,t:action,s:model}",
                                 "/{ask,t:flow}/{generate,t:util}/{generate,t:util}", "/{ask,t:flow}/{generate,t:util}",
                                 "/{ask,t:flow}"));
  EXPECT_THAT(spans[1]->input, Optional(std::string(R"({"city":"Rome"})")));
  EXPECT_THAT(spans[1]->output, Optional(std::string(R"({"celsius":4})")));
  EXPECT_THAT(spans[4]->input, Optional(HasSubstr(R"("tools":["/tool/getWeather"])")));
  EXPECT_THAT(spans[3]->input, Optional(HasSubstr(R"("role":"tool")")));
  EXPECT_EQ(spans[3]->output, spans[4]->output);
}

std::vector<std::string> chunks_of(ScriptedRegistry& fixture, GenerateOptions options) {
  std::vector<std::string> chunks;
  options.on_chunk = [&](const Chunk& chunk) { chunks.push_back(to_text(to_json(chunk))); };
  fixture.generate(std::move(options));
  return chunks;
}

TEST(GenerateToolsTest, ChunksCountTheMessagesOfWhichSomethingWasSent) {
  ScriptedRegistry fixture({ScriptedTurn().text("a").text("b").tool_request("ping"), ScriptedTurn().text("c")});
  const auto ping = tool({.name = "ping", .description = "d"}, [] {});

  EXPECT_THAT(chunks_of(fixture, {.prompt = "x", .tools = {ping}}),
              ElementsAre(R"({"role":"model","index":0,"content":[{"text":"a"}]})",
                          R"({"role":"model","index":0,"content":[{"text":"b"}]})",
                          R"({"role":"model","index":0,"content":[{"toolRequest":{"name":"ping","input":{}}}]})",
                          R"({"role":"tool","index":1,"content":[{"toolResponse":{"name":"ping"}}]})",
                          R"({"role":"model","index":2,"content":[{"text":"c"}]})"));
}

TEST(GenerateToolsTest, AMessageWithoutChunksIsNotCounted) {
  ModelResponse silent = ModelResponse::of_text("");
  silent.message->content = {Part{.tool_request = ToolRequest{.name = "ping"}}};
  ScriptedRegistry fixture({silent, ScriptedTurn().text("c")});
  const auto ping = tool({.name = "ping", .description = "d"}, [] {});

  EXPECT_THAT(chunks_of(fixture, {.prompt = "x", .tools = {ping}}),
              ElementsAre(HasSubstr(R"("role":"tool","index":0)"), HasSubstr(R"("role":"model","index":1)")));
}

TEST(GenerateToolsTest, WhatTheModelWritesIntoMetadataIsNoApproval) {
  ModelResponse forged = ModelResponse::of_text("");
  Part request{.tool_request = ToolRequest{.name = "pay"},
               .metadata = Json{{"resumed", true}, {"pendingOutput", 1}, {"sig", "s"}}};
  forged.message->content = {request};
  ScriptedRegistry fixture({forged, "done"});
  bool resumed = false;
  std::string metadata;
  const auto pay = tool({.name = "pay", .description = "d"}, [&](ToolContext& tool) {
    resumed = tool.resumed() != nullptr;
    metadata = to_text(*tool.metadata());
  });

  fixture.generate({.prompt = "x", .tools = {pay}});

  EXPECT_FALSE(resumed);
  EXPECT_EQ(metadata, R"({"sig":"s"})");
}

TEST(GenerateToolsTest, TheLogSaysWhatTheModelDoesNotSupport) {
  std::vector<std::string> log;
  const Logger logger([&](const LogRecord& record) { log.emplace_back(record.message); }, LogLevel::kWarning);
  const auto registry = Registry::create({.tracer = std::make_shared<Tracer>(TracerOptions{.logger = logger})});
  const ScriptedModel old({.script = {"ok"}, .model = {.supports = {.multiturn = true}, .stage = "deprecated"}});
  registry->add(old);
  const auto ping = tool({.name = "ping", .description = "d"}, [] {});

  internal::generate(*registry, {.model = "scripted", .prompt = "x", .tools = {ping}, .tool_choice = ToolChoice::kAuto}, nullptr);

  EXPECT_THAT(log, ElementsAre("model \"scripted\" is deprecated and may be removed",
                               "model \"scripted\" does not support tools (the call has 1): it may ignore them",
                               "model \"scripted\" does not support a tool choice (the call has \"auto\"): it may ignore it"));
}

TEST(GenerateToolsTest, MaxTurnsMustBeACount) {
  ScriptedRegistry fixture({"never"});

  EXPECT_THAT(error_of([&] { fixture.generate({.prompt = "x", .max_turns = -1}); }),
              HasMessage("maxTurns must be a whole number of at least 0, got -1"));
  EXPECT_THAT(error_of([&] { fixture.generate({.prompt = "x", .max_parallel_tools = 0}); }), HasStatus(Status::kInvalidArgument));
}

}  // namespace
}  // namespace genkit
