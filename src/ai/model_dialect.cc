#include "ai/model_dialect.h"

#include <string>

#include <genkit/core/registry.h>
#include <genkit/schema/dialect.h>

#include "ai/generate_request.h"

namespace genkit::internal {

void check_dialect(Registry& registry, std::string_view model, const Json& schema, std::string_view what) {
  if (schema.is_null()) return;
  const std::string name = model.empty() ? default_model(registry).name : std::string(model);
  const auto action = registry.find_registered(make_key(ActionKind::kModel, name));
  const Json* info = action ? find_member(action->info().metadata, "model") : nullptr;
  const Json* dialect = info != nullptr ? find_member(*info, "schemaDialect") : nullptr;
  if (dialect == nullptr) return;
  try {
    lower_schema(schema, from_json<SchemaDialect>(*dialect));
  } catch (const Error& error) {
    throw Error(error.status(), std::string(what) + " cannot be told to model \"" + name + "\": " + error.message(),
                error.details());
  }
}

}  // namespace genkit::internal
