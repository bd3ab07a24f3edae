#ifndef GENKIT_CORE_KIND_H_
#define GENKIT_CORE_KIND_H_

#include <optional>
#include <string>
#include <string_view>

namespace genkit {

/// What an action is. The names on the wire are those of `kind_name`.
enum class ActionKind {
  kCustom,
  kDynamicActionProvider,
  kEmbedder,
  kEvaluator,
  kExecutablePrompt,
  kFlow,
  kIndexer,
  kModel,
  kBackgroundModel,
  kCheckOperation,
  kCancelOperation,
  kPrompt,
  kReranker,
  kRetriever,
  kTool,
  kToolV2,
  kUtil,
  kResource,
  kAgent,
  kAgentSnapshot,
  kAgentAbort,
};

/// "flow", "tool.v2", "dynamic-action-provider", …
std::string_view kind_name(ActionKind kind) noexcept;
std::optional<ActionKind> kind_from_name(std::string_view name) noexcept;

/// A registry key taken apart: "/model/googleai/gemini-2.5-flash" is {kModel, plugin "googleai", name
/// "googleai/gemini-2.5-flash"};
/// "/dynamic-action-provider/mcp:tool/fs/read" is {kTool, host "mcp", name "fs/read"}.
struct ActionKey {
  ActionKind kind = ActionKind::kCustom;
  std::string name = {};    ///< all after the kind, plugin included
  std::string plugin = {};  ///< the first segment of a name that has several; empty otherwise
  std::string host = {};    ///< the dynamic action provider; empty otherwise

  /// Nothing for text that is no key.
  static std::optional<ActionKey> parse(std::string_view key);
};

/// "/flow/tellJoke".
std::string make_key(ActionKind kind, std::string_view name);

}  // namespace genkit

#endif  // GENKIT_CORE_KIND_H_
