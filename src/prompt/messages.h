#ifndef GENKIT_SRC_PROMPT_MESSAGES_H_
#define GENKIT_SRC_PROMPT_MESSAGES_H_

#include <string_view>

#include <genkit/base/json.h>
#include <genkit/prompt/template.h>

namespace genkit::internal {

/// Defines `role`, `history`, `media`, `section`, `json`, `ifEquals` and `unlessEquals`. What the first four print are marks that
/// `to_messages` finds again. The marks hold a byte that UTF-8 never has, so that no input can forge one.
void define_prompt_helpers(TemplateEnvironment& environment);

/// Cuts rendered text into messages at the marks, and puts `history` (an array, or null) where it belongs.
JsonArray to_messages(std::string_view rendered, const Json& history);

}  // namespace genkit::internal

#endif  // GENKIT_SRC_PROMPT_MESSAGES_H_
