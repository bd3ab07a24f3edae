#include "prompt/parser.h"

#include <algorithm>

namespace genkit::internal {
namespace {

// What a caller can ask for: the limit must stay one when a template is rendered.
constexpr std::size_t kMaxNesting = 1000;
// Offsets are 32 bits wide, and no prompt comes close.
constexpr std::size_t kMaxSourceSize = std::size_t{1} << 30;

Index position(std::size_t value) {
  return static_cast<Index>(value);
}

std::string quote(std::string_view text) {
  return "\"" + std::string(text) + "\"";
}

}  // namespace

void TemplateParser::parse() {
  if (out_.source.text().size() > kMaxSourceSize) {
    throw Error(Status::kInvalidArgument, "template " + quote(out_.source.name()) + " is larger than 1 GiB");
  }
  if (const std::size_t bad = find_invalid_utf8(out_.source.text()); bad != std::string_view::npos) {
    out_.source.fail(bad, "this is not UTF-8; save the template as UTF-8");
  }
  advance();
  while (token_.kind != TokenKind::kEnd) statement();
  if (!open_.empty()) {
    const OpenBlock& block = open_.back();
    out_.source.fail(block.name.offset, "this block is never closed; add {{/" + std::string(block.name.original) + "}}");
  }
  out_.main = finish_body({}, true);
  for (const std::string_view helper : out_.helper_names) {
    const auto found = out_.helpers->find(helper);
    out_.resolved_helpers.push_back(found == out_.helpers->end() ? nullptr : &found->second);
  }
}

Token TemplateParser::expect(TokenKind kind, std::string_view what) {
  if (token_.kind != kind) unexpected(what);
  const Token token = token_;
  if (kind != TokenKind::kEnd) advance();
  return token;
}

void TemplateParser::unexpected(std::string_view expected) const {
  std::string message = "expected " + std::string(expected);
  if (token_.kind == TokenKind::kEnd) {
    message += ", but the template ends here";
  } else {
    message += ", not " + quote(token_.text.substr(0, 40));
  }
  out_.source.fail(token_.offset, message);
}

void TemplateParser::statement() {
  switch (token_.kind) {
    case TokenKind::kContent:
      text(token_);
      return advance();
    case TokenKind::kComment:
      comment(token_);
      return advance();
    case TokenKind::kOpen:
    case TokenKind::kOpenUnescaped:
      return mustache();
    case TokenKind::kOpenRawBlock:
      return raw_block();
    case TokenKind::kOpenPartial:
      return partial();
    case TokenKind::kOpenBlock:
      return open_block(OpenBlock::Kind::kBlock);
    case TokenKind::kOpenInverse:
      return open_block(OpenBlock::Kind::kInverted);
    case TokenKind::kOpenPartialBlock:
      return open_partial_block();
    case TokenKind::kInverse:
      return otherwise();
    case TokenKind::kOpenInverseChain:
      return open_chained();
    case TokenKind::kOpenEndBlock:
      return close_block();
    default:
      unexpected("text or a tag");
  }
}

void TemplateParser::text(const Token& token) {
  Node node;
  node.original = {position(token.offset), position(token.offset + token.text.size())};
  node.text = node.original;
  pending_.push_back(node);
}

void TemplateParser::comment(const Token& token) {
  Node node;
  node.kind = Node::Kind::kComment;
  node.strip_before = token.strips_before();
  node.strip_after = token.strips_after();
  node.inline_alone = true;
  pending_.push_back(node);
}

void TemplateParser::mustache() {
  const Token open = token_;
  const bool unescaped = open.kind == TokenKind::kOpenUnescaped;
  if (open.text.back() == '*')
    out_.source.fail(open.offset, "unknown decorator; there is only {{#*inline \"name\"}}…{{/inline}}");
  advance();
  Node node;
  node.kind = Node::Kind::kMustache;
  node.escaped = out_.options.escape_html && !unescaped && open.text.back() != '&';
  Name callee = name();
  node.call = call(callee, false, open.offset);
  const TokenKind close = unescaped ? TokenKind::kCloseUnescaped : TokenKind::kClose;
  if (token_.kind != close) unexpected(unescaped ? "}}}" : "an argument or }}");
  node.strip_before = open.strips_before();
  node.strip_after = token_.strips_after();
  pending_.push_back(node);
  advance();
}

void TemplateParser::raw_block() {
  const Token open = token_;
  advance();
  OpenBlock block;
  block.name = name();
  block.node.kind = Node::Kind::kBlock;
  block.node.call = call(block.name, false, open.offset);
  if (token_.kind != TokenKind::kCloseRawBlock) unexpected("an argument or }}}}");
  push(std::move(block));
  advance();
  for (; token_.kind == TokenKind::kContent; advance()) text(token_);
  const Token close = expect(TokenKind::kEndRawBlock, "the end of the raw block");
  OpenBlock& opened = open_.back();
  if (opened.name.kind == TokenKind::kNumber || close.text != opened.name.original) {
    out_.source.fail(close.offset,
                     "{{{{/" + std::string(close.text) + "}}}} does not match {{{{" + std::string(opened.name.original) + "}}}}");
  }
  finish_part(opened);
  finish_block(opened);
}

/// The name, context and hash of a partial.
Index TemplateParser::partial_call(std::size_t offset, Name& partial_name, bool& dynamic) {
  Call call;
  call.offset = position(offset);
  Expression name_value;
  dynamic = token_.kind == TokenKind::kOpenExpression;
  if (dynamic) {
    partial_name.offset = token_.offset;
    name_value = subexpression();
  } else {
    partial_name = name();
    name_value = literal(Json(partial_name.original));
  }
  arguments(call, &name_value);
  if (call.params.size() > 2) out_.source.fail(offset, "a partial takes one context and key=value pairs");
  out_.calls.push_back(call);
  return position(out_.calls.size() - 1);
}

void TemplateParser::partial() {
  const Token open = token_;
  advance();
  Node node;
  Name partial_name;
  bool dynamic = false;
  node.kind = Node::Kind::kPartial;
  node.inline_alone = true;
  node.call = partial_call(open.offset, partial_name, dynamic);
  if (token_.kind != TokenKind::kClose) unexpected("a context, key=value or }}");
  node.strip_before = open.strips_before();
  node.strip_after = token_.strips_after();
  pending_.push_back(node);
  advance();
}

void TemplateParser::push(OpenBlock block) {
  if (open_.size() >= out_.options.limits.nesting) {
    out_.source.fail(block.name.offset, "blocks are nested more than " + std::to_string(out_.options.limits.nesting) + " deep",
                     Status::kResourceExhausted);
  }
  block.pending_begin = pending_.size();
  scopes_.push_back(block.parameters);
  open_.push_back(std::move(block));
}

void TemplateParser::open_block(OpenBlock::Kind kind) {
  const Token open = token_;
  advance();
  if (open.text.back() == '*') return open_inline(open);
  OpenBlock block;
  block.kind = kind;
  block.node.kind = Node::Kind::kBlock;
  block.name = name();
  block.node.call = call(block.name, false, open.offset);
  block.parameters = block_parameters();
  if (token_.kind != TokenKind::kClose) unexpected("an argument or }}");
  block.strips.open_before = open.strips_before();
  block.strips.open_after = token_.strips_after();
  push(std::move(block));
  advance();
}

void TemplateParser::open_inline(const Token& open) {
  OpenBlock block;
  block.kind = OpenBlock::Kind::kInline;
  block.node.kind = Node::Kind::kInline;
  block.name = name();
  if (block.name.original != "inline")
    out_.source.fail(block.name.offset, "unknown decorator; there is only {{#*inline \"name\"}}");
  Call call;
  call.offset = position(open.offset);
  arguments(call, nullptr);
  if (call.params.size() != 1) out_.source.fail(open.offset, "{{#*inline}} takes the name of the partial");
  out_.calls.push_back(call);
  block.node.call = position(out_.calls.size() - 1);
  block.parameters = block_parameters();
  if (token_.kind != TokenKind::kClose) unexpected("}}");
  block.strips.open_before = open.strips_before();
  block.strips.open_after = token_.strips_after();
  push(std::move(block));
  advance();
}

void TemplateParser::open_partial_block() {
  const Token open = token_;
  advance();
  OpenBlock block;
  block.kind = OpenBlock::Kind::kPartial;
  block.node.kind = Node::Kind::kPartialBlock;
  block.node.call = partial_call(open.offset, block.name, block.dynamic_name);
  if (block.dynamic_name)
    out_.source.fail(block.name.offset, "a partial with a block needs a fixed name, which its closing tag repeats");
  if (token_.kind != TokenKind::kClose) unexpected("a context, key=value or }}");
  block.strips.open_before = open.strips_before();
  block.strips.open_after = token_.strips_after();
  push(std::move(block));
  advance();
}

/// `{{else}}` and `{{^}}`.
void TemplateParser::otherwise() {
  const Token token = token_;
  if (open_.empty()) out_.source.fail(token.offset, "{{else}} outside of a block");
  OpenBlock& block = open_.back();
  if (block.kind == OpenBlock::Kind::kPartial) out_.source.fail(token.offset, "a partial with a block has no {{else}}");
  if (block.kind == OpenBlock::Kind::kInline) out_.source.fail(token.offset, "an inline partial has no {{else}}");
  if (block.first != kNone) out_.source.fail(token.offset, "a second {{else}} in one block");
  block.strips.else_before = token.strips_before();
  block.strips.else_after = token.strips_after();
  finish_part(block);
  scopes_.back() = {};
  advance();
}

/// `{{else if x}}`: a block of its own inside of the inverse, which ends where the outer block ends.
void TemplateParser::open_chained() {
  const Token open = token_;
  if (open_.empty()) out_.source.fail(open.offset, "{{else …}} outside of a block");
  OpenBlock& outer = open_.back();
  if ((outer.kind != OpenBlock::Kind::kBlock && outer.kind != OpenBlock::Kind::kChained) || outer.first != kNone) {
    out_.source.fail(open.offset, "{{else …}} with a condition cannot follow here");
  }
  advance();
  finish_part(outer);
  // The chained block is read in the scope of an inverse, which has no block parameters.
  scopes_.back() = {};
  outer.second_is_chain = true;

  OpenBlock block;
  block.kind = OpenBlock::Kind::kChained;
  block.node.kind = Node::Kind::kBlock;
  block.name = name();
  block.node.call = call(block.name, false, open.offset);
  block.parameters = block_parameters();
  if (token_.kind != TokenKind::kClose) unexpected("an argument or }}");
  block.strips.open_before = open.strips_before();
  block.strips.open_after = token_.strips_after();
  outer.strips.else_before = block.strips.open_before;
  outer.strips.else_after = block.strips.open_after;
  push(std::move(block));
  advance();
}

void TemplateParser::check_close(const OpenBlock& block, const Name& close) const {
  const auto is_word = [](TokenKind kind) {
    return kind != TokenKind::kId && kind != TokenKind::kString && kind != TokenKind::kData;
  };
  const bool same_kind = !(is_word(block.name.kind) || is_word(close.kind)) || block.name.kind == close.kind;
  if (same_kind && block.name.original == close.original) return;
  out_.source.fail(close.offset, "{{/" + std::string(close.original) + "}} does not match {{#" +
                                     std::string(block.name.original) + "}}; close the inner block first");
}

void TemplateParser::close_block() {
  const Token open = token_;
  if (open_.empty()) out_.source.fail(open.offset, "there is no block to close here");
  advance();
  const Name close = name();
  const Token end = token_;
  if (end.kind != TokenKind::kClose) unexpected("}}");

  auto closed = open_.rbegin();
  while (closed->kind == OpenBlock::Kind::kChained) ++closed;
  check_close(*closed, close);
  closed->strips.close_before = open.strips_before();
  closed->strips.close_after = end.strips_after();
  while (open_.back().kind == OpenBlock::Kind::kChained) {
    OpenBlock& chained = open_.back();
    const OpenBlock& outer = open_[open_.size() - 2];
    // In Handlebars.js the first link of a chain ends with the marks of the closing tag, the others with those of their own
    // start.
    const bool first_link = outer.kind != OpenBlock::Kind::kChained;
    chained.strips.close_before = first_link ? outer.strips.close_before : chained.strips.open_before;
    chained.strips.close_after = first_link ? outer.strips.close_after : chained.strips.open_after;
    finish_part(chained);
    finish_block(chained);
  }
  finish_part(open_.back());
  finish_block(open_.back());
  advance();
}

std::span<Node> TemplateParser::nodes_of(Index body) {
  const Range range = out_.bodies[body].nodes;
  return std::span<Node>(out_.nodes).subspan(range.begin, range.size());
}

/// Moves the nodes read since the innermost block began to where bodies stay.
Index TemplateParser::finish_body(Range parameters, bool is_root) {
  const std::size_t begin = is_root ? 0 : open_.back().pending_begin;
  const std::span<Node> nodes = std::span<Node>(pending_).subspan(begin);
  strip_body(out_, nodes, is_root);
  Body body;
  body.nodes = {position(out_.nodes.size()), position(out_.nodes.size() + nodes.size())};
  body.parameters = parameters;
  body.has_inlines = std::any_of(nodes.begin(), nodes.end(), [](const Node& node) { return node.kind == Node::Kind::kInline; });
  out_.nodes.insert(out_.nodes.end(), nodes.begin(), nodes.end());
  pending_.resize(begin);
  out_.bodies.push_back(body);
  return position(out_.bodies.size() - 1);
}

/// Ends the body before an `else` or the one after it.
void TemplateParser::finish_part(OpenBlock& block) {
  const bool is_first = block.first == kNone;
  const Index body = finish_body(is_first ? block.parameters : Range{}, false);
  (is_first ? block.first : block.second) = body;
}

/// Turns the block on top of the stack into a node of the block around it.
void TemplateParser::finish_block(OpenBlock& block) {
  const bool inverted = block.kind == OpenBlock::Kind::kInverted;
  Node node = block.node;
  node.body = inverted ? block.second : block.first;
  node.inverse = inverted ? block.first : block.second;

  std::span<Node> body;
  std::span<Node> inverse;
  std::span<Node> chained_body;
  if (node.body != kNone) body = nodes_of(node.body);
  if (node.inverse != kNone) inverse = nodes_of(node.inverse);
  BlockBodies bodies{node.body != kNone ? &body : nullptr, node.inverse != kNone ? &inverse : nullptr, nullptr};
  if (block.second_is_chain) {
    chained_body = nodes_of(inverse.back().body);
    bodies.chained_body = &chained_body;
  }
  strip_block(out_.source.text(), node, block.strips, bodies);
  open_.pop_back();
  scopes_.pop_back();
  pending_.push_back(node);
}

std::shared_ptr<const CompiledTemplate> compile_template(std::string source, TemplateOptions options,
                                                         std::shared_ptr<const HelperTable> helpers) {
  options.limits.nesting = std::min(options.limits.nesting, kMaxNesting);
  Source text(options.name, std::move(source), options.first_line);
  auto compiled = std::make_shared<CompiledTemplate>(std::move(text), std::move(options), std::move(helpers));
  TemplateParser(*compiled).parse();
  return compiled;
}

}  // namespace genkit::internal
