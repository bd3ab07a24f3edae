#include <genkit/ai/generate.h>

#include "ai/ai_test_support.h"

#include <atomic>
#include <vector>

#include <genkit/runtime/future.h>

namespace genkit {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::Optional;

TEST(GenerateTest, PutsSystemMessagesAndPromptInOrder) {
  EchoRegistry fixture;

  const Response response = fixture.generate({.model = "echo",
                                              .system = "Be brief.",
                                              .prompt = {text("What is this? "), media("https://example.com/cat.jpg")},
                                              .messages = {Message::user("Hello"), Message::model("Hi")}});

  EXPECT_EQ(response.text(), "What is this? ");
  const auto messages = fixture.echo.last_request().messages;
  ASSERT_EQ(messages.size(), 4u);
  EXPECT_EQ(messages[0].role, Role::kSystem);
  EXPECT_EQ(messages[1].text(), "Hello");
  EXPECT_EQ(messages[2].role, Role::kModel);
  EXPECT_EQ(messages[3].content[1].media->url, "https://example.com/cat.jpg");
}

TEST(GenerateTest, GivesTheWholeConversationForTheNextTurn) {
  EchoRegistry fixture;

  const Response first = fixture.generate({.model = "echo", .prompt = "One"});
  const Response second = fixture.generate({.model = "echo", .prompt = "Two", .messages = first.messages()});

  std::vector<std::string> texts;
  for (const Message& message : second.messages()) texts.push_back(message.text());
  EXPECT_THAT(texts, ElementsAre("One", "One", "Two", "Two"));
}

TEST(GenerateTest, MergesTheConfigOfTheCallOverThatOfTheReference) {
  EchoRegistry fixture;

  fixture.generate(
      {.model = ModelReference("echo", {{"topK", 1}, {"temperature", 1}}), .prompt = "x", .config = {{"temperature", 0.2}}});

  EXPECT_EQ(to_text(*fixture.echo.last_request().config), R"({"topK":1,"temperature":0.2})");
}

TEST(GenerateTest, UsesTheDefaultModel) {
  EchoRegistry fixture;
  fixture.registry->add_value("defaultModel", "defaultModel", {{"name", "echo"}, {"config", {{"topK", 3}}}});

  EXPECT_EQ(fixture.generate({.prompt = "x"}).text(), "x");
  EXPECT_EQ(to_text(*fixture.echo.last_request().config), R"({"topK":3})");
}

TEST(GenerateTest, IsTracedAsGenerateAndModel) {
  EchoRegistry fixture;

  fixture.generate({.model = "echo", .prompt = "hi"});

  const auto spans = fixture.exporter->take();
  ASSERT_EQ(spans.size(), 2u);
  EXPECT_EQ(spans[0]->path, "/{generate,t:util}/{echo,t:action,s:model}");
  EXPECT_EQ(spans[1]->name, "generate");
  EXPECT_EQ(spans[1]->type, "util");
  EXPECT_THAT(spans[1]->input, Optional(HasSubstr(R"("model":"echo")")));
  EXPECT_THAT(spans[1]->output, Optional(HasSubstr(R"("text":"hi")")));
}

TEST(GenerateTest, ChunksAreTheModelsFirstMessage) {
  EchoRegistry fixture;
  std::vector<Chunk> chunks;

  const Response response =
      fixture.generate({.model = "echo", .prompt = "a b c", .on_chunk = [&](const Chunk& chunk) { chunks.push_back(chunk); }});

  ASSERT_EQ(chunks.size(), 3u);
  EXPECT_EQ(chunks[0].text(), "a ");
  EXPECT_EQ(chunks[0].role, Role::kModel);
  EXPECT_EQ(chunks[2].index, 0);
  EXPECT_EQ(response.text(), "a b c");
}

TEST(GenerateTest, AModelThatIsNotStreamedIsToldSo) {
  EchoRegistry fixture;
  std::vector<bool> streaming;
  fixture.registry->add(model("ask", {}, [&](const ModelRequest&, ModelContext& context) {
    streaming.push_back(context.streaming());
    return ModelResponse::of_text("");
  }));

  fixture.generate({.model = "ask", .prompt = "x"});
  fixture.generate({.model = "ask", .prompt = "x", .on_chunk = [](const Chunk&) {}});

  EXPECT_THAT(streaming, ElementsAre(false, true));
}

struct BadCase {
  std::string name;
  GenerateOptions options;
  Status status;
  std::string message;
};

class BadGenerateTest : public testing::TestWithParam<BadCase> {};

TEST_P(BadGenerateTest, SaysWhatIsWrong) {
  EchoRegistry fixture;

  const auto error = error_of([&] { fixture.generate(GetParam().options); });

  EXPECT_THAT(error, HasStatus(GetParam().status));
  EXPECT_THAT(error, HasMessage(HasSubstr(GetParam().message)));
}

INSTANTIATE_TEST_SUITE_P(
    Options, BadGenerateTest,
    testing::Values(BadCase{"no_prompt", {.model = "echo"}, Status::kInvalidArgument, "at least one message"},
                    BadCase{"empty_prompt", {.model = "echo", .prompt = ""}, Status::kInvalidArgument, "at least one message"},
                    BadCase{"no_model", {.prompt = "x"}, Status::kInvalidArgument, "no model to generate with"},
                    BadCase{"unknown_model", {.model = "acme/x", .prompt = "x"}, Status::kNotFound, "model \"acme/x\" not found"},
                    BadCase{"bad_config",
                            {.model = "echo", .prompt = "x", .config = 7},
                            Status::kInvalidArgument,
                            "config must be an object, got 7"}),
    [](const auto& info) { return info.param.name; });

TEST(GenerateTest, ABlockedAnswerIsAnError) {
  EchoRegistry fixture;
  fixture.registry->add(model("prude", {}, [](const ModelRequest&, ModelContext&) {
    ModelResponse response;
    response.finish_reason = FinishReason::kBlocked;
    response.finish_message = "rude";
    return response;
  }));

  const auto error = error_of([&] { fixture.generate({.model = "prude", .prompt = "x"}); });

  EXPECT_THAT(error, HasStatus(Status::kFailedPrecondition));
  EXPECT_THAT(error, HasMessage("Generation blocked: rude"));
}

TEST(GenerateTest, AnAnswerWithoutAMessageIsAnError) {
  EchoRegistry fixture;
  fixture.registry->add(model("mute", {}, [](const ModelRequest&, ModelContext&) { return ModelResponse(); }));

  EXPECT_THAT(error_of([&] { fixture.generate({.model = "mute", .prompt = "x"}); }),
              HasMessage(HasSubstr("Model did not generate a message")));
}

TEST(GenerateTest, ATimeoutReachesTheModel) {
  EchoRegistry fixture;
  fixture.registry->add(model("slow", {}, [](const ModelRequest&, ModelContext&) {
    sleep_for(std::chrono::hours(1));
    return ModelResponse::of_text("");
  }));

  EXPECT_THAT(error_of([&] { fixture.generate({.model = "slow", .prompt = "x", .timeout = std::chrono::milliseconds(5)}); }),
              HasStatus(Status::kDeadlineExceeded));
}

/// A model that sends from eight fibers.
Action chorus() {
  return model("chorus", {}, [](const ModelRequest&, ModelContext& context) {
    std::vector<Future<void>> voices;
    for (int voice = 0; voice < 8; ++voice) {
      voices.push_back(async([&] {
        for (int i = 0; i < 50; ++i) context.send(Chunk::of_text("la"));
      }));
    }
    for (Future<void>& voice : voices) voice.get();
    return ModelResponse::of_text("la");
  });
}

TEST(GenerateTest, ChunksOfSeveralFibersComeOneAfterTheOther) {
  EchoRegistry fixture;
  fixture.registry->add(chorus());
  std::atomic<int> inside = 0;
  std::atomic<int> most = 0;
  int chunks = 0;

  fixture.generate({.model = "chorus", .prompt = "x", .on_chunk = [&](const Chunk&) {
                      if (const int now = ++inside; now > most) most = now;
                      yield();
                      --inside;
                      ++chunks;
                    }});

  EXPECT_EQ(most, 1);
  EXPECT_EQ(chunks, 8 * 50);
}

TEST(GenerateTest, FibersThatWaitToSendCanBeCancelled) {
  EchoRegistry fixture;
  fixture.registry->add(chorus());
  internal::Channel<int> sent;
  Future<void> call = async([&] {
    fixture.generate({.model = "chorus", .prompt = "x", .on_chunk = [&](const Chunk&) {
                        sent.send(1);
                        sleep_for(std::chrono::hours(1));
                      }});
  });
  sent.receive();

  call.cancel();

  EXPECT_THAT(error_of([&] { call.get(); }), HasStatus(Status::kCancelled));
}

/// As programs derive their own.
class QuotaError : public Error {
 public:
  QuotaError() : Error(Status::kResourceExhausted, "quota") {}
};

TEST(GenerateTest, ErrorsKeepTheirClass) {
  EchoRegistry fixture;
  fixture.registry->add(model("own", {}, [](const ModelRequest&, ModelContext&) -> ModelResponse { throw QuotaError(); }));
  fixture.registry->add(model("public", {}, [](const ModelRequest&, ModelContext&) -> ModelResponse {
    throw PublicError(Status::kResourceExhausted, "come back tomorrow");
  }));

  EXPECT_THROW(fixture.generate({.model = "own", .prompt = "x"}), QuotaError);
  try {
    fixture.generate({.model = "public", .prompt = "x"});
    ADD_FAILURE() << "nothing was thrown";
  } catch (const PublicError& error) {
    EXPECT_EQ(error.message(), "come back tomorrow");
    EXPECT_FALSE(error.trace_id().empty());
  }
}

TEST(UtilGenerateTest, AnswersAsTheOtherLanguagesDo) {
  EchoRegistry fixture;
  const Action util = fixture.registry->add(internal::generate_action());

  const Json response = util.run_json({{"model", "echo"}, {"messages", {{{"role", "user"}, {"content", {{{"text", "hi"}}}}}}}});

  EXPECT_EQ(to_text(response),
            R"({"message":{"role":"model","content":[{"text":"hi"}]},"finishReason":"stop","usage":{},"custom":{},)"
            R"("request":{"messages":[{"role":"user","content":[{"text":"hi"}]}],"tools":[],"output":{}}})");
}

TEST(UtilGenerateTest, RefusesARequestWithoutMessages) {
  EchoRegistry fixture;
  const Action util = fixture.registry->add(internal::generate_action());

  EXPECT_THAT(error_of([&] { util.run_json({{"model", "echo"}}); }), HasStatus(Status::kInvalidArgument));
}

}  // namespace
}  // namespace genkit
