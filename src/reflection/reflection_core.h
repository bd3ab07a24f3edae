#ifndef GENKIT_SRC_REFLECTION_REFLECTION_CORE_H_
#define GENKIT_SRC_REFLECTION_REFLECTION_CORE_H_

#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include <genkit/core/registry.h>

#include "reflection/action_catalog.h"
#include "reflection/action_runner.h"

namespace genkit::internal {

/// What both versions of the reflection API do, whatever carries it.
struct ReflectionCore {
  ReflectionCore(std::shared_ptr<Registry> registry, std::shared_ptr<TelemetryServerExporter> exporter, bool telemetry_is_fixed,
                 Logger logger)
      : registry(std::move(registry)),
        exporter(std::move(exporter)),
        telemetry_is_fixed(telemetry_is_fixed),
        logger(std::move(logger)),
        catalog(this->registry),
        runner(this->registry) {}

  /// The values of a type that tools may ask for. Throws INVALID_ARGUMENT for others.
  Json values(const std::string& type) const;

  /// Takes over what a tool says about telemetry: {"telemetryServerUrl"?, "reflectionApiSpecVersion"?}.
  void configure(const Json& parameters);

  const std::shared_ptr<Registry> registry;
  const std::shared_ptr<TelemetryServerExporter> exporter;  ///< may be null
  const bool telemetry_is_fixed;                            ///< the environment names the server
  const Logger logger;
  ActionCatalog catalog;
  ActionRunner runner;
};

/// "cpp/0.1.0"
std::string genkit_version();

}  // namespace genkit::internal

#endif  // GENKIT_SRC_REFLECTION_REFLECTION_CORE_H_
