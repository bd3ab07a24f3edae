#ifndef GENKIT_SCHEMA_VALIDATOR_H_
#define GENKIT_SCHEMA_VALIDATOR_H_

#include <cstddef>
#include <memory>
#include <string>
#include <vector>

#include <genkit/base/error.h>
#include <genkit/base/json.h>

namespace genkit {

namespace internal {
struct SchemaProgram;
}

/// One reason why a value does not match a schema.
struct ValidationIssue {
  /// Where in the value: "ingredients.1.quantity", or "(root)" for the value itself.
  std::string path;
  /// "must be number"; the texts are those of ajv, which the other languages of Genkit use.
  std::string message;
};

/// A JSON Schema (draft-07) made ready for checking values. Immutable, so any number of threads may share one.
///
/// All keywords of draft-07 are checked; keywords that it does not know are ignored. `format` is checked for the formats of
/// ajv-formats (date-time, date, time, duration, email, hostname, ipv4, ipv6, uri, uri-reference, uuid, regex, json-pointer, …)
/// and is an annotation otherwise. `$ref` reaches everything in the schema and the draft-07 metaschema; nothing is fetched.
///
/// Schemas and values may come from strangers: the work per value is bounded, patterns run in linear time.
class SchemaValidator {
 public:
  /// Throws INVALID_ARGUMENT that names the JSON pointer of the keyword for what is no schema, for a `$ref` that leads nowhere or
  /// around in a circle, and for a `pattern` that needs backtracking (look-around, back references).
  static std::shared_ptr<const SchemaValidator> compile(const Json& schema);
  /// The same without a copy of the schema, which must not be null.
  static std::shared_ptr<const SchemaValidator> compile(std::shared_ptr<const Json> schema);

  ~SchemaValidator();
  SchemaValidator(const SchemaValidator&) = delete;
  SchemaValidator& operator=(const SchemaValidator&) = delete;

  /// True when `value` matches. Otherwise `issues`, if given, gets all reasons (of very many the first hundred); it is cleared
  /// first. Allocates nothing for values that match ordinary schemas. Throws RESOURCE_EXHAUSTED when the value is nested too
  /// deeply to be followed or the schema multiplies the work beyond all proportion to the size of the value.
  bool validate(const Json& value, std::vector<ValidationIssue>* issues = nullptr) const;

  /// Throws `validation_error` when `value` does not match.
  void validate_or_throw(const Json& value) const;

  const Json& schema() const noexcept;
  /// The number of compiled subschemas, a measure of the memory in use.
  std::size_t size() const noexcept;
  /// For the library: the compiled form.
  const internal::SchemaProgram& program() const noexcept { return *program_; }

 private:
  explicit SchemaValidator(std::unique_ptr<const internal::SchemaProgram> program);

  std::unique_ptr<const internal::SchemaProgram> program_;
};

/// The error with which every Genkit refuses a value: INVALID_ARGUMENT, a text that lists the issues, the value and the schema
/// (either one cut off when it is very long), and the details {"errors": [{"path", "message"}], "schema"}.
Error validation_error(const std::vector<ValidationIssue>& issues, const Json& value, const Json& schema);

struct SchemaCacheOptions {
  /// How many schemas are kept.
  std::size_t max_schemas = 1024;
  /// How many compiled subschemas they may have together; a larger schema is compiled but not kept.
  std::size_t max_subschemas = 65536;
};

/// Compiled schemas by content: equal schemas, wherever they come from, share one validator. Drops the least recently used ones.
/// Thread-safe.
class SchemaCache {
 public:
  explicit SchemaCache(const SchemaCacheOptions& options = {});
  ~SchemaCache();
  SchemaCache(const SchemaCache&) = delete;
  SchemaCache& operator=(const SchemaCache&) = delete;

  /// As SchemaValidator::compile. Costs a hash of the schema when it is there.
  std::shared_ptr<const SchemaValidator> get(const Json& schema);
  /// How many schemas are kept now.
  std::size_t size() const;

 private:
  class State;
  std::unique_ptr<State> state_;
};

}  // namespace genkit

#endif  // GENKIT_SCHEMA_VALIDATOR_H_
