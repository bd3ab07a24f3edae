#ifndef GENKIT_SRC_AI_OUTPUT_OUTPUT_READER_H_
#define GENKIT_SRC_AI_OUTPUT_OUTPUT_READER_H_

#include <genkit/ai/model_types.h>

#include "ai/output/format_set.h"

namespace genkit::internal {

/// The value of a whole answer, checked against the schema; it may live in `storage`. Throws the errors of output_error.h.
Json read_output(const OutputForm& form, const ModelResponse& response, const boost::json::storage_ptr& storage = {});

/// One of the values of an enum, as models write it: perhaps in quotes, in a code fence, or with spaces around.
std::string read_enum(std::string_view text, const Json& schema);

}  // namespace genkit::internal

#endif  // GENKIT_SRC_AI_OUTPUT_OUTPUT_READER_H_
