#include <genkit/core/flow.h>

namespace genkit::internal {

ActionDefinition flow_definition(FlowOptions options) {
  ActionDefinition definition;
  definition.kind = ActionKind::kFlow;
  definition.name = std::move(options.name);
  definition.description = std::move(options.description);
  definition.metadata = std::move(options.metadata);
  definition.input_schema = std::move(options.input_schema);
  definition.output_schema = std::move(options.output_schema);
  return definition;
}

}  // namespace genkit::internal
