#include "schema/draft7/pattern.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

#include "schema/draft7/chars.h"

namespace genkit::internal {
namespace {

using Outcome = TranslatedPattern::Outcome;

// WhiteSpace and LineTerminator of ECMA-262, which \s means; RE2's \s is ASCII.
constexpr std::string_view kSpaces = R"(\t-\r \x{A0}\x{1680}\x{2000}-\x{200A}\x{2028}\x{2029}\x{202F}\x{205F}\x{3000}\x{FEFF})";
constexpr std::string_view kNoSpaces =
    R"(\x{0}-\x{8}\x{E}-\x{1F}\x{21}-\x{9F}\x{A1}-\x{167F}\x{1681}-\x{1FFF}\x{200B}-\x{2027}\x{202A}-\x{202E})"
    R"(\x{2030}-\x{205E}\x{2060}-\x{2FFF}\x{3001}-\x{FEFE}\x{FF00}-\x{10FFFF})";
constexpr std::string_view kAnything = R"([\x{0}-\x{10FFFF}])";
constexpr std::string_view kNothing = R"([^\x{0}-\x{10FFFF}])";

// RE2 refuses larger counts in one repetition.
constexpr int kLongestRepetition = 1000;
constexpr int kMostRepetitions = 10'000;

// RE2 knows general categories by their short names only.
constexpr std::array<std::pair<std::string_view, std::string_view>, 36> kCategories = {{
    {"Letter", "L"},
    {"Lowercase_Letter", "Ll"},
    {"Uppercase_Letter", "Lu"},
    {"Titlecase_Letter", "Lt"},
    {"Modifier_Letter", "Lm"},
    {"Other_Letter", "Lo"},
    {"Mark", "M"},
    {"Nonspacing_Mark", "Mn"},
    {"Spacing_Mark", "Mc"},
    {"Enclosing_Mark", "Me"},
    {"Number", "N"},
    {"Decimal_Number", "Nd"},
    {"Letter_Number", "Nl"},
    {"Other_Number", "No"},
    {"Punctuation", "P"},
    {"punct", "P"},
    {"Connector_Punctuation", "Pc"},
    {"Dash_Punctuation", "Pd"},
    {"Open_Punctuation", "Ps"},
    {"Close_Punctuation", "Pe"},
    {"Initial_Punctuation", "Pi"},
    {"Final_Punctuation", "Pf"},
    {"Other_Punctuation", "Po"},
    {"Symbol", "S"},
    {"Math_Symbol", "Sm"},
    {"Currency_Symbol", "Sc"},
    {"Modifier_Symbol", "Sk"},
    {"Other_Symbol", "So"},
    {"Separator", "Z"},
    {"Space_Separator", "Zs"},
    {"Line_Separator", "Zl"},
    {"Paragraph_Separator", "Zp"},
    {"Other", "C"},
    {"Control", "Cc"},
    {"Format", "Cf"},
    {"Private_Use", "Co"},
}};

void append_code_point(std::string& out, std::uint32_t code_point) {
  char c = static_cast<char>(code_point);
  if (code_point < 0x80 && (is_digit(c) || is_letter(c))) {
    out += c;
    return;
  }
  char hex[12];
  out += "\\x{";
  out.append(hex, std::to_chars(hex, hex + sizeof hex, code_point, 16).ptr);
  out += '}';
}

std::string unicode_class(std::string_view name, bool negated) {
  for (std::string_view prefix : {"General_Category=", "gc=", "Script=", "sc=", "Script_Extensions=", "scx="}) {
    if (name.starts_with(prefix)) {
      name.remove_prefix(prefix.size());
      break;
    }
  }
  for (const auto& [long_name, short_name] : kCategories) {
    if (name == long_name) name = short_name;
  }
  std::string text = negated ? "\\P{" : "\\p{";
  text += name;
  text += '}';
  return text;
}

/// Reads a pattern from left to right and writes it down in RE2's syntax. What RE2 reads the same way is copied; groups do not
/// capture, since nobody asks for what they matched.
class PatternTranslator {
 public:
  explicit PatternTranslator(std::string_view text) : text_(text) {}

  TranslatedPattern translate() {
    while (at_ < text_.size() && result_.outcome != Outcome::kInvalid) translate_term();
    if (!groups_.empty()) fail(Outcome::kInvalid, "a group is not closed");
    result_.text = std::move(out_);
    return std::move(result_);
  }

 private:
  static constexpr std::size_t kNoAtom = std::string::npos;

  /// What a backslash or a plain character means: one code point, or a set of them in the syntax of RE2.
  struct Atom {
    std::optional<std::uint32_t> code_point;
    std::string_view in_class;  ///< the set as it is written between brackets
    std::string storage;        ///< the same for sets that are not constants
    std::string_view set() const { return storage.empty() ? in_class : std::string_view(storage); }
  };

  void fail(Outcome outcome, std::string reason) {
    if (result_.outcome == Outcome::kInvalid) return;
    if (result_.outcome == Outcome::kUnsupported && outcome == Outcome::kUnsupported) return;
    result_.outcome = outcome;
    result_.reason = std::move(reason);
  }

  bool take(std::string_view expected) {
    if (!text_.substr(at_).starts_with(expected)) return false;
    at_ += expected.size();
    return true;
  }

  void translate_term() {
    switch (text_[at_]) {
      case '(':
        open_group();
        return;
      case ')':
        close_group();
        return;
      case '|':
      case '^':
      case '$':
        out_ += text_[at_++];
        atom_ = kNoAtom;
        return;
      case '.':
        ++at_;
        atom_ = out_.size();
        out_ += R"([^\n\r\x{2028}\x{2029}])";
        return;
      case '[':
        ++at_;
        atom_ = out_.size();
        translate_class();
        return;
      case '*':
      case '+':
      case '?':
        repeat(text_[at_] == '+' ? 1 : 0, text_[at_] == '?' ? std::optional<int>(1) : std::nullopt, 1);
        return;
      case '{':
        translate_braces();
        return;
      case '\\':
        translate_escape();
        return;
      default:
        atom_ = out_.size();
        append_code_point(out_, take_code_point());
    }
  }

  void open_group() {
    ++at_;
    groups_.push_back(out_.size());
    out_ += "(?:";
    atom_ = kNoAtom;
    if (!take("?")) return;
    if (take(":")) return;
    if (take("=") || take("!") || take("<=") || take("<!")) {
      fail(Outcome::kUnsupported, "look-ahead and look-behind need backtracking");
      return;
    }
    if (take("<")) {
      std::size_t end = text_.find('>', at_);
      if (end != std::string_view::npos && end > at_) {
        at_ = end + 1;
        return;
      }
    }
    fail(Outcome::kInvalid, "unknown kind of group");
  }

  void close_group() {
    ++at_;
    if (groups_.empty()) {
      fail(Outcome::kInvalid, "a closing parenthesis without an opening one");
      return;
    }
    atom_ = groups_.back();
    groups_.pop_back();
    out_ += ')';
  }

  /// {n}, {n,} and {n,m}; any other brace stands for itself.
  void translate_braces() {
    std::size_t at = at_ + 1;
    std::optional<int> least = read_count(at);
    std::optional<int> most = least;
    if (least && at < text_.size() && text_[at] == ',') {
      ++at;
      most = read_count(at);
    }
    if (!least || at >= text_.size() || text_[at] != '}') {
      atom_ = out_.size();
      append_code_point(out_, take_code_point());
      return;
    }
    repeat(*least, most, at + 1 - at_);
  }

  std::optional<int> read_count(std::size_t& at) const {
    std::size_t start = at;
    std::int64_t count = 0;
    for (; at < text_.size() && is_digit(text_[at]); ++at) {
      count = std::min<std::int64_t>(count * 10 + (text_[at] - '0'), kMostRepetitions + 1);
    }
    if (at == start) return std::nullopt;
    return static_cast<int>(count);
  }

  /// The atom before is repeated; `length` characters say so.
  void repeat(int least, std::optional<int> most, std::size_t length) {
    std::string_view written = text_.substr(at_, length);
    at_ += length;
    if (atom_ == kNoAtom) return fail(Outcome::kInvalid, "nothing to repeat");
    if (most && *most < least) return fail(Outcome::kInvalid, "a repetition with its numbers out of order");
    std::string_view lazy = take("?") ? "?" : "";
    if (least <= kLongestRepetition && most.value_or(0) <= kLongestRepetition) {
      out_ += written;
      out_ += lazy;
    } else if (std::max(least, most.value_or(0)) > kMostRepetitions) {
      fail(Outcome::kUnsupported, "a repetition of more than " + std::to_string(kMostRepetitions) + " times");
    } else {
      repeat_in_pieces(least, most, lazy);
    }
    atom_ = kNoAtom;
  }

  void repeat_in_pieces(int least, std::optional<int> most, std::string_view lazy) {
    std::string atom = out_.substr(atom_);
    out_.resize(atom_);
    auto append = [&](int from, int to) {
      out_ += atom + '{' + std::to_string(from) + ',' + std::to_string(to) + '}';
      out_ += lazy;
    };
    int rest = most ? *most - least : 0;
    for (; least > 0; least -= kLongestRepetition)
      append(std::min(least, kLongestRepetition), std::min(least, kLongestRepetition));
    for (; rest > 0; rest -= kLongestRepetition) append(0, std::min(rest, kLongestRepetition));
    if (most) return;
    out_ += atom + '*';
    out_ += lazy;
  }

  void translate_escape() {
    if (text_.substr(at_).starts_with("\\b") || text_.substr(at_).starts_with("\\B")) {
      out_ += text_.substr(at_, 2);
      at_ += 2;
      atom_ = kNoAtom;
      return;
    }
    atom_ = out_.size();
    Atom atom = take_escape();
    if (atom.code_point) {
      append_code_point(out_, *atom.code_point);
    } else {
      out_ += '[';
      out_ += atom.set();
      out_ += ']';
    }
  }

  void translate_class() {
    bool negated = take("^");
    std::string items;
    while (at_ < text_.size() && text_[at_] != ']') {
      Atom first = take_class_atom();
      bool is_range = text_.substr(at_).starts_with("-") && at_ + 1 < text_.size() && text_[at_ + 1] != ']';
      if (!first.code_point || !is_range) {
        append_class_atom(items, first);
        continue;
      }
      ++at_;
      Atom last = take_class_atom();
      append_class_atom(items, first);
      if (last.code_point) {
        if (*last.code_point < *first.code_point) return fail(Outcome::kInvalid, "a character range out of order");
        items += '-';
      } else {
        append_code_point(items, '-');
      }
      append_class_atom(items, last);
    }
    if (!take("]")) return fail(Outcome::kInvalid, "a character class is not closed");
    if (items.empty()) {
      out_ += negated ? kAnything : kNothing;
    } else {
      out_ += (negated ? "[^" : "[") + items + ']';
    }
  }

  Atom take_class_atom() {
    if (text_[at_] != '\\') return {.code_point = take_code_point(), .in_class = {}, .storage = {}};
    if (take("\\b")) return {.code_point = '\b', .in_class = {}, .storage = {}};
    return take_escape();
  }

  static void append_class_atom(std::string& items, const Atom& atom) {
    if (atom.code_point) {
      append_code_point(items, *atom.code_point);
    } else {
      items += atom.set();
    }
  }

  /// A backslash and what belongs to it.
  Atom take_escape() {
    ++at_;
    if (at_ == text_.size()) return invalid_atom("a backslash at the end");
    char c = text_[at_];
    switch (c) {
      case 'd':
      case 'D':
      case 'w':
      case 'W':
        ++at_;
        return {.code_point = {}, .in_class = text_.substr(at_ - 2, 2), .storage = {}};
      case 's':
      case 'S':
        ++at_;
        return {.code_point = {}, .in_class = c == 's' ? kSpaces : kNoSpaces, .storage = {}};
      case 'p':
      case 'P':
        return take_unicode_class();
      case 't':
        return take_control('\t');
      case 'n':
        return take_control('\n');
      case 'v':
        return take_control('\v');
      case 'f':
        return take_control('\f');
      case 'r':
        return take_control('\r');
      case '0':
        return take_control('\0');
      case 'c':
        ++at_;
        if (at_ == text_.size() || !is_letter(text_[at_])) return invalid_atom("\\c without a letter");
        return {.code_point = static_cast<std::uint32_t>(text_[at_++] & 31), .in_class = {}, .storage = {}};
      case 'x':
        ++at_;
        return hex_atom(take_hex(2));
      case 'u':
        ++at_;
        return hex_atom(take_unicode_escape());
      default:
        break;
    }
    if (is_digit(c) || c == 'k') {
      ++at_;
      fail(Outcome::kUnsupported, "back references need backtracking");
      return {.code_point = 0, .in_class = {}, .storage = {}};
    }
    if (is_letter(c)) return invalid_atom("\\" + std::string(1, c) + " is no escape");
    return {.code_point = take_code_point(), .in_class = {}, .storage = {}};
  }

  Atom invalid_atom(std::string reason) {
    fail(Outcome::kInvalid, std::move(reason));
    at_ = text_.size();
    return {.code_point = 0, .in_class = {}, .storage = {}};
  }

  Atom take_control(char c) {
    ++at_;
    if (c == '\0' && at_ < text_.size() && is_digit(text_[at_])) return invalid_atom("an octal escape");
    return {.code_point = static_cast<std::uint32_t>(c), .in_class = {}, .storage = {}};
  }

  Atom hex_atom(std::optional<std::uint32_t> code_point) {
    if (!code_point) return invalid_atom("an escape without its hexadecimal digits");
    if (*code_point > 0x10FFFF || (*code_point >= 0xD800 && *code_point <= 0xDFFF))
      return invalid_atom("an escape of no character");
    return {.code_point = code_point, .in_class = {}, .storage = {}};
  }

  std::optional<std::uint32_t> take_hex(std::size_t length) {
    std::string_view digits = text_.substr(at_, length);
    std::uint32_t value = 0;
    auto [end, code] = std::from_chars(digits.data(), digits.data() + digits.size(), value, 16);
    if (digits.size() != length || end != digits.data() + length || code != std::errc()) return std::nullopt;
    at_ += length;
    return value;
  }

  /// After \u: four digits, two such escapes that form a surrogate pair, or {digits}.
  std::optional<std::uint32_t> take_unicode_escape() {
    if (take("{")) {
      std::size_t end = text_.find('}', at_);
      if (end == std::string_view::npos || end == at_ || end - at_ > 6) return std::nullopt;
      std::optional<std::uint32_t> value = take_hex(end - at_);
      ++at_;
      return value;
    }
    std::optional<std::uint32_t> first = take_hex(4);
    if (!first || (*first & 0xFC00) != 0xD800 || !take("\\u")) return first;
    std::optional<std::uint32_t> second = take_hex(4);
    if (!second || (*second & 0xFC00) != 0xDC00) return std::nullopt;
    return 0x10000 + ((*first & 0x3FF) << 10) + (*second & 0x3FF);
  }

  Atom take_unicode_class() {
    bool negated = text_[at_++] == 'P';
    std::size_t end = text_.find('}', at_);
    if (!take("{") || end == std::string_view::npos || end == at_) return invalid_atom("\\p without a {name}");
    std::string_view name = text_.substr(at_, end - at_);
    at_ = end + 1;
    for (char c : name) {
      if (!is_letter(c) && !is_digit(c) && c != '_' && c != '=') return invalid_atom("\\p with a name that is none");
    }
    return {.code_point = {}, .in_class = {}, .storage = unicode_class(name, negated)};
  }

  std::uint32_t take_code_point() {
    auto lead = static_cast<unsigned char>(text_[at_++]);
    if (lead < 0x80) return lead;
    int more = lead >= 0xF0 ? 3 : lead >= 0xE0 ? 2 : lead >= 0xC0 ? 1 : 0;
    std::uint32_t code_point = lead & (0x3Fu >> more);
    bool valid = more > 0;
    for (; more > 0 && valid; --more) {
      valid = at_ < text_.size() && (static_cast<unsigned char>(text_[at_]) & 0xC0) == 0x80;
      if (valid) code_point = code_point << 6 | (static_cast<unsigned char>(text_[at_++]) & 0x3F);
    }
    if (!valid || code_point > 0x10FFFF) fail(Outcome::kInvalid, "invalid UTF-8");
    return code_point;
  }

  std::string_view text_;
  std::size_t at_ = 0;
  std::string out_;
  std::size_t atom_ = kNoAtom;       // where in out_ the term begins that a repetition would repeat
  std::vector<std::size_t> groups_;  // where in out_ the open groups begin
  TranslatedPattern result_;
};

}  // namespace

TranslatedPattern translate_pattern(std::string_view ecma) {
  return PatternTranslator(ecma).translate();
}

bool is_regex(std::string_view text) {
  return translate_pattern(text).outcome != Outcome::kInvalid;
}

}  // namespace genkit::internal
