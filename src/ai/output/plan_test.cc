#include <string>
#include <vector>

#include <genkit/ai/format.h>
#include <genkit/testing/scripted_model.h>

#include "ai/ai_test_support.h"
#include "ai/output/instructions.h"

namespace genkit {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::StartsWith;

const Json kSchema = parse_json(R"({"type":"object","properties":{"a":{"type":"integer"}},"required":["a"]})");
const std::string kJsonInstructions =
    "Output should be in JSON format and conform to the following schema:\n\n```\n" + to_text(kSchema) + "\n```\n";

/// A model that follows a script and is asked for an object {"a": integer}.
struct OutputFixture : TracedRegistry {
  explicit OutputFixture(std::vector<ScriptedTurn> script, std::string constrained = "")
      : model({.script = std::move(script), .model = {.supports = supports(std::move(constrained))}}) {
    registry->add(model);
  }

  static ModelSupports supports(std::string constrained) {
    ModelSupports supports{.multiturn = true, .tools = true, .system_role = true};
    if (!constrained.empty()) supports.constrained = std::move(constrained);
    return supports;
  }
  Response generate(GenerateOptions options) {
    options.model = "scripted";
    if (options.prompt.empty()) options.prompt = "go";
    return Response(internal::generate(*registry, options, nullptr), registry);
  }
  Response ask(OutputOptions output = {}) {
    if (output.schema.is_null()) output.schema = kSchema;
    return generate({.output = std::move(output)});
  }
  /// An attribute of the span of the generation.
  std::string attribute(const std::string& name) {
    for (const auto& span : exporter->take()) {
      if (span->name != "generate") continue;
      for (const Attribute& attribute : span->attributes) {
        if (attribute.name == name) return std::get<std::string>(attribute.value);
      }
    }
    return "none";
  }

  ScriptedModel model;
};

TEST(OutputPlanTest, AModelThatConstrainsItselfGetsTheSchema) {
  OutputFixture fixture({R"({"a":1})"}, "all");

  EXPECT_EQ(to_text(fixture.ask().output()), R"({"a":1})");

  const ModelRequest request = fixture.model.last_request();
  EXPECT_EQ(to_text(to_json(*request.output)),
            R"({"format":"json","schema":)" + to_text(kSchema) + R"(,"constrained":true,"contentType":"application/json"})");
  EXPECT_EQ(request.messages[0].text(), "go");
  EXPECT_EQ(fixture.attribute("genkit:metadata:output:constraint"), "native");
}

TEST(OutputPlanTest, AnotherModelGetsInstructions) {
  OutputFixture fixture({R"(Sure: {"a":1})"});

  const Response response = fixture.ask();

  EXPECT_EQ(to_text(response.output()), R"({"a":1})");
  const ModelRequest request = fixture.model.last_request();
  EXPECT_EQ(to_text(to_json(*request.output)), R"({"constrained":false})");
  ASSERT_EQ(request.messages[0].content.size(), 2u);
  EXPECT_EQ(request.messages[0].content[1].text, kJsonInstructions);
  EXPECT_EQ(to_text(*request.messages[0].content[1].metadata), R"({"purpose":"output"})");
  EXPECT_EQ(response.request().messages[0].content.size(), 1u);
  EXPECT_EQ(fixture.attribute("genkit:metadata:output:constraint"), "simulated");
}

TEST(OutputPlanTest, InstructionsCanBeWordedOrLeftOut) {
  OutputFixture fixture({R"({"a":1})", R"({"a":1})", R"({"a":1})"}, "all");

  fixture.ask({.instructions = "Only JSON."});
  EXPECT_EQ(fixture.model.last_request().messages[0].text(), "goOnly JSON.");
  fixture.ask({.instructions = true});
  EXPECT_EQ(fixture.model.last_request().messages[0].text(), "go" + kJsonInstructions);
  fixture.ask({.instructions = false});
  EXPECT_EQ(fixture.model.last_request().messages[0].text(), "go");
}

TEST(OutputPlanTest, EnumsArraysAndLinesAlwaysHaveInstructions) {
  OutputFixture fixture({"red", "[1]", "{}"}, "all");

  fixture.ask({.format = "enum", .schema = {{"type", "string"}, {"enum", {"red", "green"}}}});
  EXPECT_EQ(fixture.model.last_request().messages[0].text(),
            "goOutput should be ONLY one of the following enum values. Do not output any additional information or add "
            "quotes.\n\nred\ngreen");
  fixture.ask({.format = "array", .schema = {{"type", "array"}}});
  EXPECT_EQ(fixture.model.last_request().messages[0].text(),
            "goOutput should be a JSON array conforming to the following schema:\n    \n```\n{\"type\":\"array\"}\n```\n    ");
  fixture.ask({.format = "jsonl", .schema = {{"type", "array"}, {"items", {{"type", "object"}}}}});
  EXPECT_THAT(fixture.model.last_request().messages[0].text(), HasSubstr("separated by a newline `\\n` character."));
}

TEST(OutputPlanTest, InstructionsOfAnEarlierCallAreReplaced) {
  OutputFixture fixture({R"({"a":1})", R"({"b":1})"});
  const Response first = fixture.generate({.system = "Be brief.", .output = {.schema = kSchema, .instructions = true}});

  fixture.generate({.messages = first.messages(), .output = {.schema = {{"type", "object"}, {"required", {"b"}}}}});

  const Message system = fixture.model.last_request().messages[0];
  ASSERT_EQ(system.content.size(), 2u);
  EXPECT_THAT(*system.content[1].text, HasSubstr(R"({"type":"object","required":["b"]})"));
}

TEST(InstructionsTest, APartThatWaitsIsReplacedWhereverItStands) {
  Part pending;
  pending.metadata = Json{{"purpose", "output"}, {"pending", true}};
  std::vector<Message> messages = {Message::system("Be brief."), Message::user({pending, text("go")})};

  internal::inject_instructions(messages, "Only JSON.");

  EXPECT_EQ(messages[0].text(), "Be brief.");
  EXPECT_EQ(messages[1].text(), "Only JSON.go");
}

struct BadAnswer {
  std::string name;
  ScriptedTurn turn;
  std::string reason;
  std::string message;
};

class BadAnswerTest : public testing::TestWithParam<BadAnswer> {};

TEST_P(BadAnswerTest, IsATypedErrorThatKeepsTheText) {
  OutputFixture fixture({GetParam().turn});

  const auto error = error_of([&] { fixture.ask(); });

  ASSERT_TRUE(error.has_value());
  EXPECT_EQ(error->details().at("reason"), Json(GetParam().reason));
  EXPECT_TRUE(error->details().at("text").is_string());
  EXPECT_THAT(error->message(), HasSubstr(GetParam().message));
}

INSTANTIATE_TEST_SUITE_P(Answers, BadAnswerTest,
                         testing::Values(BadAnswer{"cut", ScriptedTurn(R"({"a":)").finish(FinishReason::kLength), "truncated",
                                                   "raise maxOutputTokens"},
                                         BadAnswer{"open", ScriptedTurn(R"({"a":1)"), "truncated", "ends before its value does"},
                                         BadAnswer{"prose", ScriptedTurn("I cannot."), "unparsable", "holds no JSON value"},
                                         BadAnswer{"broken", ScriptedTurn("{\"a\":1,\n\"b\" 2}"), "unparsable",
                                                   "expected ':', found \"2}\" at line 2, column 5"},
                                         BadAnswer{"misfit", ScriptedTurn(R"({"a":"x"})"), "invalid", "- a: must be integer"},
                                         BadAnswer{"blocked", ScriptedTurn("").finish(FinishReason::kBlocked, "rude"), "blocked",
                                                   "rude"}),
                         [](const auto& info) { return info.param.name; });

TEST(OutputPlanTest, ABadAnswerIsShownToTheModelAndAskedForAgain) {
  OutputFixture fixture({R"({"a":"x"})", "nothing", R"({"a":2})"});

  EXPECT_EQ(to_text(fixture.ask({.repairs = 2}).output()), R"({"a":2})");

  const std::vector<Message> messages = fixture.model.requests()[1].messages;
  ASSERT_EQ(messages.size(), 3u);
  EXPECT_EQ(messages[1].text(), R"({"a":"x"})");
  EXPECT_THAT(messages[2].text(), HasSubstr("- a: must be integer"));
}

TEST(OutputPlanTest, AnAnswerThatEndsTooSoonIsAskedForAgainUnlessItMayNotBeLonger) {
  OutputFixture ended({R"({"a":)", R"({"a":2})"});
  OutputFixture cut({ScriptedTurn(R"({"a":)").finish(FinishReason::kLength), R"({"a":2})"});

  EXPECT_EQ(to_text(ended.ask({.repairs = 1}).output()), R"({"a":2})");
  EXPECT_THAT(error_of([&] { cut.ask({.repairs = 1}); }), HasMessage(HasSubstr("raise maxOutputTokens")));
  EXPECT_EQ(cut.model.calls(), 1u);
}

TEST(OutputPlanTest, RepairsEnd) {
  OutputFixture fixture({"x", "y", "z"});

  EXPECT_THAT(error_of([&] { fixture.ask({.repairs = 1}); }), HasMessage(HasSubstr("holds no JSON value")));
  EXPECT_EQ(fixture.model.calls(), 2u);
}

TEST(OutputPlanTest, AnAnswerThatCannotBecomeValidIsStopped) {
  OutputFixture fixture({ScriptedTurn().text("Well: {\"a\": ").text("\"one").text(" and so on, for ever").hang()});

  const auto error = error_of([&] { fixture.ask({.stop_when_invalid = true}); });

  ASSERT_TRUE(error.has_value());
  EXPECT_THAT(error->message(),
              HasSubstr("stopped at byte 12, after which it could no longer fit the schema: a: must be integer"));
  EXPECT_EQ(error->details().at("offset"), Json(12));
}

TEST(OutputPlanTest, WhatComesBeforeAToolIsNoAnswerThatCouldBeStopped) {
  OutputFixture fixture({ScriptedTurn().text("I look with {\"a\": \"x\"}.").tool_request("look"), R"({"a":2})"});
  const auto look = tool({.name = "look", .description = "d"}, [] { return 1; });

  const Response response = fixture.generate({.tools = {look}, .output = {.schema = kSchema, .stop_when_invalid = true}});

  EXPECT_EQ(to_text(response.output()), R"({"a":2})");
}

TEST(OutputPlanTest, AnAnswerIsStoppedThatMayAskForNoTool) {
  OutputFixture fixture({ScriptedTurn().text("{\"a\": \"x\"").hang()});
  const auto look = tool({.name = "look", .description = "d"}, [] { return 1; });

  const auto error = error_of([&] {
    fixture.generate(
        {.tools = {look}, .tool_choice = ToolChoice::kNone, .output = {.schema = kSchema, .stop_when_invalid = true}});
  });

  EXPECT_THAT(error, HasMessage(HasSubstr("stopped at byte 6")));
}

TEST(OutputPlanTest, AnAggregatedChunkIsNoNewText) {
  Chunk all = Chunk::of_text(R"({"a":2})");
  all.aggregated = true;
  OutputFixture fixture({ScriptedTurn().text(R"({"a":)").chunk(all)});

  EXPECT_EQ(to_text(fixture.ask({.stop_when_invalid = true}).output()), R"({"a":2})");
}

TEST(OutputPlanTest, OptionsThatCannotBeAreRefused) {
  OutputFixture fixture({});

  EXPECT_THAT(error_of([&] { fixture.ask({.format = "yaml"}); }), HasStatus(Status::kNotFound));
  EXPECT_THAT(error_of([&] { fixture.ask({.format = "yaml"}); }),
              HasMessage("output format \"yaml\" not found; formats: text, json, array, enum, jsonl"));
  EXPECT_THAT(error_of([&] { fixture.ask({.format = "array"}); }), HasMessage(StartsWith("Must supply an 'array' schema")));
  EXPECT_THAT(error_of([&] { fixture.ask({.repairs = -1}); }), HasMessage(HasSubstr("output.repairs must be a count")));
}

TEST(OutputPlanTest, AModelThatGivesNoTextIsRefused) {
  TracedRegistry fixture;
  fixture.registry->add(model("painter", {.supports = {.output = {{"media"}}}},
                              [](const ModelRequest&, ModelContext&) { return ModelResponse::of_text(""); }));

  const auto error = error_of([&] {
    internal::generate(*fixture.registry, {.model = "painter", .prompt = "x", .output = {.schema = kSchema}}, nullptr);
  });

  EXPECT_THAT(error, HasStatus(Status::kFailedPrecondition));
  EXPECT_THAT(error, HasMessage(HasSubstr("model \"painter\" gives [\"media\"] and no text")));
}

TEST(OutputPlanTest, AFormatOfYourOwn) {
  OutputFixture fixture({"a,b"});
  internal::define_format(*fixture.registry, {.name = "csv", .content_type = "text/csv"}, [](const Json&) {
    return FormatHandler{.instructions = "Answer in CSV.", .parse_message = [](const Message& message) {
                           const std::string text = message.text();
                           return Json(JsonArray{text.substr(0, text.find(',')), text.substr(text.find(',') + 1)});
                         }};
  });

  const Response response = fixture.generate({.output = {.format = "csv"}});

  EXPECT_EQ(to_text(response.output()), R"(["a","b"])");
  EXPECT_EQ(fixture.model.last_request().messages[0].text(), "goAnswer in CSV.");
  EXPECT_EQ(fixture.model.last_request().output->content_type, "text/csv");
}

}  // namespace
}  // namespace genkit
