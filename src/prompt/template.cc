#include <genkit/prompt/template.h>

#include <algorithm>

#include "prompt/compiled_template.h"
#include "prompt/renderer.h"
#include "prompt/template_access.h"

namespace genkit {

Template::Template(std::string_view source, TemplateOptions options)
    : compiled_(internal::compile_template(std::string(source), std::move(options),
                                           internal::empty_environment()->snapshot()->helpers)),
      environment_(internal::empty_environment()) {}

Template::Template(std::string_view source, const TemplateEnvironment& environment, TemplateOptions options)
    : compiled_(internal::compile_template(std::string(source), std::move(options), environment.state_->snapshot()->helpers)),
      environment_(environment.state_) {}

std::string Template::render(const Json& context, const Json& data) const {
  return internal::TemplateAccess::render(*this, internal::TemplateValue(context), data.if_object());
}

std::vector<std::string> Template::partial_names() const {
  std::vector<std::string> names;
  for (const internal::Node& node : compiled_->nodes) {
    if (node.kind != internal::Node::Kind::kPartial && node.kind != internal::Node::Kind::kPartialBlock) continue;
    const internal::Expression& name = compiled_->params[compiled_->calls[node.call].params.begin];
    if (name.kind != internal::Expression::Kind::kLiteral) continue;
    const std::string_view text = compiled_->literals[name.index].get_string();
    if (text != "@partial-block" && std::find(names.begin(), names.end(), text) == names.end()) names.emplace_back(text);
  }
  return names;
}

namespace internal {

std::string TemplateAccess::render(const Template& page, const TemplateValue& context, const JsonObject* data,
                                   const RenderExtras& extras) {
  std::string out;
  // Values are mostly longer than the tags that print them.
  out.reserve(page.compiled_->source.text().size() * 3 / 2);
  Renderer(*page.compiled_, *page.environment_, page.environment_->snapshot(), out).render(context, data, extras);
  return out;
}

}  // namespace internal
}  // namespace genkit
