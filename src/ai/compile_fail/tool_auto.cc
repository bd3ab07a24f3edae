// Must not compile: a tool's types come from its signature, so it must have one.
#include <genkit/ai/tool.h>

const auto weather = genkit::tool({.name = "getWeather", .description = "d"}, [](const auto& city) { return city; });
