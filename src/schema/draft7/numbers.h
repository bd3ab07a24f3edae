#ifndef GENKIT_SRC_SCHEMA_DRAFT7_NUMBERS_H_
#define GENKIT_SRC_SCHEMA_DRAFT7_NUMBERS_H_

#include <compare>

#include <genkit/base/json.h>

namespace genkit::internal {

/// Compares two JSON numbers by their mathematical values, whatever their C++ types; unordered when one is NaN.
std::partial_ordering compare_numbers(const Json& a, const Json& b) noexcept;

/// Whether `value` is a multiple of `divisor` (a number greater than 0). Fractions are taken for the decimals they are written
/// as: 0.0075 is a multiple of 0.0001 although the quotient of the two doubles is no integer.
bool is_multiple(const Json& value, const Json& divisor) noexcept;

/// Whether `value` is finite and has no fractional part.
bool is_integral(double value) noexcept;

}  // namespace genkit::internal

#endif  // GENKIT_SRC_SCHEMA_DRAFT7_NUMBERS_H_
