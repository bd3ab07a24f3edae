#ifndef GENKIT_LLAMACPP_GRAMMAR_SCHEMA_MERGE_H_
#define GENKIT_LLAMACPP_GRAMMAR_SCHEMA_MERGE_H_

#include <string_view>

#include <genkit/base/json.h>

namespace genkit::llama {

/// Makes `keywords` mean what it and `other` mean together, for the keywords of draft-07 that say something about one value
/// without others' help (no $ref, allOf, anyOf, oneOf, not, if). Several patterns and formats become arrays of them. False when
/// no value can have both. Throws `Refusal` for combinations that cannot be written as one.
bool merge_keywords(JsonObject& keywords, const JsonObject& other);

/// The names of the types that `keywords` allows, after "type" or, without it, after what the other keywords are about; empty
/// when that is everything. "number" stands for both kinds.
JsonArray allowed_types(const JsonObject& keywords);

}  // namespace genkit::llama

#endif  // GENKIT_LLAMACPP_GRAMMAR_SCHEMA_MERGE_H_
