// Templates: whatever the text, compiling and rendering it ends with text or an Error, in bounded time and stack.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include <genkit/base/error.h>
#include <genkit/prompt/dotprompt.h>
#include <genkit/prompt/template.h>

#include "data.h"

namespace {

using genkit::HelperCall;
using genkit::Json;

genkit::TemplateEnvironment make_environment(std::string_view partial) {
  genkit::TemplateEnvironment environment;
  environment.set_logger(genkit::Logger([](const genkit::LogRecord&) {}));
  environment.define_partial("p", std::string(partial));
  environment.define_partial("layout", "<{{> @partial-block}}{{> p}}>");
  environment.define_helper("wrap", [](const HelperCall& call) { return call.fn() + call.inverse(); });
  environment.define_helper("upper", [](std::string_view text) { return std::string(text); });
  environment.define_helper("json", [](const Json& value) { return genkit::to_text(value); });
  environment.define_helper("add", [](long long a, double b) { return static_cast<double>(a) + b; });
  return environment;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(bytes), size);
  // What follows a form feed is a partial.
  const std::size_t cut = text.find('\f');
  const std::string_view source = text.substr(0, cut);
  const std::string_view partial = cut == std::string_view::npos ? std::string_view("{{name}}") : text.substr(cut + 1);
  const genkit::TemplateEnvironment environment = make_environment(partial);
  for (const bool known_only : {false, true}) {
    try {
      const genkit::Template page(source, environment,
                                  {.name = "fuzz",
                                   .escape_html = known_only,
                                   .known_helpers_only = known_only,
                                   .limits = {.nesting = 1000, .output = 1 << 16, .steps = 20'000}});
      const std::string once = page.render(genkit::data(), {{"level", 1}});
      if (once != page.render(genkit::data(), {{"level", 1}})) std::abort();
    } catch (const genkit::Error& error) {
      if (error.status() == genkit::Status::kInternal) std::abort();
    }
  }
  return 0;
}
