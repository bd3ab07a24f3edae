#ifndef GENKIT_LLAMACPP_GRAMMAR_FORMATS_H_
#define GENKIT_LLAMACPP_GRAMMAR_FORMATS_H_

#include <string_view>

#include "grammar/automaton.h"

namespace genkit::llama {

/// Texts of a format of JSON Schema. All are of the format; of the forms that it allows, only the usual ones are there. Refuses
/// formats that it does not know.
const Automaton& format_automaton(std::string_view format);

}  // namespace genkit::llama

#endif  // GENKIT_LLAMACPP_GRAMMAR_FORMATS_H_
