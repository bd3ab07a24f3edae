#ifndef GENKIT_SRC_PROMPT_PROMPT_ACCESS_H_
#define GENKIT_SRC_PROMPT_PROMPT_ACCESS_H_

#include <vector>

#include <genkit/ai/message.h>
#include <genkit/prompt/dotprompt.h>

#include "prompt/messages.h"

namespace genkit::internal {

/// What the rest of the module needs of compiled prompts and users do not.
struct PromptAccess {
  /// Renders for a conversation that is no JSON, and does not become it unless the template looks at it.
  static RenderedMessages<std::vector<Message>> render(const CompiledPrompt& prompt, const Json& input,
                                                       const std::vector<Message>& history, const Json& context);
};

}  // namespace genkit::internal

#endif  // GENKIT_SRC_PROMPT_PROMPT_ACCESS_H_
