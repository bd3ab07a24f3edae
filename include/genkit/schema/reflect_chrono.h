#ifndef GENKIT_SCHEMA_REFLECT_CHRONO_H_
#define GENKIT_SCHEMA_REFLECT_CHRONO_H_

#include <chrono>
#include <cstdint>
#include <limits>
#include <string>
#include <string_view>
#include <type_traits>

#include <genkit/schema/reflect.h>

/// Times as ISO 8601 text: durations ("PT1H30M", "PT0.25S"), time points of the system clock ("2026-01-31T12:00:00.000Z", read
/// with any offset), `sys_days` and `year_month_day` ("2026-01-31"). Reading cuts time points to the resolution of the C++ type
/// and refuses durations that it cannot hold exactly.
///
/// The format "duration" of JSON Schema knows no fractions, so types that have them show a pattern instead. It knows no sign
/// either: a negative duration in whole seconds is written and read, but a validator of schemas refuses it.
namespace genkit::internal {

/// Seconds, and nanoseconds from 0 to 999'999'999 to be added.
struct ClockParts {
  std::int64_t seconds = 0;
  std::int32_t nanoseconds = 0;
};

void append_date(std::string& out, std::chrono::year_month_day date);
void append_date_time(std::string& out, ClockParts since_epoch);
void append_duration(std::string& out, ClockParts duration);
bool parse_date(std::string_view text, std::chrono::year_month_day& date);
bool parse_date_time(std::string_view text, ClockParts& since_epoch);
bool parse_duration(std::string_view text, ClockParts& duration);

template <class D>
ClockParts split_duration(D duration) {
  using std::chrono::seconds;
  const auto whole = std::chrono::floor<seconds>(duration);
  const auto rest = std::chrono::round<std::chrono::nanoseconds>(duration - whole).count();
  if (rest >= 1'000'000'000) return {whole.count() + 1, 0};
  return {whole.count(), static_cast<std::int32_t>(rest)};
}

enum class Joined : unsigned char { kExact, kRounded, kOutOfRange };

template <class Rep, class Period>
Joined join_duration(ClockParts parts, std::chrono::duration<Rep, Period>& duration) {
  using D = std::chrono::duration<Rep, Period>;
  const std::chrono::seconds seconds(parts.seconds);
  const std::chrono::nanoseconds nanoseconds(parts.nanoseconds);
  if constexpr (std::is_floating_point_v<Rep>) {
    duration =
        std::chrono::duration_cast<D>(std::chrono::duration<long double>(seconds)) + std::chrono::duration_cast<D>(nanoseconds);
    return Joined::kExact;
  } else {
    const auto units = std::chrono::duration<long double, Period>(seconds).count();
    if (units >= static_cast<long double>(std::numeric_limits<Rep>::max()) ||
        units <= static_cast<long double>(std::numeric_limits<Rep>::min())) {
      return Joined::kOutOfRange;
    }
    const D whole = std::chrono::floor<D>(seconds);
    const D rest = std::chrono::floor<D>(nanoseconds);
    duration = whole + rest;
    return whole == seconds && rest == nanoseconds ? Joined::kExact : Joined::kRounded;
  }
}

template <class D>
void append_duration_object(const void* object, std::string& out) {
  append_duration(out, split_duration(*static_cast<const D*>(object)));
}
template <class D>
const char* parse_duration_object(std::string_view text, void* object) {
  ClockParts parts;
  if (!parse_duration(text, parts)) return "must match format \"duration\"";
  const Joined joined = join_duration(parts, *static_cast<D*>(object));
  if (joined == Joined::kOutOfRange) return "must be within the range of the C++ duration";
  return joined == Joined::kExact ? nullptr : "must NOT be finer than the C++ duration";
}

inline constexpr std::string_view kDurationPattern = "^-?P([0-9]+W)?([0-9]+D)?(T([0-9]+H)?([0-9]+M)?([0-9]+([.][0-9]+)?S)?)?$";

template <class Rep, class Period>
struct Descriptor<std::chrono::duration<Rep, Period>> {
  static constexpr bool kHasFractions = std::is_floating_point_v<Rep> || Period::den != 1;
  using D = std::chrono::duration<Rep, Period>;
  static const TextInfo value;
};
template <class Rep, class Period>
constinit const TextInfo Descriptor<std::chrono::duration<Rep, Period>>::value(kCopyableLife<D>, "duration",
                                                                               kHasFractions ? kDurationPattern
                                                                                             : std::string_view(),
                                                                               &append_duration_object<D>,
                                                                               &parse_duration_object<D>);

template <class D>
using SystemTime = std::chrono::time_point<std::chrono::system_clock, D>;

template <class D>
void append_time_object(const void* object, std::string& out) {
  append_date_time(out, split_duration(static_cast<const SystemTime<D>*>(object)->time_since_epoch()));
}
template <class D>
const char* parse_time_object(std::string_view text, void* object) {
  ClockParts parts;
  D since_epoch{};
  if (!parse_date_time(text, parts)) return "must match format \"date-time\"";
  if (join_duration(parts, since_epoch) == Joined::kOutOfRange) return "must be within the range of the C++ time point";
  *static_cast<SystemTime<D>*>(object) = SystemTime<D>(since_epoch);
  return nullptr;
}

template <class D>
struct Descriptor<std::chrono::time_point<std::chrono::system_clock, D>> {
  static const TextInfo value;
};
template <class D>
constinit const TextInfo Descriptor<std::chrono::time_point<std::chrono::system_clock, D>>::value(kCopyableLife<SystemTime<D>>,
                                                                                                  "date-time", {},
                                                                                                  &append_time_object<D>,
                                                                                                  &parse_time_object<D>);

template <>
struct Descriptor<std::chrono::year_month_day> {
  static const TextInfo value;
};
template <>
struct Descriptor<std::chrono::sys_days> {
  static const TextInfo value;
};

}  // namespace genkit::internal

#endif  // GENKIT_SCHEMA_REFLECT_CHRONO_H_
