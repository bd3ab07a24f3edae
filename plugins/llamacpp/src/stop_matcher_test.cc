#include "stop_matcher.h"

#include <string>
#include <vector>

#include <gtest/gtest.h>

namespace genkit::llama {
namespace {

struct Cut {
  std::string text;
  bool stopped = false;
};

/// Feeds `text` in parts of `size` bytes and checks on the way that what came out is never taken back.
Cut cut(const std::vector<std::string>& stops, const std::string& text, std::size_t size) {
  StopMatcher matcher(stops);
  Cut result;
  for (std::size_t at = 0; at < text.size() && !result.stopped; at += size) {
    result.stopped = matcher.push(std::string_view(text).substr(at, size), result.text);
  }
  if (!result.stopped) matcher.finish(result.text);
  return result;
}

TEST(StopMatcher, CutsBeforeTheStopSequenceForEverySplitOfTheText) {
  const std::string text = "one two END three";

  for (std::size_t size = 1; size <= text.size(); ++size) {
    const Cut result = cut({"END", "nothing"}, text, size);
    EXPECT_TRUE(result.stopped) << size;
    EXPECT_EQ(result.text, "one two ") << size;
  }
}

TEST(StopMatcher, ReleasesABeginningThatCameToNothing) {
  const std::string text = "a EN a ENDLICH b E";

  for (std::size_t size = 1; size <= text.size(); ++size) {
    const Cut result = cut({"ENDE"}, text, size);
    EXPECT_FALSE(result.stopped) << size;
    EXPECT_EQ(result.text, text) << size;
  }
}

TEST(StopMatcher, HoldsBackNoMoreThanWhatMayBecomeAStopSequence) {
  StopMatcher matcher({"\n\nUser:"});
  std::string out;

  matcher.push("Hello\n\nUs", out);
  EXPECT_EQ(out, "Hello");
  matcher.push("eful", out);

  EXPECT_EQ(out, "Hello\n\nUseful");
}

TEST(StopMatcher, TakesTheStopSequenceThatIsCompleteFirst) {
  for (std::size_t size = 1; size <= 7; ++size) {
    const Cut result = cut({"cd", "bc", "abcdef"}, "xabcdef", size);
    EXPECT_TRUE(result.stopped);
    EXPECT_EQ(result.text, "xa") << size;
  }
}

TEST(StopMatcher, FindsAStopSequenceThatOverlapsAFalseStart) {
  for (std::size_t size = 1; size <= 7; ++size) EXPECT_EQ(cut({"aab"}, "aaaaab", size).text, "aaa") << size;
}

TEST(StopMatcher, IgnoresEmptyStopSequences) {
  EXPECT_EQ(cut({""}, "text", 2).text, "text");
}

}  // namespace
}  // namespace genkit::llama
