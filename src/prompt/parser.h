#ifndef GENKIT_SRC_PROMPT_PARSER_H_
#define GENKIT_SRC_PROMPT_PARSER_H_

#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "prompt/compiled_template.h"
#include "prompt/lexer.h"
#include "prompt/whitespace.h"

namespace genkit::internal {

/// Builds a compiled template from its tokens. Blocks are kept on a stack of its own, so that their nesting costs no C++ stack.
class TemplateParser {
 public:
  explicit TemplateParser(CompiledTemplate& out) : out_(out), lexer_(out.source) {}

  void parse();

 private:
  /// A name where the grammar has one: a path or a literal.
  struct Name {
    TokenKind kind = TokenKind::kId;
    std::string_view original;  ///< as it is compared with the name in the closing tag
    Path path;
    std::size_t offset = 0;
  };

  /// A block whose end has not been read.
  struct OpenBlock {
    enum class Kind : std::uint8_t { kBlock, kInverted, kChained, kPartial, kInline };
    Kind kind = Kind::kBlock;
    Name name;
    bool dynamic_name = false;
    Node node;
    BlockStrips strips;
    Range parameters;
    std::size_t pending_begin = 0;
    /// The bodies read so far: before and after `else`.
    Index first = kNone;
    Index second = kNone;
    bool second_is_chain = false;
  };

  void advance() { token_ = lexer_.next(); }
  Token expect(TokenKind kind, std::string_view what);
  [[noreturn]] void unexpected(std::string_view expected) const;

  void statement();
  void text(const Token& token);
  void comment(const Token& token);
  void mustache();
  void raw_block();
  void partial();
  void open_block(OpenBlock::Kind kind);
  void open_inline(const Token& open);
  void open_partial_block();
  void otherwise();
  void open_chained();
  void close_block();

  void push(OpenBlock block);
  void check_close(const OpenBlock& block, const Name& close) const;
  Index finish_body(Range parameters, bool is_root);
  void finish_part(OpenBlock& block);
  void finish_block(OpenBlock& block);
  std::span<Node> nodes_of(Index body);

  Index call(Name& callee, bool is_subexpression, std::size_t offset);
  Index partial_call(std::size_t offset, Name& partial_name, bool& dynamic);
  void arguments(Call& call, const Expression* first);
  void hash(Token key);
  Expression argument();
  Expression subexpression();
  Expression name_expression(const Name& name);
  Expression literal(Json value);
  Name name();
  Name path(const Token& first, const Token* at);
  void scope(Name& name);
  Range block_parameters();
  void classify(Call& call, Name& callee, bool is_subexpression);
  [[noreturn]] void unknown_helper(const Name& callee) const;
  Index helper_index(std::string_view name);
  std::string_view keep(std::string text);
  std::string_view unescape(std::string_view text, char quote, bool backslash_too);
  std::string_view part_name(std::string_view id, bool& literal);

  CompiledTemplate& out_;
  Lexer lexer_;
  Token token_;
  std::vector<Node> pending_;
  std::vector<OpenBlock> open_;
  /// The block parameters in scope: ranges of `names`, innermost last.
  std::vector<Range> scopes_;
  /// The arguments of calls that are being read.
  std::vector<Expression> pending_params_;
  std::vector<HashPair> pending_hash_;
  std::unordered_map<std::string_view, Index> helper_indexes_;
  int expression_depth_ = 0;
};

}  // namespace genkit::internal

#endif  // GENKIT_SRC_PROMPT_PARSER_H_
