#include <algorithm>
#include <charconv>
#include <cmath>
#include <limits>

#include "prompt/parser.h"
#include "prompt/value.h"

// The part of the parser that reads the inside of tags: names, arguments and subexpressions.

namespace genkit::internal {
namespace {

// Subexpressions inside of each other. Reading and evaluating them recurses, on stacks as small as those of fibers.
constexpr int kMaxExpressionDepth = 64;

struct BuiltinName {
  std::string_view name;
  Builtin builtin;
};
constexpr BuiltinName kBuiltins[] = {{"if", Builtin::kIf},     {"each", Builtin::kEach},     {"unless", Builtin::kUnless},
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
  append_display(out, TemplateValue(number_literal(text)));
  return out;
}

Index position(std::size_t value) {
  return static_cast<Index>(value);
}

std::string quote(std::string_view text) {
  return "\"" + std::string(text) + "\"";
}

}  // namespace

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
    if (token_.kind != TokenKind::kId) unexpected("a name after " + quote(original));
    id = token_;
    advance();
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

std::string_view TemplateParser::keep(std::string text) {
  return out_.unescaped.emplace_back(std::move(text));
}

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

}  // namespace genkit::internal
