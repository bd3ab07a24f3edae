#ifndef GENKIT_SRC_AI_TOOL_TEST_SUPPORT_H_
#define GENKIT_SRC_AI_TOOL_TEST_SUPPORT_H_

#include <string>

#include <genkit/ai/generate.h>
#include <genkit/testing/scripted_model.h>

#include "core/core_test_support.h"

namespace genkit {

struct City {
  std::string city;
};
struct Weather {
  int celsius = 0;
};

/// A registered tool that takes a city and returns the length of its name as a temperature.
inline Tool<City, Weather> fixture_tool(TracedRegistry& fixture, const std::string& name) {
  const auto made = tool({.name = name, .description = "Current weather"},
                         [](const City& city) { return Weather{static_cast<int>(city.city.size())}; });
  return Tool<City, Weather>(internal::add_tool(*fixture.registry, made.action()));
}

/// A registry with a model that plays `turns`.
struct ScriptedRegistry : TracedRegistry {
  explicit ScriptedRegistry(std::vector<ScriptedTurn> turns) : model(ScriptedModelOptions{.script = std::move(turns)}) {
    registry->add(model);
  }

  Response generate(GenerateOptions options) {
    if (options.model.name.empty()) options.model.name = model.name();
    return Response(internal::generate(*registry, options, nullptr), registry);
  }

  ScriptedModel model;
};

}  // namespace genkit

#endif  // GENKIT_SRC_AI_TOOL_TEST_SUPPORT_H_
