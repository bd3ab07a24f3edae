#include "base/json_stream.h"

#include <array>
#include <ostream>
#include <random>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace genkit::internal {
namespace {

struct Read {
  std::string text;  ///< of the value as far as it is there
  bool is_done = false;
  std::size_t failed_at = 0;
  std::string expected = {};

  friend bool operator==(const Read&, const Read&) = default;
};

std::ostream& operator<<(std::ostream& out, const Read& read) {
  return out << read.text << (read.is_done ? " done" : "") << " failed at " << read.failed_at << " expected " << read.expected;
}

/// Reads `text` cut into pieces of `size` bytes.
Read read(std::string_view text, std::size_t size = std::string_view::npos) {
  JsonStream stream;
  for (std::size_t i = 0; i < text.size() && stream.state() == JsonStream::State::kOpen; i += std::min(size, text.size() - i)) {
    stream.feed(text.substr(i, size));
  }
  stream.finish();
  return {.text = stream.has_value() ? to_text(stream.value()) : "",
          .is_done = stream.state() == JsonStream::State::kDone,
          .failed_at = stream.failure().offset,
          .expected = stream.failure().expected};
}

struct Case {
  std::string_view text;
  std::string_view value;
};

TEST(JsonStreamTest, ReadsJson5AtEverySplit) {
  const Case cases[] = {
      {R"({"a":1,"b":[true,false,null],"c":{"d":"e"}})", R"({"a":1,"b":[true,false,null],"c":{"d":"e"}})"},
      {R"( { a : 1, $b_2: 'it\'s', "c": "x" , } )", R"({"a":1,"$b_2":"it's","c":"x"})"},
      {"[1,2,3,]", "[1,2,3]"},
      {"[+1, -2, .5, 5., 0x1F, -0xf, 1e3, 1E-2, -0]", "[1,-2,0.5,5,31,-15,1000,0.01,0]"},
      {"[Infinity, -Infinity, NaN]", "[null,null,null]"},
      {"// before\n{/* in { } \" ' **/ 'a': 1 // after\r\n}", R"({"a":1})"},
      {R"(["\b\f\n\r\t\v\0\x41\u0042\/\"\'\q"])", R"(["\b\f\n\r\t\u000b\u0000AB/\"'q"])"},
      {"['a\\\nb', 'c\\\r\nd']", R"(["ab","cd"])"},
      {R"(["\ud83d\ude00", "\ud83d", "\ude00", "\ud83dx"])",
       "[\"\xF0\x9F\x98\x80\",\"\xEF\xBF\xBD\",\"\xEF\xBF\xBD\",\"\xEF\xBF\xBDx\"]"},
      {"[\"\xC3\xA4\xE2\x82\xAC\xF0\x9F\x98\x80\"]", "[\"\xC3\xA4\xE2\x82\xAC\xF0\x9F\x98\x80\"]"},
      {"[\"\xC3|\xE2\x82|\xFF\"]", "[\"\xEF\xBF\xBD|\xEF\xBF\xBD|\xEF\xBF\xBD\"]"},
      {"\xC2\xA0{\xC2\xA0\"a\"\xE2\x80\xA8:\xEF\xBB\xBF"
       "1\xE3\x80\x80}",
       R"({"a":1})"},
      {"{\xC3\xA4: 1}", "{\"\xC3\xA4\":1}"},
      {R"({"a":1,"b":2,"a":3})", R"({"a":3,"b":2})"},
      {"[9223372036854775807, 18446744073709551615, 18446744073709551616, -9223372036854775808]",
       "[9223372036854775807,18446744073709551615,18446744073709552000,-9223372036854775808]"},
      {"42", "42"},
      {" \"text\" ", "\"text\""},
      {"true", "true"},
  };
  for (const Case& test : cases) {
    for (std::size_t size = 1; size <= test.text.size(); ++size) {
      EXPECT_EQ(read(test.text, size), (Read{.text = std::string(test.value), .is_done = true})) << test.text << " by " << size;
    }
  }
}

TEST(JsonStreamTest, ShowsWhatIsCertainOfAnUnfinishedValue) {
  const Case cases[] = {
      {"", ""},
      {"{", "{}"},
      {R"({"a)", "{}"},
      {R"({"a":)", "{}"},
      {R"({"a":1)", R"({"a":1})"},
      {R"({"a":1.)", R"({"a":1})"},
      {R"({"a":1.5e)", R"({"a":1.5})"},
      {R"({"a":-)", "{}"},
      {R"({"a":t)", R"({"a":true})"},
      {R"({"a":"b)", R"({"a":"b"})"},
      {R"({"a":"b\)", R"({"a":"b"})"},
      {R"({"a":"b\u00)", R"({"a":"b"})"},
      {R"({"a":"b\ud83d)", R"({"a":"b"})"},
      {"{\"a\":\"b\xE2\x82", R"({"a":"b"})"},
      {R"({"a":1,"b":)", R"({"a":1})"},
      {"[1,2,3,", "[1,2,3]"},
      {R"({"a":{"b":1,"c":]}})", R"({"a":{"b":1}})"},
  };
  for (const Case& test : cases) EXPECT_EQ(read(test.text).text, test.value) << test.text;
}

struct BadCase {
  std::string_view text;
  std::size_t offset;
  std::string_view expected;
};

TEST(JsonStreamTest, SaysWhereAndWhatWasExpectedAtEverySplit) {
  const BadCase cases[] = {
      {"{x}", 2, "':'"},
      {"[1 2]", 3, "',' or ']'"},
      {R"({"a":1 "b":2})", 7, "',' or '}'"},
      {"[,]", 1, "a value or ']'"},
      {"{,}", 1, "a member name or '}'"},
      {"[1}", 2, "',' or ']'"},
      {"[tru]", 4, "\"true\""},
      {"[01]", 3, "a number"},
      {"[1e999]", 6, "a number"},
      {"['a\nb']", 3, "the end of the string before the end of the line"},
      {R"(["\u00G0"])", 6, "a hexadecimal digit"},
      {R"(["\1"])", 3, "an escape sequence"},
      {"[\xFF]", 1, "a value"},
      {"[\xC2 \xA0]", 1, "a value"},
      {"[/x]", 2, "'/' or '*'"},
      {"sure", 0, "a value"},
  };
  for (const BadCase& test : cases) {
    for (std::size_t size = 1; size <= test.text.size(); ++size) {
      const Read result = read(test.text, size);
      EXPECT_EQ(result.failed_at, test.offset) << test.text << " by " << size;
      EXPECT_EQ(result.expected, test.expected) << test.text << " by " << size;
    }
  }
}

TEST(JsonStreamTest, IsBoundedInDepthAndInTheLengthOfNumbers) {
  EXPECT_EQ(read(std::string(300, '[')).expected, "at most 256 levels of nesting");
  EXPECT_EQ(read("[" + std::string(2000, '1') + "]").expected, "a number of at most 1024 characters");
}

/// A random value, written loosely: other quotes, comments, spaces, escapes.
class RandomText {
 public:
  explicit RandomText(unsigned seed) : random_(seed) {}

  std::string value(int depth = 0) {
    switch (pick(depth > 4 ? 4 : 6)) {
      case 0:
        return word();
      case 1:
        return std::to_string(static_cast<int>(random_()) / (pick(2) == 0 ? 1 : 1000));
      case 2:
        return std::to_string(static_cast<double>(pick(100000)) / 64);
      case 3:
        return string();
      case 4: {
        std::string text = "[";
        for (std::size_t i = pick(4); i > 0; --i)
          text += space() + value(depth + 1) + space() + (i > 1 || pick(3) == 0 ? "," : "");
        return text + space() + "]";
      }
      default: {
        std::string text = "{";
        for (std::size_t i = pick(4); i > 0; --i) {
          text += space() + (pick(3) == 0 ? "k" + std::to_string(pick(9)) : string()) + space() + ":" + space() +
                  value(depth + 1) + space() + (i > 1 || pick(3) == 0 ? "," : "");
        }
        return text + space() + "}";
      }
    }
  }
  std::size_t pick(std::size_t count) { return random_() % count; }

 private:
  std::string word() { return std::string(std::array{"true", "false", "null"}[pick(3)]); }
  std::string space() { return std::string(std::array{"", "", "", " ", "\n", "/*,*/", "//]\n", "\xC2\xA0"}[pick(8)]); }
  std::string string() {
    const char quote = pick(2) == 0 ? '"' : '\'';
    std::string text(1, quote);
    for (std::size_t i = pick(8); i > 0; --i) {
      text += std::array{"a",    "{",   "]",   "\\n", "\\u00e4", "\\ud83d\\ude00", "\xE2\x82\xAC", "\xF0\x9F\x98\x80",
                         "\\\\", "\\'", "\\\""}[pick(11)];
    }
    return text + quote;
  }
  std::mt19937 random_;
};

/// Compares every state with the one before: nothing that was shown may vanish.
bool has_grown(const Json& before, const Json& after) {
  if (before.is_number() && after.is_number()) return true;
  if (before.kind() != after.kind()) return false;
  if (before.is_string()) return std::string_view(after.get_string()).starts_with(std::string_view(before.get_string()));
  if (before.is_array()) {
    const auto& now = after.get_array();
    for (std::size_t i = 0; i < before.get_array().size(); ++i) {
      if (i >= now.size() || !has_grown(before.get_array()[i], now[i])) return false;
    }
    return true;
  }
  if (!before.is_object()) return before == after;
  for (const auto& member : before.get_object()) {
    if (!after.get_object().contains(member.key())) return false;
  }
  return true;
}

TEST(JsonStreamPropertyTest, AnySplitGivesTheSameValueAndPartialValuesOnlyGrow) {
  for (unsigned seed = 0; seed < 10'000; ++seed) {
    RandomText random(seed);
    const std::string text = random.value();
    const Read whole = read(text);
    ASSERT_TRUE(whole.is_done) << text << whole;

    JsonStream stream;
    Json before;
    bool had_value = false;
    for (std::size_t i = 0; i < text.size();) {
      const std::size_t size = 1 + random.pick(6);
      stream.feed(std::string_view(text).substr(i, size));
      i += size;
      if (had_value) {
        ASSERT_TRUE(has_grown(before, stream.value())) << text << "\n" << to_text(before) << "\n" << to_text(stream.value());
      }
      had_value = stream.has_value();
      before = stream.value();
    }
    stream.finish();
    ASSERT_EQ(stream.state(), JsonStream::State::kDone) << text;
    ASSERT_EQ(to_text(stream.value()), whole.text) << text;
  }
}

TEST(JsonStreamTest, RepairsNamesWithoutQuotesLikeThoseWithThem) {
  for (const std::string_view name : {"\xFF", "a\xFF", "\xC3", "a\xE2\x82", "\xED\xA0\x80", "\xE2\x82z", "\xC3\xA4\x80"}) {
    const std::string bare = "{" + std::string(name) + ":1}";
    const Read quoted = read("{\"" + std::string(name) + "\":1}");
    ASSERT_TRUE(quoted.is_done);
    for (const std::size_t size : {std::size_t{1}, std::size_t{2}, bare.size()}) EXPECT_EQ(read(bare, size), quoted) << bare;
  }
}

}  // namespace
}  // namespace genkit::internal
