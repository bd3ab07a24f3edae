// Prompt files: parsing, resolving and rendering any text ends with messages or an Error, and messages are valid UTF-8.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <optional>
#include <string>
#include <string_view>

#include <genkit/base/error.h>
#include <genkit/prompt/dotprompt.h>

#include "prompt/front_matter.h"
#include "prompt/source.h"

namespace {

/// What is simple means the same to both parsers of YAML.
void check_simple(std::string_view text) {
  if (genkit::internal::find_invalid_utf8(text) != std::string_view::npos) return;
  const std::optional<genkit::Json> simple = genkit::internal::parse_simple_yaml(text);
  if (simple && genkit::to_text(*simple) != genkit::to_text(genkit::internal::parse_yaml_document(text, "fuzz", 1))) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(bytes), size);
  check_simple(text);
  if (const genkit::internal::PromptParts parts = genkit::internal::split_prompt(text); parts.has_front_matter) {
    check_simple(parts.front_matter);
  }
  genkit::DotpromptOptions options;
  options.schemas = {{"Foo", {{"type", "number"}}}};
  options.limits = {.output = 1 << 16, .steps = 20'000};
  const genkit::Dotprompt dotprompt(std::move(options));
  try {
    const genkit::RenderedPrompt rendered = dotprompt.compile(text, "fuzz.prompt").render({.input = {{"name", "Ann"}}});
    for (const genkit::Json& message : rendered.messages) {
      if (!message.at("role").is_string() || !message.at("content").is_array()) std::abort();
      for (const genkit::Json& part : message.at("content").get_array()) {
        const genkit::Json* shown = genkit::find_member(part, "text");
        if (shown && genkit::internal::find_invalid_utf8(shown->get_string()) != std::string_view::npos) std::abort();
      }
    }
  } catch (const genkit::Error& error) {
    if (error.status() == genkit::Status::kInternal) std::abort();
  }
  return 0;
}
