#include "schema/draft7/numbers.h"

#include <charconv>
#include <cmath>
#include <cstdint>

namespace genkit::internal {
namespace {

// An integer of 64 bits and a sign, which holds both int64 and uint64.
struct WideInteger {
  bool negative;
  std::uint64_t magnitude;
};

WideInteger widen(const Json& number) noexcept {
  if (const std::uint64_t* value = number.if_uint64()) return {false, *value};
  std::int64_t value = number.get_int64();
  if (value >= 0) return {false, static_cast<std::uint64_t>(value)};
  return {true, ~static_cast<std::uint64_t>(value) + 1};
}

std::strong_ordering compare_wide(WideInteger a, WideInteger b) noexcept {
  if (a.negative != b.negative) return a.negative ? std::strong_ordering::less : std::strong_ordering::greater;
  return a.negative ? b.magnitude <=> a.magnitude : a.magnitude <=> b.magnitude;
}

std::partial_ordering compare_wide(WideInteger a, double b) noexcept {
  constexpr double kTwoTo64 = 18446744073709551616.0;
  if (std::isnan(b)) return std::partial_ordering::unordered;
  if (b >= kTwoTo64) return std::partial_ordering::less;
  if (b <= -kTwoTo64) return std::partial_ordering::greater;
  double whole = std::trunc(b);
  std::strong_ordering order = compare_wide(a, {whole < 0, static_cast<std::uint64_t>(std::abs(whole))});
  if (order != std::strong_ordering::equal) return order;
  return whole <=> b;
}

/// The shortest decimal that reads back as a double: digits * 10^exponent.
struct Decimal {
  std::uint64_t digits = 0;
  int exponent = 0;
};

Decimal to_decimal(const Json& number) noexcept {
  if (!number.is_double()) return {widen(number).magnitude, 0};
  char text[32];
  const char* end = std::to_chars(text, text + sizeof text, std::abs(number.get_double()), std::chars_format::scientific).ptr;
  Decimal decimal;
  int after_point = 0;
  const char* at = text;
  for (bool fraction = false; *at != 'e'; ++at) {
    if (*at == '.') {
      fraction = true;
      continue;
    }
    decimal.digits = decimal.digits * 10 + static_cast<std::uint64_t>(*at - '0');
    after_point += fraction ? 1 : 0;
  }
  ++at;
  if (*at == '+') ++at;
  std::from_chars(at, end, decimal.exponent);
  decimal.exponent -= after_point;
  return decimal;
}

std::uint64_t multiply_modulo(std::uint64_t a, std::uint64_t b, std::uint64_t modulus) noexcept {
  __extension__ using Wide = unsigned __int128;
  return static_cast<std::uint64_t>(static_cast<Wide>(a) * b % modulus);
}

}  // namespace

std::partial_ordering compare_numbers(const Json& a, const Json& b) noexcept {
  if (a.is_double() && b.is_double()) return a.get_double() <=> b.get_double();
  if (a.is_double()) return 0 <=> compare_wide(widen(b), a.get_double());
  if (b.is_double()) return compare_wide(widen(a), b.get_double());
  return compare_wide(widen(a), widen(b));
}

bool is_integral(double value) noexcept {
  return std::isfinite(value) && std::trunc(value) == value;
}

bool is_multiple(const Json& value, const Json& divisor) noexcept {
  if (!value.is_double() && !divisor.is_double()) return widen(value).magnitude % widen(divisor).magnitude == 0;
  if (value.is_double() && !std::isfinite(value.get_double())) return false;

  Decimal a = to_decimal(value);
  Decimal b = to_decimal(divisor);
  if (a.digits == 0) return true;
  // Whether a * 10^shift is a multiple of b.
  int shift = a.exponent - b.exponent;
  for (; shift < 0; ++shift) {
    if (a.digits % 10 != 0) return false;
    a.digits /= 10;
  }
  std::uint64_t remainder = a.digits % b.digits;
  for (; shift > 0 && remainder != 0; --shift) remainder = multiply_modulo(remainder, 10, b.digits);
  return remainder == 0;
}

}  // namespace genkit::internal
