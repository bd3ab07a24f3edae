#include "reflection/runtime_file.h"

#include <array>
#include <cstdio>
#include <ctime>
#include <fstream>
#include <system_error>
#include <utility>

#include <genkit/base/error.h>
#include <genkit/base/json.h>

namespace genkit::internal {

namespace fs = std::filesystem;

namespace {

// @genkit-ai/tools-common: findProjectRoot.
constexpr std::array kMarkers = {"package.json", "go.mod",       "pyproject.toml",   "requirements.txt",
                                 "pom.xml",      "build.gradle", "build.gradle.kts", "pubspec.yaml"};

bool has_marker(const fs::path& folder) {
  for (const char* marker : kMarkers) {
    std::error_code ignored;
    if (fs::exists(folder / marker, ignored)) return true;
  }
  return false;
}

[[noreturn]] void fail(const fs::path& path, const std::string& why) {
  throw Error(Status::kUnavailable, "cannot write " + path.string() + ": " + why);
}

}  // namespace

fs::path find_project_root(const fs::path& start) {
  for (fs::path folder = start;; folder = folder.parent_path()) {
    if (has_marker(folder)) return folder;
    if (folder == folder.parent_path()) return start;
  }
}

std::string iso_time(std::chrono::system_clock::time_point time) {
  const auto milliseconds = std::chrono::floor<std::chrono::milliseconds>(time);
  const auto seconds = std::chrono::floor<std::chrono::seconds>(milliseconds);
  const std::time_t stamp = std::chrono::system_clock::to_time_t(seconds);
  std::tm utc{};
  ::gmtime_r(&stamp, &utc);
  char text[96];
  std::snprintf(text, sizeof text, "%04d-%02d-%02dT%02d:%02d:%02d.%03dZ", utc.tm_year + 1900, utc.tm_mon + 1, utc.tm_mday,
                utc.tm_hour, utc.tm_min, utc.tm_sec, static_cast<int>((milliseconds - seconds).count()));
  return text;
}

std::string to_text(const RuntimeDescription& description) {
  return genkit::to_text(JsonObject{{"id", description.id},
                                    {"pid", description.pid},
                                    {"name", description.name},
                                    {"reflectionServerUrl", description.url},
                                    {"timestamp", iso_time(description.time)},
                                    {"genkitVersion", description.version},
                                    {"reflectionApiSpecVersion", 1}},
                         2);
}

RuntimeFile::RuntimeFile(const fs::path& root, const std::string& name, std::string text)
    : path_(root / ".genkit" / "runtimes" / name),
      temporary_(root / ".genkit" / ("." + name + ".new")),
      text_(std::move(text)),
      cleanup_(path_.string()) {}

void RuntimeFile::write() {
  if (ExitCleanup::exiting()) return;
  std::error_code error;
  fs::create_directories(path_.parent_path(), error);
  if (error) fail(path_.parent_path(), error.message());
  {
    std::ofstream file(temporary_, std::ios::binary | std::ios::trunc);
    file << text_;
    file.close();
    if (!file) fail(temporary_, "no permission, or no space");
  }
  fs::rename(temporary_, path_, error);
  if (error) {
    const std::string why = error.message();
    fs::remove(temporary_, error);
    fail(path_, why);
  }
  // The process may have begun to end meanwhile, and its clean-up may be over.
  if (ExitCleanup::exiting()) remove();
}

void RuntimeFile::restore() {
  std::error_code error;
  if (!fs::exists(path_, error) && !error) write();
}

}  // namespace genkit::internal
