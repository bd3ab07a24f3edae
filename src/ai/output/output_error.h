#ifndef GENKIT_SRC_AI_OUTPUT_OUTPUT_ERROR_H_
#define GENKIT_SRC_AI_OUTPUT_OUTPUT_ERROR_H_

#include <string>
#include <string_view>
#include <vector>

#include <genkit/ai/model_types.h>
#include <genkit/base/error.h>
#include <genkit/schema/validator.h>

#include "base/json_stream.h"

/// The errors of answers that are not what was asked for. `details()` is an object: "reason", "text" (the answer, as it came) and
/// what the reason has to say.
namespace genkit::internal {

/// "unanswered": the model asks for tools, which the message names, and has given no value yet.
Error unanswered_error(const ModelResponse& response);
/// "truncated": the answer ends before its value does, which begins at `begin`.
Error truncated_error(std::string_view text, std::size_t begin, std::string_view finish_reason);
/// "unparsable": no value of the format is in the text. `failure` may be null.
Error unparsable_error(std::string_view text, std::string_view wanted, const JsonStream::Failure* failure);
/// "invalid": `value` is not what the schema says; "errors" lists where.
Error invalid_error(std::string_view text, const Json& value, const Json& schema, const std::vector<ValidationIssue>& issues);
/// "invalid", known before the end: what follows the byte `offset` cannot help.
Error ruled_out_error(std::string_view text, std::size_t offset, const std::string& path, const std::string& message);

}  // namespace genkit::internal

#endif  // GENKIT_SRC_AI_OUTPUT_OUTPUT_ERROR_H_
