#include "schema/draft7/budget.h"

#include <utility>
#include <vector>

#include <genkit/base/error.h>

namespace genkit::internal {
namespace {

std::int64_t count_values(const Json& root) {
  std::int64_t count = 0;
  std::vector<const Json*> open = {&root};
  while (!open.empty()) {
    const Json* value = open.back();
    open.pop_back();
    ++count;
    if (const JsonArray* array = value->if_array()) {
      for (const Json& element : *array) open.push_back(&element);
    } else if (const JsonObject* object = value->if_object()) {
      for (const auto& member : *object) open.push_back(&member.value());
    }
  }
  return count;
}

}  // namespace

void StepBudget::refill() {
  if (root_ != nullptr) left_ += kStepsPerValue * count_values(*std::exchange(root_, nullptr));
  if (left_ >= 0) return;
  throw Error(
      Status::kResourceExhausted,
      "reading or validating takes far more work than the size of the value justifies: the JSON schema, or a std::variant "
      "whose alternatives no constant member tells apart, multiplies its own checks");
}

}  // namespace genkit::internal
