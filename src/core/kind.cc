#include <genkit/core/kind.h>

#include <array>
#include <utility>

namespace genkit {
namespace {

constexpr std::array<std::string_view, 21> kNames = {
    "custom",
    "dynamic-action-provider",
    "embedder",
    "evaluator",
    "executable-prompt",
    "flow",
    "indexer",
    "model",
    "background-model",
    "check-operation",
    "cancel-operation",
    "prompt",
    "reranker",
    "retriever",
    "tool",
    "tool.v2",
    "util",
    "resource",
    "agent",
    "agent-snapshot",
    "agent-abort",
};

constexpr std::string_view kProviderPrefix = "/dynamic-action-provider/";

/// "model/googleai/x": the kind, and all behind its slash.
std::optional<ActionKey> parse_kind_and_name(std::string_view text) {
  const auto slash = text.find('/');
  if (slash == std::string_view::npos || slash + 1 == text.size()) return std::nullopt;
  const auto kind = kind_from_name(text.substr(0, slash));
  if (!kind) return std::nullopt;

  ActionKey key;
  key.kind = *kind;
  key.name = text.substr(slash + 1);
  if (const auto end = key.name.find('/'); end != std::string::npos) key.plugin = key.name.substr(0, end);
  return key;
}

}  // namespace

std::string_view kind_name(ActionKind kind) noexcept {
  return kNames[static_cast<std::size_t>(kind)];
}

std::optional<ActionKind> kind_from_name(std::string_view name) noexcept {
  for (std::size_t i = 0; i < kNames.size(); ++i) {
    if (kNames[i] == name) return static_cast<ActionKind>(i);
  }
  return std::nullopt;
}

std::optional<ActionKey> ActionKey::parse(std::string_view key) {
  if (key.empty() || key.front() != '/') return std::nullopt;
  if (key.starts_with(kProviderPrefix)) {
    const auto rest = key.substr(kProviderPrefix.size());
    if (const auto colon = rest.find(':'); colon != std::string_view::npos) {
      auto inner = parse_kind_and_name(rest.substr(colon + 1));
      if (!inner || colon == 0) return std::nullopt;
      inner->host = rest.substr(0, colon);
      inner->plugin.clear();
      return inner;
    }
  }
  return parse_kind_and_name(key.substr(1));
}

std::string make_key(ActionKind kind, std::string_view name) {
  std::string key;
  const auto kind_text = kind_name(kind);
  key.reserve(kind_text.size() + name.size() + 2);
  key += '/';
  key += kind_text;
  key += '/';
  key += name;
  return key;
}

}  // namespace genkit
