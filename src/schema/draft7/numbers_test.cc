#include "schema/draft7/numbers.h"

#include <cstdint>
#include <limits>

#include <gtest/gtest.h>

namespace genkit::internal {
namespace {

constexpr std::int64_t kMin = std::numeric_limits<std::int64_t>::min();
constexpr std::uint64_t kMax = std::numeric_limits<std::uint64_t>::max();

TEST(CompareNumbers, IsExactAcrossTypes) {
  EXPECT_TRUE(compare_numbers(1, 1.0) == 0);
  EXPECT_TRUE(compare_numbers(0, -0.0) == 0);
  EXPECT_TRUE(compare_numbers(-1, kMax) < 0);
  EXPECT_TRUE(compare_numbers(kMax, -1) > 0);
  EXPECT_TRUE(compare_numbers(9007199254740993, 9007199254740992.0) > 0);
  EXPECT_TRUE(compare_numbers(9007199254740992.0, 9007199254740993) < 0);
  EXPECT_TRUE(compare_numbers(kMax, 18446744073709551616.0) < 0);
  EXPECT_TRUE(compare_numbers(kMin, -9223372036854775808.0) == 0);
  EXPECT_TRUE(compare_numbers(kMin, -1e300) > 0);
  EXPECT_TRUE(compare_numbers(3, 3.5) < 0);
  EXPECT_TRUE(compare_numbers(-3, -3.5) > 0);
  EXPECT_TRUE(compare_numbers(std::numeric_limits<double>::infinity(), kMax) > 0);
  EXPECT_TRUE(compare_numbers(std::numeric_limits<double>::quiet_NaN(), 1) == std::partial_ordering::unordered);
}

TEST(IsMultiple, CalculatesInDecimals) {
  EXPECT_TRUE(is_multiple(0.0075, 0.0001));
  EXPECT_FALSE(is_multiple(0.00751, 0.0001));
  EXPECT_TRUE(is_multiple(0.3, 0.1));
  EXPECT_TRUE(is_multiple(19.99, 0.01));
  EXPECT_TRUE(is_multiple(-4.5, 1.5));
  EXPECT_TRUE(is_multiple(7.0, 1));
  EXPECT_FALSE(is_multiple(7.5, 1));
  EXPECT_TRUE(is_multiple(0, 0.7));
  EXPECT_TRUE(is_multiple(1e20, 10));
}

TEST(IsMultiple, SurvivesExtremes) {
  EXPECT_TRUE(is_multiple(1e308, 0.5));
  EXPECT_FALSE(is_multiple(1e308, 0.123456789));
  EXPECT_FALSE(is_multiple(5e-324, 1e308));
  EXPECT_TRUE(is_multiple(kMax, 5));
  EXPECT_FALSE(is_multiple(kMax, 2));
  EXPECT_TRUE(is_multiple(kMin, 2));
  EXPECT_TRUE(is_multiple(kMax, kMax));
  EXPECT_FALSE(is_multiple(std::numeric_limits<double>::infinity(), 2));
}

TEST(IsIntegral, IsFalseForFractionsAndWhatIsNoNumber) {
  EXPECT_TRUE(is_integral(1e300));
  EXPECT_TRUE(is_integral(-0.0));
  EXPECT_FALSE(is_integral(0.5));
  EXPECT_FALSE(is_integral(std::numeric_limits<double>::quiet_NaN()));
  EXPECT_FALSE(is_integral(std::numeric_limits<double>::infinity()));
}

}  // namespace
}  // namespace genkit::internal
