#include "prompt/renderer.h"

#include <algorithm>
#include <charconv>

#include <genkit/base/ids.h>

// Frames and everything that they refer to live in the arena and die in reverse order: each statement notes what was in use
// before it (`Before`), and whoever ends it, the statement itself or the frame that it pushed, releases what came after.

namespace genkit::internal {
namespace {

// Blocks whose helper is C++ code recurse on the C++ stack, which may be a fiber's.
constexpr std::size_t kMaxHelperNesting = 64;

void append_escaped(std::string& out, std::string_view text) {
  constexpr std::string_view kSpecial = "&<>\"'`=";
  for (std::size_t begin = 0;;) {
    const std::size_t at = std::min(text.find_first_of(kSpecial, begin), text.size());
    out.append(text, begin, at - begin);
    if (at == text.size()) return;
    switch (text[at]) {
      case '&':
        out += "&amp;";
        break;
      case '<':
        out += "&lt;";
        break;
      case '>':
        out += "&gt;";
        break;
      case '"':
        out += "&quot;";
        break;
      case '\'':
        out += "&#x27;";
        break;
      case '`':
        out += "&#x60;";
        break;
      default:
        out += "&#x3D;";
        break;
    }
    begin = at + 1;
  }
}

/// Where the statement stands that `frame` executes, for errors.
Index current_offset(const Frame& frame) {
  const CompiledTemplate& compiled = *frame.activation->compiled;
  const Range nodes = compiled.bodies[frame.body].nodes;
  for (const Node* node = frame.node; node > compiled.nodes.data() + nodes.begin; --node) {
    if (node[-1].call != kNone) return compiled.calls[node[-1].call].offset;
  }
  return 0;
}

}  // namespace

Renderer::Renderer(const CompiledTemplate& main, const EnvironmentState& environment,
                   std::shared_ptr<const EnvironmentSnapshot> snapshot, std::string& out)
    : main_(main), environment_(environment), snapshot_(std::move(snapshot)), out_(out) {}

void Renderer::render(const TemplateValue& context, const JsonObject* data, const RenderExtras& extras) {
  reserved_ = extras.reserved;
  const DataFrame variable{DataFrame::Kind::kNamed, nullptr, nullptr, {}, 0, false, nullptr, extras.variable};
  const DataFrame* given = extras.variable ? &variable : nullptr;
  const DataFrame members{DataFrame::Kind::kMembers, given, data, {}, 0, false, nullptr};
  if (data) given = &members;
  const DataFrame root{DataFrame::Kind::kRoot, given, nullptr, context, 0, false, nullptr};
  // A caller that gives a `root` of its own means it.
  run_template(main_, {}, context, data && data->contains("root") ? &members : &root, nullptr, before());
  run(nullptr);
}

/// Works until `base` is on top again.
void Renderer::run(const Frame* base) {
  const TemplateLimits& limits = main_.options.limits;
  while (top_ != base) {
    Frame& frame = *top_;
    if (++steps_ > limits.steps || out_.size() > limits.output) exhausted();
    if (frame.node == frame.end) {
      if (frame.loop == nullptr || !next_turn(frame)) pop();
      continue;
    }
    const Node& node = *frame.node++;
    switch (node.kind) {
      case Node::Kind::kText:
        out_.append(frame.activation->compiled->text(node.text));
        break;
      case Node::Kind::kMustache:
        mustache(frame, node);
        break;
      case Node::Kind::kBlock:
        block(frame, node);
        break;
      case Node::Kind::kPartial:
      case Node::Kind::kPartialBlock:
        partial(frame, node);
        break;
      case Node::Kind::kComment:
      case Node::Kind::kInline:
        break;
    }
  }
}

void Renderer::exhausted() const {
  const TemplateLimits& limits = main_.options.limits;
  const std::string message =
      steps_ > limits.steps
          ? "rendering took more than " + std::to_string(limits.steps) + " steps; repeat less, or raise TemplateLimits::steps"
          : "the output is larger than " + std::to_string(limits.output) + " bytes; print less, or raise TemplateLimits::output";
  fail_here(message);
}

void Renderer::fail_here(const std::string& message) const {
  const CompiledTemplate& compiled = top_ ? *top_->activation->compiled : main_;
  compiled.source.fail(top_ ? current_offset(*top_) : 0, message, Status::kResourceExhausted);
}

void Renderer::too_deep(const Surroundings& where) const {
  constexpr int kShown = 6;
  std::string chain;
  int shown = 0;
  for (const Activation* run = where.activation; run && shown < kShown; run = run->caller, ++shown) {
    const std::string& name = run->compiled->source.name();
    chain = "\"" + name + "\"" + (chain.empty() ? "" : " > " + chain);
  }
  const std::string message = "blocks and partials are nested more than " + std::to_string(main_.options.limits.nesting) +
                              " deep; does a partial call itself without end? The calls were: … > " + chain;
  fail_here(message);
}

/// Prints what `call` gave. Everything that data or helpers add to the output comes through here.
void Renderer::append(const CompiledTemplate& compiled, const Call& call, const TemplateValue& value, bool escaped) {
  std::string_view text;
  if (!escaped && value.as_text(text)) {
    if (reserved_ != '\0' && !value.safe()) check_reserved(compiled, call, text);
    out_.append(text);
  } else {
    append_printed(compiled, call, value, escaped);
  }
}

/// `append` for what is no text, or not printed as it is.
void Renderer::append_printed(const CompiledTemplate& compiled, const Call& call, const TemplateValue& value, bool escaped) {
  const std::size_t begin = out_.size();
  if (!escaped || value.safe()) {
    append_display(out_, value);
  } else {
    std::string scratch;
    append_escaped(out_, display_text(value, scratch));
  }
  if (reserved_ != '\0' && !value.safe()) check_reserved(compiled, call, std::string_view(out_).substr(begin));
}

void Renderer::check_reserved(const CompiledTemplate& compiled, const Call& call, std::string_view text) const {
  if (text.find(reserved_) != std::string_view::npos) compiled.fail(call, "the input is not UTF-8");
}

/// `text` with references in place of its marks. A helper may print the text of its block where and how often it likes; marks
/// from elsewhere, which may come from the input, are told from those of the block, because nobody can guess a reference.
std::string Renderer::hold_marks(std::string_view text) {
  if (mark_secret_.empty()) mark_secret_ = std::to_string(random_ids().next()) + ".";
  std::string out;
  for (;;) {
    const std::size_t begin = std::min(text.find(reserved_), text.size());
    out.append(text, 0, begin);
    if (begin == text.size()) return out;
    const std::size_t end = std::min(text.find(reserved_, begin + 1), text.size() - 1) + 1;
    out.append(1, reserved_).append(mark_secret_).append(std::to_string(held_marks_.size())).append(1, reserved_);
    held_marks_.emplace_back(text.substr(begin, end - begin));
    text.remove_prefix(end);
  }
}

/// `text` with the marks in place of references; what is no reference is an error.
std::string Renderer::release_marks(const CompiledTemplate& compiled, const Call& call, std::string_view text) const {
  std::string out;
  for (;;) {
    const std::size_t begin = std::min(text.find(reserved_), text.size());
    out.append(text, 0, begin);
    if (begin == text.size()) return out;
    text.remove_prefix(begin + 1);
    std::string_view reference = text.substr(0, text.find(reserved_));
    text.remove_prefix(std::min(reference.size() + 1, text.size()));
    std::size_t index = held_marks_.size();
    if (!mark_secret_.empty() && reference.starts_with(mark_secret_)) {
      reference.remove_prefix(mark_secret_.size());
      std::from_chars(reference.data(), reference.data() + reference.size(), index);
    }
    if (index >= held_marks_.size()) compiled.fail(call, "the input is not UTF-8");
    out += held_marks_[index];
  }
}

void Renderer::mustache(Frame& frame, const Node& node) {
  const CompiledTemplate& compiled = *frame.activation->compiled;
  const Call& call = compiled.calls[node.call];
  if (call.mode == Call::Mode::kValue) {
    return append(compiled, call, path_value(compiled, compiled.paths[call.path], frame), node.escaped);
  }
  const Before start = before();
  const Helper* helper = call.builtin == Builtin::kNone ? find_helper(compiled, call) : nullptr;
  if (helper != nullptr && helper->print != nullptr) {
    print(*helper, call, frame, nullptr, out_);
  } else {
    append(compiled, call, call_value(call, frame), node.escaped);
  }
  release(start);
}

void Renderer::block(Frame& frame, const Node& node) {
  const CompiledTemplate& compiled = *frame.activation->compiled;
  const Call& call = compiled.calls[node.call];
  const Before start = before();
  switch (call.builtin) {
    case Builtin::kIf:
    case Builtin::kUnless:
      return if_block(frame, node, call, start);
    case Builtin::kIfEquals:
    case Builtin::kUnlessEquals:
      return equals_block(frame, node, call, start);
    case Builtin::kWith:
      return with_block(frame, node, call, start);
    case Builtin::kEach:
      expect_arguments(call, frame, 1);
      return each_block(frame, node, argument(call, 0, frame), start);
    case Builtin::kLookup:
    case Builtin::kLog:
      append(compiled, call, builtin_value(call, frame), false);
      return release(start);
    case Builtin::kNone:
      break;
  }
  if (const Helper* helper = find_helper(compiled, call)) {
    if (helper->print != nullptr) {
      print(*helper, call, frame, &node, out_);
    } else {
      append(compiled, call, invoke(*helper, call, frame, &node), false);
    }
    return release(start);
  }
  if (call.mode == Call::Mode::kHelper) {
    append(compiled, call, missing_helper(call, frame, &node), false);
    return release(start);
  }
  TemplateValue value = path_value(compiled, compiled.paths[call.path], frame);
  if (call.mode == Call::Mode::kAmbiguous && value.is_nullish()) value = missing_helper(call, frame, &node);
  value_block(frame, node, call, value, start);
}

void Renderer::condition(Frame& frame, const Node& node, bool positive, const Before& start) {
  release(start);
  enter(frame, positive ? node.body : node.inverse, helper_context(frame.context), start);
}

void Renderer::if_block(Frame& frame, const Node& node, const Call& call, const Before& start) {
  expect_arguments(call, frame, 1);
  const TemplateValue value = argument(call, 0, frame);
  const bool include_zero = !call.hash.empty() && is_truthy(hash_value(call, "includeZero", frame));
  const bool positive = (include_zero || is_truthy(value)) && !is_empty(value);
  condition(frame, node, positive == (call.builtin == Builtin::kIf), start);
}

void Renderer::equals_block(Frame& frame, const Node& node, const Call& call, const Before& start) {
  expect_arguments(call, frame, 2);
  const bool equal = strictly_equal(argument(call, 0, frame), argument(call, 1, frame));
  condition(frame, node, equal == (call.builtin == Builtin::kIfEquals), start);
}

void Renderer::with_block(Frame& frame, const Node& node, const Call& call, const Before& start) {
  expect_arguments(call, frame, 1);
  const TemplateValue value = argument(call, 0, frame);
  if (is_empty(value)) return condition(frame, node, false, start);
  enter(frame, node.body, value, start, nullptr, arena_.make<TemplateValue>(value), 1);
}

/// A block whose name is a value: a condition, a loop, or a context.
void Renderer::value_block(Frame& frame, const Node& node, const Call& call, const TemplateValue& value, const Before& start) {
  if (const Helper* hook = find_hook("blockHelperMissing")) {
    const CompiledTemplate& compiled = *frame.activation->compiled;
    append(compiled, call, invoke(*hook, call, frame, &node, &value), false);
    return release(start);
  }
  bool boolean = false;
  const bool is_bool = value.as_bool(boolean);
  const JsonArray* array = value.array();
  if (value.is_nullish() || (is_bool && !boolean) || (array && array->empty())) {
    enter(frame, node.inverse, frame.context, start);
  } else if (is_bool) {
    enter(frame, node.body, frame.context, start);
  } else if (array) {
    each_block(frame, node, value, start);
  } else {
    enter(frame, node.body, value, start);
  }
}

void Renderer::each_block(Frame& frame, const Node& node, const TemplateValue& value, const Before& start) {
  TemplateValue list = value;
  if (list.kind() == TemplateValue::Kind::kOverlay) list = TemplateValue(as_json(list));
  const JsonArray* array = list.array();
  const JsonObject* object = list.kind() == TemplateValue::Kind::kJson ? list.json().if_object() : nullptr;
  const std::size_t count = array ? array->size() : object ? object->size() : 0;
  if (count == 0) return condition(frame, node, false, start);
  if (node.body == kNone) return release(start);

  auto* loop = arena_.make<Loop>();
  loop->data.kind = DataFrame::Kind::kLoop;
  loop->data.parent = frame.data;
  loop->outer_depth = frame.depth;
  if (array) {
    loop->elements = array->data();
  } else {
    loop->members = object->begin();
  }
  loop->count = count;

  const Body& body = frame.activation->compiled->bodies[node.body];
  const Parameters* parameters = frame.parameters;
  if (!body.parameters.empty()) {
    parameters = arena_.make<Parameters>(static_cast<const TemplateValue*>(loop->parameters), std::size_t{2}, frame.parameters);
  }
  Frame& turn = push(frame, node.body, parameters, start);
  turn.data = &loop->data;
  turn.loop = loop;
  loop->mark = arena_.mark();
  loop->values = values_.size();
  start_turn(turn, 0);
}

bool Renderer::next_turn(Frame& frame) {
  const std::size_t turn = frame.loop->data.index + 1;
  if (turn == frame.loop->count) return false;
  release({frame.loop->mark, frame.loop->values});
  start_turn(frame, turn);
  return true;
}

void Renderer::start_turn(Frame& frame, std::size_t turn) {
  Loop& loop = *frame.loop;
  const CompiledTemplate& compiled = *frame.activation->compiled;
  if (loop.elements != nullptr) {
    frame.context = TemplateValue(loop.elements[turn]);
    loop.data.value = TemplateValue(static_cast<double>(turn));
  } else {
    frame.context = TemplateValue(loop.members[turn].value());
    loop.data.value = TemplateValue(std::string_view(loop.members[turn].key()));
  }
  frame.depth = deepen(compiled, loop.outer_depth, frame.context);
  loop.data.index = turn;
  loop.data.last = turn + 1 == loop.count;
  loop.parameters[0] = frame.context;
  loop.parameters[1] = loop.data.value;
  frame.node = compiled.nodes.data() + compiled.bodies[frame.body].nodes.begin;
}

// --- Frames ---

/// Starts `body`, written at `where`, with these block parameters in sight, and with the inline partials that it defines.
Frame& Renderer::push(const Surroundings& where, Index body, const Parameters* parameters, const Before& start) {
  Activation& activation = *where.activation;
  const Scope* scope = inline_scope(where, body, parameters, activation.scope);
  Frame& frame = push(where, body, start);
  frame.parameters = parameters;
  activation.scope = scope;
  return frame;
}

Frame& Renderer::push(const Surroundings& where, Index body, const Before& start) {
  if (nesting_ == main_.options.limits.nesting) too_deep(where);
  ++nesting_;
  const CompiledTemplate& compiled = *where.activation->compiled;
  const Range nodes = compiled.bodies[body].nodes;
  Frame* frame = arena_.make<Frame>(where);
  frame->previous = top_;
  frame->node = compiled.nodes.data() + nodes.begin;
  frame->end = compiled.nodes.data() + nodes.end;
  frame->body = body;
  frame->outer_scope = where.activation->scope;
  frame->mark = start.mark;
  frame->values = start.values;
  top_ = frame;
  return *frame;
}

void Renderer::pop() {
  const Frame& frame = *top_;
  const Before start{frame.mark, frame.values};
  if (!frame.indent.empty()) indent(frame);
  frame.activation->scope = frame.outer_scope;
  top_ = frame.previous;
  --nesting_;
  release(start);
}

/// Pushes `body`, written at `from`, with another context.
void Renderer::enter(const Surroundings& from, Index body, const TemplateValue& context, const Before& start,
                     const DataFrame* data, const TemplateValue* parameters, std::size_t parameter_count) {
  if (body == kNone) return release(start);
  const CompiledTemplate& compiled = *from.activation->compiled;
  const Depth* depth = deepen(compiled, from.depth, context);
  const Parameters* visible = from.parameters;
  if (!compiled.bodies[body].parameters.empty()) {
    visible = arena_.make<Parameters>(parameters, parameter_count, from.parameters);
  }
  Frame& frame = push(from, body, visible, start);
  frame.context = context;
  frame.depth = depth;
  if (data) frame.data = data;
}

/// The contexts as seen inside of a block: one more, unless the block's context is the one around it.
const Depth* Renderer::deepen(const CompiledTemplate& compiled, const Depth* outer, const TemplateValue& context) {
  if (!compiled.uses_depths) return outer;
  const TemplateValue around = outer ? outer->context : TemplateValue();
  if (loosely_equal(context, around) || (is_null_context(context) && around.is_null())) return outer;
  return arena_.make<Depth>(context, outer);
}

/// Renders a body for a helper, and returns what it printed.
std::string Renderer::render_block(const Surroundings& where, Index body, const TemplateValue& context,
                                   const HelperBlock& block) {
  if (body == kNone) return {};
  if (helper_nesting_ == kMaxHelperNesting) {
    where.activation->compiled->source.fail(
        current_offset(*top_), "blocks of C++ helpers are nested more than " + std::to_string(kMaxHelperNesting) + " deep",
        Status::kResourceExhausted);
  }
  /// Leaves everything as it was, also when the body throws and the helper goes on.
  struct Restore {
    Renderer& renderer;
    Frame* base;
    std::size_t output;
    ~Restore() {
      while (renderer.top_ != base) {
        renderer.top_->indent = {};
        renderer.pop();
      }
      renderer.out_.resize(output);
      --renderer.helper_nesting_;
    }
  };
  const Restore restore{*this, top_, out_.size()};
  ++helper_nesting_;

  const Before start = before();
  const DataFrame* data = where.data;
  if (block.data && block.data->is_object()) {
    data = arena_.make<DataFrame>(DataFrame::Kind::kMembers, data, &block.data->get_object(), TemplateValue(), std::size_t{0},
                                  false, nullptr);
  }
  const JsonArray* list = block.block_params ? block.block_params->if_array() : nullptr;
  TemplateValue* parameters = list ? arena_.make_array<TemplateValue>(list->size()) : nullptr;
  for (std::size_t i = 0; list && i < list->size(); ++i) parameters[i] = TemplateValue((*list)[i]);
  enter(where, body, context, start, data, parameters, list ? list->size() : 0);
  run(restore.base);
  const std::string_view printed = std::string_view(out_).substr(restore.output);
  return reserved_ == '\0' ? std::string(printed) : hold_marks(printed);
}

}  // namespace genkit::internal
