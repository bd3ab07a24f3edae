#ifndef GENKIT_SRC_PROMPT_LEXER_H_
#define GENKIT_SRC_PROMPT_LEXER_H_

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "prompt/source.h"

namespace genkit::internal {

enum class TokenKind : std::uint8_t {
  kEnd,
  kContent,
  kComment,
  kOpen,              ///< {{ {{& {{*
  kOpenUnescaped,     ///< {{{
  kOpenBlock,         ///< {{# {{#*
  kOpenInverse,       ///< {{^
  kOpenInverseChain,  ///< {{else, with more to follow
  kInverse,           ///< {{^}} {{else}}
  kOpenEndBlock,      ///< {{/
  kOpenPartial,       ///< {{>
  kOpenPartialBlock,  ///< {{#>
  kOpenRawBlock,      ///< {{{{
  kClose,             ///< }}
  kCloseUnescaped,    ///< }}}
  kCloseRawBlock,     ///< }}}}
  kEndRawBlock,       ///< {{{{/name}}}}
  kOpenExpression,    ///< (
  kCloseExpression,   ///< )
  kEquals,
  kId,
  kSeparator,
  kData,  ///< @
  kString,
  kNumber,
  kTrue,
  kFalse,
  kUndefined,
  kNull,
  kOpenBlockParams,   ///< as |
  kCloseBlockParams,  ///< |
};

struct Token {
  TokenKind kind = TokenKind::kEnd;
  /// The whole token; the name for kEndRawBlock; without the quotes for kString, where escapes are still in it.
  std::string_view text;
  std::size_t offset = 0;

  /// A tag that starts with `{{~` or ends with `~}}`.
  bool strips_before() const { return text.size() > 2 && text[2] == '~'; }
  bool strips_after() const { return text.size() > 2 && text[text.size() - 3] == '~'; }
};

/// Cuts a template into the tokens of Handlebars.js 4.7, rule by rule: which token text becomes depends on the tag that it stands
/// in.
class Lexer {
 public:
  explicit Lexer(const Source& source) : source_(source), text_(source.text()) {}

  Token next();

 private:
  enum class State : std::uint8_t { kText, kEscapedText, kTag, kRaw };

  std::string_view rest() const { return text_.substr(position_); }
  bool at(std::string_view expected) const { return rest().substr(0, expected.size()) == expected; }
  Token take(TokenKind kind, std::size_t size);
  Token content(std::size_t end);
  void check_text(std::size_t begin, std::size_t end) const;

  bool next_text(Token& token);
  Token next_escaped_text();
  Token next_raw();
  bool next_tag(Token& token);
  bool open_tag(Token& token);
  Token comment(std::size_t begin);
  bool word(Token& token);
  bool quoted(Token& token, char close);
  [[noreturn]] void unexpected() const;

  const Source& source_;
  std::string_view text_;
  std::size_t position_ = 0;
  State state_ = State::kText;
  std::size_t tag_begin_ = 0;
  std::size_t raw_depth_ = 0;
};

}  // namespace genkit::internal

#endif  // GENKIT_SRC_PROMPT_LEXER_H_
