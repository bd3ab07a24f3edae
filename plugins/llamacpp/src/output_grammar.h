#ifndef GENKIT_LLAMACPP_OUTPUT_GRAMMAR_H_
#define GENKIT_LLAMACPP_OUTPUT_GRAMMAR_H_

#include <string>
#include <string_view>

#include <genkit/ai/model_types.h>

#include "grammar/schema_grammar.h"

namespace genkit::llama {

/// The grammar that the answer to `request` has to follow: the choice of a tool, the form that `output` asks for, or both. Empty
/// when the answer is free. Throws INVALID_ARGUMENT that names the tool or the output, and the JSON pointer in its schema, for
/// what cannot be guaranteed.
Grammar output_grammar(std::string_view model, const ModelRequest& request);

/// True when answers begin with the choice of a tool: there are tools, and they may be used.
bool chooses_tool(const ModelRequest& request);

}  // namespace genkit::llama

#endif  // GENKIT_LLAMACPP_OUTPUT_GRAMMAR_H_
