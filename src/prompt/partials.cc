#include <algorithm>

#include "prompt/renderer.h"

// Partials: those of the environment, inline ones, and the blocks of partial calls.

namespace genkit::internal {
namespace {

constexpr std::size_t kFewPartials = 4;

/// The block of the partial call around, or nullptr.
const Closure* partial_block(const DataFrame* data) {
  for (; data; data = data->parent) {
    if (data->kind == DataFrame::Kind::kPartialBlock) return data->block;
  }
  return nullptr;
}

const Closure* find_inline(const Scope* scope, std::string_view name) {
  for (; scope; scope = scope->parent) {
    for (std::size_t i = scope->size; i > 0; --i) {
      if (scope->inlines[i - 1].name == name) return &scope->inlines[i - 1];
    }
  }
  return nullptr;
}

}  // namespace

/// Adds the inline partials that `body` defines.
const Scope* Renderer::add_inlines(const Surroundings& where, Index body, const Parameters* parameters, const Scope* outer) {
  const CompiledTemplate& compiled = *where.activation->compiled;
  const Range range = compiled.bodies[body].nodes;
  const auto begin = compiled.nodes.begin() + range.begin;
  const auto end = compiled.nodes.begin() + range.end;
  const auto is_inline = [](const Node& node) { return node.kind == Node::Kind::kInline; };
  const auto count = static_cast<std::size_t>(std::count_if(begin, end, is_inline));

  auto* inlines = arena_.make_array<Closure>(count);
  std::size_t size = 0;
  for (auto node = begin; node != end; ++node) {
    if (!is_inline(*node)) continue;
    Closure& closure = inlines[size++];
    closure.name = as_text(argument(compiled.calls[node->call], 0, where));
    closure.body = node->body;
    closure.activation = where.activation;
    closure.depth = where.depth;
    closure.parameters = parameters;
  }
  return arena_.make<Scope>(inlines, size, outer);
}

void Renderer::run_template(const CompiledTemplate& compiled, const Surroundings& caller, const TemplateValue& context,
                            const DataFrame* data, const Scope* scope, const Before& start) {
  auto* activation = arena_.make<Activation>(&compiled, scope, caller.activation);
  Surroundings where;
  where.activation = activation;
  where.data = data;
  // The inline partials of a template's outermost body see no context around it.
  activation->scope = inline_scope(where, compiled.main, nullptr, scope);
  where.context = context;
  where.depth = arena_.make<Depth>(context, nullptr);
  push(where, compiled.main, start);
}

/// Runs the block of a partial call in the place of `{{> @partial-block}}`.
void Renderer::run_partial_block(const Closure& block, const TemplateValue& context, const DataFrame* data, const Before& start) {
  const Surroundings from{block.activation, {}, block.depth, data, block.parameters};
  const auto* outer = arena_.make<DataFrame>(DataFrame::Kind::kPartialBlock, data, nullptr, TemplateValue(), std::size_t{0},
                                             false, block.outer_block);
  enter(from, block.body, context, start, outer);
}

void Renderer::partial(Frame& frame, const Node& node) {
  const CompiledTemplate& compiled = *frame.activation->compiled;
  const Call& call = compiled.calls[node.call];
  const Before start = before();
  const bool is_static = compiled.params[call.params.begin].kind == Expression::Kind::kLiteral;
  const TemplateValue name_value = argument(call, 0, frame);
  const std::string_view name = as_text(name_value);
  TemplateValue context = call.params.size() > 1 ? argument(call, 1, frame) : frame.context;
  if (!call.hash.empty()) {
    context = TemplateValue(*arena_.make<Overlay>(context, nullptr, hash_entries(call, frame), std::size_t{call.hash.size()}));
  }

  const DataFrame* data = frame.data;
  const Scope* scope = frame.activation->scope;
  const Closure* block = nullptr;
  if (node.kind == Node::Kind::kPartialBlock) {
    block = arena_.make<Closure>(std::string_view(), node.body, frame.activation, frame.depth, frame.parameters,
                                 partial_block(frame.data));
    data = arena_.make<DataFrame>(DataFrame::Kind::kPartialBlock, data, nullptr, TemplateValue(), std::size_t{0}, false, block);
    scope = inline_scope(frame, node.body, frame.parameters, scope);
  }

  const bool wants_block = is_static && name == "@partial-block";
  const Closure* closure = wants_block ? partial_block(frame.data) : find_inline(frame.activation->scope, name);
  if (closure && wants_block) {
    run_partial_block(*closure, context, data, start);
  } else if (closure) {
    enter({closure->activation, {}, closure->depth, data, closure->parameters}, closure->body, context, start);
  } else if (const CompiledTemplate* found = wants_block ? nullptr : find_partial(compiled, name)) {
    run_template(*found, frame, context, data, scope, start);
  } else if (block) {
    run_partial_block(*block, context, data, start);
  } else {
    const std::string what = name_value.is_nullish() ? "the name of the partial has no value"
                                                     : "the partial \"" + std::string(name) + "\" is not defined";
    compiled.fail(call, what + "; define it with define_partial, or give it a block as fallback: {{#> name}}…{{/name}}");
  }
  top_->indent = compiled.text(node.indent);
  top_->output_begin = out_.size();
}

const CompiledTemplate* Renderer::find_partial(const CompiledTemplate& caller, std::string_view name) {
  for (const UsedPartial& used : used_partials_) {
    if (used.partial->name() == name) return used.compiled.get();
  }
  std::shared_ptr<const Partial> partial = environment_.find_partial(*snapshot_, name);
  if (!partial) return nullptr;
  auto compiled = partial->compiled(caller.options, snapshot_->helpers);
  if (used_partials_.empty()) used_partials_.reserve(kFewPartials);
  used_partials_.push_back({std::move(partial), std::move(compiled)});
  return used_partials_.back().compiled.get();
}

/// Puts the white space that stood before a partial before each of the lines that it rendered.
void Renderer::indent(const Frame& frame) {
  const std::string text = out_.substr(frame.output_begin);
  out_.resize(frame.output_begin);
  // Partials inside of each other indent the same text again and again.
  steps_ += text.size() / 64;
  for (std::size_t begin = 0; begin < text.size();) {
    const std::size_t end = std::min(text.find('\n', begin), text.size() - 1) + 1;
    out_.append(frame.indent).append(text, begin, end - begin);
    begin = end;
  }
}

}  // namespace genkit::internal
