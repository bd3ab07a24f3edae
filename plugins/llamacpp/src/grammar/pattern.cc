#include "grammar/pattern.h"

#include <optional>
#include <span>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

namespace genkit::llama {
namespace {

constexpr int kDeepestGroup = 64;
constexpr int kLargestCount = 2000;
constexpr std::size_t kMostGraphStates = 10'000;

struct Node {
  enum class Kind { kChars, kSequence, kChoice, kRepeat, kBegin, kEnd };
  Kind kind = Kind::kSequence;
  CharSet chars = {};
  std::vector<Node> children = {};
  int min = 1;
  std::optional<int> max = 1;
};

const CharSet kDigits{{'0', '9'}};
const CharSet kWord{{'0', '9'}, {'A', 'Z'}, {'_', '_'}, {'a', 'z'}};
const CharSet kSpace{{'\t', '\r'},     {' ', ' '},       {0xA0, 0xA0},     {0x1680, 0x1680}, {0x2000, 0x200A},
                     {0x2028, 0x2029}, {0x202F, 0x202F}, {0x205F, 0x205F}, {0x3000, 0x3000}, {0xFEFF, 0xFEFF}};
const CharSet kLineEnds{{'\n', '\n'}, {'\r', '\r'}, {0x2028, 0x2029}};

bool is_letter_or_digit(CodePoint c) {
  return kWord.contains(c) && c != '_';
}

class PatternParser {
 public:
  explicit PatternParser(std::string_view pattern) : text_(code_points(pattern)) {}

  Node parse() {
    Node node = parse_choice(0);
    if (!done()) refuse("has an unmatched \")\"");
    return node;
  }

 private:
  [[noreturn]] static void refuse(const std::string& what) { throw Refusal("the pattern " + what); }

  bool done() const { return at_ == text_.size(); }
  CodePoint peek() const { return text_[at_]; }
  bool next_is(CodePoint c) const { return !done() && peek() == c; }
  bool take(CodePoint c) {
    if (!next_is(c)) return false;
    ++at_;
    return true;
  }
  CodePoint take_any(const char* what) {
    if (done()) refuse(std::string("ends in the middle of ") + what);
    return text_[at_++];
  }

  Node parse_choice(int depth) {
    if (depth > kDeepestGroup) refuse("has more than " + std::to_string(kDeepestGroup) + " groups inside of each other");
    Node choice{.kind = Node::Kind::kChoice};
    do choice.children.push_back(parse_sequence(depth));
    while (take('|'));
    return choice.children.size() == 1 ? std::move(choice.children.front()) : choice;
  }

  Node parse_sequence(int depth) {
    Node sequence{.kind = Node::Kind::kSequence};
    while (!done() && peek() != '|' && peek() != ')') sequence.children.push_back(parse_repetition(depth));
    return sequence;
  }

  Node parse_repetition(int depth) {
    Node atom = parse_atom(depth);
    int min = 0;
    std::optional<int> max;
    if (take('+')) {
      min = 1;
    } else if (take('?')) {
      max = 1;
    } else if (take('{')) {
      std::tie(min, max) = parse_counts();
    } else if (!take('*')) {
      return atom;
    }
    if (atom.kind == Node::Kind::kBegin || atom.kind == Node::Kind::kEnd) refuse("repeats an anchor");
    take('?');  // which match is found first makes no difference here
    Node repeat{.kind = Node::Kind::kRepeat, .min = min, .max = max};
    repeat.children.push_back(std::move(atom));
    return repeat;
  }

  std::pair<int, std::optional<int>> parse_counts() {
    const int min = parse_count();
    if (take('}')) return {min, min};
    if (!take(',')) refuse("has a \"{\" without a count");
    if (take('}')) return {min, std::nullopt};
    const int max = parse_count();
    if (!take('}') || max < min) refuse("has a count that makes no sense");
    return {min, max};
  }

  int parse_count() {
    int value = 0;
    const std::size_t begin = at_;
    while (!done() && kDigits.contains(peek())) {
      value = value * 10 + static_cast<int>(text_[at_++] - '0');
      if (value > kLargestCount) refuse("repeats more than " + std::to_string(kLargestCount) + " times");
    }
    if (at_ == begin) refuse("has a \"{\" without a count");
    return value;
  }

  Node parse_atom(int depth) {
    const CodePoint c = take_any("an expression");
    switch (c) {
      case '^':
        return {.kind = Node::Kind::kBegin};
      case '$':
        return {.kind = Node::Kind::kEnd};
      case '.':
        return chars(kLineEnds.complement());
      case '[':
        return chars(parse_class());
      case '(':
        return parse_group(depth);
      case '\\':
        return chars(parse_escape(false));
      case '*':
      case '+':
      case '?':
      case '{':
        refuse("repeats nothing");
      default:
        return chars(one(c));
    }
  }

  static Node chars(CharSet set) { return {.kind = Node::Kind::kChars, .chars = std::move(set)}; }

  Node parse_group(int depth) {
    if (take('?') && !take(':')) {
      if (!take('<')) refuse("looks ahead, which a grammar cannot do");
      if (next_is('=') || next_is('!')) refuse("looks behind, which a grammar cannot do");
      while (take_any("the name of a group") != '>') {
      }
    }
    Node inner = parse_choice(depth + 1);
    if (!take(')')) refuse("has an unmatched \"(\"");
    return inner;
  }

  CharSet parse_class() {
    const bool negated = take('^');
    CharSet set;
    while (!take(']')) {
      bool is_set = false;
      const CharSet low = parse_class_member(is_set);
      // A hyphen at the end or beside a class like \w is only a hyphen.
      if (is_set || !next_is('-') || at_ + 1 >= text_.size() || text_[at_ + 1] == ']') {
        set.add(low);
        continue;
      }
      ++at_;
      const CharSet high = parse_class_member(is_set);
      if (is_set || low.ranges()[0].low > high.ranges()[0].low) refuse("has a range of characters that makes no sense");
      set.add(CharSet::of(low.ranges()[0].low, high.ranges()[0].low));
    }
    return negated ? set.complement() : set;
  }

  CharSet parse_class_member(bool& is_set) {
    const CodePoint c = take_any("a class of characters");
    if (c != '\\') return one(c);
    const CharSet set = parse_escape(true);
    is_set = set.ranges().size() != 1 || set.ranges()[0].low != set.ranges()[0].high;
    return set;
  }

  CharSet parse_escape(bool in_class) {
    const CodePoint c = take_any("an escape");
    switch (c) {
      case 'd':
        return kDigits;
      case 'D':
        return kDigits.complement();
      case 'w':
        return kWord;
      case 'W':
        return kWord.complement();
      case 's':
        return kSpace;
      case 'S':
        return kSpace.complement();
      case 't':
        return one('\t');
      case 'n':
        return one('\n');
      case 'r':
        return one('\r');
      case 'f':
        return one('\f');
      case 'v':
        return one('\v');
      case 'x':
        return one(parse_hex(2));
      case 'u':
        return one(parse_unicode());
      case 'b':
        if (in_class) return one('\b');
        break;
      default:
        if (!is_letter_or_digit(c)) return one(c);
    }
    std::string shown = "\\";
    append_utf8(shown, c);
    refuse("uses \"" + shown + "\", which a grammar cannot do");
  }

  static CharSet one(CodePoint c) { return CharSet::of(c, c); }

  CodePoint parse_unicode() {
    if (!take('{')) {
      const CodePoint high = parse_hex(4);
      if (high < 0xD800 || high > 0xDBFF || at_ + 1 >= text_.size() || text_[at_] != '\\' || text_[at_ + 1] != 'u') return high;
      at_ += 2;
      return 0x10000 + ((high - 0xD800) << 10) + (parse_hex(4) - 0xDC00);
    }
    CodePoint value = 0;
    while (!take('}')) value = value * 16 + hex_digit();
    if (value > 0x10FFFF) refuse("names a character beyond U+10FFFF");
    return value;
  }

  CodePoint parse_hex(int digits) {
    CodePoint value = 0;
    for (int i = 0; i < digits; ++i) value = value * 16 + hex_digit();
    return value;
  }

  CodePoint hex_digit() {
    const CodePoint c = take_any("a number of a character");
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    if (c >= 'A' && c <= 'F') return c - 'A' + 10;
    refuse("has a wrong number of a character");
  }

  std::vector<CodePoint> text_;
  std::size_t at_ = 0;
};

/// Makes the states for a pattern.
class GraphBuilder {
 public:
  Automaton build(const Node& pattern) {
    const int begin = graph_.add_state();
    const int end = graph_.add_state();
    const int before = graph_.add_state();
    graph_.add_edge(before, CharSet::any(), before);
    graph_.add_edge(end, CharSet::any(), end);
    graph_.set_free(end);
    graph_.add_jump(begin, before);
    const int exact_end = graph_.add_state();
    build_top(pattern, {.begin = begin, .before = before, .end = end, .exact_end = exact_end});

    // What passes through the free end is lost to the first, and found by the second.
    const Automaton exact = graph_.determinize(begin, exact_end);
    const Automaton open = graph_.determinize(begin, end);
    if (exact.empty() || open.empty()) return exact.empty() ? open : exact;
    StateGraph both;
    const int start = both.add_state();
    const int accept = both.add_state();
    both.add(exact, start, accept);
    both.add(open, start, accept);
    return both.determinize(start, accept);
  }

 private:
  struct Ends {
    int begin;      ///< where texts begin
    int before;     ///< where something unknown may have come first
    int end;        ///< behind which anything may follow
    int exact_end;  ///< where texts end
  };

  /// Anchors are understood at the ends of the alternatives of the whole pattern.
  void build_top(const Node& node, const Ends& ends) {
    if (node.kind == Node::Kind::kChoice) {
      for (const Node& child : node.children) build_top(child, ends);
      return;
    }
    if (node.kind != Node::Kind::kSequence) return build_between({&node, 1}, ends.before, ends.end);
    std::span<const Node> parts = node.children;
    bool from_begin = false;
    bool to_end = false;
    while (!parts.empty() && parts.front().kind == Node::Kind::kBegin) {
      from_begin = true;
      parts = parts.subspan(1);
    }
    while (!parts.empty() && parts.back().kind == Node::Kind::kEnd) {
      to_end = true;
      parts = parts.first(parts.size() - 1);
    }
    const bool is_group = parts.size() == 1 && (parts[0].kind == Node::Kind::kChoice || parts[0].kind == Node::Kind::kSequence);
    if (is_group && !from_begin && !to_end) return build_top(parts[0], ends);
    build_between(parts, from_begin ? ends.begin : ends.before, to_end ? ends.exact_end : ends.end);
  }

  void build_between(std::span<const Node> parts, int from, int to) {
    // A state of its own, so that what repeats at the beginning does not run through the common one.
    int at = graph_.add_state();
    graph_.add_jump(from, at);
    for (const Node& part : parts) at = build_node(part, at);
    graph_.add_jump(at, to);
  }

  /// Returns the state behind `node`.
  int build_node(const Node& node, int from) {
    if (graph_.size() > kMostGraphStates) throw Refusal("the pattern is too large");
    switch (node.kind) {
      case Node::Kind::kChars: {
        const int to = graph_.add_state();
        graph_.add_edge(from, node.chars, to);
        return to;
      }
      case Node::Kind::kSequence: {
        for (const Node& child : node.children) from = build_node(child, from);
        return from;
      }
      case Node::Kind::kChoice: {
        const int to = graph_.add_state();
        for (const Node& child : node.children) {
          const int begin = graph_.add_state();
          graph_.add_jump(from, begin);
          graph_.add_jump(build_node(child, begin), to);
        }
        return to;
      }
      case Node::Kind::kRepeat:
        return build_repeat(node, from);
      case Node::Kind::kBegin:
      case Node::Kind::kEnd:
        break;
    }
    throw Refusal("the pattern has an anchor in its middle, which a grammar cannot express");
  }

  int build_repeat(const Node& node, int from) {
    const Node& child = node.children.front();
    for (int i = 0; i < node.min; ++i) from = build_node(child, from);
    const int to = graph_.add_state();
    graph_.add_jump(from, to);
    if (!node.max) {
      const int loop = graph_.add_state();
      graph_.add_jump(from, loop);
      const int end = build_node(child, loop);
      graph_.add_jump(end, loop);
      graph_.add_jump(end, to);
      return to;
    }
    for (int i = node.min; i < *node.max; ++i) {
      from = build_node(child, from);
      graph_.add_jump(from, to);
    }
    return to;
  }

  StateGraph graph_;
};

}  // namespace

Automaton pattern_automaton(std::string_view pattern) {
  return GraphBuilder().build(PatternParser(pattern).parse());
}

}  // namespace genkit::llama
