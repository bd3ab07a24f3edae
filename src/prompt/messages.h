#ifndef GENKIT_SRC_PROMPT_MESSAGES_H_
#define GENKIT_SRC_PROMPT_MESSAGES_H_

#include <string_view>

#include <genkit/base/json.h>
#include <genkit/prompt/template.h>

namespace genkit::internal {

/// What marks begin and end with: a byte that UTF-8 never has, and that input is searched for, so that none can forge a mark.
constexpr char kMark = '\xff';

/// Defines `role`, `history`, `media`, `section`, `json`, `ifEquals` and `unlessEquals`. What the first four print are marks that
/// `to_messages` finds again.
void define_prompt_helpers(TemplateEnvironment& environment);

/// Cuts rendered text into messages at the marks, and puts `history` (an array, or null) where it belongs.
JsonArray to_messages(std::string_view rendered, const Json& history);

}  // namespace genkit::internal

#endif  // GENKIT_SRC_PROMPT_MESSAGES_H_
