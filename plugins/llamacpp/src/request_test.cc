#include "request.h"

#include <functional>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <genkit/plugins/llamacpp.h>

namespace genkit::llama {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

ModelRequest request_of(std::string_view json) {
  return from_json<ModelRequest>(parse_json(json));
}

std::string problem_of(const std::function<void()>& work) {
  try {
    work();
    return {};
  } catch (const Error& error) {
    EXPECT_EQ(error.status(), Status::kInvalidArgument);
    return error.message();
  }
}

TEST(LlamaRequest, BecomesAConversation) {
  const auto request = request_of(R"({"messages": [
      {"role": "system", "content": [{"text": "Be brief."}]},
      {"role": "user", "content": [{"text": "One "}, {"text": "two"}]},
      {"role": "model", "content": [{"reasoning": "Hm."}, {"text": "Three"}]},
      {"role": "user", "content": [{"data": {"n": 4}}]}]})");

  const auto chat = to_chat("m", request);

  ASSERT_EQ(chat.size(), 4U);
  EXPECT_EQ(chat[0].role, "system");
  EXPECT_EQ(chat[0].content, "Be brief.");
  EXPECT_EQ(chat[1].role, "user");
  EXPECT_EQ(chat[1].content, "One two");
  EXPECT_EQ(chat[2].role, "assistant");
  EXPECT_EQ(chat[2].content, "Three");
  EXPECT_EQ(chat[3].content, R"({"n":4})");
}

TEST(LlamaRequest, NamesThePartThatIsNotText) {
  const auto request = request_of(R"({"messages": [
      {"role": "user", "content": [{"text": "Hi"}]},
      {"role": "user", "content": [{"text": "See"}, {"media": {"url": "https://example.com/cat.jpg"}}]}]})");

  EXPECT_THAT(problem_of([&] { to_chat("m", request); }),
              AllOf(HasSubstr("model \"m\""), HasSubstr("messages[1].content[1] is media"), HasSubstr("text only")));
}

constexpr const char* kConversationWithTools = R"({"tools": [{"name": "add", "description": "Adds"}], "messages": [
    {"role": "system", "content": [{"text": "Be brief."}]},
    {"role": "user", "content": [{"text": "1 + 2?"}]},
    {"role": "model", "content": [{"toolRequest": {"name": "add", "ref": "call-1", "input": {"a": 1, "b": 2}}}]},
    {"role": "tool", "content": [{"toolResponse": {"name": "add", "ref": "call-1", "output": 3}}]},
    {"role": "model", "content": [{"text": "3"}]}]})";

TEST(LlamaRequest, WritesCallsResultsAndAnswersAsTheModelKnowsThem) {
  const auto chat = to_chat("m", request_of(kConversationWithTools));

  ASSERT_EQ(chat.size(), 5U);
  EXPECT_THAT(chat[0].content, AllOf(testing::StartsWith("Be brief.\n\n"), HasSubstr("Adds: {\"tool\":\"add\"")));
  EXPECT_EQ(chat[2].role, "assistant");
  EXPECT_EQ(chat[2].content, R"({"tool":"add","input":{"a":1,"b":2}})");
  EXPECT_EQ(chat[3].role, "user");
  EXPECT_EQ(chat[3].content, "Result of add: 3");
  EXPECT_EQ(chat[4].content, "{\"tool\":\"none\"}\n3");
}

TEST(LlamaRequest, DescribesToolsWhereThereIsNoSystemMessage) {
  const auto chat = to_chat("m", request_of(R"({"tools": [{"name": "add", "description": "Adds"}],
                                                "messages": [{"role": "user", "content": [{"text": "Hi"}]}]})"));

  ASSERT_EQ(chat.size(), 2U);
  EXPECT_EQ(chat[0].role, "system");
  EXPECT_THAT(chat[0].content, HasSubstr("Adds: {\"tool\":\"add\""));
}

TEST(LlamaRequest, RefusesAnEmptyConversation) {
  EXPECT_THAT(problem_of([] { to_chat("m", request_of(R"({"messages": []})")); }), HasSubstr("no messages"));
}

TEST(LlamaRequest, ReadsTheConfiguration) {
  const auto params = to_params("m", request_of(R"({"messages": [], "config": {"temperature": 0.5, "maxOutputTokens": 7,
      "topK": 3, "topP": 0.25, "minP": 0.125, "repeatPenalty": 1.5, "seed": 4294967295, "stopSequences": ["END", "\n"]}})"));

  EXPECT_EQ(params.sampling.temperature, 0.5F);
  EXPECT_EQ(params.max_tokens, 7);
  EXPECT_EQ(params.sampling.top_k, 3);
  EXPECT_EQ(params.sampling.top_p, 0.25F);
  EXPECT_EQ(params.sampling.min_p, 0.125F);
  EXPECT_EQ(params.sampling.repeat_penalty, 1.5F);
  EXPECT_EQ(params.sampling.seed, 4294967295U);
  EXPECT_THAT(params.stop_sequences, ElementsAre("END", "\n"));
}

TEST(LlamaRequest, UsesTheDefaultsOfTheEngineWithoutConfiguration) {
  for (const char* json : {R"({"messages": []})", R"({"messages": [], "config": null})", R"({"messages": [], "config": {}})"}) {
    const auto params = to_params("m", request_of(json));

    EXPECT_EQ(params.sampling.temperature, SamplingParams().temperature);
    EXPECT_EQ(params.sampling.top_k, SamplingParams().top_k);
    EXPECT_EQ(params.sampling.top_p, SamplingParams().top_p);
    EXPECT_EQ(params.sampling.min_p, SamplingParams().min_p);
    EXPECT_EQ(params.sampling.repeat_penalty, SamplingParams().repeat_penalty);
    EXPECT_EQ(params.max_tokens, std::nullopt);
    EXPECT_THAT(params.stop_sequences, IsEmpty());
  }
}

TEST(LlamaRequest, LeavesOptionsOfOtherModelsAlone) {
  EXPECT_NO_THROW(to_params("m", request_of(R"({"messages": [], "config": {"version": "1", "safetySettings": []}})")));
}

TEST(LlamaRequest, RefusesAConfigurationThatMakesNoSense) {
  for (const char* config : {R"({"temperature": -1})", R"({"maxOutputTokens": 0})", R"({"topP": 1.5})", R"({"topK": "many"})",
                             R"({"seed": -1})", R"({"stopSequences": "END"})", R"({"repeatPenalty": 0})", "[]"}) {
    ModelRequest request;
    request.config = parse_json(config);

    EXPECT_THAT(problem_of([&] { to_params("m", request); }), HasSubstr("model \"m\": config")) << config;
  }
}

TEST(LlamaRequest, TakesTheTextsOfDocuments) {
  const auto request = from_json<EmbedRequest>(
      parse_json(R"({"input": [{"content": [{"text": "a"}, {"text": "b"}]}, {"content": [{"text": "c"}]}]})"));

  EXPECT_THAT(to_texts("e", request), ElementsAre("ab", "c"));
}

TEST(LlamaRequest, NamesTheDocumentThatIsNotText) {
  const auto request = from_json<EmbedRequest>(parse_json(R"({"input": [{"content": [{"media": {"url": "x"}}]}]})"));

  EXPECT_THAT(problem_of([&] { to_texts("e", request); }), HasSubstr("input[0].content[0] is media"));
}

}  // namespace
}  // namespace genkit::llama
