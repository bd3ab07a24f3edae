#ifndef GENKIT_SRC_PROMPT_COMPILED_TEMPLATE_H_
#define GENKIT_SRC_PROMPT_COMPILED_TEMPLATE_H_

#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include <genkit/base/json.h>
#include <genkit/prompt/template.h>

#include "prompt/environment.h"
#include "prompt/source.h"

namespace genkit::internal {

/// The parts of a compiled template stand in a few vectors and refer to each other by position.
using Index = std::uint32_t;
constexpr Index kNone = 0xffffffffu;

struct Range {
  Index begin = 0;
  Index end = 0;
  Index size() const { return end - begin; }
  bool empty() const { return begin == end; }
};

/// `a.b`, `../a`, `@data`, or the name of a block parameter.
struct Path {
  Range parts;
  Index depth = 0;
  bool is_data = false;
  /// One part, neither `this` nor `..`: it may name a helper.
  bool is_simple = false;
  /// For a block parameter: how many blocks with parameters outwards, and which parameter.
  Index parameter_level = kNone;
  Index parameter = 0;
};

struct Expression {
  enum class Kind : std::uint8_t { kLiteral, kUndefined, kPath, kCall };
  Kind kind = Kind::kUndefined;
  Index index = 0;
};

struct HashPair {
  std::string_view key;
  Expression value;
};

/// What stands inside of a mustache, a block's opening or a subexpression.
struct Call {
  enum class Mode : std::uint8_t {
    kValue,      ///< a path and nothing else
    kAmbiguous,  ///< a helper of that name if there is one when it runs, otherwise a value
    kHelper,
  };
  Mode mode = Mode::kValue;
  /// Whether any `key=` was written; those with `undefined` are not kept.
  bool has_hash = false;
  Builtin builtin = Builtin::kNone;
  Index path = 0;
  /// Position in `helper_names`, kNone for a path that cannot name a helper.
  Index helper = kNone;
  Range params;
  Range hash;
  Index offset = 0;
};

struct Node {
  enum class Kind : std::uint8_t { kText, kComment, kMustache, kBlock, kPartial, kPartialBlock, kInline };
  Kind kind = Kind::kText;
  bool escaped = false;
  /// Set while white space is dealt with: `~` before and after, and what stands alone on its line.
  bool strip_before : 1 = false;
  bool strip_after : 1 = false;
  bool open_alone : 1 = false;
  bool close_alone : 1 = false;
  bool inline_alone : 1 = false;
  bool left_stripped : 1 = false;
  bool right_stripped : 1 = false;

  /// kText: what is printed, and the whole text between two tags, as offsets into the source.
  Range text;
  Range original;
  /// Otherwise: the call (for partials: name, context and hash), the body and what follows `else`.
  Index call = kNone;
  Index body = kNone;
  Index inverse = kNone;
  /// kPartial: the white space before it when it stands alone, which all its lines get.
  Range indent;
};

struct Body {
  Range nodes;
  /// The names after `as |…|`, in `names`.
  Range parameters;
  /// Nodes of kind kInline, which take effect before the body starts.
  bool has_inlines = false;
};

/// A template after parsing. Never changes once it is made.
class CompiledTemplate {
 public:
  CompiledTemplate(Source source_text, TemplateOptions template_options, std::shared_ptr<const HelperTable> table)
      : source(std::move(source_text)), options(std::move(template_options)), helpers(std::move(table)) {}

  std::string_view text(Range range) const { return source.text().substr(range.begin, range.size()); }
  [[noreturn]] void fail(const Call& call, std::string_view message, Status status = Status::kInvalidArgument,
                         std::exception_ptr cause = nullptr) const {
    source.fail(call.offset, message, status, std::move(cause));
  }

  Source source;
  TemplateOptions options;
  std::vector<Node> nodes;
  std::vector<Body> bodies;
  Index main = 0;
  std::vector<Call> calls;
  std::vector<Path> paths;
  std::vector<Expression> params;
  std::vector<HashPair> hash;
  std::vector<std::string_view> names;
  std::vector<Json> literals;
  /// Names with escapes in them, which are no part of the source.
  std::deque<std::string> unescaped;

  std::vector<std::string_view> helper_names;
  /// The helpers there were when the template was compiled, and what the names meant among them (nullptr: nothing).
  std::shared_ptr<const HelperTable> helpers;
  std::vector<const Helper*> resolved_helpers;
  /// Whether any path goes up with `..`, which makes it matter how contexts are nested.
  bool uses_depths = false;
};

/// Parses `source`. Throws `Error` INVALID_ARGUMENT, or RESOURCE_EXHAUSTED for nesting beyond the limits.
std::shared_ptr<const CompiledTemplate> compile_template(std::string source, TemplateOptions options,
                                                         std::shared_ptr<const HelperTable> helpers);

}  // namespace genkit::internal

#endif  // GENKIT_SRC_PROMPT_COMPILED_TEMPLATE_H_
