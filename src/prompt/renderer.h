#ifndef GENKIT_SRC_PROMPT_RENDERER_H_
#define GENKIT_SRC_PROMPT_RENDERER_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "prompt/arena.h"
#include "prompt/compiled_template.h"
#include "prompt/environment.h"
#include "prompt/template_access.h"
#include "prompt/value.h"

namespace genkit::internal {

struct Closure;

/// The contexts around the current one, as `../` sees them.
struct Depth {
  TemplateValue context;
  const Depth* parent = nullptr;
};

/// The `@name` variables of one level; those of the levels below show through.
struct DataFrame {
  enum class Kind : std::uint8_t {
    kMembers,  ///< what the caller of `render` or of a block's body gave
    kNamed,    ///< one variable
    kRoot,
    kLoop,
    kPartialBlock,
  };
  Kind kind = Kind::kMembers;
  const DataFrame* parent = nullptr;
  const JsonObject* members = nullptr;
  /// kRoot: @root; kLoop: @key.
  TemplateValue value;
  std::size_t index = 0;
  bool last = false;
  const Closure* block = nullptr;
  const NamedVariable* named = nullptr;
};

/// The values of block parameters, with those of the blocks around.
struct Parameters {
  const TemplateValue* values = nullptr;
  std::size_t size = 0;
  const Parameters* parent = nullptr;
};

/// The inline partials of a body, with those of the bodies around.
struct Scope {
  const Closure* inlines = nullptr;
  std::size_t size = 0;
  const Scope* parent = nullptr;
};

/// One run of a template: the main one, or one that a partial call made.
struct Activation {
  const CompiledTemplate* compiled = nullptr;
  /// What is in scope where this run stands.
  const Scope* scope = nullptr;
  const Activation* caller = nullptr;
};

/// A body together with where it was written: an inline partial, or the block of a partial call.
struct Closure {
  std::string_view name;
  Index body = kNone;
  Activation* activation = nullptr;
  const Depth* depth = nullptr;
  const Parameters* parameters = nullptr;
  /// For the block of a partial call: what @partial-block was there.
  const Closure* outer_block = nullptr;
};

/// Where an expression is evaluated.
struct Surroundings {
  Activation* activation = nullptr;
  TemplateValue context;
  const Depth* depth = nullptr;
  const DataFrame* data = nullptr;
  const Parameters* parameters = nullptr;
};

/// What comes next in a loop, and what each turn changes.
struct Loop {
  /// @key, @index and so on.
  DataFrame data;
  TemplateValue parameters[2];
  const Depth* outer_depth = nullptr;
  /// The elements of an array, or else the members of an object.
  const Json* elements = nullptr;
  const JsonObject::value_type* members = nullptr;
  std::size_t count = 0;
  /// What was in use before the first turn.
  Arena::Mark mark;
  std::size_t values = 0;
};

/// A body that is being rendered. Frames make a stack of their own, so that templates cannot exhaust that of C++.
struct Frame : Surroundings {
  explicit Frame(const Surroundings& where) : Surroundings(where) {}

  Frame* previous = nullptr;
  const Node* node = nullptr;
  const Node* end = nullptr;
  Index body = kNone;

  /// Put back when the frame ends.
  const Scope* outer_scope = nullptr;
  Arena::Mark mark;
  std::size_t values = 0;

  /// Not null for the body of a loop.
  Loop* loop = nullptr;

  /// For partials that stand alone on an indented line.
  std::string_view indent;
  std::size_t output_begin = 0;
};

/// What `this` is inside of blocks whose context is null or undefined.
TemplateValue helper_context(const TemplateValue& context);
bool is_null_context(const TemplateValue& context);

/// The value of `@name` as seen from `data`.
TemplateValue data_variable(const DataFrame* data, std::string_view name);
/// `path_value` is for the usual case, one member of the context, and leaves all others to `any_path_value`.
TemplateValue any_path_value(const CompiledTemplate& compiled, const Path& path, const Surroundings& where);
inline TemplateValue path_value(const CompiledTemplate& compiled, const Path& path, const Surroundings& where) {
  const bool is_member = path.depth == 0 && !path.is_data && path.parameter_level == kNone && path.parts.size() == 1;
  if (!is_member || where.context.is_nullish()) return any_path_value(compiled, path, where);
  return lookup_property(where.context, compiled.names[path.parts.begin]);
}

/// Renders one template once. Used by one thread.
class Renderer {
 public:
  Renderer(const CompiledTemplate& main, const EnvironmentState& environment, std::shared_ptr<const EnvironmentSnapshot> snapshot,
           std::string& out);

  void render(const TemplateValue& context, const JsonObject* data, const RenderExtras& extras = {});

  // For HelperCall.
  std::string render_block(const Surroundings& where, Index body, const TemplateValue& context, const HelperBlock& block);
  const Json& as_json(const TemplateValue& value);
  std::string_view as_text(const TemplateValue& value);

 private:
  /// The memory in use before something was evaluated.
  struct Before {
    Arena::Mark mark;
    std::size_t values;
  };
  Before before() const { return {arena_.mark(), values_.size()}; }
  void release(const Before& before) {
    arena_.release(before.mark);
    values_.pop_to(before.values);
  }

  // Statements.
  void run(const Frame* base);
  void mustache(Frame& frame, const Node& node);
  void block(Frame& frame, const Node& node);
  void condition(Frame& frame, const Node& node, bool positive, const Before& before);
  void if_block(Frame& frame, const Node& node, const Call& call, const Before& before);
  void equals_block(Frame& frame, const Node& node, const Call& call, const Before& before);
  void with_block(Frame& frame, const Node& node, const Call& call, const Before& before);
  void each_block(Frame& frame, const Node& node, const TemplateValue& value, const Before& before);
  void value_block(Frame& frame, const Node& node, const Call& call, const TemplateValue& value, const Before& before);
  void partial(Frame& frame, const Node& node);
  void append(const CompiledTemplate& compiled, const Call& call, const TemplateValue& value, bool escaped);
  void append_printed(const CompiledTemplate& compiled, const Call& call, const TemplateValue& value, bool escaped);
  void check_reserved(const CompiledTemplate& compiled, const Call& call, std::string_view text) const;
  std::string hold_marks(std::string_view text);
  std::string release_marks(const CompiledTemplate& compiled, const Call& call, std::string_view text) const;
  [[noreturn]] void exhausted() const;
  [[noreturn]] void fail_here(const std::string& message) const;
  [[noreturn]] void too_deep(const Surroundings& where) const;

  // Frames.
  Frame& push(const Surroundings& where, Index body, const Before& before);
  Frame& push(const Surroundings& where, Index body, const Parameters* parameters, const Before& before);
  void pop();
  void enter(const Surroundings& from, Index body, const TemplateValue& context, const Before& before,
             const DataFrame* data = nullptr, const TemplateValue* parameters = nullptr, std::size_t parameter_count = 0);
  bool next_turn(Frame& frame);
  void start_turn(Frame& frame, std::size_t turn);
  const Depth* deepen(const CompiledTemplate& compiled, const Depth* outer, const TemplateValue& context);
  const Scope* inline_scope(const Surroundings& where, Index body, const Parameters* parameters, const Scope* outer) {
    return where.activation->compiled->bodies[body].has_inlines ? add_inlines(where, body, parameters, outer) : outer;
  }
  const Scope* add_inlines(const Surroundings& where, Index body, const Parameters* parameters, const Scope* outer);
  void run_partial_block(const Closure& block, const TemplateValue& context, const DataFrame* data, const Before& before);
  void run_template(const CompiledTemplate& compiled, const Surroundings& caller, const TemplateValue& context,
                    const DataFrame* data, const Scope* scope, const Before& before);
  void indent(const Frame& frame);
  const CompiledTemplate* find_partial(const CompiledTemplate& caller, std::string_view name);

  // Expressions.
  TemplateValue evaluate(const Expression& expression, const Surroundings& where);
  TemplateValue argument(const Call& call, std::size_t index, const Surroundings& where);
  TemplateValue call_value(const Call& call, const Surroundings& where);
  TemplateValue builtin_value(const Call& call, const Surroundings& where);
  void log(const Call& call, const Surroundings& where);
  const HashEntry* hash_entries(const Call& call, const Surroundings& where);
  TemplateValue hash_value(const Call& call, std::string_view key, const Surroundings& where);
  const Helper* find_helper(const CompiledTemplate& compiled, const Call& call) const;
  const Helper* find_hook(std::string_view name) const;
  TemplateValue missing_helper(const Call& call, const Surroundings& where, const Node* node);
  HelperFrame helper_frame(const Call& call, const Surroundings& where, const Node* node,
                           const TemplateValue* only_argument = nullptr);
  [[noreturn, gnu::noinline]] static void helper_failed(const HelperFrame& frame, const Call& call);
  [[gnu::noinline]] void print(const Helper& helper, const Call& call, const Surroundings& where, const Node* node,
                               std::string& out);
  [[gnu::noinline]] TemplateValue printed_value(const Helper& helper, const Call& call, const Surroundings& where,
                                                const Node* node);
  static HelperResult run_helper(const Helper& helper, HelperFrame& frame, const Call& call);
  TemplateValue invoke(const Helper& helper, const Call& call, const Surroundings& where, const Node* node,
                       const TemplateValue* only_argument = nullptr);
  void admit(HelperResult& result, const CompiledTemplate& compiled, const Call& call, const Node* node) const;
  void expect_arguments(const Call& call, const Surroundings& where, std::size_t count) const;

  const CompiledTemplate& main_;
  const EnvironmentState& environment_;
  std::shared_ptr<const EnvironmentSnapshot> snapshot_;
  std::string& out_;
  Arena arena_;
  StableStack<Json> values_;
  Frame* top_ = nullptr;
  std::size_t nesting_ = 0;
  std::size_t helper_nesting_ = 0;
  std::size_t steps_ = 0;
  char reserved_ = '\0';
  // The marks in the text that the helpers at work have of their blocks, and what references to them begin with.
  std::vector<std::string> held_marks_;
  std::string mark_secret_;

  struct UsedPartial {
    std::shared_ptr<const Partial> partial;
    std::shared_ptr<const CompiledTemplate> compiled;
  };
  std::vector<UsedPartial> used_partials_;
};

/// What a HelperCall knows.
class HelperFrame {
 public:
  Renderer& renderer;
  const Surroundings& where;
  std::string_view name;
  const TemplateValue* arguments;
  std::size_t size;
  const HashEntry* hash;
  std::size_t hash_size;
  /// For blocks; otherwise nullptr.
  const Node* node;
};

}  // namespace genkit::internal

#endif  // GENKIT_SRC_PROMPT_RENDERER_H_
