#include "ai/output/format_set.h"

#include <array>

#include <genkit/core/registry.h>
#include <genkit/schema/validator.h>

namespace genkit {
namespace internal {
namespace {

/// What is registered for a custom format.
struct CustomFormat {
  FormatOptions options;
  FormatFactory factory;
};

struct LibraryFormat {
  FormatKind kind;
  std::string_view name;
  std::string_view content_type;
  std::optional<bool> constrained;
  bool default_instructions;
};

constexpr std::array kLibraryFormats = {
    LibraryFormat{FormatKind::kText, "text", "text/plain", std::nullopt, true},
    LibraryFormat{FormatKind::kJson, "json", "application/json", true, false},
    LibraryFormat{FormatKind::kArray, "array", "application/json", true, true},
    LibraryFormat{FormatKind::kEnum, "enum", "text/enum", true, true},
    LibraryFormat{FormatKind::kJsonl, "jsonl", "application/jsonl", std::nullopt, true},
};

bool has_type(const Json* schema, std::string_view name) {
  const Json* type = schema != nullptr ? find_member(*schema, "type") : nullptr;
  return type != nullptr && type->is_string() && type->get_string() == name;
}

void check_schema(FormatKind kind, const Json& schema) {
  if (schema.is_null()) return;
  const auto refuse = [&](const char* message) { throw Error(Status::kInvalidArgument, message, {{"schema", schema}}); };
  if (kind == FormatKind::kArray && !has_type(&schema, "array")) {
    refuse("Must supply an 'array' schema type when using the 'items' parser format.");
  }
  if (kind == FormatKind::kEnum && !has_type(&schema, "string") && !has_type(&schema, "enum")) {
    refuse("Must supply a 'string' or 'enum' schema type when using the enum parser format.");
  }
  if (kind == FormatKind::kJsonl && (!has_type(&schema, "array") || !has_type(find_member(schema, "items"), "object"))) {
    refuse("Must supply an 'array' schema type containing 'object' items when using the 'jsonl' parser format.");
  }
}

std::string enum_instructions(const Json& schema) {
  const Json* values = find_member(schema, "enum");
  if (values == nullptr || !values->is_array()) return {};
  std::string text =
      "Output should be ONLY one of the following enum values. Do not output any additional information or add quotes.\n\n";
  bool first = true;
  for (const Json& value : values->get_array()) {
    if (!first) text += '\n';
    first = false;
    text += value.is_string() ? std::string(value.get_string()) : to_text(value);
  }
  return text;
}

/// The words are those of the other languages, spaces at the end included: models were tried with them.
std::string library_instructions(FormatKind kind, const Json& schema) {
  if (schema.is_null()) return {};
  switch (kind) {
    case FormatKind::kJson:
      return json_instructions(schema);
    case FormatKind::kArray:
      return "Output should be a JSON array conforming to the following schema:\n    \n```\n" + to_text(schema) + "\n```\n    ";
    case FormatKind::kEnum:
      return enum_instructions(schema);
    case FormatKind::kJsonl:
      return "Output should be JSONL format, a sequence of JSON objects (one per line) separated by a newline `\\n` character. "
             "Each line should be a JSON object conforming to the following schema:\n\n```\n" +
             to_text(schema.get_object().at("items")) + "\n```\n    ";
    default:
      return {};
  }
}

[[noreturn]] void refuse_name(const Registry* registry, const std::string& name) {
  std::string known;
  for (const LibraryFormat& format : kLibraryFormats) known += (known.empty() ? "" : ", ") + std::string(format.name);
  if (registry != nullptr) {
    const Json customs = registry->list_values("format");
    for (const auto& custom : customs.as_object()) known += ", " + std::string(custom.key());
  }
  throw Error(Status::kNotFound, "output format \"" + name + "\" not found; formats: " + known);
}

void take_library_format(OutputForm& form, const LibraryFormat& format) {
  form.kind = format.kind;
  form.options = {.name = std::string(format.name),
                  .content_type = std::string(format.content_type),
                  .constrained = format.constrained,
                  .default_instructions = format.default_instructions};
  check_schema(form.kind, form.schema);
  form.handler.instructions = library_instructions(form.kind, form.schema);
}

void take_format(OutputForm& form, const Registry* registry, const std::string& name) {
  if (registry != nullptr) {
    if (const auto custom = registry->find_object<CustomFormat>("format", name)) {
      form.kind = FormatKind::kCustom;
      form.options = custom->options;
      form.handler = custom->factory(form.schema);
      return;
    }
  }
  for (const LibraryFormat& format : kLibraryFormats) {
    if (format.name == name) return take_library_format(form, format);
  }
  refuse_name(registry, name);
}

}  // namespace

std::string json_instructions(const Json& schema) {
  return "Output should be in JSON format and conform to the following schema:\n\n```\n" + to_text(schema) + "\n```\n";
}

std::shared_ptr<const OutputForm> make_form(const Registry* registry, const std::string& format, const SharedJson& schema) {
  static const auto plain_text = std::make_shared<const OutputForm>();
  if (format.empty() && schema.is_null()) return plain_text;
  auto form = std::make_shared<OutputForm>();
  form->is_asked_for = true;
  form->schema = schema;
  take_format(*form, registry, format.empty() ? "json" : format);
  if (!schema.is_null() && form->kind != FormatKind::kText) {
    form->validator = registry != nullptr ? registry->validator(schema) : SchemaValidator::compile(schema);
  }
  return form;
}

void define_format(Registry& registry, FormatOptions options, FormatFactory factory) {
  if (options.name.empty()) throw Error(Status::kInvalidArgument, "an output format needs a name: FormatOptions::name");
  if (!factory) throw Error(Status::kInvalidArgument, "output format \"" + options.name + "\" needs a function");
  const std::string name = options.name;
  JsonObject shown{{"name", name}};
  if (!options.content_type.empty()) shown["contentType"] = options.content_type;
  if (options.constrained) shown["constrained"] = *options.constrained;
  if (!options.default_instructions) shown["defaultInstructions"] = false;
  FormatFactory checked = [factory = std::move(factory), name](const Json& schema) {
    FormatHandler handler = factory(schema);
    if (!handler.parse_message) {
      throw Error(Status::kInvalidArgument, "output format \"" + name + "\" has no parse_message: its answers could not be read");
    }
    return handler;
  };
  registry.add_value("format", name, std::move(shown),
                     std::make_shared<const CustomFormat>(CustomFormat{std::move(options), std::move(checked)}));
}

}  // namespace internal
}  // namespace genkit
