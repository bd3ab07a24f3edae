#ifndef GENKIT_PROMPT_TEMPLATE_H_
#define GENKIT_PROMPT_TEMPLATE_H_

#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <genkit/base/json.h>
#include <genkit/base/log.h>
#include <genkit/prompt/helper.h>

namespace genkit {
namespace internal {
class CompiledTemplate;
class EnvironmentState;
struct TemplateAccess;
}  // namespace internal

/// Bounds on what one template may do. They stop runaway templates; ordinary ones never meet them.
struct TemplateLimits {
  /// How deep blocks and partials may stand inside of each other, and partials call each other. At most 1000.
  std::size_t nesting = 256;
  /// Bytes that one rendering may produce.
  std::size_t output = std::size_t{64} << 20;
  /// Statements that one rendering may execute; each value inside of an object that is made for a helper counts as 64.
  std::size_t steps = 50'000'000;
};

struct TemplateOptions {
  /// What errors call the template: the name of its file or prompt.
  std::string name = {};
  /// The line of `name` on which the template starts.
  std::size_t first_line = 1;
  /// Escape `& < > " ' ` =` in what `{{x}}` prints, as for a web page. Prompts leave this off.
  bool escape_html = false;
  /// Make a call of a helper that is not defined an error when the template is compiled, as prompts do.
  bool known_helpers_only = false;
  TemplateLimits limits = {};
};

/// The helpers and partials that templates share. Copies are handles to the same environment; different environments never
/// meet. Thread-safe: each rendering sees the helpers and partials as they were when it began.
class TemplateEnvironment {
 public:
  TemplateEnvironment();

  /// Defines or replaces the helper `name`: `define_helper("shout", [](std::string_view text) { return upper(text); })`.
  template <class F>
  void define_helper(std::string name, F&& function) {
    set_helper(std::move(name), make_helper(std::forward<F>(function)));
  }
  /// Defines or replaces the partial `name`. It is compiled at its first use, and that is when it may fail.
  void define_partial(std::string name, std::string source);

  bool has_helper(std::string_view name) const;
  bool has_partial(std::string_view name) const;

  /// Asked for partials that are not defined; nothing means that there is none. Called from any thread, its answers are not kept.
  void set_partial_resolver(std::function<std::optional<std::string>(std::string_view name)> resolver);
  /// Where `{{log …}}` goes; without this, to a `Logger` that writes warnings and errors to stderr.
  void set_logger(Logger logger);

 private:
  friend class Template;
  friend struct internal::TemplateAccess;
  void set_helper(std::string name, HelperFunction function);

  std::shared_ptr<internal::EnvironmentState> state_;
};

/// A Handlebars template (the language of Handlebars.js 4.7), compiled. Immutable; copies are cheap; many threads may render
/// one at once.
///
///   genkit::Template page("Dear {{name}},{{#each items}} {{@index}}:{{this}}{{/each}}");
///   std::string text = page.render({{"name", "Ann"}, {"items", {"a", "b"}}});
///
/// Errors are `Error`: INVALID_ARGUMENT for a template that does not parse, a missing helper or partial and a helper used
/// wrongly; RESOURCE_EXHAUSTED for a limit. Each names the template, line and column (from 1, in bytes), shows the line and has
/// details {"template", "line", "column"}.
class Template {
 public:
  /// Compiles `source`, which must be UTF-8.
  explicit Template(std::string_view source, TemplateOptions options = {});
  Template(std::string_view source, const TemplateEnvironment& environment, TemplateOptions options = {});

  /// Renders with `context` as `this` and the members of `data` (an object, or null) as `@name` variables.
  std::string render(const Json& context, const Json& data = nullptr) const;

  /// The partials that the template calls by a fixed name, each once, in order of appearance.
  std::vector<std::string> partial_names() const;

 private:
  friend struct internal::TemplateAccess;

  std::shared_ptr<const internal::CompiledTemplate> compiled_;
  std::shared_ptr<internal::EnvironmentState> environment_;
};

}  // namespace genkit

#endif  // GENKIT_PROMPT_TEMPLATE_H_
