#include <charconv>
#include <cstdint>
#include <limits>
#include <system_error>

#include "base/json_stream.h"

namespace genkit::internal {
namespace {

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

std::size_t count_digits(std::string_view text, std::size_t begin) {
  std::size_t end = begin;
  while (end < text.size() && is_digit(text[end])) ++end;
  return end - begin;
}

/// What the grammar says of a decimal number.
struct Decimal {
  std::size_t size = 0;  ///< of the longest prefix that is a number; 0 when there is none
  bool is_integer = true;
  bool may_underflow = false;
};

Decimal scan_decimal(std::string_view text) {
  Decimal decimal;
  // After a leading zero there are no more digits: 0123 is no number of JSON5.
  const std::size_t whole = text.starts_with('0') ? 1 : count_digits(text, 0);
  decimal.size = whole;
  decimal.may_underflow = whole == 0 || text[0] == '0';
  if (whole < text.size() && text[whole] == '.') {
    const std::size_t fraction = count_digits(text, whole + 1);
    if (whole + fraction > 0) {
      decimal.size = whole + 1 + fraction;
      decimal.is_integer = false;
    }
  }
  if (decimal.size > 0 && decimal.size < text.size() && (text[decimal.size] | 0x20) == 'e') {
    std::size_t at = decimal.size + 1;
    if (at < text.size() && (text[at] == '+' || text[at] == '-')) ++at;
    if (const std::size_t digits = count_digits(text, at); digits > 0) {
      decimal.may_underflow = decimal.may_underflow || text[at - 1] == '-';
      decimal.size = at + digits;
      decimal.is_integer = false;
    }
  }
  return decimal;
}

bool read_integer(std::string_view digits, bool negative, int base, Json& value) {
  std::uint64_t magnitude = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), magnitude, base);
  constexpr auto kMostPositive = static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max());
  if (error != std::errc() || (negative && magnitude > kMostPositive + 1)) return false;
  if (!negative) {
    if (magnitude <= kMostPositive) {
      value = static_cast<std::int64_t>(magnitude);
    } else {
      value = magnitude;
    }
  } else if (magnitude == 0) {
    value = -0.0;
  } else {
    value = static_cast<std::int64_t>(~magnitude + 1);
  }
  return true;
}

double read_hex(std::string_view digits) {
  double result = 0;
  for (const char c : digits) result = result * 16 + (is_digit(c) ? c - '0' : (c | 0x20) - 'a' + 10);
  return result;
}

}  // namespace

bool read_number_prefix(std::string_view text, Json& value, bool& is_whole) {
  is_whole = false;
  const bool negative = text.starts_with('-');
  if (negative || text.starts_with('+')) text.remove_prefix(1);
  if (text.empty()) return false;
  for (const std::string_view word : {std::string_view("Infinity"), std::string_view("NaN")}) {
    if (word[0] != text[0] || !word.starts_with(text)) continue;
    const double infinity = std::numeric_limits<double>::infinity();
    value = word[0] == 'N' ? std::numeric_limits<double>::quiet_NaN() : negative ? -infinity : infinity;
    is_whole = text.size() == word.size();
    return true;
  }
  if (text.size() > 2 && text[0] == '0' && (text[1] | 0x20) == 'x') {
    const std::size_t size = text.find_first_not_of("0123456789abcdefABCDEF", 2);
    const std::string_view digits = text.substr(2, size == std::string_view::npos ? size : size - 2);
    if (!digits.empty()) {
      if (!read_integer(digits, negative, 16, value)) value = negative ? -read_hex(digits) : read_hex(digits);
      is_whole = size == std::string_view::npos;
      return true;
    }
  }
  const Decimal decimal = scan_decimal(text);
  if (decimal.size == 0) return false;
  const std::string_view digits = text.substr(0, decimal.size);
  if (!decimal.is_integer || !read_integer(digits, negative, 10, value)) {
    double result = 0;
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), result);
    if (error == std::errc::result_out_of_range) {
      if (!decimal.may_underflow) return false;
      result = 0;
    }
    value = negative ? -result : result;
  }
  is_whole = decimal.size == text.size();
  return true;
}

}  // namespace genkit::internal
