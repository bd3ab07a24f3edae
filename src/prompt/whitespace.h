#ifndef GENKIT_SRC_PROMPT_WHITESPACE_H_
#define GENKIT_SRC_PROMPT_WHITESPACE_H_

#include <span>
#include <string_view>

#include "prompt/compiled_template.h"

namespace genkit::internal {

/// The `~` marks of a block's three tags: `{{~#if x~}}`, `{{~else~}}`, `{{~/if~}}`.
struct BlockStrips {
  bool open_before = false;
  bool open_after = false;
  bool else_before = false;
  bool else_after = false;
  bool close_before = false;
  bool close_after = false;
};

/// The parts of a block, of which `body` or `inverse` may be missing (nullptr).
struct BlockBodies {
  std::span<Node>* body = nullptr;
  std::span<Node>* inverse = nullptr;
  /// For `{{else if …}}`: the body of the block that the inverse consists of.
  std::span<Node>* chained_body = nullptr;
};

/// Removes white space inside of a block as its tags ask for, and notes on `block` what it asks of its surroundings.
void strip_block(std::string_view source, Node& block, const BlockStrips& strips, const BlockBodies& bodies);

/// Removes white space between the nodes of a body whose blocks have been through `strip_block`: next to `~`, and on lines that
/// hold nothing but a block tag, a partial or a comment. `all_nodes` holds the bodies of the blocks.
void strip_body(CompiledTemplate& compiled, std::span<Node> body, bool is_root);

}  // namespace genkit::internal

#endif  // GENKIT_SRC_PROMPT_WHITESPACE_H_
