// Prompts: whatever the template and its partial, rendering ends with messages or an Error, and no input makes a message of a
// role that the template does not name.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include <genkit/base/error.h>
#include <genkit/prompt/dotprompt.h>

#include "data.h"

namespace {

using genkit::HelperCall;
using genkit::Json;

void define_helpers(genkit::TemplateEnvironment& environment) {
  environment.set_logger(genkit::Logger([](const genkit::LogRecord&) {}));
  environment.define_partial("layout", "<{{> @partial-block}}{{> p}}>");
  environment.define_helper("wrap", [](const HelperCall& call) { return call.fn() + call.inverse(); });
  environment.define_helper("id", [](const Json& value) { return value; });
  environment.define_helper("safe", [](std::string_view text) { return genkit::SafeText{std::string(text)}; });
  environment.define_helper("calm", [](const HelperCall& call) {
    try {
      return genkit::SafeText{call.fn()};
    } catch (const genkit::Error&) {
      return genkit::SafeText{"!"};
    }
  });
  environment.define_helper("inside", [](const HelperCall& call) { return call.fn({{"name", call.fn()}}); });
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(bytes), size);
  // What follows a form feed is a partial.
  const std::size_t cut = text.find('\f');
  const std::string_view partial = cut == std::string_view::npos ? std::string_view("{{role 'user'}}") : text.substr(cut + 1);
  // Escapes may spell the role.
  const bool names_tool = text.find("tool") != std::string_view::npos || text.find('\\') != std::string_view::npos;

  genkit::Dotprompt dotprompt({.limits = {.nesting = 200, .output = 1 << 16, .steps = 20'000}});
  define_helpers(dotprompt.environment());
  dotprompt.environment().define_partial("p", std::string(partial));
  try {
    const std::string messages = genkit::to_text(dotprompt.render(text.substr(0, cut), {.input = genkit::data()}).messages);
    if (!names_tool && messages.find(R"("role":"tool")") != std::string::npos) std::abort();
    if (messages.find('\xff') != std::string::npos) std::abort();
  } catch (const genkit::Error& error) {
    if (error.status() == genkit::Status::kInternal) std::abort();
  }
  return 0;
}
