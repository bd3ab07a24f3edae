#include "schema/draft7/uri.h"

#include <optional>
#include <string_view>
#include <utility>

#include <gtest/gtest.h>

namespace genkit::internal {
namespace {

TEST(ResolveUri, FollowsTheExamplesOfRfc3986) {
  const std::pair<std::string_view, std::string_view> examples[] = {
      {"g:h", "g:h"},
      {"g", "http://a/b/c/g"},
      {"./g", "http://a/b/c/g"},
      {"g/", "http://a/b/c/g/"},
      {"/g", "http://a/g"},
      {"//g", "http://g"},
      {"?y", "http://a/b/c/d;p?y"},
      {"g?y", "http://a/b/c/g?y"},
      {"#s", "http://a/b/c/d;p?q#s"},
      {"g#s", "http://a/b/c/g#s"},
      {";x", "http://a/b/c/;x"},
      {"", "http://a/b/c/d;p?q"},
      {".", "http://a/b/c/"},
      {"./", "http://a/b/c/"},
      {"..", "http://a/b/"},
      {"../g", "http://a/b/g"},
      {"../..", "http://a/"},
      {"../../g", "http://a/g"},
      {"../../../g", "http://a/g"},
      {"/./g", "http://a/g"},
      {"/../g", "http://a/g"},
      {"g.", "http://a/b/c/g."},
      {"..g", "http://a/b/c/..g"},
      {"./g/.", "http://a/b/c/g/"},
      {"g/../h", "http://a/b/c/h"},
      {"g;x=1/../y", "http://a/b/c/y"},
  };
  for (const auto& [reference, expected] : examples) {
    EXPECT_EQ(resolve_uri("http://a/b/c/d;p?q", reference), expected) << reference;
  }
}

TEST(ResolveUri, LeavesReferencesWithoutABaseAlone) {
  EXPECT_EQ(resolve_uri("", "node"), "node");
  EXPECT_EQ(resolve_uri("urn:uuid:1", "#a"), "urn:uuid:1#a");
  EXPECT_EQ(resolve_uri("http://a", "b"), "http://a/b");
}

TEST(DecodePercent, RefusesMalformedEscapes) {
  EXPECT_EQ(decode_percent("a%25b%C3%A4"), "a%b\xC3\xA4");
  EXPECT_EQ(decode_percent("%2"), std::nullopt);
  EXPECT_EQ(decode_percent("%gg"), std::nullopt);
}

TEST(IsUri, NeedsASchemeAndLegalCharacters) {
  EXPECT_TRUE(is_uri("https://user:pw@example.com:8080/a/b?c=d#e"));
  EXPECT_TRUE(is_uri("http://[::1]:80/"));
  EXPECT_TRUE(is_uri("mailto:a@b"));
  EXPECT_FALSE(is_uri("//example.com/a"));
  EXPECT_FALSE(is_uri("http://exa mple.com"));
  EXPECT_FALSE(is_uri("http://example.com:port/"));
  EXPECT_FALSE(is_uri("http://example.com/%zz"));
  EXPECT_FALSE(is_uri("http://[::1/"));
  EXPECT_FALSE(is_uri("http://\xC3\xA4.de"));
  EXPECT_TRUE(is_iri("http://\xC3\xA4.de"));
}

TEST(IsUriReference, MayBeRelative) {
  EXPECT_TRUE(is_uri_reference(""));
  EXPECT_TRUE(is_uri_reference("a/b:c"));
  EXPECT_TRUE(is_uri_reference("#a"));
  EXPECT_FALSE(is_uri_reference("1a:b"));
  EXPECT_FALSE(is_uri_reference("#a#b"));
  EXPECT_FALSE(is_uri_reference("a\\b"));
}

TEST(IsAddress, ChecksRangesAndGroups) {
  EXPECT_TRUE(is_ipv4("0.10.200.255"));
  EXPECT_FALSE(is_ipv4("1.2.3.256"));
  EXPECT_FALSE(is_ipv4("1.2.3"));
  EXPECT_FALSE(is_ipv4("1.2.3.4.5"));
  EXPECT_FALSE(is_ipv4("01.2.3.4"));
  EXPECT_TRUE(is_ipv6("::"));
  EXPECT_TRUE(is_ipv6("1:2:3:4:5:6:7:8"));
  EXPECT_TRUE(is_ipv6("1::8"));
  EXPECT_TRUE(is_ipv6("::ffff:1.2.3.4"));
  EXPECT_FALSE(is_ipv6("1:2:3:4:5:6:7"));
  EXPECT_FALSE(is_ipv6("1:2:3:4:5:6:7::8"));
  EXPECT_FALSE(is_ipv6("1::2::3"));
  EXPECT_FALSE(is_ipv6(":1:2:3:4:5:6:7"));
  EXPECT_FALSE(is_ipv6("12345::"));
  EXPECT_FALSE(is_ipv6("::1.2.3.4:5"));
}

}  // namespace
}  // namespace genkit::internal
