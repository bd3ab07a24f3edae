#ifndef GENKIT_SRC_REFLECTION_ACTION_CATALOG_H_
#define GENKIT_SRC_REFLECTION_ACTION_CATALOG_H_

#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <unordered_map>
#include <utility>

#include <genkit/core/registry.h>

namespace genkit::internal {

/// Writes actions as the Genkit tools list them: {"/flow/x": {"key", "name", "description"?, …}, …}. One value that the tools do
/// not expect fails their whole listing, so nothing is null and metadata has the shapes they check for.
class ActionListWriter {
 public:
  explicit ActionListWriter(std::string& out) : out_(out) {}

  /// Appends `"key":{…}`, after a comma where one is needed.
  void add(const ActionInfo& info);

 private:
  void append_schema(const std::shared_ptr<const Json>& schema);

  std::string& out_;
  bool first_ = true;
  // Actions of the same C++ type share their schema: its text is written once and copied from then on.
  std::unordered_map<const Json*, std::pair<std::size_t, std::size_t>> schemas_;
};

/// The text of all actions of a registry. What is registered is written once and kept until something is added; what plugins and
/// dynamic providers could make is asked for each time.
class ActionCatalog {
 public:
  explicit ActionCatalog(std::shared_ptr<Registry> registry) : registry_(std::move(registry)) {}

  std::shared_ptr<const std::string> text();

 private:
  std::shared_ptr<const std::string> registered();

  const std::shared_ptr<Registry> registry_;
  std::mutex mutex_;  // never held while plugins are asked
  std::uint64_t version_ = 0;
  std::shared_ptr<const std::string> text_;
};

}  // namespace genkit::internal

#endif  // GENKIT_SRC_REFLECTION_ACTION_CATALOG_H_
