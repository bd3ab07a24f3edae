// Must not compile: a name of 65 characters.
#include <genkit/ai/tool.h>

const genkit::ToolName name = "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";
