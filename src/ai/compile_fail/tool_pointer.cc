// Must not compile: a pointer has no schema.
#include <genkit/ai/tool.h>

struct City {
  const char* name;
};

const auto weather = genkit::tool({.name = "getWeather", .description = "d"}, [](const City&) { return 1; });
