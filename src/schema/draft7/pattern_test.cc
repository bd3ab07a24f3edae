#include "schema/draft7/pattern.h"

#include <initializer_list>
#include <string>
#include <string_view>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <genkit/base/error.h>

namespace genkit::internal {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;

void expect_matches(std::string_view ecma, std::initializer_list<std::string_view> good,
                    std::initializer_list<std::string_view> bad) {
  Pattern pattern(ecma);
  for (std::string_view text : good) EXPECT_TRUE(pattern.matches(text)) << ecma << " on " << text;
  for (std::string_view text : bad) EXPECT_FALSE(pattern.matches(text)) << ecma << " on " << text;
}

std::string refusal(std::string_view ecma) {
  try {
    Pattern pattern(ecma);
  } catch (const Error& error) {
    EXPECT_EQ(error.status(), Status::kInvalidArgument);
    return error.message();
  }
  ADD_FAILURE() << "accepted " << ecma;
  return {};
}

TEST(Pattern, MatchesAnywhereUnlessAnchored) {
  expect_matches("b", {"abc", "b"}, {"ac", ""});
  expect_matches("^b$", {"b"}, {"ab", "b\n", "\nb"});
  expect_matches("", {"", "x"}, {});
}

TEST(Pattern, ReadsClassesAsEcmaScript) {
  expect_matches("^[[a]+$", {"[a"}, {"b"});
  expect_matches("^[^]$", {"\n", "x", "\xC3\xA4"}, {""});
  expect_matches("[]", {}, {"", "x"});
  expect_matches("^[a\\-z]$", {"a", "-", "z"}, {"b"});
  expect_matches("^[\\w-.]+$", {"a-b.c"}, {"a b"});
  expect_matches("^[-a]$", {"-", "a"}, {"b"});
  expect_matches("^[\\b]$", {"\b"}, {"b"});
  expect_matches("^[\\]\\\\^]+$", {"]\\^"}, {"a"});
  expect_matches("^[[:alpha:]]$", {"a]", ":]"}, {"a", "b]"});
}

TEST(Pattern, KnowsTheSpacesAndLineEndsOfEcmaScript) {
  expect_matches("^\\s$", {" ", "\t", "\v", "\xC2\xA0", "\xE2\x80\xA8", "\xEF\xBB\xBF"}, {"x", "\xE2\x80\x8B"});
  expect_matches("^\\S$", {"x", "\xE2\x80\x8B"}, {" ", "\xC2\xA0"});
  expect_matches("^[\\S]$", {"x"}, {" ", "\xC2\xA0"});
  expect_matches("^[^\\s]$", {"x"}, {" ", "\xC2\xA0"});
  expect_matches("^.$", {"x", "\xF0\x9F\x98\x80"}, {"\n", "\r", "\xE2\x80\xA8"});
}

TEST(Pattern, ReadsEscapes) {
  expect_matches("^\\u00e4\\xE4\\u{1F600}\\ud83d\\ude00$", {"\xC3\xA4\xC3\xA4\xF0\x9F\x98\x80\xF0\x9F\x98\x80"}, {""});
  expect_matches("^\\cA\\0\\t$", {std::string_view("\x01\0\t", 3)}, {""});
  expect_matches("^\\/\\-\\@\\.$", {"/-@."}, {"/-@x"});
  expect_matches("^\\p{Lu}\\p{Letter}\\P{Script=Greek}\\p{sc=Greek}$",
                 {"\xC3\x84"
                  "bc\xCE\xB1"},
                 {"abcd"});
  expect_matches("\\bfoo\\B", {"food", "a food"}, {"foo", "afood"});
}

TEST(Pattern, ReadsBracesThatAreNoRepetition) {
  expect_matches("^a{,2}$", {"a{,2}"}, {"aa"});
  expect_matches("^{a}$", {"{a}"}, {"a"});
  expect_matches("^a{2}$", {"aa"}, {"a", "aaa"});
}

TEST(Pattern, RepeatsMoreOftenThanRe2Does) {
  expect_matches("^[a-z]{2,2500}$", {std::string(2500, 'x'), "xx"}, {std::string(2501, 'x'), "x"});
  expect_matches("^(ab){1500}$", {[] {
                   static std::string text;
                   for (int i = 0; i < 1500; ++i) text += "ab";
                   return std::string_view(text);
                 }()},
                 {"ab"});
  expect_matches("^x{1200,}$", {std::string(1200, 'x'), std::string(3000, 'x')}, {std::string(1199, 'x')});
}

TEST(Pattern, ReadsGroupsWithNames) {
  expect_matches("^(?<year>\\d{4})-(?:\\d\\d)$", {"2024-02"}, {"24-02"});
}

TEST(Pattern, RefusesWhatNeedsBacktracking) {
  EXPECT_EQ(refusal("^(?=.*\\d)"), "pattern \"^(?=.*\\\\d)\" is not supported: look-ahead and look-behind need backtracking");
  EXPECT_THAT(refusal("(?<!a)b"), HasSubstr("look-behind"));
  EXPECT_THAT(refusal("(a)\\1"), HasSubstr("back references"));
  EXPECT_THAT(refusal("(?<n>a)\\k<n>"), HasSubstr("back references"));
  EXPECT_THAT(refusal("a{20000}"), HasSubstr("more than 10000 times"));
}

TEST(Pattern, RefusesWhatIsNoRegularExpression) {
  for (std::string_view bad : {"(", ")", "*a", "a**", "[a", "[z-a]", "\\", "\\Z", "\\u12", "\\xg0", "\\01", "a{3,2}", "(?i)a",
                               "(?P<n>a)", "\\p{", "\\ud800", "\\u{110000}", "\xFF"}) {
    EXPECT_THAT(refusal(bad), HasSubstr("is no regular expression")) << bad;
  }
}

TEST(Pattern, RefusesWhatWouldNeedTooMuchMemory) {
  EXPECT_THAT(refusal("((((a{100}){100}){100}){100})"), AllOf(HasSubstr("is not supported"), HasSubstr("a{100}")));
}

TEST(Pattern, TakesLinearTimeForPatternsThatBlowUpBacktrackers) {
  Pattern pattern("^(a+)+$");

  EXPECT_FALSE(pattern.matches(std::string(200'000, 'a') + "b"));
}

}  // namespace
}  // namespace genkit::internal
