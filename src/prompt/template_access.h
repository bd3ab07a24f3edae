#ifndef GENKIT_SRC_PROMPT_TEMPLATE_ACCESS_H_
#define GENKIT_SRC_PROMPT_TEMPLATE_ACCESS_H_

#include <string>
#include <utility>

#include <genkit/prompt/template.h>

#include "prompt/environment.h"
#include "prompt/value.h"

namespace genkit::internal {

/// What the rest of the module needs of templates and users do not.
struct TemplateAccess {
  static EnvironmentState& state(TemplateEnvironment& environment) { return *environment.state_; }
  /// `named`, when there is a name, is one more variable below those of `data`.
  static std::string render(const Template& page, const Value& context, const JsonObject* data, std::string_view name = {},
                            const Value& named = {});
};

}  // namespace genkit::internal

#endif  // GENKIT_SRC_PROMPT_TEMPLATE_ACCESS_H_
