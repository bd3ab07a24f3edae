#include "testing/recording.h"

#include <cstdio>
#include <fstream>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "testing/redaction.h"

namespace genkit::internal {
namespace {

using testing::HasSubstr;

struct BadFile {
  std::string name;
  std::string text;
  std::string message;
};

class BadRecordingTest : public testing::TestWithParam<BadFile> {};

TEST_P(BadRecordingTest, SaysWhatIsWrong) {
  const std::string path = testing::TempDir() + "/bad_recording_" + GetParam().name + ".json";
  std::ofstream(path) << GetParam().text;

  const auto result = attempt([&] { return RecordingFile::read(path); });
  std::remove(path.c_str());

  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().status(), Status::kInvalidArgument);
  EXPECT_THAT(result.error().message(), HasSubstr(path));
  EXPECT_THAT(result.error().message(), HasSubstr(GetParam().message));
}

INSTANTIATE_TEST_SUITE_P(
    Files, BadRecordingTest,
    testing::Values(BadFile{"no_json", "{", "line 1"}, BadFile{"no_format", R"({"recordings":[]})", "format is missing"},
                    BadFile{"other_format", R"({"format":"x/2","recordings":[]})", "format is \"x/2\""},
                    BadFile{"no_recordings", R"({"format":"genkit-recording/1"})", "recordings: is required"},
                    BadFile{"no_answer", R"({"format":"genkit-recording/1","recordings":[{"request":{}}]})",
                            "recordings[0] needs a response or an error"},
                    BadFile{
                        "unknown_status",
                        R"({"format":"genkit-recording/1","recordings":[{"request":{},"error":{"status":"OH","message":""}}]})",
                        "\"OH\" is no status"}),
    [](const auto& info) { return info.param.name; });

TEST(RedactionTest, FindsMembersHoweverTheyAreSpelt) {
  const Redaction redaction({"apiKey"}, {});
  Json value =
      parse_json(R"({"API_KEY":"k","deep":[{"api-key":"k"}],"apiKeyCount":1,"apiKey":{"apikey":"k","b":"k"},"other":"k"})");

  redaction.redact_members(value);

  EXPECT_EQ(to_text(value), R"({"API_KEY":"[redacted]","deep":[{"api-key":"[redacted]"}],"apiKeyCount":1,)"
                            R"("apiKey":{"apikey":"[redacted]","b":"k"},"other":"k"})");
}

TEST(RedactionTest, FindsTextsWhereverTheyAre) {
  const Redaction redaction({}, {"key", "key-and-more", ""});
  Json value = parse_json(R"({"a":"?key=key&x","b":["key-and-more"],"key":1})");

  redaction.redact_texts(value);

  EXPECT_EQ(to_text(value), R"({"a":"?[redacted]=[redacted]&x","b":["[redacted]"],"key":1})");
}

}  // namespace
}  // namespace genkit::internal
