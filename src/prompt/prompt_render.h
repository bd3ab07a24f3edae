#ifndef GENKIT_SRC_PROMPT_PROMPT_RENDER_H_
#define GENKIT_SRC_PROMPT_PROMPT_RENDER_H_

#include "ai/generate_request.h"
#include "prompt/prompt_library.h"

namespace genkit::internal {

/// What a call of the prompt gives to `generate`, in the span "render". `overrides` go over what the prompt says; `output` is the
/// C++ type that the caller wants, or nullptr.
GenerateOptions render_prompt(PromptLibrary& library, const PromptDefinition& definition, ValueRef input,
                              GenerateOptions&& overrides, const TypeInfo* output);

/// A rendered prompt as callers of `/util/generate` give it: the output of `/executable-prompt/…`.
GenerateRequest to_generate_request(Registry& registry, const PromptDefinition& definition, const GenerateOptions& options);
/// A rendered prompt as the model would get it: the output of `/prompt/…`.
ModelRequest to_model_request(Registry& registry, const GenerateOptions& options);

/// Throws NOT_FOUND for middleware that the front matter asks for and nobody has.
void check_middleware(const PromptDefinition& definition);

/// Renders and generates, in a span of the prompt's name. `sink` may be null.
ModelResponse run_prompt(PromptLibrary& library, std::string_view name, ValueRef input, GenerateOptions options,
                         const TypeInfo* output, const ChunkSink* sink, AnswerReader* reader = nullptr);

}  // namespace genkit::internal

#endif  // GENKIT_SRC_PROMPT_PROMPT_RENDER_H_
