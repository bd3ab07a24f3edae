#include "grammar/automaton.h"

#include <algorithm>
#include <deque>
#include <limits>
#include <map>
#include <utility>

namespace genkit::llama {
namespace {

constexpr std::size_t kUnreachable = std::numeric_limits<std::size_t>::max();
constexpr int kNowhere = -1;

void check_size(std::size_t states) {
  if (states > Automaton::kMostStates) throw Refusal("needs more than " + std::to_string(Automaton::kMostStates) + " states");
}

/// Numbers what it is shown, in the order in which it sees it first, and remembers what was not yet worked on.
template <class Key>
class Numbering {
 public:
  int operator[](const Key& key) {
    const auto [entry, is_new] = numbers_.try_emplace(key, static_cast<int>(numbers_.size()));
    if (is_new) {
      check_size(numbers_.size());
      waiting_.push_back(key);
    }
    return entry->second;
  }
  std::optional<Key> next() {
    if (waiting_.empty()) return std::nullopt;
    Key key = std::move(waiting_.front());
    waiting_.pop_front();
    return key;
  }

 private:
  std::map<Key, int> numbers_;
  std::deque<Key> waiting_;
};

void append_edge(std::vector<Automaton::Edge>& edges, CodePoint low, CodePoint high, int target) {
  if (!edges.empty() && edges.back().target == target && edges.back().high + 1 == low) {
    edges.back().high = high;
  } else {
    edges.push_back({low, high, target});
  }
}

}  // namespace

Automaton::Automaton(std::vector<State> states) : states_(std::move(states)) {
  trim();
}

Automaton Automaton::of_texts(const std::vector<std::string>& texts) {
  std::vector<State> states(1);
  for (const std::string& text : texts) {
    int at = 0;
    for (const CodePoint c : code_points(text)) {
      auto& edges = states[static_cast<std::size_t>(at)].edges;
      const auto edge = std::find_if(edges.begin(), edges.end(), [c](const Edge& candidate) { return candidate.low == c; });
      if (edge != edges.end()) {
        at = edge->target;
        continue;
      }
      const int next = static_cast<int>(states.size());
      edges.push_back({c, c, next});
      states.emplace_back();
      check_size(states.size());
      at = next;
    }
    states[static_cast<std::size_t>(at)].accepts = true;
  }
  for (State& state : states) {
    std::sort(state.edges.begin(), state.edges.end(), [](const Edge& a, const Edge& b) { return a.low < b.low; });
  }
  return Automaton(std::move(states));
}

Automaton Automaton::all(const CharSet& chars) {
  State state{.accepts = true};
  for (const CharRange& range : chars.ranges()) state.edges.push_back({range.low, range.high, 0});
  return Automaton({std::move(state)});
}

Automaton Automaton::intersect(const Automaton& other) const {
  return product(other, Keep::kBoth);
}

Automaton Automaton::without(const Automaton& other) const {
  return product(other, Keep::kOnlyFirst);
}

Automaton Automaton::over(const CharSet& chars) const {
  return intersect(all(chars));
}

Automaton Automaton::product(const Automaton& other, Keep keep) const {
  if (empty() || (other.empty() && keep == Keep::kBoth)) return {};
  Numbering<std::pair<int, int>> numbers;
  std::vector<State> result;
  static_cast<void>(numbers[{0, other.empty() ? kNowhere : 0}]);

  while (const auto pair = numbers.next()) {
    const State& mine = states_[static_cast<std::size_t>(pair->first)];
    static const State kDead;
    const State& its = pair->second == kNowhere ? kDead : other.states_[static_cast<std::size_t>(pair->second)];
    State state{.accepts = mine.accepts && (keep == Keep::kBoth ? its.accepts : !its.accepts)};

    auto theirs = its.edges.begin();
    for (const Edge& edge : mine.edges) {
      CodePoint low = edge.low;
      while (low <= edge.high) {
        while (theirs != its.edges.end() && theirs->high < low) ++theirs;
        const bool inside = theirs != its.edges.end() && theirs->low <= low;
        const CodePoint end = inside ? theirs->high : theirs != its.edges.end() ? theirs->low - 1 : edge.high;
        const CodePoint high = std::min(edge.high, end);
        if (inside || keep == Keep::kOnlyFirst) {
          append_edge(state.edges, low, high, numbers[{edge.target, inside ? theirs->target : kNowhere}]);
        }
        low = high + 1;
      }
    }
    result.push_back(std::move(state));
  }
  return Automaton(std::move(result));
}

Automaton Automaton::with_length(std::size_t min, std::size_t max) const {
  const auto most = longest();
  if (empty() || (shortest() >= min && most && *most <= max)) return *this;
  const std::vector<std::size_t> distance = distances();
  if (distance[0] > max) return {};

  Numbering<std::pair<int, std::size_t>> numbers;
  std::vector<State> result;
  static_cast<void>(numbers[{0, 0}]);
  while (const auto pair = numbers.next()) {
    const State& mine = states_[static_cast<std::size_t>(pair->first)];
    const std::size_t length = pair->second;
    State state{.accepts = mine.accepts && length >= min};
    for (const Edge& edge : mine.edges) {
      if (length + 1 + distance[static_cast<std::size_t>(edge.target)] > max) continue;
      append_edge(state.edges, edge.low, edge.high, numbers[{edge.target, length + 1}]);
    }
    result.push_back(std::move(state));
  }
  return Automaton(std::move(result));
}

bool Automaton::accepts(std::string_view text) const {
  if (empty()) return false;
  int at = 0;
  for (const CodePoint c : code_points(text)) {
    const auto& edges = states_[static_cast<std::size_t>(at)].edges;
    const auto edge = std::find_if(edges.begin(), edges.end(), [c](const Edge& e) { return e.low <= c && c <= e.high; });
    if (edge == edges.end()) return false;
    at = edge->target;
  }
  return states_[static_cast<std::size_t>(at)].accepts;
}

std::vector<std::size_t> Automaton::distances() const {
  std::vector<std::vector<int>> sources(states_.size());
  std::vector<std::size_t> distance(states_.size(), kUnreachable);
  std::deque<int> waiting;
  for (std::size_t i = 0; i < states_.size(); ++i) {
    for (const Edge& edge : states_[i].edges) sources[static_cast<std::size_t>(edge.target)].push_back(static_cast<int>(i));
    if (!states_[i].accepts) continue;
    distance[i] = 0;
    waiting.push_back(static_cast<int>(i));
  }
  while (!waiting.empty()) {
    const auto at = static_cast<std::size_t>(waiting.front());
    waiting.pop_front();
    for (const int source : sources[at]) {
      auto& other = distance[static_cast<std::size_t>(source)];
      if (other != kUnreachable) continue;
      other = distance[at] + 1;
      waiting.push_back(source);
    }
  }
  return distance;
}

std::size_t Automaton::shortest() const {
  return empty() ? 0 : distances()[0];
}

std::optional<std::size_t> Automaton::longest() const {
  // In topological order; what is on a circle never gets its turn.
  std::vector<int> incoming(states_.size(), 0);
  for (const State& state : states_) {
    for (const Edge& edge : state.edges) ++incoming[static_cast<std::size_t>(edge.target)];
  }
  std::vector<std::size_t> depth(states_.size(), 0);
  std::vector<std::size_t> ready;
  for (std::size_t i = 0; i < states_.size(); ++i) {
    if (incoming[i] == 0) ready.push_back(i);
  }
  std::size_t done = 0;
  std::size_t longest = 0;
  while (!ready.empty()) {
    const std::size_t at = ready.back();
    ready.pop_back();
    ++done;
    longest = std::max(longest, depth[at]);
    for (const Edge& edge : states_[at].edges) {
      const auto target = static_cast<std::size_t>(edge.target);
      depth[target] = std::max(depth[target], depth[at] + 1);
      if (--incoming[target] == 0) ready.push_back(target);
    }
  }
  return done == states_.size() ? std::optional(longest) : std::nullopt;
}

bool Automaton::is_free(int state, const CharSet& chars) const {
  const State& self = states_[static_cast<std::size_t>(state)];
  if (!self.accepts || self.edges.size() != chars.ranges().size()) return false;
  for (std::size_t i = 0; i < self.edges.size(); ++i) {
    const Edge& edge = self.edges[i];
    if (edge.target != state || CharRange{edge.low, edge.high} != chars.ranges()[i]) return false;
  }
  return true;
}

void Automaton::trim() {
  if (states_.empty()) return;
  const std::vector<std::size_t> distance = distances();
  if (distance[0] == kUnreachable) {
    states_.clear();
    return;
  }
  Numbering<int> numbers;
  std::vector<State> kept;
  static_cast<void>(numbers[0]);
  while (const auto old = numbers.next()) {
    State& source = states_[static_cast<std::size_t>(*old)];
    State state{.accepts = source.accepts};
    for (const Edge& edge : source.edges) {
      if (distance[static_cast<std::size_t>(edge.target)] == kUnreachable) continue;
      append_edge(state.edges, edge.low, edge.high, numbers[edge.target]);
    }
    kept.push_back(std::move(state));
  }
  states_ = std::move(kept);
}

int StateGraph::add_state() {
  check_size(nodes_.size() + 1);
  nodes_.emplace_back();
  return static_cast<int>(nodes_.size()) - 1;
}

void StateGraph::add_edge(int from, const CharSet& chars, int to) {
  for (const CharRange& range : chars.ranges()) {
    nodes_[static_cast<std::size_t>(from)].edges.push_back({range.low, range.high, to});
  }
}

void StateGraph::add_jump(int from, int to) {
  nodes_[static_cast<std::size_t>(from)].jumps.push_back(to);
}

void StateGraph::add(const Automaton& automaton, int from, int to) {
  if (automaton.empty()) return;
  const int base = static_cast<int>(nodes_.size());
  for (const Automaton::State& state : automaton.states()) {
    const int at = add_state();
    for (const Automaton::Edge& edge : state.edges) add_edge(at, CharSet::of(edge.low, edge.high), base + edge.target);
    if (state.accepts) add_jump(at, to);
  }
  add_jump(from, base);
}

StateGraph::Set StateGraph::closure(Set states) const {
  std::vector<bool> seen(nodes_.size());
  for (const int state : states) seen[static_cast<std::size_t>(state)] = true;
  for (std::size_t i = 0; i < states.size(); ++i) {
    for (const int next : nodes_[static_cast<std::size_t>(states[i])].jumps) {
      if (seen[static_cast<std::size_t>(next)]) continue;
      seen[static_cast<std::size_t>(next)] = true;
      states.push_back(next);
    }
  }
  if (free_ >= 0 && seen[static_cast<std::size_t>(free_)]) return {free_};
  std::sort(states.begin(), states.end());
  return states;
}

Automaton StateGraph::determinize(int from, int to) const {
  constexpr std::size_t kMostWork = 20'000'000;
  std::size_t work = 0;
  Numbering<Set> numbers;
  std::vector<Automaton::State> result;
  static_cast<void>(numbers[closure({from})]);
  while (const auto set = numbers.next()) {
    Automaton::State state{.accepts = std::binary_search(set->begin(), set->end(), to)};
    std::vector<Automaton::Edge> edges;
    std::vector<CodePoint> bounds;
    for (const int member : *set) {
      for (const Automaton::Edge& edge : nodes_[static_cast<std::size_t>(member)].edges) {
        edges.push_back(edge);
        bounds.push_back(edge.low);
        bounds.push_back(edge.high + 1);
      }
    }
    std::sort(bounds.begin(), bounds.end());
    bounds.erase(std::unique(bounds.begin(), bounds.end()), bounds.end());
    // Between two bounds all characters lead to the same states.
    for (std::size_t i = 0; i + 1 < bounds.size(); ++i) {
      Set targets;
      for (const Automaton::Edge& edge : edges) {
        if (edge.low <= bounds[i] && bounds[i] <= edge.high) targets.push_back(edge.target);
      }
      work += edges.size() + nodes_.size() / 64 + 1;
      if (work > kMostWork) throw Refusal("takes too much work");
      if (targets.empty()) continue;
      std::sort(targets.begin(), targets.end());
      targets.erase(std::unique(targets.begin(), targets.end()), targets.end());
      append_edge(state.edges, bounds[i], bounds[i + 1] - 1, numbers[closure(std::move(targets))]);
    }
    result.push_back(std::move(state));
  }
  return Automaton(std::move(result));
}

}  // namespace genkit::llama
