#ifndef GENKIT_SRC_AI_MODEL_DIALECT_H_
#define GENKIT_SRC_AI_MODEL_DIALECT_H_

#include <string_view>

#include <genkit/base/json.h>

namespace genkit {
class Registry;
}

namespace genkit::internal {

/// Throws INVALID_ARGUMENT when the model is registered by now, says in which dialect it takes schemas, and that cannot express
/// `schema`. `what` begins the message; an empty `model` is the default one. Asks no plugin.
void check_dialect(Registry& registry, std::string_view model, const Json& schema, std::string_view what);

}  // namespace genkit::internal

#endif  // GENKIT_SRC_AI_MODEL_DIALECT_H_
