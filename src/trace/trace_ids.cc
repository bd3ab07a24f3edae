#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include <genkit/trace/span.h>

namespace genkit {
namespace {

constexpr char kHexDigits[] = "0123456789abcdef";

void append_hex(std::string& out, std::uint64_t value) {
  char digits[16];
  for (int i = 15; i >= 0; --i, value >>= 4) digits[i] = kHexDigits[value & 15];
  out.append(digits, sizeof digits);
}

/// The value of lower-case hex digits, at most 16; the recommendation rules out capitals.
std::optional<std::uint64_t> parse_hex(std::string_view hex) noexcept {
  std::uint64_t value = 0;
  for (const char c : hex) {
    value <<= 4;
    if (c >= '0' && c <= '9') {
      value |= static_cast<std::uint64_t>(c - '0');
    } else if (c >= 'a' && c <= 'f') {
      value |= static_cast<std::uint64_t>(c - 'a' + 10);
    } else {
      return std::nullopt;
    }
  }
  return value;
}

// Where the fields of a traceparent are: "00-<32 hex>-<16 hex>-<2 hex>".
constexpr std::size_t kTraceIdAt = 3;
constexpr std::size_t kSpanIdAt = 36;
constexpr std::size_t kFlagsAt = 53;
constexpr std::size_t kTraceparentSize = 55;
constexpr std::uint64_t kSampledFlag = 1;

}  // namespace

std::string TraceId::hex() const {
  std::string out;
  out.reserve(32);
  append_hex(out, high);
  append_hex(out, low);
  return out;
}

std::optional<TraceId> TraceId::parse(std::string_view hex) noexcept {
  if (hex.size() != 32) return std::nullopt;
  const auto high = parse_hex(hex.substr(0, 16));
  const auto low = parse_hex(hex.substr(16));
  if (!high || !low) return std::nullopt;
  const TraceId id{*high, *low};
  if (!id.valid()) return std::nullopt;
  return id;
}

std::string SpanId::hex() const {
  std::string out;
  append_hex(out, value);
  return out;
}

std::optional<SpanId> SpanId::parse(std::string_view hex) noexcept {
  if (hex.size() != 16) return std::nullopt;
  const auto value = parse_hex(hex);
  if (!value || *value == 0) return std::nullopt;
  return SpanId{*value};
}

std::string SpanContext::traceparent() const {
  std::string out = "00-";
  out.reserve(kTraceparentSize);
  append_hex(out, trace_id.high);
  append_hex(out, trace_id.low);
  out += '-';
  append_hex(out, span_id.value);
  out += sampled ? "-01" : "-00";
  return out;
}

std::optional<SpanContext> SpanContext::parse_traceparent(std::string_view header) noexcept {
  if (header.size() < kTraceparentSize) return std::nullopt;
  if (header[kTraceIdAt - 1] != '-' || header[kSpanIdAt - 1] != '-' || header[kFlagsAt - 1] != '-') return std::nullopt;

  const auto version = parse_hex(header.substr(0, 2));
  if (!version || *version == 0xff) return std::nullopt;
  if (header.size() > kTraceparentSize && (*version == 0 || header[kTraceparentSize] != '-')) return std::nullopt;

  const auto trace_id = TraceId::parse(header.substr(kTraceIdAt, 32));
  const auto span_id = SpanId::parse(header.substr(kSpanIdAt, 16));
  const auto flags = parse_hex(header.substr(kFlagsAt, 2));
  if (!trace_id || !span_id || !flags) return std::nullopt;
  return SpanContext{*trace_id, *span_id, (*flags & kSampledFlag) != 0};
}

}  // namespace genkit
