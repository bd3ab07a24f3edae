// Must not compile: models refuse names with spaces.
#include <genkit/ai/tool.h>

const auto weather = genkit::tool({.name = "get weather", .description = "d"}, [] { return 1; });
