#include <cmath>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <genkit/genkit.h>
#include <genkit/plugins/llamacpp.h>

#include "test_model.h"

namespace genkit {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::SizeIs;

constexpr const char* kStory = "Write a long story about a fox and a bear who travel through the mountains.";

class LlamaCppTest : public llama::WithModelFile {
 protected:
  LlamaCppTest() : WithModelFile(llama::test_model_file()) {}

  GenkitOptions options() const {
    return {.plugins = {llamacpp({.models = {{.name = "smollm2", .file = file_}}})}, .model = "llamacpp/smollm2"};
  }
};

TEST_F(LlamaCppTest, Generates) {
  Genkit ai(options());

  const Response response = ai.generate({.prompt = "Say hello.", .config = {{"temperature", 0}, {"maxOutputTokens", 10}}});

  EXPECT_THAT(response.text(), Not(IsEmpty()));
}

TEST_F(LlamaCppTest, StreamsWhatItAnswers) {
  Genkit ai(options());
  std::vector<std::string> chunks;

  auto stream = ai.generate_stream({.prompt = kStory, .config = {{"maxOutputTokens", 20}}});
  for (const auto& chunk : stream) chunks.push_back(std::string(chunk.text()));
  const Response response = stream.response();

  std::string joined;
  for (const std::string& chunk : chunks) joined += chunk;
  EXPECT_EQ(joined, response.text());
  EXPECT_GT(chunks.size(), 1U);
  EXPECT_EQ(response.finish_reason(), FinishReason::kLength);
}

TEST_F(LlamaCppTest, RunsManyCallsTogether) {
  Genkit ai(options());
  std::vector<Future<std::string>> answers;

  for (int i = 0; i < 12; ++i) {
    answers.push_back(async([&ai, i] {
      return ai.generate({.prompt = "Count to " + std::to_string(i), .config = {{"maxOutputTokens", 6}}}).text();
    }));
  }

  for (auto& answer : answers) EXPECT_THAT(answer.get(), Not(IsEmpty()));
}

TEST_F(LlamaCppTest, EndsWhenItsCallerIsCancelled) {
  Genkit ai(options());
  Future<void> later = async([&ai] {
    auto stream = ai.generate_stream({.prompt = kStory, .config = {{"maxOutputTokens", 1500}}});
    CancelSource source;
    for (const auto& chunk : stream) {
      EXPECT_THAT(std::string(chunk.text()), Not(IsEmpty()));
      break;
    }
  });

  later.get();

  // The engine is free again at once: a thousand tokens would not be done before the test's time is over.
  EXPECT_THAT(ai.generate({.prompt = "Hi", .config = {{"maxOutputTokens", 3}}}).text(), Not(IsEmpty()));
}

TEST_F(LlamaCppTest, EndsAtItsDeadline) {
  Genkit ai(options());
  ai.generate({.prompt = "Hi", .config = {{"maxOutputTokens", 1}}});

  try {
    ai.generate({.prompt = kStory, .config = {{"maxOutputTokens", 1800}}, .timeout = std::chrono::milliseconds(50)});
    FAIL() << "no error";
  } catch (const Error& error) {
    EXPECT_EQ(error.status(), Status::kDeadlineExceeded);
  }
}

TEST_F(LlamaCppTest, ReusesTheTurnsBefore) {
  Genkit ai(options());
  const Json config = {{"temperature", 0}, {"maxOutputTokens", 10}};

  const Response first =
      ai.generate({.system = "You are a guide in the mountains.", .prompt = "What is a fox?", .config = config});
  const Response second = ai.generate({.prompt = "And a bear?", .messages = first.messages(), .config = config});

  EXPECT_EQ(first.usage().cached_content_tokens, 0);
  EXPECT_GE(second.usage().cached_content_tokens, first.usage().input_tokens);
}

TEST_F(LlamaCppTest, RefusesMediaByName) {
  Genkit ai(options());

  try {
    ai.generate({.prompt = {text("What is this?"), media("https://example.com/cat.jpg")}});
    FAIL() << "no error";
  } catch (const Error& error) {
    EXPECT_EQ(error.status(), Status::kInvalidArgument);
    EXPECT_THAT(error.message(), HasSubstr("media"));
  }
}

TEST_F(LlamaCppTest, KeepsTwoInstancesApart) {
  Genkit one(options());
  Genkit two(options());

  EXPECT_THAT(one.generate({.prompt = "Hi", .config = {{"maxOutputTokens", 3}}}).text(), Not(IsEmpty()));
  EXPECT_THAT(two.generate({.prompt = "Hi", .config = {{"maxOutputTokens", 3}}}).text(), Not(IsEmpty()));
}

/// Asks the model itself, as a generation with tools or a format does.
class LlamaCppModelTest : public LlamaCppTest {
 protected:
  Json ask(std::string_view request, std::vector<Json>* chunks = nullptr) {
    if (!action_) action_ = llamacpp({.models = {{.name = "smollm2", .file = file_}}})->init().at(0);
    if (chunks == nullptr) return action_->run_json(parse_json(request));
    return action_->run_json(parse_json(request), {}, [chunks](Json chunk) { chunks->push_back(std::move(chunk)); }).result;
  }

  std::optional<Action> action_;
};

constexpr const char* kWeatherTool =
    R"("tools": [{"name": "getWeather", "description": "The weather of a city", "inputSchema": {"type": "object",
    "properties": {"city": {"type": "string", "maxLength": 20}}, "required": ["city"], "additionalProperties": false}}])";

TEST_F(LlamaCppModelTest, KeepsToTheSchemaOfTheOutput) {
  const Json response =
      ask(R"({"messages": [{"role": "user", "content": [{"text": "Invent a person."}]}], "config": {"temperature": 0},
      "output": {"format": "json", "constrained": true, "schema": {"type": "object", "properties": {"name": {"type": "string", "maxLength": 20},
      "age": {"type": "integer", "minimum": 1, "maximum": 99}}, "required": ["name", "age"]}}})");

  const Json person = parse_json(response.at("message").at("content").at(0).at("text").as_string());
  EXPECT_EQ(response.at("finishReason"), "stop");
  EXPECT_TRUE(person.at("name").is_string());
  EXPECT_TRUE(person.at("age").is_int64());
}

TEST_F(LlamaCppModelTest, CallsAToolThatIsRequired) {
  std::vector<Json> chunks;

  const Json response = ask(std::string(R"({"messages": [{"role": "user", "content": [{"text": "How is the weather in Paris?"}]}],
      "config": {"temperature": 0}, "toolChoice": "required", )") +
                                kWeatherTool + "}",
                            &chunks);

  const Json& request = response.at("message").at("content").at(0).at("toolRequest");
  EXPECT_EQ(request.at("name"), "getWeather");
  EXPECT_EQ(request.at("ref"), "call-1");
  EXPECT_TRUE(request.at("input").at("city").is_string());
  ASSERT_EQ(chunks.size(), 1U);
  EXPECT_EQ(chunks[0].at("content"), response.at("message").at("content"));
}

TEST_F(LlamaCppModelTest, StreamsTextWhereToolsMayNotBeUsed) {
  std::vector<Json> chunks;

  const Json response = ask(std::string(R"({"messages": [{"role": "user", "content": [{"text": "Say hello."}]}],
      "config": {"temperature": 0, "maxOutputTokens": 25}, "toolChoice": "none", )") +
                                kWeatherTool + "}",
                            &chunks);

  std::string text;
  for (const Json& chunk : chunks) text += chunk.at("content").at(0).at("text").as_string();
  EXPECT_EQ(Json(text), response.at("message").at("content").at(0).at("text"));
  EXPECT_THAT(text, Not(IsEmpty()));
  EXPECT_THAT(text, Not(HasSubstr("\"tool\"")));
}

TEST_F(LlamaCppModelTest, TellsOfACallThatTheLimitCutOff) {
  const Json response = ask(std::string(R"({"messages": [{"role": "user", "content": [{"text": "How is the weather in Paris?"}]}],
      "config": {"temperature": 0, "maxOutputTokens": 6}, "toolChoice": "required", )") +
                            kWeatherTool + "}");

  EXPECT_EQ(response.at("finishReason"), "length");
  EXPECT_THAT(std::string(response.at("finishMessage").as_string()), HasSubstr("getWeather"));
}

TEST_F(LlamaCppModelTest, DoesNotComputeACallAgainWhenItsResultIsThere) {
  const std::string rest = std::string(R"("config": {"temperature": 0, "maxOutputTokens": 30}, )") + kWeatherTool + "}";
  const Json question = parse_json(R"({"role": "user", "content": [{"text": "How is the weather in Paris?"}]})");
  const Json first = ask("{\"messages\": [" + to_text(question) + "], \"toolChoice\": \"required\", " + rest);
  ASSERT_TRUE(first.at("message").at("content").at(0).as_object().contains("toolRequest"));
  const Json result = parse_json(
      R"({"role": "tool", "content": [{"toolResponse": {"name": "getWeather", "ref": "call-1", "output": {"sky": "blue"}}}]})");

  const Json second =
      ask("{\"messages\": [" + to_text(question) + "," + to_text(first.at("message")) + "," + to_text(result) + "], " + rest);

  const auto tokens = [](const Json& response, const char* name) { return response.at("usage").at(name).to_number<int>(); };
  // All but the last token of the call, behind which nothing was computed.
  EXPECT_GE(tokens(second, "cachedContentTokens"), tokens(first, "totalTokens") - 1);
  EXPECT_LE(tokens(second, "inputTokens") - tokens(second, "cachedContentTokens"), 25);
}

TEST_F(LlamaCppModelTest, SaysWhichToolItCannotGuarantee) {
  try {
    ask(R"({"messages": [{"role": "user", "content": [{"text": "Hi"}]}], "tools": [{"name": "paint", "description": "",
        "inputSchema": {"type": "object", "properties": {"color": {"type": "string", "format": "color"}}}}]})");
    FAIL() << "no error";
  } catch (const Error& error) {
    EXPECT_EQ(error.status(), Status::kInvalidArgument);
    EXPECT_THAT(error.message(), HasSubstr("tool \"paint\""));
    EXPECT_EQ(error.details().at("pointer"), "/properties/color");
  }
}

class LlamaCppEmbedderTest : public llama::WithModelFile {
 protected:
  LlamaCppEmbedderTest() : WithModelFile(llama::test_embedder_file()) {}
};

TEST_F(LlamaCppEmbedderTest, Embeds) {
  Genkit ai({.plugins = {llamacpp({.embedders = {{.name = "minilm", .file = file_}}})}});

  const auto embeddings = ai.embed({.embedder = "llamacpp/minilm", .content = "A cat sits on the mat."});

  ASSERT_THAT(embeddings, SizeIs(1));
  double length = 0;
  for (const float value : embeddings[0].embedding) length += static_cast<double>(value) * value;
  EXPECT_NEAR(length, 1, 1e-4);
}

TEST_F(LlamaCppEmbedderTest, NamesTheDocumentThatIsTooLong) {
  Genkit ai({.plugins = {llamacpp({.embedders = {{.name = "minilm", .file = file_}}})}});
  std::string text;
  for (int i = 0; i < 600; ++i) text += "mountain ";

  try {
    ai.embed_many({.embedder = "llamacpp/minilm", .documents = {Document::of_text("short"), Document::of_text(text)}});
    FAIL() << "no error";
  } catch (const Error& error) {
    EXPECT_EQ(error.status(), Status::kInvalidArgument);
    EXPECT_THAT(error.message(), HasSubstr("input 1"));
  }
}

}  // namespace
}  // namespace genkit
