#ifndef GENKIT_LLAMACPP_GRAMMAR_AUTOMATON_H_
#define GENKIT_LLAMACPP_GRAMMAR_AUTOMATON_H_

#include <cstddef>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "grammar/char_set.h"

namespace genkit::llama {

/// What cannot be made into a grammar; `what()` is the end of a sentence that begins with the place in the schema.
class Refusal : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// A regular set of texts, as a deterministic automaton over characters. From each of its states an accepting one can be
/// reached, so whoever follows it never gets stuck.
class Automaton {
 public:
  struct Edge {
    CodePoint low;
    CodePoint high;
    int target;
  };
  struct State {
    std::vector<Edge> edges = {};  ///< sorted; they do not overlap
    bool accepts = false;
  };
  /// Larger automata are refused.
  static constexpr std::size_t kMostStates = 20'000;

  /// The empty set.
  Automaton() = default;
  /// The first state is where texts begin.
  explicit Automaton(std::vector<State> states);

  /// Exactly these texts.
  static Automaton of_texts(const std::vector<std::string>& texts);
  /// All texts over `chars`.
  static Automaton all(const CharSet& chars);

  /// Texts that are in both.
  Automaton intersect(const Automaton& other) const;
  /// Texts that are here, but not in `other`.
  Automaton without(const Automaton& other) const;
  /// Texts of `min` to `max` characters.
  Automaton with_length(std::size_t min, std::size_t max) const;
  /// Texts over `chars`.
  Automaton over(const CharSet& chars) const;

  bool empty() const noexcept { return states_.empty(); }
  const std::vector<State>& states() const noexcept { return states_; }
  bool accepts(std::string_view text) const;
  /// The length of the shortest text; 0 for the empty set.
  std::size_t shortest() const;
  /// The length of the longest text; nothing when there is no such.
  std::optional<std::size_t> longest() const;
  /// True for a state after which everything over `chars` may follow.
  bool is_free(int state, const CharSet& chars) const;

 private:
  enum class Keep { kBoth, kOnlyFirst };
  Automaton product(const Automaton& other, Keep keep) const;
  void trim();
  /// Characters to the nearest accepting state, for each state.
  std::vector<std::size_t> distances() const;

  std::vector<State> states_;
};

/// An automaton that may be in several states at once, from which `Automaton`s are made.
class StateGraph {
 public:
  int add_state();
  void add_edge(int from, const CharSet& chars, int to);
  /// Goes from one to the other without a character.
  void add_jump(int from, int to);
  /// Copies `automaton`: its beginning is at `from`, and its accepting states jump to `to`.
  void add(const Automaton& automaton, int from, int to);
  /// Tells that everything may follow `state`: whoever is there need not know where else he is.
  void set_free(int state) { free_ = state; }

  std::size_t size() const noexcept { return nodes_.size(); }
  /// The texts on the ways from `from` to `to`.
  Automaton determinize(int from, int to) const;

 private:
  struct Node {
    std::vector<Automaton::Edge> edges;
    std::vector<int> jumps;
  };
  using Set = std::vector<int>;

  /// Adds all that can be reached by jumps; sorted.
  Set closure(Set states) const;

  std::vector<Node> nodes_;
  int free_ = -1;
};

}  // namespace genkit::llama

#endif  // GENKIT_LLAMACPP_GRAMMAR_AUTOMATON_H_
