#ifndef GENKIT_PROMPT_PICOSCHEMA_H_
#define GENKIT_PROMPT_PICOSCHEMA_H_

#include <functional>
#include <optional>
#include <string_view>

#include <genkit/base/json.h>

namespace genkit {

/// Gives the JSON Schema that a name stands for; nothing when there is none.
using SchemaResolver = std::function<std::optional<Json>(std::string_view name)>;

/// Turns Picoschema, the short notation of prompt files, into JSON Schema:
///
///   {"name": "string, full name", "age?": "integer", "tags(array, labels)": "string", "kind(enum)": ["A", "B"], "(*)": "any"}
///
/// What is JSON Schema already stays as it is. A named schema with references into itself is put under "definitions", too, where
/// its references then lead. Throws `Error` INVALID_ARGUMENT, whose message names the member and whose
/// details hold its JSON pointer as "path"; NOT_FOUND for a schema name that `resolver` does not know.
Json picoschema(const Json& schema, const SchemaResolver& resolver = nullptr);

}  // namespace genkit

#endif  // GENKIT_PROMPT_PICOSCHEMA_H_
