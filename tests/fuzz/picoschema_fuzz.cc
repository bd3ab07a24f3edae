// Picoschema: any JSON becomes JSON Schema or an Error, and what became JSON Schema stays as it is.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include <genkit/base/error.h>
#include <genkit/prompt/picoschema.h>

#include "prompt/front_matter.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(bytes), size);
  const genkit::SchemaResolver resolver = [](std::string_view name) -> std::optional<genkit::Json> {
    if (name.starts_with('F')) return genkit::Json{{"type", "number"}};
    return std::nullopt;
  };
  try {
    const genkit::Json schema = genkit::picoschema(genkit::internal::parse_yaml_document(text, "fuzz", 1), resolver);
    const genkit::Json* type = genkit::find_member(schema, "type");
    if (type && type->is_string() && genkit::to_text(genkit::picoschema(schema, resolver)) != genkit::to_text(schema))
      std::abort();
  } catch (const genkit::Error& error) {
    if (error.status() == genkit::Status::kInternal) std::abort();
  }
  return 0;
}
