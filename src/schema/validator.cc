#include <genkit/schema/validator.h>

#include <utility>

#include "schema/draft7/compile.h"
#include "schema/draft7/evaluate.h"

namespace genkit {
namespace {

/// A value or schema as it is shown in an error. Errors travel to logs, traces, and back to models: a megabyte helps none of
/// them.
std::string show_bounded(const Json& json) {
  constexpr std::size_t kLongest = 16 * 1024;
  std::string text = to_text(json, 2);
  if (text.size() <= kLongest) return text;
  std::size_t end = kLongest;
  while ((static_cast<unsigned char>(text[end]) & 0xC0) == 0x80) --end;
  std::string rest = std::to_string(text.size() - end);
  text.resize(end);
  return text + "\n... (" + rest + " more bytes)";
}

}  // namespace

std::shared_ptr<const SchemaValidator> SchemaValidator::compile(const Json& schema) {
  return compile(std::make_shared<const Json>(schema));
}

std::shared_ptr<const SchemaValidator> SchemaValidator::compile(std::shared_ptr<const Json> schema) {
  return std::shared_ptr<const SchemaValidator>(new SchemaValidator(internal::compile_schema(std::move(schema))));
}

SchemaValidator::SchemaValidator(std::unique_ptr<const internal::SchemaProgram> program) : program_(std::move(program)) {}

SchemaValidator::~SchemaValidator() = default;

bool SchemaValidator::validate(const Json& value, std::vector<ValidationIssue>* issues) const {
  if (issues != nullptr) issues->clear();
  if (internal::matches(*program_, value)) return true;
  if (issues != nullptr) *issues = internal::collect_issues(*program_, value);
  return false;
}

void SchemaValidator::validate_or_throw(const Json& value) const {
  std::vector<ValidationIssue> issues;
  if (!validate(value, &issues)) throw validation_error(issues, value, schema());
}

const Json& SchemaValidator::schema() const noexcept {
  return *program_->schema;
}

std::size_t SchemaValidator::size() const noexcept {
  return program_->nodes.size();
}

Error validation_error(const std::vector<ValidationIssue>& issues, const Json& value, const Json& schema) {
  std::string message = "Schema validation failed. Parse Errors:\n";
  JsonArray errors;
  for (const ValidationIssue& issue : issues) {
    message += "\n- " + issue.path + ": " + issue.message;
    errors.push_back(JsonObject{{"path", issue.path}, {"message", issue.message}});
  }
  message += "\n\nProvided data:\n\n" + show_bounded(value);
  message += "\n\nRequired JSON schema:\n\n" + show_bounded(schema);
  return Error(Status::kInvalidArgument, std::move(message), JsonObject{{"errors", std::move(errors)}, {"schema", schema}});
}

}  // namespace genkit
