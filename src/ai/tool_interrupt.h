#ifndef GENKIT_SRC_AI_TOOL_INTERRUPT_H_
#define GENKIT_SRC_AI_TOOL_INTERRUPT_H_

#include <optional>

#include <genkit/base/error.h>

namespace genkit::internal {

/// The cause of the error by which a tool interrupts. Only this type counts, so that no other error can be taken for an
/// interrupt, whatever its details say.
struct ToolInterrupt {
  Json metadata;
};

/// What the tool wants its user to know; nothing for errors that are no interrupts.
std::optional<Json> interrupt_metadata(const Error& error);

}  // namespace genkit::internal

#endif  // GENKIT_SRC_AI_TOOL_INTERRUPT_H_
