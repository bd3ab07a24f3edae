#ifndef GENKIT_SRC_SCHEMA_DRAFT7_COMPILE_H_
#define GENKIT_SRC_SCHEMA_DRAFT7_COMPILE_H_

#include <memory>

#include <genkit/base/json.h>

#include "schema/draft7/program.h"

namespace genkit::internal {

/// Compiles a schema, see SchemaValidator::compile. Takes no more stack for a deeply nested schema than for a flat one.
std::unique_ptr<const SchemaProgram> compile_schema(std::shared_ptr<const Json> schema);

}  // namespace genkit::internal

#endif  // GENKIT_SRC_SCHEMA_DRAFT7_COMPILE_H_
