#ifndef GENKIT_SRC_PROMPT_TEMPLATE_ACCESS_H_
#define GENKIT_SRC_PROMPT_TEMPLATE_ACCESS_H_

#include <functional>
#include <string>
#include <string_view>

#include <genkit/prompt/template.h>

#include "prompt/environment.h"
#include "prompt/value.h"

namespace genkit::internal {

/// A `@name` variable whose value is made when a template looks at it, which may be more than once.
struct NamedVariable {
  std::string_view name;
  std::function<TemplateValue()> value;
};

struct RenderExtras {
  /// One more variable, below those of the data; or nullptr.
  const NamedVariable* variable = nullptr;
  /// A byte that only helpers with `Helper::print` may print, in pairs: in anything else it is an error. NUL for none.
  char reserved = '\0';
};

/// What the rest of the module needs of templates and users do not.
struct TemplateAccess {
  static EnvironmentState& state(TemplateEnvironment& environment) { return *environment.state_; }
  static std::string render(const Template& page, const TemplateValue& context, const JsonObject* data,
                            const RenderExtras& extras = {});
};

}  // namespace genkit::internal

#endif  // GENKIT_SRC_PROMPT_TEMPLATE_ACCESS_H_
