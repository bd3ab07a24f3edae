#ifndef GENKIT_SRC_SCHEMA_DRAFT7_METASCHEMA_H_
#define GENKIT_SRC_SCHEMA_DRAFT7_METASCHEMA_H_

#include <genkit/base/json.h>

namespace genkit::internal {

/// The schema of draft-07 schemas, http://json-schema.org/draft-07/schema.
const Json& draft7_metaschema();

}  // namespace genkit::internal

#endif  // GENKIT_SRC_SCHEMA_DRAFT7_METASCHEMA_H_
