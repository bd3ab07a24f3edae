#ifndef GENKIT_SRC_AI_OUTPUT_WATCH_H_
#define GENKIT_SRC_AI_OUTPUT_WATCH_H_

#include <memory>

#include "ai/output/format_set.h"
#include "ai/output/plan.h"

namespace genkit::internal {

/// Follows an answer of this form; nullptr when no text can be wrong. The first value in the text that begins as the schema says
/// (an object, an array) is taken for the answer, and its members for final.
std::unique_ptr<OutputWatch> make_watch(std::shared_ptr<const OutputForm> form);

}  // namespace genkit::internal

#endif  // GENKIT_SRC_AI_OUTPUT_WATCH_H_
