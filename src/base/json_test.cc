#include <bit>
#include <charconv>
#include <cmath>
#include <cstdint>
#include <limits>
#include <random>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <boost/json/serialize.hpp>

#include <genkit/base/error.h>
#include <genkit/base/json.h>

namespace genkit {
namespace {

using ::testing::HasSubstr;

std::string number_text(double value) {
  std::string out;
  append_json_number(out, value);
  return out;
}

std::string string_text(std::string_view text) {
  std::string out;
  append_json_string(out, text);
  return out;
}

std::string parse_failure(std::string_view text, const JsonParseOptions& options = {}) {
  try {
    parse_json(text, options);
  } catch (const Error& error) {
    EXPECT_EQ(error.status(), Status::kInvalidArgument);
    return error.message();
  }
  ADD_FAILURE() << "parsed: " << text;
  return {};
}

std::string nested_arrays(std::size_t depth) {
  return std::string(depth, '[') + std::string(depth, ']');
}

TEST(JsonParse, ReadsEveryKindOfValue) {
  Json json = parse_json(R"( {"null": null, "yes": true, "no": false, "int": -7, "big": 18446744073709551615,
                               "real": 21.5, "text": "a\u00e9\ud83d\ude00\n", "list": [1, [], {}]} )");

  EXPECT_TRUE(json.at("null").is_null());
  EXPECT_TRUE(json.at("yes").get_bool());
  EXPECT_FALSE(json.at("no").get_bool());
  EXPECT_EQ(json.at("int").get_int64(), -7);
  EXPECT_EQ(json.at("big").get_uint64(), std::numeric_limits<std::uint64_t>::max());
  EXPECT_EQ(json.at("real").get_double(), 21.5);
  EXPECT_EQ(json.at("text").get_string(), "a\xC3\xA9\xF0\x9F\x98\x80\n");
  EXPECT_EQ(json.at("list").get_array().size(), 3u);
}

TEST(JsonParse, AcceptsScalarDocuments) {
  EXPECT_EQ(parse_json("3").get_int64(), 3);
  EXPECT_EQ(parse_json("\"x\"").get_string(), "x");
  EXPECT_TRUE(parse_json(" null\n").is_null());
}

TEST(JsonParse, RoundsDecimalsToTheNearestDouble) {
  // Values at which Boost 1.81's own conversion is a unit in the last place off.
  EXPECT_EQ(parse_json("6.9294956446009195e15").get_double(), 6.9294956446009195e15);
  EXPECT_EQ(parse_json("1.7976931348623157e308").get_double(), std::numeric_limits<double>::max());
  EXPECT_EQ(parse_json("2.2250738585072014e-308").get_double(), std::numeric_limits<double>::min());
  EXPECT_EQ(parse_json("5e-324").get_double(), std::numeric_limits<double>::denorm_min());
  EXPECT_EQ(parse_json("9007199254740993.0").get_double(), 9007199254740992.0);
}

TEST(JsonParse, KeepsTheSignOfMinusZero) {
  Json json = parse_json("-0");

  ASSERT_TRUE(json.is_double());
  EXPECT_TRUE(std::signbit(json.get_double()));
}

TEST(JsonParse, TurnsIntegersBeyond64BitsIntoDoubles) {
  EXPECT_EQ(parse_json("123456789012345680000").get_double(), 123456789012345680000.0);
  EXPECT_EQ(parse_json("-9223372036854775808").get_int64(), std::numeric_limits<std::int64_t>::min());
  EXPECT_EQ(parse_json("-9223372036854775809").get_double(), -9223372036854775808.0);
}

TEST(JsonParse, RefusesNumbersThatNoDoubleHolds) {
  EXPECT_EQ(parse_failure("[1, -1e999]"), "invalid JSON: number too large for a double, found \"-1e999]\" at line 1, column 5");
  EXPECT_EQ(parse_json("1e-999").get_double(), 0.0);
}

TEST(JsonParse, KeepsTheLastOfRepeatedMembers) {
  EXPECT_EQ(to_text(parse_json(R"({"a":1,"b":2,"a":3})")), R"({"a":3,"b":2})");
}

TEST(JsonParse, NamesLineColumnAndText) {
  EXPECT_THAT(parse_failure("{\n  \"a\": 1,\n  \"b\": oops\n}"), HasSubstr("found \"oops\" at line 3, column 8"));
}

TEST(JsonParse, SaysThatTheTextEndedEarly) {
  EXPECT_EQ(parse_failure("[1,"), "invalid JSON: the document is not complete, found the end of the text at line 1, column 4");
  EXPECT_EQ(parse_failure(""), "invalid JSON: the document is not complete, found the end of the text at line 1, column 1");
}

TEST(JsonParse, RefusesTrailingText) {
  EXPECT_EQ(parse_failure("{} x"), "invalid JSON: text after the end of the document, found \"x\" at line 1, column 4");
}

TEST(JsonParse, NamesTheByteOrderMark) {
  EXPECT_THAT(parse_failure("\xEF\xBB\xBF{}"), HasSubstr("byte order mark"));
}

TEST(JsonParse, RefusesInvalidUtf8) {
  EXPECT_THAT(parse_failure("\"ab\xFF\""), HasSubstr("at line 1, column 4"));
  EXPECT_THAT(parse_failure(R"("\ude00")"), HasSubstr("half of a surrogate pair"));
}

TEST(JsonParse, LimitsTheDepth) {
  EXPECT_NO_THROW(parse_json(nested_arrays(256)));
  EXPECT_THAT(parse_failure(nested_arrays(257)), HasSubstr("nested deeper than 256 levels"));
  EXPECT_THAT(parse_failure(std::string(1'000'000, '[')), HasSubstr("nested deeper than 256 levels"));
  EXPECT_THAT(parse_failure("[[[]]]", {.max_depth = 2}), HasSubstr("nested deeper than 2 levels"));
}

TEST(JsonWrite, PrintsNumbersAsJavaScript) {
  EXPECT_EQ(number_text(21.5), "21.5");
  EXPECT_EQ(number_text(0.0), "0");
  EXPECT_EQ(number_text(-0.0), "0");
  EXPECT_EQ(number_text(1e21), "1e+21");
  EXPECT_EQ(number_text(123456789012345680000.0), "123456789012345680000");
  EXPECT_EQ(number_text(-1.5e300), "-1.5e+300");
  EXPECT_EQ(number_text(1e-6), "0.000001");
  EXPECT_EQ(number_text(1e-7), "1e-7");
  EXPECT_EQ(number_text(-1.25e-7), "-1.25e-7");
  EXPECT_EQ(number_text(5e-324), "5e-324");
  EXPECT_EQ(number_text(1.7976931348623157e308), "1.7976931348623157e+308");
  EXPECT_EQ(number_text(0.1 + 0.2), "0.30000000000000004");
  EXPECT_EQ(number_text(9007199254740993.0), "9007199254740992");
  EXPECT_EQ(number_text(-9007199254740991.0), "-9007199254740991");
  EXPECT_EQ(number_text(1e20), "100000000000000000000");
  EXPECT_EQ(number_text(1234567.125), "1234567.125");
  EXPECT_EQ(number_text(-0.5), "-0.5");
  EXPECT_EQ(number_text(0.000123), "0.000123");
  EXPECT_EQ(number_text(999999999.999999), "999999999.999999");
  EXPECT_EQ(number_text(0.0000001234), "1.234e-7");
  EXPECT_EQ(number_text(2251799813685248.5), "2251799813685248.5");
}

TEST(JsonWrite, PrintsNaNAndInfinityAsNull) {
  EXPECT_EQ(number_text(std::numeric_limits<double>::quiet_NaN()), "null");
  EXPECT_EQ(number_text(-std::numeric_limits<double>::infinity()), "null");
}

TEST(JsonWrite, PrintsIntegersExactly) {
  EXPECT_EQ(to_text(Json(std::numeric_limits<std::int64_t>::min())), "-9223372036854775808");
  EXPECT_EQ(to_text(Json(std::numeric_limits<std::uint64_t>::max())), "18446744073709551615");
}

TEST(JsonWrite, EveryDoubleReadsBackAsItself) {
  std::mt19937_64 random(1);
  for (int i = 0; i < 20'000; ++i) {
    double value = std::bit_cast<double>(random());
    if (!std::isfinite(value)) continue;

    Json back = parse_json(number_text(value));

    EXPECT_EQ(back.to_number<double>(), value);
  }
}

TEST(JsonWrite, PrintsShortDecimalsWithTheirOwnDigits) {
  std::mt19937_64 random(2);
  for (int i = 0; i < 20'000; ++i) {
    std::int64_t units = std::uniform_int_distribution<std::int64_t>(-999'999'999, 999'999'999)(random);
    char expected[32];
    double value = static_cast<double>(units) / 1000;
    *std::to_chars(expected, expected + sizeof expected - 1, value, std::chars_format::fixed).ptr = 0;

    EXPECT_EQ(number_text(value), expected);
  }
}

TEST(JsonWrite, EscapesAsJsonStringify) {
  EXPECT_EQ(string_text("\b\f\n\r\t\"\\/"), R"("\b\f\n\r\t\"\\/")");
  EXPECT_EQ(string_text(std::string_view("\0\x1f\x7f", 3)), "\"\\u0000\\u001f\x7f\"");
  EXPECT_EQ(string_text("\xE2\x80\xA8"), "\"\xE2\x80\xA8\"");
  EXPECT_EQ(string_text(""), "\"\"");
}

TEST(JsonWrite, FindsTheSpecialByteAtEveryOffset) {
  for (std::size_t size = 1; size <= 70; ++size) {
    for (std::size_t offset = 0; offset < size; ++offset) {
      std::string text(size, 'x');
      text[offset] = '"';

      ASSERT_EQ(string_text(text), "\"" + std::string(offset, 'x') + "\\\"" + std::string(size - 1 - offset, 'x') + "\"");
    }
  }
}

TEST(JsonWrite, FindsItWhereverItsBufferEnds) {
  for (std::size_t before = 3980; before < 4110; ++before) {
    for (const std::size_t size : {1, 4, 9, 16, 17, 40}) {
      std::string text(size, 'x');
      text.back() = '"';
      const std::string first(before, 'y');

      ASSERT_EQ(to_text(Json{first, text, text}), "[\"" + first + "\"," + string_text(text) + "," + string_text(text) + "]");
    }
  }
}

TEST(JsonWrite, RepairsInvalidUtf8ByMaximalSubparts) {
  const std::string bad = "\xEF\xBF\xBD";
  EXPECT_EQ(string_text("a\xFFz"), "\"a" + bad + "z\"");
  EXPECT_EQ(string_text("\xE2\x82"), "\"" + bad + "\"");
  EXPECT_EQ(string_text("\xF0\x9F\x98z"), "\"" + bad + "z\"");
  EXPECT_EQ(string_text("\xC0\x80"), "\"" + bad + bad + "\"");
  EXPECT_EQ(string_text("\xED\xA0\x80"), "\"" + bad + bad + bad + "\"");
  // The example of the Unicode standard, table 3-8.
  EXPECT_EQ(string_text("\x61\xF1\x80\x80\xE1\x80\xC2\x62\x80\x63\x80\xBF\x64"),
            "\"a" + bad + bad + bad + "b" + bad + "c" + bad + bad + "d\"");
}

TEST(JsonWrite, KeepsValidUtf8) {
  const std::string text = "Gr\xC3\xBC\xC3\x9F \xE4\xBD\xA0\xE5\xA5\xBD \xF0\x9F\x98\x80 end";

  EXPECT_EQ(string_text(text), "\"" + text + "\"");
}

TEST(JsonWrite, KeepsMemberOrder) {
  EXPECT_EQ(to_text(parse_json(R"({"z": 1, "a": [true, null, "x"], "m": {}})")), R"({"z":1,"a":[true,null,"x"],"m":{}})");
}

TEST(JsonWrite, IndentsAsJsonStringify) {
  Json json = parse_json(R"({"a":[1,{"b":[]}],"c":{},"d":"x"})");

  EXPECT_EQ(to_text(json, 2), "{\n  \"a\": [\n    1,\n    {\n      \"b\": []\n    }\n  ],\n  \"c\": {},\n  \"d\": \"x\"\n}");
}

TEST(JsonWrite, AppendsToWhatIsThere) {
  std::string out = "data: ";

  append_text(out, Json{{"a", 1}});

  EXPECT_EQ(out, R"(data: {"a":1})");
}

TEST(JsonWrite, WritesValuesDeeperThanTheParserReads) {
  constexpr std::size_t kDepth = 10'000;

  std::string text = to_text(parse_json(nested_arrays(kDepth), {.max_depth = kDepth}));

  EXPECT_EQ(text, nested_arrays(kDepth));
}

TEST(JsonWrite, ReadsBackLongTexts) {
  std::string text;
  for (int i = 0; i < 5'000; ++i) text += i % 7 == 0 ? "\n" : i % 11 == 0 ? "\xE2\x82\xAC" : "word ";
  Json json{{"text", text}, {"list", JsonArray(300, Json(1.5))}};

  EXPECT_EQ(parse_json(to_text(json)), json);
  EXPECT_EQ(parse_json(to_text(json, 4)), json);
}

TEST(JsonFindMember, FindsMembersOfObjectsOnly) {
  Json json{{"a", 1}};

  ASSERT_NE(find_member(json, "a"), nullptr);
  EXPECT_EQ(*find_member(json, "a"), Json(1));
  EXPECT_EQ(find_member(json, "b"), nullptr);
  EXPECT_EQ(find_member(Json("text"), "a"), nullptr);
}

}  // namespace
}  // namespace genkit
