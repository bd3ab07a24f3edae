#include <cstdlib>
#include <iterator>
#include <limits>

#include <genkit/base/error.h>
#include <genkit/schema/reflect_chrono.h>

namespace genkit::internal {
namespace {

using std::chrono::sys_days;
using std::chrono::year_month_day;

constexpr std::int64_t kSecondsPerDay = 86400;

void append_padded(std::string& out, std::int64_t value, std::size_t width) {
  const std::string digits = std::to_string(value);
  out.append(width > digits.size() ? width - digits.size() : 0, '0');
  out += digits;
}

/// ".5", with no zeros at its end; nothing for 0.
void append_fraction(std::string& out, std::int32_t nanoseconds) {
  if (nanoseconds == 0) return;
  out += '.';
  append_padded(out, nanoseconds, 9);
  while (out.back() == '0') out.pop_back();
}

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

/// Reads text from left to right.
class Reader {
 public:
  explicit Reader(std::string_view text) : rest_(text) {}

  bool done() const { return rest_.empty(); }
  bool at_digit() const { return !rest_.empty() && is_digit(rest_[0]); }
  bool take(char c) {
    if (rest_.empty() || rest_[0] != c) return false;
    rest_.remove_prefix(1);
    return true;
  }
  bool take_any(std::string_view characters, char& taken) {
    if (rest_.empty() || characters.find(rest_[0]) == std::string_view::npos) return false;
    taken = rest_[0];
    rest_.remove_prefix(1);
    return true;
  }
  /// Exactly `width` digits.
  bool take_digits(std::size_t width, int& value) {
    value = 0;
    for (; width > 0; --width) {
      if (!at_digit()) return false;
      value = value * 10 + (rest_[0] - '0');
      rest_.remove_prefix(1);
    }
    return true;
  }
  /// One digit or more, up to 15 of them.
  bool take_number(std::int64_t& value) {
    std::size_t count = 0;
    value = 0;
    for (; at_digit() && count < 15; ++count) {
      value = value * 10 + (rest_[0] - '0');
      rest_.remove_prefix(1);
    }
    return count > 0 && !at_digit();
  }
  /// Digits after the point, those after the ninth dropped.
  bool take_fraction(std::int32_t& nanoseconds) {
    nanoseconds = 0;
    if (!at_digit()) return false;
    std::int32_t unit = 100'000'000;
    for (; at_digit(); rest_.remove_prefix(1), unit /= 10) nanoseconds += unit * (rest_[0] - '0');
    return true;
  }

 private:
  std::string_view rest_;
};

bool take_date(Reader& reader, year_month_day& date) {
  int year = 0;
  int month = 0;
  int day = 0;
  if (!reader.take_digits(4, year) || !reader.take('-') || !reader.take_digits(2, month) || !reader.take('-') ||
      !reader.take_digits(2, day)) {
    return false;
  }
  date = year_month_day(std::chrono::year(year), std::chrono::month(static_cast<unsigned>(month)),
                        std::chrono::day(static_cast<unsigned>(day)));
  return date.ok();
}

/// "Z" or "+02:00" as seconds east of Greenwich.
bool take_offset(Reader& reader, int& seconds) {
  seconds = 0;
  char sign = 0;
  if (reader.take_any("Zz", sign)) return true;
  int hours = 0;
  int minutes = 0;
  if (!reader.take_any("+-", sign) || !reader.take_digits(2, hours) || !reader.take(':') || !reader.take_digits(2, minutes)) {
    return false;
  }
  if (hours > 23 || minutes > 59) return false;
  seconds = (hours * 60 + minutes) * (sign == '-' ? -60 : 60);
  return true;
}

}  // namespace

void append_date(std::string& out, year_month_day date) {
  const int year = static_cast<int>(date.year());
  if (year < 0 || year > 9999) {
    throw Error(Status::kInvalidArgument, "a date in the year " + std::to_string(year) + " cannot be written as ISO 8601 text");
  }
  append_padded(out, year, 4);
  out += '-';
  append_padded(out, static_cast<unsigned>(date.month()), 2);
  out += '-';
  append_padded(out, static_cast<unsigned>(date.day()), 2);
}

void append_date_time(std::string& out, ClockParts since_epoch) {
  std::int64_t days = since_epoch.seconds / kSecondsPerDay;
  std::int64_t second = since_epoch.seconds % kSecondsPerDay;
  if (second < 0) {
    second += kSecondsPerDay;
    --days;
  }
  constexpr std::int64_t kMostDays = 4'000'000;  // beyond the year 9999 in both directions, within the calendar of <chrono>
  if (std::abs(days) > kMostDays) {
    throw Error(Status::kInvalidArgument, "a time outside of the years 0 to 9999 cannot be written as ISO 8601 text");
  }
  append_date(out, year_month_day(sys_days(std::chrono::days(days))));
  out += 'T';
  append_padded(out, second / 3600, 2);
  out += ':';
  append_padded(out, second / 60 % 60, 2);
  out += ':';
  append_padded(out, second % 60, 2);
  // Milliseconds always, as JavaScript prints them; texts of equal length sort by time.
  out += '.';
  append_padded(out, since_epoch.nanoseconds / 1'000'000, 3);
  const std::int32_t finer = since_epoch.nanoseconds % 1'000'000;
  if (finer != 0) append_padded(out, finer % 1000 == 0 ? finer / 1000 : finer, finer % 1000 == 0 ? 3 : 6);
  out += 'Z';
}

void append_duration(std::string& out, ClockParts duration) {
  std::uint64_t seconds = static_cast<std::uint64_t>(duration.seconds);
  std::int32_t nanoseconds = duration.nanoseconds;
  if (duration.seconds < 0) {
    out += '-';
    seconds = std::uint64_t{0} - seconds;
    if (nanoseconds > 0) {
      --seconds;
      nanoseconds = 1'000'000'000 - nanoseconds;
    }
  }
  out += "PT";
  const bool is_zero = seconds == 0 && nanoseconds == 0;
  if (seconds >= 3600) out += std::to_string(seconds / 3600) + 'H';
  if (seconds / 60 % 60 != 0) out += std::to_string(seconds / 60 % 60) + 'M';
  if (seconds % 60 != 0 || nanoseconds != 0 || is_zero) {
    out += std::to_string(seconds % 60);
    append_fraction(out, nanoseconds);
    out += 'S';
  }
}

bool parse_date(std::string_view text, year_month_day& date) {
  Reader reader(text);
  return take_date(reader, date) && reader.done();
}

bool parse_date_time(std::string_view text, ClockParts& since_epoch) {
  Reader reader(text);
  year_month_day date;
  char separator = 0;
  int hour = 0;
  int minute = 0;
  int second = 0;
  if (!take_date(reader, date) || !reader.take_any("Tt ", separator) || !reader.take_digits(2, hour) || !reader.take(':') ||
      !reader.take_digits(2, minute) || !reader.take(':') || !reader.take_digits(2, second)) {
    return false;
  }
  // 60 is a leap second, which the system clock counts as the first second of the next minute.
  if (hour > 23 || minute > 59 || second > 60) return false;
  if (reader.take('.') && !reader.take_fraction(since_epoch.nanoseconds)) return false;
  int offset = 0;
  if (!take_offset(reader, offset) || !reader.done()) return false;
  const std::int64_t days = sys_days(date).time_since_epoch().count();
  since_epoch.seconds = days * kSecondsPerDay + hour * 3600 + minute * 60 + second - offset;
  return true;
}

bool parse_duration(std::string_view text, ClockParts& duration) {
  Reader reader(text);
  const bool is_negative = reader.take('-');
  if (!reader.take('P') || reader.done()) return false;

  // Each unit at most once, the large ones first. Years and months have no fixed length.
  struct Unit {
    char letter;
    bool is_time;
    std::int64_t seconds;
  };
  static constexpr Unit kUnits[] = {
      {'W', false, 604800}, {'D', false, 86400}, {'H', true, 3600}, {'M', true, 60}, {'S', true, 1}};
  std::int64_t seconds = 0;
  std::int32_t nanoseconds = 0;
  std::size_t next = 0;
  bool in_time = false;
  while (!reader.done()) {
    if (!in_time && reader.take('T')) {
      in_time = true;
      if (reader.done()) return false;
    }
    std::int64_t count = 0;
    if (!reader.take_number(count)) return false;
    const bool has_fraction = reader.take('.');
    if (has_fraction && !reader.take_fraction(nanoseconds)) return false;
    while (next < std::size(kUnits) && (kUnits[next].is_time != in_time || !reader.take(kUnits[next].letter))) ++next;
    if (next == std::size(kUnits) || (has_fraction && kUnits[next].letter != 'S')) return false;
    if (count > (std::numeric_limits<std::int64_t>::max() - seconds) / kUnits[next].seconds) return false;
    seconds += count * kUnits[next].seconds;
    ++next;
  }
  duration.seconds = is_negative ? -seconds : seconds;
  duration.nanoseconds = nanoseconds;
  if (is_negative && nanoseconds > 0) {
    --duration.seconds;
    duration.nanoseconds = 1'000'000'000 - nanoseconds;
  }
  return true;
}

namespace {

constexpr const char* kNoDate = "must match format \"date\"";

void append_ymd(const void* object, std::string& out) {
  append_date(out, *static_cast<const year_month_day*>(object));
}
const char* parse_ymd(std::string_view text, void* object) {
  return parse_date(text, *static_cast<year_month_day*>(object)) ? nullptr : kNoDate;
}
void append_days(const void* object, std::string& out) {
  append_date(out, year_month_day(*static_cast<const sys_days*>(object)));
}
const char* parse_days(std::string_view text, void* object) {
  year_month_day date;
  if (!parse_date(text, date)) return kNoDate;
  *static_cast<sys_days*>(object) = sys_days(date);
  return nullptr;
}

}  // namespace

const TextInfo Descriptor<year_month_day>::value(kCopyableLife<year_month_day>, "date", {}, &append_ymd, &parse_ymd);
const TextInfo Descriptor<sys_days>::value(kCopyableLife<sys_days>, "date", {}, &append_days, &parse_days);

}  // namespace genkit::internal
