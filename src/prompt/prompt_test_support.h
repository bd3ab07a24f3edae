#ifndef GENKIT_SRC_PROMPT_PROMPT_TEST_SUPPORT_H_
#define GENKIT_SRC_PROMPT_PROMPT_TEST_SUPPORT_H_

#include <filesystem>
#include <fstream>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <genkit/prompt/prompt.h>
#include <genkit/testing/scripted_model.h>

#include "core/core_test_support.h"
#include "prompt/prompt_library.h"

namespace genkit {

/// A folder that is gone at the end of the test.
class TempFolder {
 public:
  TempFolder() {
    std::string path = (std::filesystem::temp_directory_path() / "genkit-prompts-XXXXXX").string();
    path_ = ::mkdtemp(path.data());
  }
  ~TempFolder() { std::filesystem::remove_all(path_); }
  TempFolder(const TempFolder&) = delete;
  TempFolder& operator=(const TempFolder&) = delete;

  const std::string& path() const { return path_; }
  std::string path(const std::string& name) const { return path_ + "/" + name; }
  void write(const std::string& name, std::string_view text) const {
    std::filesystem::create_directories(std::filesystem::path(path(name)).parent_path());
    std::ofstream(path(name), std::ios::binary) << text;
  }
  void remove(const std::string& name) const { std::filesystem::remove_all(path(name)); }

 private:
  std::string path_;
};

/// Collects what the library logs.
class LogLines {
 public:
  Logger logger() {
    return Logger([this](const LogRecord& record) {
      const std::lock_guard lock(mutex_);
      lines_.emplace_back(record.message);
    });
  }
  std::vector<std::string> lines() const {
    const std::lock_guard lock(mutex_);
    return lines_;
  }

 private:
  mutable std::mutex mutex_;
  std::vector<std::string> lines_;
};

/// A registry with a prompt library over a folder of its own, and a model "echo" that says what it was asked last.
struct PromptFixture : TracedRegistry {
  explicit PromptFixture(bool reload = false, EmbeddedPrompts embedded = {}, std::string directory = {})
      : library(std::make_shared<internal::PromptLibrary>(
            registry, internal::PromptFilesOptions{.directory = directory.empty() ? folder.path() : directory,
                                                   .embedded = embedded,
                                                   .reload = reload,
                                                   .logger = log.logger()})) {
    registry->add_source(library);
    registry->add(echo);
    registry->add_value("defaultModel", "defaultModel", {{"name", "echo"}});
  }

  template <class In = Json, class Out = void>
  Prompt<In, Out> prompt(std::string name, const PromptLookup& lookup = {}) {
    return Prompt<In, Out>(library->lookup(std::move(name), lookup.variant));
  }
  template <class In = Json, class Out = void>
  Prompt<In, Out> define(PromptOptions<In> options) {
    return Prompt<In, Out>(library->define(internal::prompt_draft(std::move(options))));
  }
  template <class F>
  void define_helper(std::string name, F function) {
    library->dotprompt().environment().define_helper(std::move(name), std::move(function));
  }
  /// What the model was asked last, as JSON text.
  std::string asked() const { return to_text(to_json(echo.last_request().messages)); }

  LogLines log;
  TempFolder folder;
  ScriptedModel echo = echo_model();
  std::shared_ptr<internal::PromptLibrary> library;
};

inline std::string text_of(const GenerateOptions& options) {
  return to_text(to_json(options.messages));
}

}  // namespace genkit

#endif  // GENKIT_SRC_PROMPT_PROMPT_TEST_SUPPORT_H_
