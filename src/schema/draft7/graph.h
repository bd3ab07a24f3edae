#ifndef GENKIT_SRC_SCHEMA_DRAFT7_GRAPH_H_
#define GENKIT_SRC_SCHEMA_DRAFT7_GRAPH_H_

#include "schema/draft7/program.h"

namespace genkit::internal {

/// Turns the edges to nodes that are only a $ref into edges to what these name. Returns a node whose references run in a circle
/// without reaching a schema, or nullptr.
const SchemaNode* resolve_references(SchemaProgram& program);

/// A node that leads back to itself for the same value, {"allOf": [{"$ref": "#"}]} say, which would never end; or nullptr.
const SchemaNode* find_circle_in_place(SchemaProgram& program);

}  // namespace genkit::internal

#endif  // GENKIT_SRC_SCHEMA_DRAFT7_GRAPH_H_
