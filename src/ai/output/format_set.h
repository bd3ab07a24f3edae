#ifndef GENKIT_SRC_AI_OUTPUT_FORMAT_SET_H_
#define GENKIT_SRC_AI_OUTPUT_FORMAT_SET_H_

#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include <genkit/ai/format.h>
#include <genkit/schema/validator.h>

namespace genkit::internal {

enum class FormatKind { kText, kJson, kArray, kEnum, kJsonl, kCustom };

/// The format of one generation, with its schema.
struct OutputForm {
  FormatKind kind = FormatKind::kText;
  /// False when nothing was asked for: the answer is text, and the request says nothing of its form.
  bool is_asked_for = false;
  FormatOptions options = {};
  FormatHandler handler = {};  ///< of a custom format; of the others the instructions
  SharedJson schema = {};      ///< null when there is none
  std::shared_ptr<const SchemaValidator> validator = {};
};

/// The form that is named `format` (empty: JSON when there is a schema, else text). Throws NOT_FOUND for an unknown format and
/// INVALID_ARGUMENT for a schema that does not go with it. `registry` may be null: the formats of the library.
std::shared_ptr<const OutputForm> make_form(const Registry* registry, const std::string& format, const SharedJson& schema);

/// The instructions with which a model that cannot be constrained is told the schema.
std::string json_instructions(const Json& schema);

}  // namespace genkit::internal

#endif  // GENKIT_SRC_AI_OUTPUT_FORMAT_SET_H_
