#ifndef GENKIT_SRC_SCHEMA_DRAFT7_VALUE_SET_H_
#define GENKIT_SRC_SCHEMA_DRAFT7_VALUE_SET_H_

#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

#include <genkit/base/json.h>

#include "schema/draft7/budget.h"

namespace genkit::internal {

/// The deepest value that `equal_json` and `hash_json` follow; they throw RESOURCE_EXHAUSTED beyond.
inline constexpr int kMaxComparedDepth = 512;

/// Equality as JSON Schema defines it: numbers by value (1 is 1.0), objects without regard to the order of their members.
/// Every value that is looked at is a step of `budget`.
bool equal_json(const Json& a, const Json& b, StepBudget& budget);

/// Equal values have equal hashes.
std::uint64_t hash_json(const Json& value, StepBudget& budget);

/// A fixed set of values, for `enum` and `const`: finding one takes the time to hash it.
class ValueSet {
 public:
  /// The values must outlive the set.
  explicit ValueSet(std::vector<const Json*> values);

  bool contains(const Json& value, StepBudget& budget) const;
  const std::vector<const Json*>& values() const { return values_; }

 private:
  std::vector<const Json*> values_;
  bool only_strings_ = true;
  std::vector<std::pair<std::uint64_t, const Json*>> by_hash_;  // sorted; empty when comparing one by one is faster
};

struct DuplicatePair {
  std::size_t first;
  std::size_t second;
};

/// Whether two elements of `array` are equal, and which.
bool find_duplicate(const JsonArray& array, StepBudget& budget, DuplicatePair* found);

}  // namespace genkit::internal

#endif  // GENKIT_SRC_SCHEMA_DRAFT7_VALUE_SET_H_
