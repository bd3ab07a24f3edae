#ifndef GENKIT_LLAMACPP_GRAMMAR_PATTERN_H_
#define GENKIT_LLAMACPP_GRAMMAR_PATTERN_H_

#include <string_view>

#include "grammar/automaton.h"

namespace genkit::llama {

/// The texts in which a regular expression of ECMA-262 (with the flag "u") is found. Refuses what is not regular or depends on
/// the database of Unicode: look-around, back references, \b, \p, and anchors anywhere but at the ends.
Automaton pattern_automaton(std::string_view pattern);

}  // namespace genkit::llama

#endif  // GENKIT_LLAMACPP_GRAMMAR_PATTERN_H_
