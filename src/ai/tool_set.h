#ifndef GENKIT_SRC_AI_TOOL_SET_H_
#define GENKIT_SRC_AI_TOOL_SET_H_

#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include <genkit/ai/model_types.h>
#include <genkit/ai/tool.h>
#include <genkit/core/registry.h>

namespace genkit::internal {

/// A tool that belongs to a generation.
struct BoundTool {
  Action action;
  /// It is in no registry: the call joins it in any case, as it may refer to variables of its caller.
  bool dynamic = false;
  /// A cancelled call may end without it.
  bool may_be_left = false;
};

/// The tools of one generation.
class ToolSet {
 public:
  ToolSet() = default;
  /// Finds the tools; those that are in no registry are put into a child of `registry`, which lives as long as the set. Throws
  /// NOT_FOUND for an unknown tool, INVALID_ARGUMENT for what is no tool and for two with the same short name.
  ToolSet(Registry& registry, const std::vector<ToolReference>& references);

  bool empty() const noexcept { return tools_.empty(); }
  std::size_t size() const noexcept { return tools_.size(); }
  /// By the name that the model uses; nullptr when there is none.
  const BoundTool* find(std::string_view short_name) const noexcept;
  /// NOT_FOUND for a tool that the model made up, offering the nearest; `request` goes into the details.
  Error unknown(const ToolRequest& request) const;
  /// What the model is told.
  std::vector<ToolDefinition> definitions() const;
  std::vector<std::string> keys() const;

 private:
  /// Finds a `std::string` by a `std::string_view`.
  struct NameHash {
    using is_transparent = void;
    std::size_t operator()(std::string_view name) const noexcept { return std::hash<std::string_view>()(name); }
  };

  void add(Registry& registry, const ToolReference& reference);
  void insert(BoundTool tool);

  std::shared_ptr<Registry> child_;
  std::vector<BoundTool> tools_;
  std::unordered_map<std::string, std::size_t, NameHash, std::equal_to<>> by_short_name_;
};

}  // namespace genkit::internal

#endif  // GENKIT_SRC_AI_TOOL_SET_H_
