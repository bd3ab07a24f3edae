#include "utf8.h"

#include <string>
#include <string_view>

#include <gtest/gtest.h>

namespace genkit::llama {
namespace {

std::string join_in_two(std::string_view text, std::size_t split) {
  Utf8Joiner joiner;
  std::string out;
  joiner.push(text.substr(0, split), out);
  joiner.push(text.substr(split), out);
  joiner.finish(out);
  return out;
}

TEST(Utf8Joiner, GivesTheSameTextForEverySplitOfTheBytes) {
  const std::string text = "aé€𝄞😀\xED\x9F\xBF z";

  for (std::size_t split = 0; split <= text.size(); ++split) EXPECT_EQ(join_in_two(text, split), text) << split;
}

TEST(Utf8Joiner, EmitsNothingOfACharacterUntilItIsComplete) {
  Utf8Joiner joiner;
  std::string out;

  joiner.push("a\xF0\x9F\x98", out);
  EXPECT_EQ(out, "a");
  joiner.push("\x80", out);

  EXPECT_EQ(out, "a😀");
}

TEST(Utf8Joiner, ReplacesWhatIsIncompleteAtTheEnd) {
  Utf8Joiner joiner;
  std::string out;

  joiner.push("ok \xE2\x82", out);
  joiner.finish(out);

  EXPECT_EQ(out, "ok \uFFFD");
}

TEST(Utf8Joiner, ReplacesEachMaximalIllFormedPartOnce) {
  const std::string_view broken = "\xC0\xAF|\xE0\x80|\xED\xA0\x80|\xF0\x9F\x98|\xF5|\x80|\xE2\x82x";
  const std::string_view repaired = "\uFFFD\uFFFD|\uFFFD\uFFFD|\uFFFD\uFFFD\uFFFD|\uFFFD|\uFFFD|\uFFFD|\uFFFDx";

  for (std::size_t split = 0; split <= broken.size(); ++split) EXPECT_EQ(join_in_two(broken, split), repaired) << split;
}

}  // namespace
}  // namespace genkit::llama
