#ifndef GENKIT_SRC_REFLECTION_RUNTIME_FILE_H_
#define GENKIT_SRC_REFLECTION_RUNTIME_FILE_H_

#include <chrono>
#include <filesystem>
#include <memory>
#include <string>

#include "reflection/exit_cleanup.h"

namespace genkit::internal {

/// What the Genkit tools look for: the nearest folder at or above `start` that holds a package.json, go.mod, …; `start` when
/// there is none. (They know of no C++ marker, so neither may we: both sides must come to the same folder.)
std::filesystem::path find_project_root(const std::filesystem::path& start);

/// How a running program is announced to the Genkit tools.
struct RuntimeDescription {
  std::string id;
  int pid = 0;
  std::string name;
  std::string url;
  std::string version;  ///< "cpp/0.1.0"
  std::chrono::system_clock::time_point time;
};

std::string to_text(const RuntimeDescription& description);
/// "2026-11-22T11:09:43.580Z": the only form that every version of the tools can sort.
std::string iso_time(std::chrono::system_clock::time_point time);

/// <root>/.genkit/runtimes/<name>: there from `write` until the object or the process goes away.
class RuntimeFile {
 public:
  RuntimeFile(const std::filesystem::path& root, const std::string& name, std::string text);

  /// Puts the file there in one step, complete, making the folders. Throws UNAVAILABLE. Does nothing once the process is ending.
  void write();
  /// Writes it again when somebody has removed it; tools do when they were unlucky with a health check.
  void restore();
  void remove() noexcept { cleanup_.remove(); }
  const std::filesystem::path& path() const noexcept { return path_; }

 private:
  const std::filesystem::path path_;
  const std::filesystem::path temporary_;  // in another folder: tools complain about strange files in this one
  const std::string text_;
  ExitCleanup cleanup_;
};

}  // namespace genkit::internal

#endif  // GENKIT_SRC_REFLECTION_RUNTIME_FILE_H_
