#ifndef GENKIT_SRC_SCHEMA_DRAFT7_BUDGET_H_
#define GENKIT_SRC_SCHEMA_DRAFT7_BUDGET_H_

#include <cstddef>
#include <cstdint>

#include <genkit/base/json.h>

namespace genkit::internal {

/// How much work the validation of one value may take. A value may be checked against many subschemas, but a schema that
/// multiplies its own checks (an anyOf of references to anyOfs of references...) has to be stopped: at ten million steps, which
/// are some tenths of a second, or at 256 steps for each value within a very large value.
class StepBudget {
 public:
  explicit StepBudget(const Json& root, std::int64_t free_steps = kFreeSteps) : left_(free_steps), root_(&root) {}
  explicit StepBudget(const Json&& root, std::int64_t free_steps = kFreeSteps) = delete;

  /// Throws RESOURCE_EXHAUSTED when nothing is left.
  void spend(std::size_t steps) {
    left_ -= static_cast<std::int64_t>(steps);
    if (left_ < 0) refill();
  }
  /// For a scan of so many bytes.
  void spend_text(std::size_t size) { spend(1 + size / 16); }

 private:
  static constexpr std::int64_t kFreeSteps = 10'000'000;
  static constexpr std::int64_t kStepsPerValue = 256;

  void refill();

  std::int64_t left_;
  const Json* root_;  ///< measured when the free steps are spent, and then nullptr
};

}  // namespace genkit::internal

#endif  // GENKIT_SRC_SCHEMA_DRAFT7_BUDGET_H_
