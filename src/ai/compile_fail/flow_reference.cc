// Must not compile: what an action changes in its input would change it for the caller, or get lost.
#include <genkit/core/flow.h>

const auto count = genkit::flow("count", [](std::string& text) { return text.size(); });
