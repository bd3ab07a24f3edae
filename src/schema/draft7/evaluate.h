#ifndef GENKIT_SRC_SCHEMA_DRAFT7_EVALUATE_H_
#define GENKIT_SRC_SCHEMA_DRAFT7_EVALUATE_H_

#include <vector>

#include <genkit/base/json.h>
#include <genkit/schema/validator.h>

#include "schema/draft7/program.h"

namespace genkit::internal {

/// Whether `value` matches. Stops at the first mismatch; allocates nothing but for big arrays with `uniqueItems`, property names
/// that are checked as values, and what RE2 needs. Throws RESOURCE_EXHAUSTED, see SchemaValidator::validate.
bool matches(const SchemaProgram& program, const Json& value);
/// The same for one subschema.
bool matches(const SchemaNode& node, const Json& value);

/// The reasons why a `value` that does not match does not; never empty then.
std::vector<ValidationIssue> collect_issues(const SchemaProgram& program, const Json& value);

}  // namespace genkit::internal

#endif  // GENKIT_SRC_SCHEMA_DRAFT7_EVALUATE_H_
