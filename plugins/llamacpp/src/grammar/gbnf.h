#ifndef GENKIT_LLAMACPP_GRAMMAR_GBNF_H_
#define GENKIT_LLAMACPP_GRAMMAR_GBNF_H_

#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "grammar/automaton.h"

namespace genkit::llama {

/// A part of a rule: a text, one character of a set, or another rule; several times if so wanted.
struct Symbol {
  enum class Kind { kText, kChars, kRule };
  Kind kind = Kind::kText;
  std::string text = {};
  CharSet chars = {};
  int rule = -1;
  int min = 1;
  int max = 1;

  bool operator==(const Symbol&) const = default;
};

using Sequence = std::vector<Symbol>;

/// Puts `tail` behind `head`; texts that meet become one.
void append(Sequence& head, const Sequence& tail);
Sequence literal(std::string_view text);

/// Writes a grammar for llama.cpp ("GBNF").
///
/// llama.cpp's parser and matcher take exponential time, endless memory or the whole process when a grammar is unfortunate. So
/// what goes into one is counted here, and refused when it is more than the matcher can bear.
class GbnfBuilder {
 public:
  /// Rules, and bytes of the text.
  static constexpr std::size_t kMostRules = 20'000;
  static constexpr std::size_t kMostBytes = 2'000'000;
  /// llama.cpp takes this many repetitions of one symbol.
  static constexpr int kMostRepetitions = 1999;
  /// Places of the grammar in which the matcher may be at the same time.
  static constexpr std::size_t kMostPlaces = 4096;

  /// Makes a rule; its name is `hint` with what makes it unique.
  int add_rule(std::string_view hint, std::vector<Sequence> alternatives);
  /// One of `alternatives`, without a rule of its own if there is only one.
  Sequence choice(std::string_view hint, std::vector<Sequence> alternatives);
  /// `item`, `min` to `max` times.
  Sequence repeat(std::string_view hint, const Sequence& item, int min, int max);

  /// A JSON string whose value is one of `texts`, with its quotes. Nothing when there is none. Where anything may follow, at most
  /// `free_length` characters do.
  std::optional<Sequence> json_string(std::string_view hint, const Automaton& texts, int free_length);
  /// The texts as they are.
  std::optional<Sequence> plain(std::string_view hint, const Automaton& texts);
  /// Any text, of any length.
  Sequence free_text();
  /// Of `min` to `max` characters, with quotes.
  Sequence any_string(int min, int max);

  /// The grammar, whose rule "root" is `root`. Throws `Refusal` when the matcher could not bear it.
  std::string build(const Sequence& root) const;

 private:
  struct Rule {
    std::string name;
    std::vector<Sequence> alternatives;
  };
  enum class Writing { kPlain, kJson };

  /// Turns the states of an automaton into rules.
  class AutomatonWriter;

  int json_char();
  void set_rule(int rule, std::vector<Sequence> alternatives);
  void check_places(const Sequence& root) const;
  void count(const std::vector<Sequence>& alternatives);

  std::vector<Rule> rules_;
  std::map<std::string, int, std::less<>> names_;
  std::size_t symbols_ = 0;
  int json_char_ = -1;
};

}  // namespace genkit::llama

#endif  // GENKIT_LLAMACPP_GRAMMAR_GBNF_H_
