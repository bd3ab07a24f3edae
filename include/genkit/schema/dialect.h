#ifndef GENKIT_SCHEMA_DIALECT_H_
#define GENKIT_SCHEMA_DIALECT_H_

#include <genkit/base/json.h>

namespace genkit {

/// Which part of JSON Schema a provider understands, and in which words.
enum class SchemaDialect {
  /// JSON Schema as it is, `$schema` left out: Ollama, and others that compile schemas to grammars.
  kJsonSchema,
  /// OpenAI's `strict: true`: closed objects with every property required (optional ones may be null), `$defs`, `anyOf`.
  kOpenAiStrict,
  /// Gemini's `responseSchema`: the subset of OpenAPI 3, without references, with `nullable` and `propertyOrdering`.
  kGemini,
  /// Anthropic's `input_schema` of a tool: JSON Schema whose root is an object.
  kAnthropicTool,
};

/// Writes a schema (draft-07) for a provider. A pure function: equal schemas give equal text.
///
/// Types, members, alternatives and references are never lost: what the dialect cannot say of those is INVALID_ARGUMENT, which
/// names the place (`#/properties/a`) and is in `details()` as "path" and "dialect". Limits that it has no word for (lengths,
/// patterns) are left out: answers are checked against the whole schema anyway. Answers to kOpenAiStrict have null where an
/// optional property has no value; `remove_added_nulls` takes them out.
Json lower_schema(const Json& schema, SchemaDialect dialect);

/// Removes the nulls that kOpenAiStrict made models write, from a value that answers to `schema`: members that are not required
/// and whose schema takes no null.
void remove_added_nulls(Json& value, const Json& schema);

}  // namespace genkit

#endif  // GENKIT_SCHEMA_DIALECT_H_
