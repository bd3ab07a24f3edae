#include "prompt/parser.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <limits>

#include "prompt/value.h"

namespace genkit::internal {
namespace {

// Subexpressions inside of each other. Reading and evaluating them recurses, on stacks as small as those of fibers.
constexpr int kMaxExpressionDepth = 64;
// What a caller can ask for: the limit must stay one when a template is rendered.
constexpr std::size_t kMaxNesting = 1000;
// Offsets are 32 bits wide, and no prompt comes close.
constexpr std::size_t kMaxSourceSize = std::size_t{1} << 30;

struct BuiltinName {
  std::string_view name;
  Builtin builtin;
};
constexpr BuiltinName kBuiltins[] = {{"if", Builtin::kIf},         {"each", Builtin::kEach}, {"unless", Builtin::kUnless},
                                     {"with", Builtin::kWith}, {"lookup", Builtin::kLookup}, {"log", Builtin::kLog}};

Builtin builtin_named(std::string_view name) {
  for (const BuiltinName& known : kBuiltins) {
    if (known.name == name) return known.builtin;
  }
  return Builtin::kNone;
}

/// True when `original` has the word `this` in it or starts with a dot, which makes a path one of the context.
bool is_scoped(std::string_view original) {
  if (!original.empty() && original[0] == '.') return true;
  for (std::size_t at = original.find("this"); at != std::string_view::npos; at = original.find("this", at + 1)) {
    if (at + 4 == original.size()) return true;
    const char next = original[at + 4];
    const bool word = (next >= '0' && next <= '9') || (next >= 'a' && next <= 'z') || (next >= 'A' && next <= 'Z') || next == '_';
    if (!word) return true;
  }
  return false;
}

bool starts_argument(TokenKind kind) {
  switch (kind) {
    case TokenKind::kOpenExpression:
    case TokenKind::kId:
    case TokenKind::kData:
    case TokenKind::kString:
    case TokenKind::kNumber:
    case TokenKind::kTrue:
    case TokenKind::kFalse:
    case TokenKind::kUndefined:
    case TokenKind::kNull:
      return true;
    default:
      return false;
  }
}

Json number_literal(std::string_view text) {
  double number = 0;
  if (std::from_chars(text.data(), text.data() + text.size(), number).ec == std::errc::result_out_of_range) {
    number = text[0] == '-' ? -std::numeric_limits<double>::infinity() : std::numeric_limits<double>::infinity();
  }
  if (number == std::trunc(number) && std::abs(number) < 9007199254740992.0) return static_cast<std::int64_t>(number);
  return number;
}

std::string number_text(std::string_view text) {
  std::string out;
  append_display(out, Value(number_literal(text)));
  return out;
}

Index position(std::size_t value) { return static_cast<Index>(value); }

std::string quote(std::string_view text) { return "\"" + std::string(text) + "\""; }

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
  if (open.text.back() == '*') out_.source.fail(open.offset, "unknown decorator; there is only {{#*inline \"name\"}}…{{/inline}}");
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
    out_.source.fail(close.offset, "{{{{/" + std::string(close.text) + "}}}} does not match {{{{" +
                                       std::string(opened.name.original) + "}}}}");
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
  if (block.name.original != "inline") out_.source.fail(block.name.offset, "unknown decorator; there is only {{#*inline \"name\"}}");
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
  if (block.dynamic_name) out_.source.fail(block.name.offset, "a partial with a block needs a fixed name, which its closing tag repeats");
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
  const auto is_word = [](TokenKind kind) { return kind != TokenKind::kId && kind != TokenKind::kString && kind != TokenKind::kData; };
  const bool same_kind = !(is_word(block.name.kind) || is_word(close.kind)) || block.name.kind == close.kind;
  if (same_kind && block.name.original == close.original) return;
  out_.source.fail(close.offset, "{{/" + std::string(close.original) + "}} does not match {{#" + std::string(block.name.original) +
                                     "}}; close the inner block first");
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
    // In Handlebars.js the first link of a chain ends with the marks of the closing tag, the others with those of their own start.
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

Index TemplateParser::call(Name& callee, bool is_subexpression, std::size_t offset) {
  Call call;
  call.offset = position(offset);
  arguments(call, nullptr);
  classify(call, callee, is_subexpression);
  out_.calls.push_back(call);
  return position(out_.calls.size() - 1);
}

/// Arguments and `key=value` pairs, up to the first token that is neither; `first` goes before them.
void TemplateParser::arguments(Call& call, const Expression* first) {
  const std::size_t params = pending_params_.size();
  const std::size_t pairs = pending_hash_.size();
  if (first) pending_params_.push_back(*first);
  for (;;) {
    if (token_.kind == TokenKind::kId) {
      const Token id = token_;
      advance();
      if (token_.kind == TokenKind::kEquals) {
        call.has_hash = true;
        hash(id);
        break;
      }
      pending_params_.push_back(name_expression(path(id, nullptr)));
    } else if (starts_argument(token_.kind)) {
      pending_params_.push_back(argument());
    } else {
      break;
    }
  }
  call.params = {position(out_.params.size()), position(out_.params.size() + pending_params_.size() - params)};
  out_.params.insert(out_.params.end(), pending_params_.begin() + static_cast<std::ptrdiff_t>(params), pending_params_.end());
  pending_params_.resize(params);
  call.hash = {position(out_.hash.size()), position(out_.hash.size() + pending_hash_.size() - pairs)};
  out_.hash.insert(out_.hash.end(), pending_hash_.begin() + static_cast<std::ptrdiff_t>(pairs), pending_hash_.end());
  pending_hash_.resize(pairs);
}

/// `key=value` pairs; the first key has been read.
void TemplateParser::hash(Token key) {
  for (;;) {
    expect(TokenKind::kEquals, "= after a key");
    const Expression value = argument();
    bool literal = false;
    // As in Handlebars.js, `key=undefined` is as good as nothing.
    if (value.kind != Expression::Kind::kUndefined) pending_hash_.push_back({part_name(key.text, literal), value});
    if (token_.kind != TokenKind::kId) return;
    key = token_;
    advance();
  }
}

Expression TemplateParser::argument() {
  if (token_.kind == TokenKind::kOpenExpression) return subexpression();
  return name_expression(name());
}

Expression TemplateParser::subexpression() {
  const Token open = token_;
  if (++expression_depth_ > kMaxExpressionDepth) {
    out_.source.fail(open.offset, "expressions are nested more than " + std::to_string(kMaxExpressionDepth) + " deep",
                     Status::kResourceExhausted);
  }
  advance();
  Name callee = name();
  const Index index = call(callee, true, open.offset);
  expect(TokenKind::kCloseExpression, "an argument or )");
  --expression_depth_;
  return {Expression::Kind::kCall, index};
}

Expression TemplateParser::name_expression(const Name& name) {
  switch (name.kind) {
    case TokenKind::kString:
      return literal(Json(name.original));
    case TokenKind::kNumber:
      return literal(number_literal(name.original));
    case TokenKind::kTrue:
    case TokenKind::kFalse:
      return literal(name.kind == TokenKind::kTrue);
    case TokenKind::kNull:
      return literal(nullptr);
    case TokenKind::kUndefined:
      return {};
    default:
      out_.paths.push_back(name.path);
      return {Expression::Kind::kPath, position(out_.paths.size() - 1)};
  }
}

Expression TemplateParser::literal(Json value) {
  out_.literals.push_back(std::move(value));
  return {Expression::Kind::kLiteral, position(out_.literals.size() - 1)};
}

TemplateParser::Name TemplateParser::name() {
  const Token token = token_;
  Name name;
  name.kind = token.kind;
  name.offset = token.offset;
  switch (token.kind) {
    case TokenKind::kId:
      advance();
      return path(token, nullptr);
    case TokenKind::kData: {
      advance();
      const Token first = expect(TokenKind::kId, "a name after @");
      return path(first, &token);
    }
    case TokenKind::kString: {
      const char quote = token.text.data()[-1];
      name.original = unescape(token.text, quote, false);
      break;
    }
    case TokenKind::kNumber:
      name.original = keep(number_text(token.text));
      break;
    case TokenKind::kTrue:
    case TokenKind::kFalse:
    case TokenKind::kNull:
    case TokenKind::kUndefined:
      name.original = token.text;
      break;
    default:
      unexpected("a name");
  }
  advance();
  return name;
}

/// A path whose first part (and the @ before it) has been read.
TemplateParser::Name TemplateParser::path(const Token& first, const Token* at) {
  Name name;
  name.kind = at ? TokenKind::kData : TokenKind::kId;
  name.offset = at ? at->offset : first.offset;
  Path& path = name.path;
  path.is_data = at != nullptr;
  path.parts.begin = position(out_.names.size());
  std::string original(at ? "@" : "");
  for (Token id = first;;) {
    bool literal = false;
    const std::string_view part = part_name(id.text, literal);
    original += part;
    if (literal || (part != ".." && part != "." && part != "this")) {
      out_.names.push_back(part);
    } else if (out_.names.size() > path.parts.begin) {
      out_.source.fail(id.offset, "invalid path " + quote(original) + ": .., . and this can only be at its start");
    } else if (part == "..") {
      ++path.depth;
      out_.uses_depths = true;
    }
    if (token_.kind != TokenKind::kSeparator) break;
    original += token_.text;
    advance();
    id = expect(TokenKind::kId, "a name after " + quote(original));
  }
  path.parts.end = position(out_.names.size());
  // As in Handlebars.js, an empty name is the context.
  if (!path.parts.empty() && out_.names[path.parts.begin].empty()) path.parts.end = path.parts.begin;
  // Nearly always the path stands in the source as it is.
  const std::string_view in_source = out_.source.text().substr(name.offset, original.size());
  name.original = in_source == original ? in_source : keep(std::move(original));
  scope(name);
  return name;
}

/// Says whether the path may name a helper, and whether it starts at a block parameter.
void TemplateParser::scope(Name& name) {
  Path& path = name.path;
  if (path.is_data || path.depth > 0 || path.parts.empty() || is_scoped(name.original)) return;
  path.is_simple = path.parts.size() == 1;
  Index level = 0;
  for (auto names = scopes_.rbegin(); names != scopes_.rend(); ++names) {
    if (names->empty()) continue;
    for (Index i = names->begin; i < names->end; ++i) {
      if (out_.names[i] != out_.names[path.parts.begin]) continue;
      path.parameter_level = level;
      path.parameter = i - names->begin;
      return;
    }
    ++level;
  }
}

Range TemplateParser::block_parameters() {
  if (token_.kind != TokenKind::kOpenBlockParams) return {};
  const Index begin = position(out_.names.size());
  advance();
  do {
    const Token id = expect(TokenKind::kId, "the name of a block parameter");
    bool literal = false;
    out_.names.push_back(part_name(id.text, literal));
  } while (token_.kind == TokenKind::kId);
  expect(TokenKind::kCloseBlockParams, "another block parameter or |");
  return {begin, position(out_.names.size())};
}

/// Decides what a call is, as far as that is known before it runs.
void TemplateParser::classify(Call& call, Name& callee, bool is_subexpression) {
  if (callee.kind != TokenKind::kId && callee.kind != TokenKind::kData) {
    // A literal in the place of a name is the name of a member.
    callee.path.parts.begin = position(out_.names.size());
    if (!callee.original.empty()) out_.names.push_back(callee.original);
    callee.path.parts.end = position(out_.names.size());
    scope(callee);
  }
  const Path& path = callee.path;
  out_.paths.push_back(path);
  call.path = position(out_.paths.size() - 1);
  if (path.is_simple && path.parameter_level != kNone) return;

  const bool has_arguments = !call.params.empty() || call.has_hash;
  const std::string_view name = path.is_simple ? out_.names[path.parts.begin] : std::string_view();
  const auto defined = path.is_simple ? out_.helpers->find(name) : out_.helpers->end();
  const bool is_defined = defined != out_.helpers->end();
  const Builtin builtin = is_defined ? defined->second.builtin : path.is_simple ? builtin_named(name) : Builtin::kNone;
  const bool known = is_defined || builtin != Builtin::kNone;
  if (is_subexpression || has_arguments || known) {
    if (!known && out_.options.known_helpers_only) unknown_helper(callee);
    call.mode = Call::Mode::kHelper;
    call.builtin = builtin;
  } else if (path.is_simple && !out_.options.known_helpers_only) {
    call.mode = Call::Mode::kAmbiguous;
  } else {
    return;
  }
  if (path.is_simple) call.helper = helper_index(name);
}

void TemplateParser::unknown_helper(const Name& callee) const {
  std::vector<std::string_view> known;
  for (const BuiltinName& builtin : kBuiltins) known.push_back(builtin.name);
  for (const auto& [name, function] : *out_.helpers) known.push_back(name);
  std::sort(known.begin(), known.end());
  std::string message = "unknown helper " + quote(callee.original) + "; define it before the template is compiled. Known:";
  for (const std::string_view name : known) message.append(" ").append(name);
  out_.source.fail(callee.offset, message);
}

Index TemplateParser::helper_index(std::string_view name) {
  const auto [entry, added] = helper_indexes_.try_emplace(name, position(out_.helper_names.size()));
  if (added) out_.helper_names.push_back(name);
  return entry->second;
}

std::string_view TemplateParser::keep(std::string text) { return out_.unescaped.emplace_back(std::move(text)); }

/// Removes the backslashes before `quote`, and before other backslashes where they are escapes too.
std::string_view TemplateParser::unescape(std::string_view text, char quote, bool backslash_too) {
  if (text.find('\\') == std::string_view::npos) return text;
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char next = i + 1 < text.size() ? text[i + 1] : '\0';
    if (text[i] == '\\' && (next == quote || (backslash_too && next == '\\'))) ++i;
    out += text[i];
  }
  return keep(std::move(out));
}

/// The name that an ID token stands for; `literal` says that it was written in brackets.
std::string_view TemplateParser::part_name(std::string_view id, bool& literal) {
  if (id.front() != '[') return id;
  id = unescape(id, ']', true);
  literal = id.size() >= 2 && id.back() == ']' && id.find_first_of("\r\n") == std::string_view::npos;
  return literal ? id.substr(1, id.size() - 2) : id;
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
