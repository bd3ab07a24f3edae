#include "grammar/gbnf.h"

#include <algorithm>
#include <cstdio>
#include <utility>

namespace genkit::llama {
namespace {

constexpr std::size_t kMostSymbols = 200'000;

void append_escaped(std::string& out, CodePoint c, std::string_view special) {
  char buffer[16];
  if (c == '\n') {
    out += "\\n";
  } else if (c == '\t') {
    out += "\\t";
  } else if (c == '\r') {
    out += "\\r";
  } else if (c < 0x80 && special.find(static_cast<char>(c)) != std::string_view::npos) {
    out += '\\';
    out += static_cast<char>(c);
  } else if (c >= 0x20 && c < 0x7F) {
    out += static_cast<char>(c);
  } else {
    std::snprintf(buffer, sizeof buffer, c < 0x100 ? "\\x%02X" : c < 0x10000 ? "\\u%04X" : "\\U%08X", c);
    out += buffer;
  }
}

void append_literal(std::string& out, std::string_view text) {
  out += '"';
  for (const CodePoint c : code_points(text)) append_escaped(out, c, "\"\\");
  out += '"';
}

void append_class(std::string& out, const CharSet& chars) {
  // "^" has no escape of its own, and is safe anywhere but in the first place.
  out += '[';
  for (const CharRange& range : chars.ranges()) {
    if (range.low == '^') {
      out += "\\x5E";
    } else {
      append_escaped(out, range.low, "\\[]-");
    }
    if (range.low == range.high) continue;
    if (range.high > range.low + 1) out += '-';
    append_escaped(out, range.high, "\\[]-");
  }
  out += ']';
}

std::string rule_name(std::string_view hint) {
  std::string name;
  for (const char c : hint) {
    const bool fits = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
    if (fits) {
      name += c;
    } else if (!name.empty() && name.back() != '-') {
      name += '-';
    }
    if (name.size() >= 32) break;
  }
  return name.empty() ? "rule" : name;
}

const char* short_escape(CodePoint c) {
  switch (c) {
    case '"':
      return "\\\"";
    case '\\':
      return "\\\\";
    case '\b':
      return "\\b";
    case '\t':
      return "\\t";
    case '\n':
      return "\\n";
    case '\f':
      return "\\f";
    case '\r':
      return "\\r";
    default:
      return nullptr;
  }
}

}  // namespace

void append(Sequence& head, const Sequence& tail) {
  for (const Symbol& symbol : tail) {
    const bool joins = !head.empty() && head.back().kind == Symbol::Kind::kText && symbol.kind == Symbol::Kind::kText &&
                       head.back().max == 1 && head.back().min == 1 && symbol.min == 1 && symbol.max == 1;
    if (joins) {
      head.back().text += symbol.text;
    } else {
      head.push_back(symbol);
    }
  }
}

Sequence literal(std::string_view text) {
  if (text.empty()) return {};
  return {Symbol{.kind = Symbol::Kind::kText, .text = std::string(text)}};
}

int GbnfBuilder::add_rule(std::string_view hint, std::vector<Sequence> alternatives) {
  count(alternatives);
  const std::string base = rule_name(hint);
  int& uses = names_[base];
  std::string name = uses == 0 && base != "root" ? base : base + "-" + std::to_string(uses + 1);
  ++uses;
  // Another hint may look like a name that was made unique.
  while (name != base && names_.contains(name)) name = base + "-" + std::to_string(++uses);
  names_.try_emplace(name, 1);
  rules_.push_back({std::move(name), std::move(alternatives)});
  return static_cast<int>(rules_.size()) - 1;
}

void GbnfBuilder::count(const std::vector<Sequence>& alternatives) {
  for (const Sequence& sequence : alternatives) {
    symbols_ += 1 + sequence.size();
    for (const Symbol& symbol : sequence) symbols_ += symbol.text.size() / 8 + static_cast<std::size_t>(symbol.max) / 4;
  }
  if (rules_.size() >= kMostRules || symbols_ > kMostSymbols) throw Refusal("makes too large a grammar");
}

Sequence GbnfBuilder::choice(std::string_view hint, std::vector<Sequence> alternatives) {
  std::vector<Sequence> distinct;
  for (Sequence& alternative : alternatives) {
    if (std::find(distinct.begin(), distinct.end(), alternative) == distinct.end()) distinct.push_back(std::move(alternative));
  }
  if (distinct.size() == 1) return std::move(distinct.front());
  return {Symbol{.kind = Symbol::Kind::kRule, .rule = add_rule(hint, std::move(distinct))}};
}

Sequence GbnfBuilder::repeat(std::string_view hint, const Sequence& item, int min, int max) {
  if (max <= 0) return {};
  if (min == 1 && max == 1) return item;
  // llama.cpp repeats one symbol; more than one become a rule.
  Symbol symbol = item.size() == 1 && item[0].min == 1 && item[0].max == 1 && item[0].kind != Symbol::Kind::kText
                      ? item[0]
                      : Symbol{.kind = Symbol::Kind::kRule, .rule = add_rule(hint, {item})};
  symbol.min = min;
  symbol.max = max;
  return {symbol};
}

int GbnfBuilder::json_char() {
  if (json_char_ < 0) {
    const CharSet plain = CharSet{{0x20, 0x21}, {0x23, 0x5B}, {0x5D, 0xD7FF}, {0xE000, 0x10FFFF}};
    Sequence escape = literal("\\");
    escape.push_back({.kind = Symbol::Kind::kChars,
                      .chars = {{'"', '"'}, {'\\', '\\'}, {'b', 'b'}, {'f', 'f'}, {'n', 'n'}, {'r', 'r'}, {'t', 't'}}});
    json_char_ = add_rule("char", {{Symbol{.kind = Symbol::Kind::kChars, .chars = plain}}, escape});
  }
  return json_char_;
}

Sequence GbnfBuilder::any_string(int min, int max) {
  Sequence result = literal("\"");
  if (max > 0) append(result, {Symbol{.kind = Symbol::Kind::kRule, .rule = json_char(), .min = min, .max = max}});
  append(result, literal("\""));
  return result;
}

Sequence GbnfBuilder::free_text() {
  const int rule = add_rule("text", {});
  const Sequence self{Symbol{.kind = Symbol::Kind::kRule, .rule = rule}};
  Sequence more{Symbol{.kind = Symbol::Kind::kChars, .chars = CharSet{{1, 0xD7FF}, {0xE000, 0x10FFFF}}}};
  append(more, self);
  set_rule(rule, {more, {}});
  return self;
}

class GbnfBuilder::AutomatonWriter {
 public:
  AutomatonWriter(GbnfBuilder& builder, std::string_view hint, const Automaton& automaton, Writing writing, int free_length)
      : builder_(builder), hint_(hint), automaton_(automaton), writing_(writing), free_length_(free_length) {
    incoming_.resize(automaton.states().size(), 0);
    for (const Automaton::State& state : automaton.states()) {
      for (const Automaton::Edge& edge : state.edges) ++incoming_[index(edge.target)];
    }
    written_.resize(automaton.states().size(), -1);
  }

  /// From the beginning to any end.
  Sequence write() {
    // Rules first, as they lead to each other, and what is in them afterwards.
    const bool begins_once = incoming_[0] == 0;
    for (std::size_t i = begins_once ? 1 : 0; i < written_.size(); ++i) {
      if (!is_inlined(static_cast<int>(i))) written_[i] = builder_.add_rule(hint_, {});
    }
    for (std::size_t i = 0; i < written_.size(); ++i) {
      if (written_[i] >= 0) builder_.set_rule(written_[i], alternatives(static_cast<int>(i)));
    }
    if (begins_once) return builder_.choice(hint_, alternatives(0));
    return sequence_of(0);
  }

 private:
  static std::size_t index(int state) { return static_cast<std::size_t>(state); }

  bool is_free(int state) const { return writing_ == Writing::kJson && automaton_.is_free(state, CharSet::writable()); }
  bool is_end(int state) const { return automaton_.states()[index(state)].edges.empty(); }
  /// A state with one way in and one way out is a part of what leads to it.
  bool is_inlined(int state) const {
    if (is_free(state) || is_end(state)) return true;
    const Automaton::State& self = automaton_.states()[index(state)];
    if (self.accepts || incoming_[index(state)] != 1 || state == 0) return false;
    const int target = self.edges.front().target;
    return target != state && std::all_of(self.edges.begin(), self.edges.end(),
                                          [target](const Automaton::Edge& edge) { return edge.target == target; });
  }

  Sequence sequence_of(int state) {
    if (is_end(state)) return {};
    if (is_free(state)) {
      return {Symbol{.kind = Symbol::Kind::kRule, .rule = builder_.json_char(), .min = 0, .max = free_length_}};
    }
    return {Symbol{.kind = Symbol::Kind::kRule, .rule = written_[index(state)]}};
  }

  std::vector<Sequence> alternatives(int state) {
    std::vector<Sequence> result;
    std::vector<std::pair<int, CharSet>> by_target;
    for (const Automaton::Edge& edge : automaton_.states()[index(state)].edges) {
      const auto known =
          std::find_if(by_target.begin(), by_target.end(), [&](const auto& entry) { return entry.first == edge.target; });
      if (known == by_target.end()) {
        by_target.emplace_back(edge.target, CharSet::of(edge.low, edge.high));
      } else {
        known->second.add(CharSet::of(edge.low, edge.high));
      }
    }
    for (const auto& [target, chars] : by_target) {
      for (Sequence& head : write_chars(chars)) {
        append(head, follow(target));
        result.push_back(std::move(head));
      }
    }
    if (automaton_.states()[index(state)].accepts) result.emplace_back();
    return result;
  }

  /// What comes after the edge to `state`, as far as there is only one way.
  Sequence follow(int state) {
    Sequence result;
    while (is_inlined(state) && !is_end(state) && !is_free(state)) {
      CharSet chars;
      const auto& edges = automaton_.states()[index(state)].edges;
      for (const Automaton::Edge& edge : edges) chars.add(CharSet::of(edge.low, edge.high));
      std::vector<Sequence> ways = write_chars(chars);
      append(result, builder_.choice(hint_, std::move(ways)));
      state = edges.front().target;
    }
    append(result, sequence_of(state));
    return result;
  }

  /// One character of `chars`, in the ways in which it may be written.
  std::vector<Sequence> write_chars(const CharSet& chars) const {
    std::vector<Sequence> result;
    CharSet plain = chars;
    if (writing_ == Writing::kJson) {
      static const CharSet kEscaped{{'\b', '\n'}, {'\f', '\r'}, {'"', '"'}, {'\\', '\\'}};
      plain = chars.intersect(kEscaped.complement());
      const CharSet escaped = chars.intersect(kEscaped);
      for (const CharRange& range : escaped.ranges()) {
        for (CodePoint c = range.low; c <= range.high; ++c) result.push_back(literal(short_escape(c)));
      }
    }
    if (plain.empty()) return result;
    const auto& ranges = plain.ranges();
    if (ranges.size() == 1 && ranges[0].low == ranges[0].high) {
      std::string one;
      append_utf8(one, ranges[0].low);
      result.insert(result.begin(), literal(one));
    } else {
      result.insert(result.begin(), {Symbol{.kind = Symbol::Kind::kChars, .chars = plain}});
    }
    return result;
  }

  GbnfBuilder& builder_;
  const std::string hint_;
  const Automaton& automaton_;
  const Writing writing_;
  const int free_length_;
  std::vector<int> incoming_;
  std::vector<int> written_;  ///< the rule of each state, or -1
};

void GbnfBuilder::set_rule(int rule, std::vector<Sequence> alternatives) {
  count(alternatives);
  rules_[static_cast<std::size_t>(rule)].alternatives = std::move(alternatives);
}

std::optional<Sequence> GbnfBuilder::json_string(std::string_view hint, const Automaton& texts, int free_length) {
  const Automaton writable = texts.over(CharSet::writable());
  if (writable.empty()) return std::nullopt;
  Sequence result = literal("\"");
  append(result, AutomatonWriter(*this, hint, writable, Writing::kJson, free_length).write());
  append(result, literal("\""));
  return result;
}

std::optional<Sequence> GbnfBuilder::plain(std::string_view hint, const Automaton& texts) {
  if (texts.empty()) return std::nullopt;
  return AutomatonWriter(*this, hint, texts, Writing::kPlain, 0).write();
}

namespace {

bool may_be_empty(const Symbol& symbol, const std::vector<bool>& empty_rules) {
  return symbol.min == 0 || (symbol.kind == Symbol::Kind::kRule && empty_rules[static_cast<std::size_t>(symbol.rule)]);
}

}  // namespace

/// llama.cpp follows all rules that may come first, again and again and each in a place of its own: the ways are counted as it
/// does. It also follows empty rules, and is lost in a rule that begins with itself.
void GbnfBuilder::check_places(const Sequence& root) const {
  std::vector<bool> empty(rules_.size(), false);
  // By turns in both directions: rules mostly lead to those that were made before them, or after.
  bool backwards = false;
  for (bool changed = true; changed;) {
    changed = false;
    backwards = !backwards;
    for (std::size_t step = 0; step < rules_.size(); ++step) {
      const std::size_t i = backwards ? rules_.size() - 1 - step : step;
      if (empty[i]) continue;
      empty[i] = std::any_of(rules_[i].alternatives.begin(), rules_[i].alternatives.end(), [&](const Sequence& sequence) {
        return std::all_of(sequence.begin(), sequence.end(), [&](const Symbol& symbol) { return may_be_empty(symbol, empty); });
      });
      changed = changed || empty[i];
    }
  }

  std::vector<std::size_t> places(rules_.size(), 0);
  std::vector<bool> in_progress(rules_.size(), false);
  // A stack of our own: rules may lead far.
  struct Visit {
    int rule;
    std::size_t alternative = 0;
    std::size_t symbol = 0;
    std::size_t places = 0;
  };
  const auto places_of = [&](int start) {
    std::vector<Visit> stack{{start}};
    in_progress[static_cast<std::size_t>(start)] = true;
    while (!stack.empty()) {
      Visit& visit = stack.back();
      const auto& alternatives = rules_[static_cast<std::size_t>(visit.rule)].alternatives;
      if (visit.places > kMostPlaces) throw Refusal("leaves the matcher with too many possibilities at once");
      if (visit.alternative == alternatives.size()) {
        places[static_cast<std::size_t>(visit.rule)] = std::max<std::size_t>(1, visit.places);
        in_progress[static_cast<std::size_t>(visit.rule)] = false;
        stack.pop_back();
        continue;
      }
      const Sequence& sequence = alternatives[visit.alternative];
      if (visit.symbol == sequence.size()) {
        ++visit.alternative;
        visit.symbol = 0;
        ++visit.places;
        continue;
      }
      const Symbol& symbol = sequence[visit.symbol];
      if (symbol.kind == Symbol::Kind::kRule) {
        const auto rule = static_cast<std::size_t>(symbol.rule);
        if (in_progress[rule]) throw Refusal("contains itself without anything in between");
        if (places[rule] == 0) {
          in_progress[rule] = true;
          stack.push_back({symbol.rule});
          continue;
        }
        visit.places += places[rule];
      } else {
        ++visit.places;
      }
      if (may_be_empty(symbol, empty)) {
        ++visit.symbol;
      } else {
        ++visit.alternative;
        visit.symbol = 0;
      }
    }
  };
  for (const Symbol& symbol : root) {
    if (symbol.kind == Symbol::Kind::kRule && places[static_cast<std::size_t>(symbol.rule)] == 0) places_of(symbol.rule);
  }
  for (std::size_t i = 0; i < rules_.size(); ++i) {
    if (places[i] == 0) places_of(static_cast<int>(i));
  }
}

std::string GbnfBuilder::build(const Sequence& root) const {
  check_places(root);
  std::string out;
  const auto write_sequence = [&](const Sequence& sequence) {
    if (sequence.empty()) out += "\"\"";
    for (std::size_t i = 0; i < sequence.size(); ++i) {
      const Symbol& symbol = sequence[i];
      if (i > 0) out += ' ';
      if (symbol.kind == Symbol::Kind::kText) append_literal(out, symbol.text);
      if (symbol.kind == Symbol::Kind::kChars) append_class(out, symbol.chars);
      if (symbol.kind == Symbol::Kind::kRule) out += rules_[static_cast<std::size_t>(symbol.rule)].name;
      if (symbol.min == 1 && symbol.max == 1) continue;
      if (symbol.min == 0 && symbol.max == 1) {
        out += '?';
      } else {
        out += "{" + std::to_string(symbol.min) + "," + std::to_string(symbol.max) + "}";
      }
    }
  };
  out += "root ::= ";
  write_sequence(root);
  out += '\n';
  for (const Rule& rule : rules_) {
    out += rule.name + " ::= ";
    for (std::size_t i = 0; i < rule.alternatives.size(); ++i) {
      if (i > 0) out += " | ";
      write_sequence(rule.alternatives[i]);
    }
    out += '\n';
    if (out.size() > kMostBytes) throw Refusal("makes too large a grammar");
  }
  return out;
}

}  // namespace genkit::llama
