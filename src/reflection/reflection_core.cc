#include "reflection/reflection_core.h"

namespace genkit::internal {

Json ReflectionCore::values(const std::string& type) const {
  if (type == "defaultModel" || type == "middleware") return registry->list_values(type);
  throw Error(Status::kInvalidArgument,
              "'type' " + type + " is not supported. Only 'defaultModel' and 'middleware' are supported");
}

void ReflectionCore::configure(const Json& parameters) {
  const Json* version = find_member(parameters, "reflectionApiSpecVersion");
  if (version != nullptr && version->is_number() && version->to_number<double>() != 1) {
    logger.warning("the Genkit tools speak another version of the reflection API: update genkit-cpp or the tools",
                   {{"theirs", *version}, {"ours", 1}});
  }
  const Json* url = find_member(parameters, "telemetryServerUrl");
  if (url != nullptr && url->is_string() && exporter && !telemetry_is_fixed) exporter->set_url(std::string(url->get_string()));
}

std::string genkit_version() {
  return "cpp/" GENKIT_VERSION;
}

}  // namespace genkit::internal
