#ifndef GENKIT_SRC_AI_TOOL_NAMES_H_
#define GENKIT_SRC_AI_TOOL_NAMES_H_

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <genkit/core/action.h>

namespace genkit::internal {

/// What models see of a tool's name: the part behind the last '/'.
std::string_view short_tool_name(std::string_view name) noexcept;

/// The name among `candidates` that was probably meant by `wanted`: it differs by few letters, or only in its prefix or in upper
/// and lower case. Nothing when none is near.
std::optional<std::string> nearest_name(std::string_view wanted, const std::vector<std::string>& candidates);

/// "; did you mean "x"?", "; there are: a, b" or "; there are none".
std::string name_advice(std::string_view wanted, const std::vector<std::string>& candidates);

/// Throws FAILED_PRECONDITION for a tool that does nothing but interrupt.
void require_restartable(const Action& tool);

}  // namespace genkit::internal

#endif  // GENKIT_SRC_AI_TOOL_NAMES_H_
