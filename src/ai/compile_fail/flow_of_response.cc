// Must not compile: a flow gives a value, and a response is what asks for one.
#include <genkit/ai/response.h>
#include <genkit/core/flow.h>

const auto answer = genkit::flow("answer", [](const std::string&) { return genkit::Response({}, nullptr); });
