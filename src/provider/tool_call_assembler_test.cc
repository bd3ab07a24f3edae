#include <genkit/provider/tool_call_assembler.h>

#include <random>

#include <genkit/schema/schema.h>
#include <gmock/gmock.h>

namespace genkit {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

std::vector<std::string> texts_of(ToolCallAssembler& calls) {
  std::vector<std::string> texts;
  for (const Part& part : calls.finish()) texts.push_back(to_text(to_json(*part.tool_request)));
  return texts;
}

TEST(ToolCallAssemblerTest, JoinsTheFragmentsOfOneCall) {
  ToolCallAssembler calls;
  calls.add({.index = 0, .id = "a", .name = "getWeather"});
  calls.add({.index = 0, .arguments = "{\"ci"});
  calls.add({.index = 0, .arguments = "ty\":\"Rome\"}"});

  EXPECT_THAT(texts_of(calls), ElementsAre(R"({"name":"getWeather","ref":"a","input":{"city":"Rome"}})"));
  EXPECT_TRUE(calls.empty());
}

TEST(ToolCallAssemblerTest, InterleavedCallsStayApart) {
  ToolCallAssembler calls;
  calls.add({.index = 0, .id = "a", .name = "f"});
  calls.add({.index = 1, .id = "b", .name = "g"});
  calls.add({.index = 0, .arguments = "{\"x\":"});
  calls.add({.index = 1, .arguments = "{\"y\":"});
  calls.add({.index = 0, .arguments = "1}"});
  calls.add({.index = 1, .arguments = "2}"});

  EXPECT_THAT(texts_of(calls),
              ElementsAre(R"({"name":"f","ref":"a","input":{"x":1}})", R"({"name":"g","ref":"b","input":{"y":2}})"));
}

TEST(ToolCallAssemblerTest, AnIndexThatIsUsedAgainWithAnotherIdIsAnotherCall) {
  ToolCallAssembler calls;
  calls.add({.index = 0, .id = "a", .name = "f", .arguments = "{}"});
  calls.add({.index = 0, .id = "b", .name = "f", .arguments = "{\"y\""});
  calls.add({.index = 0, .arguments = ":2}"});

  EXPECT_THAT(texts_of(calls), ElementsAre(R"({"name":"f","ref":"a","input":{}})", R"({"name":"f","ref":"b","input":{"y":2}})"));
}

TEST(ToolCallAssemblerTest, NamesMayBeRepeatedOrComeInPieces) {
  ToolCallAssembler repeated;
  repeated.add({.index = 0, .name = "getWeather"});
  repeated.add({.index = 0, .name = "getWeather", .arguments = "{}"});
  ToolCallAssembler pieces;
  pieces.add({.index = 0, .name = "get"});
  pieces.add({.index = 0, .name = "Weather"});
  ToolCallAssembler growing({.tools = {"getWeather"}});
  growing.add({.index = 0, .name = "get"});
  growing.add({.index = 0, .name = "getWeather"});
  growing.add({.index = 0, .name = "getWeather", .arguments = "{}"});

  for (ToolCallAssembler* calls : {&repeated, &pieces, &growing}) {
    EXPECT_THAT(texts_of(*calls), ElementsAre(R"({"name":"getWeather","input":{}})"));
  }
}

TEST(ToolCallAssemblerTest, ANameMayComeLast) {
  ToolCallAssembler calls;
  calls.add({.index = 0, .arguments = "{\"a\":1}"});
  calls.add({.index = 0, .name = "f"});

  EXPECT_THAT(texts_of(calls), ElementsAre(R"({"name":"f","input":{"a":1}})"));
}

TEST(ToolCallAssemblerTest, WholeCallsWithoutIndexAndIdAreSeveral) {
  ToolCallAssembler calls;
  calls.add({.name = "f", .arguments = "{\"a\":1}"});
  calls.add({.name = "f", .arguments = "{\"a\":2}"});
  calls.add({.name = "g", .arguments = "{}"});

  EXPECT_THAT(texts_of(calls),
              ElementsAre(R"({"name":"f","input":{"a":1}})", R"({"name":"f","input":{"a":2}})", R"({"name":"g","input":{}})"));
}

TEST(ToolCallAssemblerTest, CallsWithoutIndexIdAndArgumentsAreSeveral) {
  ToolCallAssembler plain;
  ToolCallAssembler knowing({.tools = {"g", "f"}});
  for (ToolCallAssembler* calls : {&plain, &knowing}) {
    calls->add({.name = "f"});
    calls->add({.name = "g"});

    EXPECT_THAT(texts_of(*calls), ElementsAre(R"({"name":"f","input":{}})", R"({"name":"g","input":{}})"));
  }
}

TEST(ToolCallAssemblerTest, ANameInPiecesNeedsNoIndexWhenTheToolsAreKnown) {
  ToolCallAssembler calls({.tools = {"getWeather", "pay"}});
  calls.add({.name = "get"});
  calls.add({.name = "Wea"});
  calls.add({.name = "ther"});
  calls.add({.name = "pay", .arguments = "{}"});

  EXPECT_THAT(texts_of(calls), ElementsAre(R"({"name":"getWeather","input":{}})", R"({"name":"pay","input":{}})"));
}

TEST(ToolCallAssemblerTest, ArgumentsAreCutOnlyWhereTheirValueEnds) {
  ToolCallAssembler calls;
  calls.add({.name = "f", .arguments = R"({"a":"})"});
  calls.add({.name = "f", .arguments = R"({\"}]"})"});
  calls.add({.name = "f", .arguments = " "});
  calls.add({.name = "f", .arguments = R"({"b":{})"});
  calls.add({.name = "f", .arguments = "}"});

  EXPECT_THAT(texts_of(calls), ElementsAre(R"({"name":"f","input":{"a":"}{\"}]"}})", R"({"name":"f","input":{"b":{}}})"));
}

TEST(ToolCallAssemblerTest, AWholeCallWithTheIndexOfAWholeCallIsAnother) {
  ToolCallAssembler calls;
  calls.add({.index = 0, .name = "f", .arguments = R"({"a":1})"});
  calls.add({.index = 0, .name = "g", .arguments = R"({"a":2})"});

  EXPECT_THAT(texts_of(calls), ElementsAre(R"({"name":"f","input":{"a":1}})", R"({"name":"g","input":{"a":2}})"));
}

TEST(ToolCallAssemblerTest, ANameMayComeAfterTheArgumentsWithoutAnIndex) {
  ToolCallAssembler calls;
  calls.add({.arguments = "{\"a\":1}"});
  calls.add({.name = "f"});

  EXPECT_THAT(texts_of(calls), ElementsAre(R"({"name":"f","input":{"a":1}})"));
}

TEST(ToolCallAssemblerTest, RefusesEndlessCallsAndNames) {
  ToolCallAssembler calls({.max_calls = 2});
  calls.add({.index = 0});
  calls.add({.index = 1});
  ToolCallAssembler names;
  const auto name_endlessly = [&] {
    for (int i = 0; i < 10'000; ++i) names.add({.index = 0, .name = "ab"});
  };

  EXPECT_THROW(calls.add({.index = 2}), Error);
  EXPECT_NO_THROW(calls.add({.index = 1}));
  names.add({.index = 0, .name = "x"});
  EXPECT_THROW(name_endlessly(), Error);
}

TEST(ToolCallAssemblerTest, ManyCallsCostNoMoreEachThanFew) {
  constexpr int kCalls = 100'000;
  ToolCallAssembler calls({.max_calls = kCalls});
  for (int round = 0; round < 2; ++round) {
    for (int i = 0; i < kCalls; ++i) calls.add({.index = i, .id = std::to_string(i), .name = "f"});
  }

  EXPECT_EQ(calls.finish().size(), std::size_t{kCalls});
}

TEST(ToolCallAssemblerTest, ACallWithoutArgumentsHasAnEmptyObject) {
  ToolCallAssembler calls;
  calls.add({.index = 0, .id = "a", .name = "ping", .arguments = " "});

  EXPECT_THAT(texts_of(calls), ElementsAre(R"({"name":"ping","ref":"a","input":{}})"));
}

TEST(ToolCallAssemblerTest, MakesRefsWhereItIsAskedTo) {
  class : public IdSource {
    std::uint64_t next() override { return ++last_; }
    std::uint64_t last_ = 0;
  } ids;
  ToolCallAssembler calls({.ids = &ids});
  calls.add({.name = "f", .arguments = "{}"});
  calls.add({.name = "g", .arguments = "{}"});

  EXPECT_THAT(texts_of(calls), ElementsAre(HasSubstr("\"call_1\""), HasSubstr("\"call_2\"")));
}

TEST(ToolCallAssemblerTest, ArgumentsThatAreNoJsonAreAnErrorOrText) {
  ToolCallAssembler strict;
  strict.add({.id = "a", .name = "f", .arguments = "{\"x\":"});
  ToolCallAssembler lenient({.bad_arguments = ToolCallAssemblerOptions::BadArguments::kKeepText});
  lenient.add({.id = "a", .name = "f", .arguments = "{\"x\":"});

  try {
    strict.finish();
    FAIL() << "no error";
  } catch (const Error& error) {
    EXPECT_EQ(error.status(), Status::kFailedPrecondition);
    EXPECT_EQ(to_text(error.details()), R"({"reason":"unparsable","tool":"f","ref":"a","text":"{\"x\":"})");
  }
  EXPECT_THAT(texts_of(lenient), ElementsAre(R"({"name":"f","ref":"a","input":"{\"x\":"})"));
}

TEST(ToolCallAssemblerTest, ACallThatIsNeverNamedIsAnError) {
  ToolCallAssembler calls;
  calls.add({.index = 3, .arguments = "{}"});

  EXPECT_THROW(calls.finish(), Error);
}

TEST(ToolCallAssemblerTest, RefusesEndlessArguments) {
  ToolCallAssembler calls({.max_bytes = 10});
  calls.add({.name = "f", .arguments = "12345678"});

  EXPECT_THROW(calls.add({.arguments = "90"}), Error);
}

/// One call of a random answer.
struct RandomCall {
  std::string id;
  std::string name;
  Json input;
};

TEST(ToolCallAssemblerTest, AnySplitGivesTheSameCalls) {
  std::mt19937 random(7);
  const auto below = [&](std::size_t limit) { return std::uniform_int_distribution<std::size_t>(0, limit - 1)(random); };
  const std::vector<std::string> names = {"get", "getWeather", "Weather", "a", "aa", "pay"};

  for (int round = 0; round < 10'000; ++round) {
    std::vector<RandomCall> calls;
    std::vector<std::string> expected;
    for (std::size_t i = 0; i < 1 + below(4); ++i) {
      RandomCall call{.id = "id" + std::to_string(i), .name = names[below(names.size())], .input = JsonObject()};
      for (std::size_t member = below(3); member > 0; --member) {
        call.input.get_object()["k" + std::to_string(member)] = std::string(below(6), '"') + "}{\xC3\xA4";
      }
      expected.push_back(to_text(Json({{"name", call.name}, {"ref", call.id}, {"input", call.input}})));
      calls.push_back(std::move(call));
    }
    // Providers say which call a fragment belongs to by index, by id, or by both; some repeat the name, some send it late.
    const bool by_index = below(2) == 0;
    const bool id_always = !by_index || below(2) == 0;
    const bool name_always = below(2) == 0;
    const bool name_late = below(4) == 0;

    ToolCallAssembler assembler({.tools = names});
    std::vector<std::string> rest;
    for (const RandomCall& call : calls)
      rest.push_back(call.input == Json(JsonObject()) && below(2) == 0 ? "" : to_text(call.input));
    for (std::size_t i = 0; i < calls.size(); ++i) {
      assembler.add({.index = by_index ? std::optional<std::int64_t>(i) : std::nullopt,
                     .id = calls[i].id,
                     .name = name_late ? std::string_view() : std::string_view(calls[i].name)});
    }
    for (std::size_t left = calls.size(); left > 0;) {
      const std::size_t i = below(calls.size());
      if (rest[i].empty()) {
        left = static_cast<std::size_t>(std::count_if(rest.begin(), rest.end(), [](const auto& text) { return !text.empty(); }));
        if (left == 0) break;
        continue;
      }
      const std::string piece = rest[i].substr(0, 1 + below(rest[i].size()));
      rest[i].erase(0, piece.size());
      assembler.add({.index = by_index ? std::optional<std::int64_t>(i) : std::nullopt,
                     .id = id_always ? std::string_view(calls[i].id) : std::string_view(),
                     .name = name_always && !name_late ? std::string_view(calls[i].name) : std::string_view(),
                     .arguments = piece});
    }
    for (std::size_t i = 0; name_late && i < calls.size(); ++i) {
      assembler.add(
          {.index = by_index ? std::optional<std::int64_t>(i) : std::nullopt, .id = calls[i].id, .name = calls[i].name});
    }

    ASSERT_EQ(texts_of(assembler), expected) << "round " << round;
  }
}

}  // namespace
}  // namespace genkit
