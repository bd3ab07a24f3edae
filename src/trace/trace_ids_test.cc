#include <optional>
#include <string>
#include <string_view>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <genkit/trace/span.h>

namespace genkit {
namespace {

constexpr std::string_view kTraceHex = "0af7651916cd43dd8448eb211c80319c";
constexpr std::string_view kSpanHex = "b7ad6b7169203331";
constexpr std::string_view kHeader = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

TEST(TraceId, ReadsWhatItWrites) {
  const auto id = TraceId::parse(kTraceHex);

  ASSERT_TRUE(id);
  EXPECT_EQ(id->high, 0x0af7651916cd43ddu);
  EXPECT_EQ(id->low, 0x8448eb211c80319cu);
  EXPECT_EQ(id->hex(), kTraceHex);
}

TEST(TraceId, KeepsLeadingZeros) {
  EXPECT_EQ((TraceId{0, 10}).hex(), "0000000000000000000000000000000a");
}

TEST(TraceId, RefusesZerosCapitalsAndWrongLengths) {
  EXPECT_FALSE(TraceId::parse(std::string(32, '0')));
  EXPECT_FALSE(TraceId::parse("0AF7651916CD43DD8448EB211C80319C"));
  EXPECT_FALSE(TraceId::parse(kTraceHex.substr(1)));
  EXPECT_FALSE(TraceId::parse(std::string(kTraceHex) + "0"));
  EXPECT_FALSE(TraceId::parse("0af7651916cd43dd8448eb211c80319g"));
}

TEST(SpanId, ReadsWhatItWrites) {
  const auto id = SpanId::parse(kSpanHex);

  ASSERT_TRUE(id);
  EXPECT_EQ(id->value, 0xb7ad6b7169203331u);
  EXPECT_EQ(id->hex(), kSpanHex);
  EXPECT_FALSE(SpanId::parse(std::string(16, '0')));
}

TEST(Traceparent, ReadsWhatItWrites) {
  const auto context = SpanContext::parse_traceparent(kHeader);

  ASSERT_TRUE(context);
  EXPECT_EQ(context->trace_id.hex(), kTraceHex);
  EXPECT_EQ(context->span_id.hex(), kSpanHex);
  EXPECT_TRUE(context->sampled);
  EXPECT_EQ(context->traceparent(), kHeader);
}

TEST(Traceparent, OnlyTheLowestFlagMeansSampled) {
  const auto with_flags = [](std::string flags) {
    const std::string header = std::string(kHeader.substr(0, 53)) + flags;
    const auto context = SpanContext::parse_traceparent(header);
    return context ? std::optional<bool>(context->sampled) : std::nullopt;
  };

  EXPECT_EQ(with_flags("00"), false);
  EXPECT_EQ(with_flags("03"), true);
  EXPECT_EQ(with_flags("fe"), false);
  EXPECT_EQ(with_flags("ff"), true);
  EXPECT_EQ(with_flags("0A"), std::nullopt);
  EXPECT_EQ(with_flags(".0"), std::nullopt);
}

TEST(Traceparent, WritesTheSampledFlagOnly) {
  auto context = SpanContext::parse_traceparent(kHeader);
  ASSERT_TRUE(context);

  context->sampled = false;

  EXPECT_TRUE(context->traceparent().ends_with("-00"));
}

TEST(Traceparent, RefusesWhatTheRecommendationRulesOut) {
  const std::string_view malformed[] = {
      "",
      "00",
      "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331",
      "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-",
      "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-1",
      "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-011",  // version 00 has exactly four fields
      "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01-",
      "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01-more",
      "00-00000000000000000000000000000000-b7ad6b7169203331-01",
      "00-0af7651916cd43dd8448eb211c80319c-0000000000000000-01",
      "00-0AF7651916CD43DD8448EB211C80319C-b7ad6b7169203331-01",
      "00-0af7651916cd43dd8448eb211c80319c-B7AD6B7169203331-01",
      "00_0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
      "00-0af7651916cd43dd8448eb211c80319c_b7ad6b7169203331-01",
      "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331_01",
      "ff-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
      "FF-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
      "0x-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
      "cc-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01.what",
      " 00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
  };
  for (const std::string_view header : malformed) EXPECT_FALSE(SpanContext::parse_traceparent(header)) << header;
}

TEST(Traceparent, TakesTheKnownFieldsOfLaterVersions) {
  for (const std::string_view tail : {"", "-", "-what-the-future-will-be-like"}) {
    const std::string header = "cc" + std::string(kHeader.substr(2)) + std::string(tail);

    const auto context = SpanContext::parse_traceparent(header);

    ASSERT_TRUE(context) << header;
    EXPECT_EQ(context->traceparent(), kHeader) << "what is sent on is of version 00";
  }
}

}  // namespace
}  // namespace genkit
