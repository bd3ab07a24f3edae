#ifndef GENKIT_SRC_PROMPT_PROMPT_FILES_H_
#define GENKIT_SRC_PROMPT_PROMPT_FILES_H_

#include <filesystem>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <genkit/base/log.h>
#include <genkit/prompt/prompt.h>

namespace genkit::internal {

/// The text of one prompt file, and what errors call it.
struct PromptText {
  std::string path;
  std::shared_ptr<const std::string> text;
};

struct PromptFilesOptions {
  /// May be missing; empty for none.
  std::string directory = {};
  /// Found when the directory has no file of the name.
  EmbeddedPrompts embedded = {};
  /// Look at the files anew at each use.
  bool reload = false;
  Logger logger = Logger();
};

/// Prompt files by name: `a/b.v.prompt` is "a/b.v", and `_x.prompt` in any folder the partial "x". Nothing is read before the
/// first use. Thread-safe.
class PromptFiles {
 public:
  explicit PromptFiles(PromptFilesOptions options);

  /// Nothing when there is none. Throws INVALID_ARGUMENT for names that are paths out of the directory, PERMISSION_DENIED for a
  /// link that leads out of it, and for what cannot be read.
  std::optional<PromptText> find(std::string_view name);
  /// The text of a partial, or nullptr; INVALID_ARGUMENT when two folders have a partial of the name.
  std::shared_ptr<const std::string> find_partial(std::string_view name);
  /// All prompts, sorted.
  std::vector<std::string> names();
  /// For messages about what is not there; empty when there is no place for prompts.
  std::string place() const;

 private:
  struct File {
    std::string path;
    const EmbeddedPrompt* embedded = nullptr;
    std::shared_ptr<const std::string> text = {};
    /// Why it cannot be used.
    std::optional<Error> refused = {};
  };
  using FileMap = std::map<std::string, File, std::less<>>;

  void scan_if_needed();
  void scan();
  void scan_folder(const std::filesystem::path& folder, const std::filesystem::path& real_folder, const std::string& prefix,
                   std::size_t depth);
  void add(const std::string& relative, File file);
  const File* find_in(FileMap& files, std::string_view name);
  bool read(File& file) const;

  const PromptFilesOptions options_;
  std::mutex mutex_;
  bool scanned_ = false;
  std::filesystem::path root_;  // without links
  FileMap prompts_;
  FileMap partials_;
};

}  // namespace genkit::internal

#endif  // GENKIT_SRC_PROMPT_PROMPT_FILES_H_
