#include "prompt/lexer.h"

#include <array>

namespace genkit::internal {
namespace {

constexpr std::size_t kNowhere = std::string_view::npos;

/// The ASCII characters that names cannot have in them; white space is looked at separately.
constexpr std::array<bool, 128> kEndsName = [] {
  std::array<bool, 128> table{};
  for (const char c : std::string_view("!\"#%&'()*+,./;<=>@[\\]^`{|}~")) table[static_cast<std::size_t>(c)] = true;
  return table;
}();

std::size_t name_size(std::string_view text) {
  std::size_t size = 0;
  while (size < text.size()) {
    const auto c = static_cast<unsigned char>(text[size]);
    if (c < 128 && kEndsName[c]) break;
    if ((c <= ' ' || c >= 0xc2) && leading_space(text.substr(size)) > 0) break;
    ++size;
  }
  return size;
}

std::size_t spaces(std::string_view text) {
  std::size_t size = 0;
  while (const std::size_t space = leading_space(text.substr(size))) size += space;
  return size;
}

/// What has to follow a name, and what has to follow a literal; the end of the template does neither.
bool ends_name(std::string_view rest) {
  return !rest.empty() && ((std::string_view("=~}/.)|").find(rest[0]) != kNowhere) || leading_space(rest) > 0);
}
bool ends_literal(std::string_view rest) {
  return !rest.empty() && ((std::string_view("~})").find(rest[0]) != kNowhere) || leading_space(rest) > 0);
}

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}
bool is_word(char c) {
  return is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

/// The bytes of a number at the front of `text`, or 0.
std::size_t number_size(std::string_view text) {
  std::size_t size = !text.empty() && text[0] == '-' ? 1 : 0;
  const std::size_t digits = size;
  while (size < text.size() && is_digit(text[size])) ++size;
  if (size == digits) return 0;
  if (size + 1 < text.size() && text[size] == '.' && is_digit(text[size + 1])) {
    ++size;
    while (size < text.size() && is_digit(text[size])) ++size;
  }
  return ends_literal(text.substr(size)) ? size : 0;
}

/// The bytes of `~?}}` at `from`, or 0.
std::size_t close_size(std::string_view text, std::size_t from) {
  const std::string_view rest = text.substr(from);
  if (rest.substr(0, 2) == "}}") return 2;
  return rest.substr(0, 3) == "~}}" ? 3 : 0;
}

}  // namespace

Token Lexer::next() {
  Token token;
  switch (state_) {
    case State::kText:
      if (next_text(token)) return token;
      break;
    case State::kEscapedText:
      return next_escaped_text();
    case State::kRaw:
      return next_raw();
    case State::kTag:
      break;
  }
  position_ += spaces(rest());
  if (!next_tag(token)) unexpected();
  return token;
}

Token Lexer::take(TokenKind kind, std::size_t size) {
  const Token token{kind, text_.substr(position_, size), position_};
  position_ += size;
  return token;
}

void Lexer::check_text(std::size_t begin, std::size_t end) const {
  const std::size_t zero = text_.substr(begin, end - begin).find('\0');
  if (zero != kNowhere) source_.fail(begin + zero, "a template must not contain a NUL character");
}

Token Lexer::content(std::size_t end) {
  check_text(position_, end);
  return take(TokenKind::kContent, end - position_);
}

/// Text up to the next tag. False when a tag starts right here.
bool Lexer::next_text(Token& token) {
  const std::size_t begin = position_;
  const std::size_t tag = text_.find("{{", position_);
  if (tag == kNowhere) {
    token = position_ == text_.size() ? take(TokenKind::kEnd, 0) : content(text_.size());
    return true;
  }
  const bool escaped = tag > begin && text_[tag - 1] == '\\';
  // Two backslashes stand for one, before a tag that counts; a single one makes the tag text.
  const bool escaped_backslash = escaped && tag > begin + 1 && text_[tag - 2] == '\\';
  state_ = escaped && !escaped_backslash ? State::kEscapedText : State::kTag;
  tag_begin_ = tag;

  const std::size_t end = escaped ? tag - 1 : tag;
  check_text(begin, end);
  token = Token{TokenKind::kContent, text_.substr(begin, end - begin), begin};
  position_ = tag;
  if (!token.text.empty()) return true;
  if (state_ == State::kTag) return false;
  token = next_escaped_text();
  return true;
}

/// `{{` that a backslash made text, up to the next tag or the backslashes before it.
Token Lexer::next_escaped_text() {
  state_ = State::kText;
  const std::size_t least = position_ + 2;
  std::size_t end = text_.find("{{", least);
  if (end == kNowhere) return content(text_.size());
  for (int i = 0; i < 2 && end > least && text_[end - 1] == '\\'; ++i) --end;
  return content(end);
}

/// Inside of `{{{{raw}}}}`: text, in which raw blocks may be nested, and the end of the block.
Token Lexer::next_raw() {
  constexpr std::string_view kBraces = "{{{{";
  if (at(kBraces)) {
    const std::string_view after = rest().substr(kBraces.size());
    if (!after.empty() && after[0] != '/') {
      ++raw_depth_;
      return take(TokenKind::kContent, kBraces.size());
    }
    const std::size_t size = after.empty() ? 0 : name_size(after.substr(1));
    if (size > 0 && after.substr(1 + size, 4) == "}}}}") {
      const std::size_t whole = kBraces.size() + 1 + size + 4;
      if (--raw_depth_ > 0) return take(TokenKind::kContent, whole);
      state_ = State::kText;
      Token token = take(TokenKind::kEndRawBlock, whole);
      token.text = token.text.substr(5, size);
      return token;
    }
  }
  const std::size_t end = text_.find(kBraces, position_ + 1);
  if (end == kNowhere) source_.fail(tag_begin_, "this raw block is never closed; end it with {{{{/name}}}}");
  return content(end);
}

void Lexer::unexpected() const {
  if (position_ == text_.size()) source_.fail(tag_begin_, "this tag is never closed; end it with }}");
  const char c = text_[position_];
  if (c == '"' || c == '\'') source_.fail(position_, "this text is never closed; end it with the same quote");
  if (c == '[') source_.fail(position_, "this name is never closed; end it with ]");
  if (name_size(rest()) == 0) {
    source_.fail(position_, std::string("unexpected '") + c + "' in a tag; a name with such characters is written [name]");
  }
  source_.fail(position_ + name_size(rest()), "a name must be followed by a space, =, /, ., ), | or the end of the tag");
}

Token Lexer::comment(std::size_t begin) {
  constexpr std::string_view kDashes = "--";
  state_ = State::kText;
  if (text_.substr(begin, 3) != "!--") {
    const std::size_t close = text_.find("}}", begin + 1);
    if (close == kNowhere) source_.fail(position_, "this comment is never closed; end it with }}");
    return take(TokenKind::kComment, close + 2 - position_);
  }
  for (std::size_t dashes = text_.find(kDashes, begin + 1); dashes != kNowhere; dashes = text_.find(kDashes, dashes + 1)) {
    if (const std::size_t close = close_size(text_, dashes + 2)) {
      return take(TokenKind::kComment, dashes + 2 + close - position_);
    }
  }
  source_.fail(position_, "this comment is never closed; end it with --}}");
}

/// What starts with `{{`.
bool Lexer::open_tag(Token& token) {
  const std::size_t head = at("{{~") ? 3 : 2;
  const std::string_view tail = rest().substr(head);
  const char c = tail.empty() ? '\0' : tail[0];
  tag_begin_ = position_;
  if (at("{{{{")) {
    token = take(TokenKind::kOpenRawBlock, 4);
    return true;
  }
  if (c == '!') {
    token = comment(position_ + head);
    return true;
  }
  // {{^}} and {{else}} are one token with their ends; {{^x}} and {{else x}} go on.
  const std::size_t before_else = spaces(tail);
  const bool is_else = tail.substr(before_else, 4) == "else";
  const std::size_t word_size = c == '^' ? 1 : is_else ? before_else + 4 : 0;
  if (word_size > 0) {
    const std::size_t end = head + word_size + spaces(tail.substr(word_size));
    if (const std::size_t close = close_size(rest(), end)) {
      state_ = State::kText;
      token = take(TokenKind::kInverse, end + close);
      return true;
    }
    if (c == '^' || word_size == tail.size() || !is_word(tail[word_size])) {
      token = take(c == '^' ? TokenKind::kOpenInverse : TokenKind::kOpenInverseChain, head + word_size);
      return true;
    }
  }
  const char second = tail.size() > 1 ? tail[1] : '\0';
  if (c == '>') {
    token = take(TokenKind::kOpenPartial, head + 1);
  } else if (c == '#') {
    token = take(second == '>' ? TokenKind::kOpenPartialBlock : TokenKind::kOpenBlock,
                 head + (second == '>' || second == '*' ? 2 : 1));
  } else if (c == '/') {
    token = take(TokenKind::kOpenEndBlock, head + 1);
  } else if (c == '{') {
    token = take(TokenKind::kOpenUnescaped, head + 1);
  } else {
    token = take(TokenKind::kOpen, head + (c == '&' || c == '*' ? 1 : 0));
  }
  return true;
}

bool Lexer::next_tag(Token& token) {
  const std::string_view text = rest();
  if (text.empty()) return false;
  if (at("{{")) return open_tag(token);
  if (at("}}}}")) {
    state_ = State::kRaw;
    raw_depth_ = 1;
    token = take(TokenKind::kCloseRawBlock, 4);
    return true;
  }
  if (at("}}}") || at("}~}}")) {
    state_ = State::kText;
    token = take(TokenKind::kCloseUnescaped, text[1] == '~' ? 4 : 3);
    return true;
  }
  if (const std::size_t close = close_size(text_, position_)) {
    state_ = State::kText;
    token = take(TokenKind::kClose, close);
    return true;
  }
  switch (text[0]) {
    case '(':
      token = take(TokenKind::kOpenExpression, 1);
      return true;
    case ')':
      token = take(TokenKind::kCloseExpression, 1);
      return true;
    case '=':
      token = take(TokenKind::kEquals, 1);
      return true;
    case '@':
      token = take(TokenKind::kData, 1);
      return true;
    case '|':
      token = take(TokenKind::kCloseBlockParams, 1);
      return true;
    case '/':
      token = take(TokenKind::kSeparator, 1);
      return true;
    case '.':
      if (at("..")) {
        token = take(TokenKind::kId, 2);
      } else {
        token = take(ends_name(text.substr(1)) ? TokenKind::kId : TokenKind::kSeparator, 1);
      }
      return true;
    case '"':
    case '\'':
      if (!quoted(token, text[0])) return false;
      token.kind = TokenKind::kString;
      token.text = token.text.substr(1, token.text.size() - 2);
      return true;
    case '[':
      return quoted(token, ']');
    default:
      return word(token);
  }
}

/// From the quote or bracket here to `close`, in which a backslash before `close` makes it an ordinary character, unless there is
/// no other.
bool Lexer::quoted(Token& token, char close) {
  std::size_t last_escaped = kNowhere;
  const std::string_view text = rest();
  std::size_t end = text.find(close, 1);
  while (end != kNowhere && text[end - 1] == '\\') {
    last_escaped = end;
    end = text.find(close, end + 1);
  }
  if (end == kNowhere) end = last_escaped;
  if (end == kNowhere) return false;
  token = take(TokenKind::kId, end + 1);
  return true;
}

/// Names, and the words and numbers that are no names.
bool Lexer::word(Token& token) {
  struct Word {
    std::string_view text;
    TokenKind kind;
  };
  constexpr Word kWords[] = {
      {"true", TokenKind::kTrue}, {"false", TokenKind::kFalse}, {"undefined", TokenKind::kUndefined}, {"null", TokenKind::kNull}};
  const std::string_view text = rest();
  for (const Word& known : kWords) {
    if (!at(known.text) || !ends_literal(text.substr(known.text.size()))) continue;
    token = take(known.kind, known.text.size());
    return true;
  }
  if (const std::size_t size = number_size(text)) {
    token = take(TokenKind::kNumber, size);
    return true;
  }
  if (at("as")) {
    const std::size_t space = spaces(text.substr(2));
    if (space > 0 && text.substr(2 + space, 1) == "|") {
      token = take(TokenKind::kOpenBlockParams, 3 + space);
      return true;
    }
  }
  const std::size_t size = name_size(text);
  if (size == 0 || !ends_name(text.substr(size))) return false;
  token = take(TokenKind::kId, size);
  return true;
}

}  // namespace genkit::internal
