#ifndef GENKIT_SRC_AI_OUTPUT_OUTPUT_READER_H_
#define GENKIT_SRC_AI_OUTPUT_OUTPUT_READER_H_

#include <genkit/ai/model_types.h>

#include "ai/output/format_set.h"
#include "base/json_memory.h"

namespace genkit::internal {

/// The value of a whole answer, checked against the schema. It lives in `memory` unless that is null. Throws the errors of
/// output_error.h.
Json read_output(const OutputForm& form, const ModelResponse& response, JsonMemory* memory = nullptr);

/// One of the values of an enum, as models write it: perhaps in quotes, in a code fence, or with spaces around.
std::string read_enum(std::string_view text, const Json& schema);

}  // namespace genkit::internal

#endif  // GENKIT_SRC_AI_OUTPUT_OUTPUT_READER_H_
