#ifndef GENKIT_SRC_AI_AUGMENT_H_
#define GENKIT_SRC_AI_AUGMENT_H_

#include <genkit/ai/model_types.h>

namespace genkit::internal {

/// For models that take no documents: the request with its `docs` written into the last user message (spec §3.17,
/// augmentWithContext). Nothing when there is nothing to do.
std::optional<ModelRequest> augment_with_context(const ModelRequest& request);

}  // namespace genkit::internal

#endif  // GENKIT_SRC_AI_AUGMENT_H_
