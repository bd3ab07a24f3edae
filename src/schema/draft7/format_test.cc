#include "schema/draft7/format.h"

#include <initializer_list>
#include <string_view>

#include <gtest/gtest.h>

namespace genkit::internal {
namespace {

void expect_texts(std::string_view format, std::initializer_list<std::string_view> good,
                  std::initializer_list<std::string_view> bad) {
  const Format* check = find_format(format);
  ASSERT_NE(check, nullptr) << format;
  for (std::string_view text : good) EXPECT_TRUE(check->matches_text(text)) << format << " " << text;
  for (std::string_view text : bad) EXPECT_FALSE(check->matches_text(text)) << format << " " << text;
}

TEST(Format, ChecksDates) {
  expect_texts("date", {"2024-02-29", "2000-02-29", "1999-12-31"},
               {"2023-02-29", "1900-02-29", "2024-13-01", "2024-00-10", "2024-04-31", "2024-4-1", "2024-04-01T", "", "24-04-01"});
}

TEST(Format, ChecksTimes) {
  expect_texts(
      "time", {"12:00:00Z", "23:59:60Z", "00:59:60+01:00", "15:59:60-08:00", "12:00:00.123+23:59", "12:00:00z"},
      {"12:00:00", "24:00:00Z", "12:60:00Z", "12:00:61Z", "22:59:60Z", "12:00:00.Z", "12:00:00+24:00", "12:00Z", "12:00:00Z "});
  expect_texts("date-time", {"2024-02-29T12:00:00Z", "2024-02-29 12:00:00Z", "2024-02-29t12:00:00.5-01:30"},
               {"2024-02-30T12:00:00Z", "2024-02-29", "2024-02-29T12:00:00", "2024-02-29_12:00:00Z"});
}

TEST(Format, ChecksDurations) {
  expect_texts("duration", {"P1Y", "P1Y2M3D", "PT1H", "PT1H2M3S", "P1DT12H", "P2W"},
               {"P", "PT", "1Y", "P1", "P1H", "PT1D", "P1D1Y", "P1DT", "P1W2D", "P1Y1W", ""});
}

TEST(Format, ChecksNamesOfHostsAndPeople) {
  expect_texts("hostname", {"localhost", "www.example.com", "a-b.c", "example.com.", "1.2.3"},
               {"", ".", "a..b", "-a", "a-", "a_b", "a b", std::string_view("a\0b", 3)});
  expect_texts("email", {"a@b", "first.last+tag@example.com", "!#$%&'*+/=?^_`{|}~-@example.com"},
               {"a", "@b", "a@", "a@b@c", ".a@b", "a.@b", "a..b@c", "a b@c", "\xC3\xA4@b"});
  expect_texts("idn-email", {"\xC3\xA4@b\xC3\xBC.de", "a@b"}, {"a", "a@", "@b"});
  expect_texts(
      "uuid", {"123e4567-e89b-12d3-a456-426614174000", "urn:uuid:123E4567-E89B-12D3-A456-426614174000"},
      {"123e4567e89b12d3a456426614174000", "123e4567-e89b-12d3-a456-42661417400g", "", "123e4567-e89b-12d3-a456-4266141740001"});
}

TEST(Format, ChecksPointersTemplatesAndEncodings) {
  expect_texts("json-pointer", {"", "/", "/a~0b/c~1d", "/a//b"}, {"a", "/~", "/~2", "#/a"});
  expect_texts("relative-json-pointer", {"0", "1/a", "12#", "0/"}, {"", "/a", "01", "-1/a", "0#/a", "1a"});
  expect_texts("uri-template", {"", "http://a/{b}", "{+path}/here", "a{?x,y}"}, {"{", "}", "{a", "{{a}}", "{}", "a b", "a<b"});
  expect_texts("byte", {"", "YQ==", "YWI=", "YWJj"}, {"Y", "YQ=", "Y===", "YW!j"});
  expect_texts("regex", {"", "^a(b|c)*$", "(?=x)\\1", "[\\d-x]"}, {"(", "a)", "*", "a**", "\\Z", "[", "a{2,1}", "(?i)a"});
}

TEST(Format, ChecksIntegersOfFixedWidth) {
  const Format* int32 = find_format("int32");
  ASSERT_NE(int32, nullptr);

  EXPECT_TRUE(int32->matches_number(2147483647));
  EXPECT_TRUE(int32->matches_number(-2147483648.0));
  EXPECT_FALSE(int32->matches_number(2147483648));
  EXPECT_FALSE(int32->matches_number(1.5));
  EXPECT_FALSE(find_format("int64")->matches_number(9223372036854775808u));
}

TEST(Format, LeavesUnknownNamesAlone) {
  EXPECT_EQ(find_format("color"), nullptr);
  EXPECT_EQ(find_format(""), nullptr);
}

}  // namespace
}  // namespace genkit::internal
