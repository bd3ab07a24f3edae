#ifndef GENKIT_LLAMACPP_GRAMMAR_NUMBER_AUTOMATON_H_
#define GENKIT_LLAMACPP_GRAMMAR_NUMBER_AUTOMATON_H_

#include <optional>
#include <string>

#include "grammar/automaton.h"

namespace genkit::llama {

/// A bound of a number, as JSON writes it: "-3.5e7".
struct NumberBound {
  std::string value = {};
  bool exclusive = false;
};

struct NumberRange {
  bool integer = false;
  std::optional<NumberBound> min = {};
  std::optional<NumberBound> max = {};
  std::optional<std::string> multiple_of = {};
  int max_digits = 15;  ///< before and behind the point together, where the bounds do not ask for more
  int max_fraction_digits = 6;
};

/// The numbers of the range, written without exponent: integers exactly, others with as many digits as keep different texts
/// different doubles. Empty when there are none.
Automaton number_automaton(const NumberRange& range);

}  // namespace genkit::llama

#endif  // GENKIT_LLAMACPP_GRAMMAR_NUMBER_AUTOMATON_H_
