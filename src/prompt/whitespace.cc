#include "prompt/whitespace.h"

#include <cstddef>

// The order of the steps, and what counts as alone on a line, follow Handlebars.js, whose results depend on both.

namespace genkit::internal {
namespace {

constexpr std::size_t kBefore = static_cast<std::size_t>(-1);

std::string_view view(std::string_view source, Range range) {
  return source.substr(range.begin, range.size());
}

bool is_space(std::string_view text) {
  while (const std::size_t size = leading_space(text)) text.remove_prefix(size);
  return text.empty();
}

bool breaks_line_first(std::string_view text) {
  while (const std::size_t size = leading_space(text)) {
    if (text[0] == '\n') return true;
    text.remove_prefix(size);
  }
  return false;
}

bool breaks_line_last(std::string_view text) {
  while (const std::size_t size = trailing_space(text)) {
    if (text.back() == '\n') return true;
    text.remove_suffix(size);
  }
  return false;
}

/// True when nothing else stands on the line before node `i` of `body`.
bool is_line_start(std::string_view source, std::span<const Node> body, std::size_t i, bool is_root) {
  if (i == 0) return is_root;
  const Node& previous = body[i - 1];
  if (previous.kind != Node::Kind::kText) return false;
  const std::string_view text = view(source, previous.original);
  return breaks_line_last(text) || (is_root && i == 1 && is_space(text));
}

/// The same for the line after it; `kBefore` asks about the start of the body.
bool is_line_end(std::string_view source, std::span<const Node> body, std::size_t i, bool is_root) {
  const std::size_t next = i + 1;
  if (next >= body.size()) return is_root;
  if (body[next].kind != Node::Kind::kText) return false;
  const std::string_view text = view(source, body[next].original);
  return breaks_line_first(text) || (is_root && next + 1 == body.size() && is_space(text));
}

/// Takes white space from the front of the text after node `i`: all of it, or the rest of the line.
void omit_right(std::string_view source, std::span<Node> body, std::size_t i, bool all) {
  const std::size_t next = i + 1;
  if (next >= body.size()) return;
  Node& node = body[next];
  if (node.kind != Node::Kind::kText || (!all && node.right_stripped)) return;
  std::string_view text = view(source, node.text);
  const std::size_t size = text.size();
  if (all) {
    while (const std::size_t space = leading_space(text)) text.remove_prefix(space);
  } else {
    while (!text.empty() && (text[0] == ' ' || text[0] == '\t')) text.remove_prefix(1);
    if (!text.empty() && text[0] == '\r') text.remove_prefix(1);
    if (!text.empty() && text[0] == '\n') text.remove_prefix(1);
  }
  node.text.begin += static_cast<Index>(size - text.size());
  node.right_stripped = text.size() != size;
}

/// Takes white space from the end of the text before node `i`: all of it, or the line's indentation.
bool omit_left(std::string_view source, std::span<Node> body, std::size_t i, bool all) {
  if (i == 0) return false;
  Node& node = body[i - 1];
  if (node.kind != Node::Kind::kText || (!all && node.left_stripped)) return false;
  std::string_view text = view(source, node.text);
  const std::size_t size = text.size();
  if (all) {
    while (const std::size_t space = trailing_space(text)) text.remove_suffix(space);
  } else {
    while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
  }
  node.text.end -= static_cast<Index>(size - text.size());
  node.left_stripped = text.size() != size;
  return node.left_stripped;
}

Range indentation(std::string_view source, Range text) {
  Range indent{text.end, text.end};
  while (indent.begin > text.begin && (source[indent.begin - 1] == ' ' || source[indent.begin - 1] == '\t')) --indent.begin;
  return indent;
}

}  // namespace

void strip_block(std::string_view source, Node& block, const BlockStrips& strips, const BlockBodies& bodies) {
  const std::span<Node>& first = bodies.body ? *bodies.body : *bodies.inverse;
  const bool has_inverse = bodies.body && bodies.inverse;
  const std::span<Node>& other = !has_inverse ? first : bodies.chained_body ? *bodies.chained_body : *bodies.inverse;

  block.strip_before = strips.open_before;
  block.strip_after = strips.close_after;
  block.open_alone = is_line_end(source, first, kBefore, false);
  block.close_alone = is_line_start(source, other, other.size(), false);

  if (strips.open_after) omit_right(source, first, kBefore, true);
  if (!has_inverse) {
    if (strips.close_before) omit_left(source, first, first.size(), true);
    return;
  }
  if (strips.else_before) omit_left(source, first, first.size(), true);
  if (strips.else_after) omit_right(source, other, kBefore, true);
  if (strips.close_before) omit_left(source, other, other.size(), true);
  if (is_line_start(source, first, first.size(), false) && is_line_end(source, other, kBefore, false)) {
    omit_left(source, first, first.size(), false);
    omit_right(source, other, kBefore, false);
  }
}

void strip_body(CompiledTemplate& compiled, std::span<Node> body, bool is_root) {
  const std::string_view source = compiled.source.text();
  const auto nodes_of = [&](Index index) {
    const Range range = compiled.bodies[index].nodes;
    return std::span<Node>(compiled.nodes).subspan(range.begin, range.size());
  };
  for (std::size_t i = 0; i < body.size(); ++i) {
    Node& node = body[i];
    if (node.kind == Node::Kind::kText) continue;
    const bool starts = is_line_start(source, body, i, is_root);
    const bool ends = is_line_end(source, body, i, is_root);
    if (node.strip_after) omit_right(source, body, i, true);
    if (node.strip_before) omit_left(source, body, i, true);

    if (node.inline_alone && starts && ends) {
      omit_right(source, body, i, false);
      if (omit_left(source, body, i, false) && node.kind == Node::Kind::kPartial) {
        node.indent = indentation(source, body[i - 1].original);
      }
    }
    if (node.open_alone && starts) {
      omit_right(source, nodes_of(node.body != kNone ? node.body : node.inverse), kBefore, false);
      omit_left(source, body, i, false);
    }
    if (node.close_alone && ends) {
      omit_right(source, body, i, false);
      const std::span<Node> last = nodes_of(node.inverse != kNone ? node.inverse : node.body);
      omit_left(source, last, last.size(), false);
    }
  }
}

}  // namespace genkit::internal
