#include <genkit/ai/output.h>

namespace genkit {

OutputOptions internal::output_for(OutputOptions options, const Json& type_schema) {
  if (!options.schema.is_null()) return options;
  const Json* type = find_member(type_schema, "type");
  const bool is_string = type != nullptr && *type == "string";
  if (options.format.empty() && is_string) {
    const bool is_enum = find_member(type_schema, "enum") != nullptr;
    const bool is_plain = !is_enum && type_schema.get_object().size() == 1;
    if (is_enum) options.format = "enum";
    if (is_plain) options.format = "text";
  }
  if (options.format != "text") options.schema = type_schema;
  return options;
}

}  // namespace genkit
