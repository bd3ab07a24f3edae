#include <genkit/testing/recording_model.h>

#include <atomic>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <genkit/ai/generate.h>
#include <genkit/core/registry.h>
#include <genkit/testing/scripted_model.h>

namespace genkit {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

/// A file that is gone at the end of the test.
class RecordingModelTest : public testing::Test {
 protected:
  ~RecordingModelTest() override { std::filesystem::remove(file_); }

  /// Registers the recording model, and the real one if there is one.
  std::shared_ptr<Registry> registry(RecordingMode mode, const ScriptedModel* real = nullptr,
                                     RecordingModelOptions options = {}) const {
    auto registry = Registry::create();
    if (real != nullptr) registry->add(*real);
    options.model = "scripted";
    options.file = file_;
    options.mode = mode;
    define_recording_model(*registry, std::move(options));
    return registry;
  }
  static ModelResponse ask(Registry& registry, const std::string& prompt, Json config = {}, std::string* streamed = nullptr) {
    GenerateOptions options{.model = "recorded", .prompt = prompt, .config = std::move(config)};
    if (streamed != nullptr) options.on_chunk = [streamed](const Chunk& chunk) { *streamed += chunk.text() + "|"; };
    return internal::generate(registry, options, nullptr);
  }
  Error error_of_replaying(const std::string& prompt) const {
    const auto replaying = registry(RecordingMode::kReplay);
    auto result = attempt([&] { return ask(*replaying, prompt); });
    return result ? Error(Status::kOk, "no error") : result.error();
  }
  void record(std::vector<ScriptedTurn> script, const std::vector<std::string>& prompts) const {
    const ScriptedModel real({.script = std::move(script)});
    const auto recording = registry(RecordingMode::kRecordAll, &real);
    for (const std::string& prompt : prompts) (void)attempt([&] { return ask(*recording, prompt); });
  }
  std::string text() const {
    std::ifstream in(file_);
    return std::string(std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>());
  }

  static inline std::atomic<int> number_{0};
  const std::string file_ =
      testing::TempDir() + "/recording_" + std::to_string(getpid()) + "_" + std::to_string(number_++) + ".json";
};

TEST_F(RecordingModelTest, ReplaysWithoutTheRealModel) {
  record({ScriptedTurn().text("It is ").text("sunny."), "It rains."}, {"Rome?", "Oslo?"});
  const auto replaying = registry(RecordingMode::kReplay);
  std::string streamed;

  EXPECT_EQ(ask(*replaying, "Oslo?").text(), "It rains.");
  EXPECT_EQ(ask(*replaying, "Rome?", nullptr, &streamed).text(), "It is sunny.");
  EXPECT_EQ(streamed, "It is |sunny.|");
}

TEST_F(RecordingModelTest, WhatIsRecordedIsAlsoAnswered) {
  const ScriptedModel real({.script = {ScriptedTurn().text("It is ").text("sunny.")}});
  const auto recording = registry(RecordingMode::kRecordAll, &real);
  std::string streamed;

  EXPECT_EQ(ask(*recording, "Rome?", nullptr, &streamed).text(), "It is sunny.");
  EXPECT_EQ(streamed, "It is |sunny.|");
}

TEST_F(RecordingModelTest, TheSameRequestAgainGetsTheNextRecording) {
  record({"one", "two"}, {"Count", "Count"});
  const auto replaying = registry(RecordingMode::kReplay);

  std::vector<std::string> answers;
  for (int i = 0; i < 3; ++i) answers.push_back(ask(*replaying, "Count").text());

  EXPECT_THAT(answers, ElementsAre("one", "two", "two"));
}

TEST_F(RecordingModelTest, TheOrderOfMembersDoesNotMatter) {
  const ScriptedModel real({.script = {"yes"}});
  ask(*registry(RecordingMode::kRecordAll, &real), "Same?", {{"topK", 1}, {"temperature", 0.5}});

  EXPECT_EQ(ask(*registry(RecordingMode::kReplay), "Same?", {{"temperature", 0.5}, {"topK", 1}}).text(), "yes");
}

TEST_F(RecordingModelTest, RecordsOnlyWhatIsMissing) {
  record({"It is sunny."}, {"Rome?"});
  const ScriptedModel real({.script = {"It rains."}});
  const auto recording = registry(RecordingMode::kRecordMissing, &real);

  EXPECT_EQ(ask(*recording, "Rome?").text(), "It is sunny.");
  EXPECT_EQ(ask(*recording, "Oslo?").text(), "It rains.");
  EXPECT_EQ(real.calls(), 1u);

  EXPECT_EQ(ask(*registry(RecordingMode::kReplay), "Oslo?").text(), "It rains.");
}

TEST_F(RecordingModelTest, ErrorsAreRecordedLikeAnswers) {
  record({ScriptedTurn().text("It").fail(Error(Status::kResourceExhausted, "slow down", {{"retryAfter", 3}}))}, {"Rome?"});

  const Error error = error_of_replaying("Rome?");

  EXPECT_EQ(error.status(), Status::kResourceExhausted);
  EXPECT_EQ(error.message(), "slow down");
  EXPECT_EQ(to_text(error.details()), R"({"retryAfter":3})");
}

TEST_F(RecordingModelTest, ARequestThatWasNotRecordedNamesTheNearestDifference) {
  record({"a", "b"}, {"What is the capital of Norway?", "Weather in Rome?"});

  const Error error = error_of_replaying("Weather in Oslo?");

  EXPECT_EQ(error.status(), Status::kNotFound);
  EXPECT_EQ(error.message(), "this request was not recorded in " + file_ +
                                 ": the nearest of its 2 differs at /messages/0/content/0/text: recorded \"Weather in Rome?\", "
                                 "asked \"Weather in Oslo?\"; record it with GENKIT_RECORD=missing");
  EXPECT_EQ(error.details().at("reason"), Json("not_recorded"));
  EXPECT_EQ(error.details().at("pointer"), Json("/messages/0/content/0/text"));
  EXPECT_EQ(error.details().at("asked"), Json("Weather in Oslo?"));
  EXPECT_EQ(error.details().at("differences"), Json(1));
}

TEST_F(RecordingModelTest, SaysWhenThereIsNoFile) {
  const auto result = attempt([&] { return registry(RecordingMode::kReplay); });

  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().status(), Status::kNotFound);
  EXPECT_EQ(result.error().message(), "there is no recording " + file_ + "; make it with GENKIT_RECORD=missing");
}

TEST_F(RecordingModelTest, SecretsAreNotWritten) {
  const ScriptedModel real({.script = {ScriptedTurn().fail(Error(Status::kPermissionDenied, "POST /v1?key=s3cret failed"))}});
  const auto recording = registry(RecordingMode::kRecordAll, &real, {.secrets = {"s3cret"}});
  (void)attempt([&] { return ask(*recording, "Is s3cret safe?", {{"apiKey", "another"}, {"topK", 1}}); });

  EXPECT_EQ(real.last_request().last_text(), "Is s3cret safe?");
  EXPECT_THAT(text(), Not(HasSubstr("s3cret")));
  EXPECT_THAT(text(), Not(HasSubstr("another")));
  EXPECT_THAT(text(), HasSubstr("POST /v1?key=[redacted] failed"));

  // Another key tomorrow is the same request.
  const auto replaying = registry(RecordingMode::kReplay, nullptr, {.secrets = {"s3cret"}});
  const auto result = attempt([&] { return ask(*replaying, "Is s3cret safe?", {{"apiKey", "third"}, {"topK", 1}}); });
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().status(), Status::kPermissionDenied);
}

TEST_F(RecordingModelTest, WhatChangesFromRunToRunCanBeTakenOut) {
  const RecordingModelOptions options{.normalize = [](Json& request) { request.get_object().erase("config"); }};
  const ScriptedModel real({.script = {"yes"}});
  ask(*registry(RecordingMode::kRecordAll, &real, options), "Same?", {{"seed", 1}});

  EXPECT_EQ(ask(*registry(RecordingMode::kReplay, nullptr, options), "Same?", {{"seed", 2}}).text(), "yes");
}

TEST_F(RecordingModelTest, ClaimsWhatTheRealModelCanDo) {
  const ScriptedModel real({.script = {"x"}, .model = {.supports = {.tools = false, .constrained = "all"}}});
  ask(*registry(RecordingMode::kRecordAll, &real), "x");

  const Json metadata = registry(RecordingMode::kReplay)->get(ActionKind::kModel, "recorded").info().metadata;

  EXPECT_EQ(to_text(metadata.at("model").at("supports")), R"({"tools":false,"constrained":"all"})");
}

TEST_F(RecordingModelTest, WritesAFileThatPeopleCanRead) {
  record({"It is sunny."}, {"Rome?"});

  EXPECT_EQ(text(), R"({
  "format": "genkit-recording/1",
  "model": "scripted",
  "supports": {
    "multiturn": true,
    "media": true,
    "tools": true,
    "systemRole": true
  },
  "recordings": [
    {
      "request": {
        "messages": [
          {
            "role": "user",
            "content": [
              {
                "text": "Rome?"
              }
            ]
          }
        ],
        "tools": [],
        "output": {}
      },
      "chunks": [
        {
          "content": [
            {
              "text": "It is sunny."
            }
          ]
        }
      ],
      "response": {
        "message": {
          "role": "model",
          "content": [
            {
              "text": "It is sunny."
            }
          ]
        },
        "finishReason": "stop"
      }
    }
  ]
}
)");
}

}  // namespace
}  // namespace genkit
