#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <genkit/schema/schema.h>

namespace genkit {
namespace {

using namespace std::chrono;

template <class T>
std::string written(const T& value) {
  return std::string(to_json(value).as_string());
}
template <class T>
T read(std::string_view text) {
  return from_json<T>(Json(text));
}
template <class T>
std::string complaint(std::string_view text) {
  const auto result = attempt([&] { return read<T>(text); });
  return result ? "" : result.error().message();
}

TEST(Durations, AreWrittenInHoursMinutesAndSeconds) {
  EXPECT_EQ(written(0s), "PT0S");
  EXPECT_EQ(written(90s), "PT1M30S");
  EXPECT_EQ(written(36h), "PT36H");
  EXPECT_EQ(written(3601s), "PT1H1S");
  EXPECT_EQ(written(1500ms), "PT1.5S");
  EXPECT_EQ(written(-1500ms), "-PT1.5S");
  EXPECT_EQ(written(-1ns), "-PT0.000000001S");
  EXPECT_EQ(written(duration<double>(2.3)), "PT2.3S");
  EXPECT_EQ(written(duration<double>(0.9999999999)), "PT1S");
  EXPECT_EQ(written(seconds::min()), "-PT2562047788015215H30M8S");
}

TEST(Durations, AreReadInEveryUnitOfFixedLength) {
  EXPECT_EQ(read<seconds>("PT1H2M3S"), 3723s);
  EXPECT_EQ(read<hours>("P1W2DT3H"), 219h);
  EXPECT_EQ(read<milliseconds>("PT0.25S"), 250ms);
  EXPECT_EQ(read<nanoseconds>("-PT0.5S"), -500ms);
  EXPECT_EQ(read<minutes>("PT90M"), 90min);
  EXPECT_DOUBLE_EQ(read<duration<double>>("PT0.1S").count(), 0.1);
  EXPECT_EQ(read<minutes>("PT120S"), 2min);
}

TEST(Durations, RefuseWhatTheyCannotHold) {
  EXPECT_EQ(complaint<seconds>("PT0.5S"), "must NOT be finer than the C++ duration, got \"PT0.5S\"");
  EXPECT_EQ(complaint<hours>("PT30M"), "must NOT be finer than the C++ duration, got \"PT30M\"");
  EXPECT_EQ(complaint<nanoseconds>("PT9999999999S"), "must be within the range of the C++ duration, got \"PT9999999999S\"");
}

TEST(Durations, RefuseOtherText) {
  for (const char* text : {"", "P", "PT", "1S", "PT1", "P1Y", "P1M", "PT1S2M", "PT1.5M", "PT1M1M", "P1S", "PT1D", "PT1.S", "pt1s",
                           "PT1S ", "PT99999999999999999999S", "P9999999999999999W"}) {
    EXPECT_EQ(complaint<seconds>(text), "must match format \"duration\", got \"" + std::string(text) + "\"");
  }
}

TEST(TimePoints, AreWrittenInUtcWithMillisecondsAtLeast) {
  EXPECT_EQ(written(sys_seconds(0s)), "1970-01-01T00:00:00.000Z");
  EXPECT_EQ(written(sys_time<milliseconds>(1'767'225'599'007ms)), "2025-12-31T23:59:59.007Z");
  EXPECT_EQ(written(sys_time<microseconds>(1us)), "1970-01-01T00:00:00.000001Z");
  EXPECT_EQ(written(system_clock::time_point(-1ns)), "1969-12-31T23:59:59.999999999Z");
}

TEST(TimePoints, AreReadWithAnyOffset) {
  EXPECT_EQ(read<sys_seconds>("1970-01-01T00:00:00Z"), sys_seconds(0s));
  EXPECT_EQ(read<sys_seconds>("1970-01-01t01:30:00+01:30"), sys_seconds(0s));
  EXPECT_EQ(read<sys_seconds>("1969-12-31 19:00:00.999-05:00"), sys_seconds(0s)) << "cut to the resolution of the type";
  EXPECT_EQ(read<system_clock::time_point>("2026-01-31T12:00:00.1234567891Z"), sys_days(2026y / 1 / 31) + 12h + 123'456'789ns);
  EXPECT_EQ(read<sys_seconds>("2016-12-31T23:59:60Z"), sys_days(2017y / 1 / 1));
}

TEST(TimePoints, RefuseOtherText) {
  for (const char* text : {"", "2026-01-31", "2026-02-29T00:00:00Z", "2026-01-31T24:00:00Z", "2026-01-31T00:60:00Z",
                           "2026-01-31T00:00:61Z", "2026-01-31T00:00:00", "2026-01-31T00:00:00+1:00", "2026-01-31T00:00:00+24:00",
                           "2026-01-31T00:00:00.Z", "26-01-31T00:00:00Z", "2026-01-31T00:00:00Zx"}) {
    EXPECT_EQ(complaint<sys_seconds>(text), "must match format \"date-time\", got \"" + std::string(text) + "\"");
  }
  EXPECT_EQ(complaint<system_clock::time_point>("9999-01-01T00:00:00Z"),
            "must be within the range of the C++ time point, got \"9999-01-01T00:00:00Z\"");
}

TEST(TimePoints, OutsideOfFourDigitYearsCannotBeWritten) {
  EXPECT_THROW(to_json(sys_seconds(seconds(400'000'000'000))), Error);
  EXPECT_THROW(to_json(sys_seconds(seconds::max())), Error);
  EXPECT_THROW(to_json(sys_seconds(seconds::min())), Error);
}

TEST(Dates, AreYearMonthAndDay) {
  EXPECT_EQ(written(sys_days(2026y / 1 / 31)), "2026-01-31");
  EXPECT_EQ(written(year_month_day(987y / 6 / 5)), "0987-06-05");
  EXPECT_EQ(read<year_month_day>("2024-02-29"), 2024y / 2 / 29);
  EXPECT_EQ(read<sys_days>("1969-12-31"), sys_days(days(-1)));
  EXPECT_EQ(complaint<year_month_day>("2025-02-29"), "must match format \"date\", got \"2025-02-29\"");
  EXPECT_EQ(complaint<sys_days>("2025-2-2"), "must match format \"date\", got \"2025-2-2\"");
}

}  // namespace
}  // namespace genkit
