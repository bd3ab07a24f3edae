#include "schema/draft7/format.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <utility>

#include "schema/draft7/chars.h"
#include "schema/draft7/numbers.h"
#include "schema/draft7/pattern.h"
#include "schema/draft7/uri.h"

namespace genkit::internal {
namespace {

bool is_alnum(char c) {
  return is_digit(c) || is_letter(c);
}

/// Reads a text from left to right.
class Reader {
 public:
  explicit Reader(std::string_view text) : rest_(text) {}

  bool done() const { return rest_.empty(); }
  bool take(char c) {
    if (rest_.empty() || rest_.front() != c) return false;
    rest_.remove_prefix(1);
    return true;
  }
  bool take_either(char a, char b) { return take(a) || take(b); }

  /// Exactly `count` digits; -1 when there are fewer.
  int take_digits(std::size_t count) {
    if (rest_.size() < count) return -1;
    int value = 0;
    for (std::size_t i = 0; i < count; ++i) {
      if (!is_digit(rest_[i])) return -1;
      value = value * 10 + (rest_[i] - '0');
    }
    rest_.remove_prefix(count);
    return value;
  }

  std::size_t skip_digits() {
    std::size_t count = 0;
    while (count < rest_.size() && is_digit(rest_[count])) ++count;
    rest_.remove_prefix(count);
    return count;
  }

 private:
  std::string_view rest_;
};

int days_in_month(int year, int month) {
  constexpr std::array<int, 12> kDays = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
  return kDays[static_cast<std::size_t>(month - 1)] + (month == 2 && leap ? 1 : 0);
}

bool read_date(Reader& reader) {
  int year = reader.take_digits(4);
  if (year < 0 || !reader.take('-')) return false;
  int month = reader.take_digits(2);
  if (month < 1 || month > 12 || !reader.take('-')) return false;
  int day = reader.take_digits(2);
  return day >= 1 && day <= days_in_month(year, month);
}

/// The offset from UTC in minutes, into `minutes`.
bool read_offset(Reader& reader, int* minutes) {
  *minutes = 0;
  if (reader.take_either('Z', 'z')) return true;
  bool west = reader.take('-');
  if (!west && !reader.take('+')) return false;
  int hour = reader.take_digits(2);
  if (hour < 0 || hour > 23 || !reader.take(':')) return false;
  int minute = reader.take_digits(2);
  if (minute < 0 || minute > 59) return false;
  *minutes = (west ? -1 : 1) * (hour * 60 + minute);
  return true;
}

/// full-time of RFC 3339. A leap second is one only at the end of a day of UTC.
bool read_time(Reader& reader) {
  int hour = reader.take_digits(2);
  if (hour < 0 || hour > 23 || !reader.take(':')) return false;
  int minute = reader.take_digits(2);
  if (minute < 0 || minute > 59 || !reader.take(':')) return false;
  int second = reader.take_digits(2);
  if (second < 0 || second > 60) return false;
  if (reader.take('.') && reader.skip_digits() == 0) return false;
  int offset = 0;
  if (!read_offset(reader, &offset)) return false;
  constexpr int kDay = 24 * 60;
  return second < 60 || (hour * 60 + minute - offset + kDay) % kDay == kDay - 1;
}

bool is_date(std::string_view text) {
  Reader reader(text);
  return read_date(reader) && reader.done();
}

bool is_time(std::string_view text) {
  Reader reader(text);
  return read_time(reader) && reader.done();
}

bool is_date_time(std::string_view text) {
  Reader reader(text);
  if (!read_date(reader)) return false;
  return (reader.take_either('T', 't') || reader.take(' ')) && read_time(reader) && reader.done();
}

/// A run of "<number><unit>" with the units in the order of `units`; their number into `count`.
bool read_duration_parts(Reader& reader, std::string_view units, int* count) {
  *count = 0;
  std::size_t next = 0;
  while (reader.skip_digits() > 0) {
    while (next < units.size() && !reader.take(units[next])) ++next;
    if (next == units.size()) return false;
    ++next;
    ++*count;
  }
  return true;
}

/// ISO 8601 as in appendix A of RFC 3339: weeks stand alone.
bool is_duration(std::string_view text) {
  Reader reader(text);
  int count = 0;
  if (!reader.take('P')) return false;
  if (text.ends_with('W')) return read_duration_parts(reader, "W", &count) && count == 1 && reader.done();
  if (!read_duration_parts(reader, "YMD", &count)) return false;
  if (!reader.take('T')) return count > 0 && reader.done();
  return read_duration_parts(reader, "HMS", &count) && count > 0 && reader.done();
}

bool is_hostname(std::string_view text) {
  if (text.ends_with('.')) text.remove_suffix(1);
  if (text.empty() || text.size() > 253) return false;
  while (true) {
    std::string_view label = text.substr(0, text.find('.'));
    if (label.empty() || label.size() > 63 || label.front() == '-' || label.back() == '-') return false;
    if (!std::all_of(label.begin(), label.end(), [](char c) { return is_alnum(c) || c == '-'; })) return false;
    if (label.size() == text.size()) return true;
    text.remove_prefix(label.size() + 1);
  }
}

/// The form that people mean: a dot-atom of RFC 5322, or beyond ASCII, before a host name.
bool is_email_before(std::string_view text, bool (*is_domain)(std::string_view)) {
  std::size_t at = text.rfind('@');
  if (at == std::string_view::npos || at == 0 || at > 64) return false;
  char before = '.';
  for (char c : text.substr(0, at)) {
    bool allowed = is_alnum(c) || !is_ascii(c) || contains("!#$%&'*+/=?^_`{|}~-", c);
    if (!allowed && (c != '.' || before == '.')) return false;
    before = c;
  }
  return before != '.' && is_domain(text.substr(at + 1));
}

bool is_email(std::string_view text) {
  bool ascii = std::all_of(text.begin(), text.end(), is_ascii);
  return ascii && is_email_before(text, is_hostname);
}

bool is_international_host(std::string_view text) {
  return !text.empty() && std::none_of(text.begin(), text.end(), [](char c) { return c == ' ' || c == '@' || c == '/'; });
}

bool is_international_email(std::string_view text) {
  return is_email_before(text, is_international_host);
}

bool is_uuid(std::string_view text) {
  if (text.starts_with("urn:uuid:")) text.remove_prefix(9);
  if (text.size() != 36) return false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    bool dash = i == 8 || i == 13 || i == 18 || i == 23;
    if (dash ? text[i] != '-' : !is_hex_digit(text[i])) return false;
  }
  return true;
}

bool is_json_pointer(std::string_view text) {
  if (!text.empty() && text.front() != '/') return false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '~' && (i + 1 == text.size() || (text[i + 1] != '0' && text[i + 1] != '1'))) return false;
  }
  return true;
}

bool is_relative_json_pointer(std::string_view text) {
  std::size_t digits = 0;
  while (digits < text.size() && is_digit(text[digits])) ++digits;
  if (digits == 0 || (digits > 1 && text.front() == '0')) return false;
  text.remove_prefix(digits);
  return text == "#" || is_json_pointer(text);
}

/// RFC 6570: expressions between braces, and no characters that a URI cannot hold outside of them.
bool is_uri_template(std::string_view text) {
  bool in_expression = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    char c = text[i];
    if (c == '{' || c == '}') {
      if (in_expression == (c == '{')) return false;
      if (c == '}' && text[i - 1] == '{') return false;
      in_expression = c == '{';
    } else if (static_cast<unsigned char>(c) <= 0x20 || contains("\"'<>\\^`", c)) {
      return false;
    } else if (!in_expression && c == '|') {
      return false;
    }
  }
  return !in_expression;
}

bool is_base64(std::string_view text) {
  if (text.size() % 4 != 0) return false;
  if (text.ends_with("==")) {
    text.remove_suffix(2);
  } else if (text.ends_with('=')) {
    text.remove_suffix(1);
  }
  return std::all_of(text.begin(), text.end(), [](char c) { return is_alnum(c) || c == '+' || c == '/'; });
}

template <class Integer>
bool fits(const Json& number) {
  if (number.is_double() && !is_integral(number.get_double())) return false;
  return compare_numbers(number, Json(std::numeric_limits<Integer>::min())) >= 0 &&
         compare_numbers(number, Json(std::numeric_limits<Integer>::max())) <= 0;
}

constexpr std::array<std::pair<std::string_view, Format>, 22> kFormats = {{
    {"byte", {is_base64, nullptr}},
    {"date", {is_date, nullptr}},
    {"date-time", {is_date_time, nullptr}},
    {"duration", {is_duration, nullptr}},
    {"email", {is_email, nullptr}},
    {"hostname", {is_hostname, nullptr}},
    {"idn-email", {is_international_email, nullptr}},
    {"int32", {nullptr, fits<std::int32_t>}},
    {"int64", {nullptr, fits<std::int64_t>}},
    {"ipv4", {is_ipv4, nullptr}},
    {"ipv6", {is_ipv6, nullptr}},
    {"iri", {is_iri, nullptr}},
    {"iri-reference", {is_iri_reference, nullptr}},
    {"json-pointer", {is_json_pointer, nullptr}},
    {"regex", {is_regex, nullptr}},
    {"relative-json-pointer", {is_relative_json_pointer, nullptr}},
    {"time", {is_time, nullptr}},
    {"uri", {is_uri, nullptr}},
    {"uri-reference", {is_uri_reference, nullptr}},
    {"uri-template", {is_uri_template, nullptr}},
    {"url", {is_uri, nullptr}},
    {"uuid", {is_uuid, nullptr}},
}};

}  // namespace

const Format* find_format(std::string_view name) noexcept {
  for (const auto& [format_name, format] : kFormats) {
    if (format_name == name) return &format;
  }
  return nullptr;
}

}  // namespace genkit::internal
