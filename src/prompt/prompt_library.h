#ifndef GENKIT_SRC_PROMPT_PROMPT_LIBRARY_H_
#define GENKIT_SRC_PROMPT_PROMPT_LIBRARY_H_

#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <genkit/core/registry.h>
#include <genkit/prompt/dotprompt.h>
#include <genkit/prompt/prompt.h>

#include "prompt/prompt_definition.h"
#include "prompt/prompt_files.h"

namespace genkit::internal {

/// The prompts, helpers and partials of one Genkit object. Prompts of code are registered; those of files are offered to the
/// registry as they are now. Does nothing before its first use. Thread-safe.
class PromptLibrary final : public ActionSource, public std::enable_shared_from_this<PromptLibrary> {
 public:
  /// `registry` must know the library as a source, and outlive its use.
  PromptLibrary(std::weak_ptr<Registry> registry, PromptFilesOptions files);
  ~PromptLibrary() override;

  /// Registers the actions of a prompt. ALREADY_EXISTS when the name is taken by another one from code.
  PromptHandle define(PromptDraft draft);
  /// A prompt that is there now: NOT_FOUND when none has the name. A file that does not parse is an error only when it is used.
  PromptHandle lookup(std::string name, const std::string& variant);
  /// The prompt as it is now. Throws NOT_FOUND, and what is wrong with its file.
  std::shared_ptr<const PromptDefinition> get(std::string_view name);
  /// The same; nothing when there is none.
  std::shared_ptr<const PromptDefinition> find_definition(std::string_view name);

  /// Throws FAILED_PRECONDITION when the Genkit object is gone.
  std::shared_ptr<Registry> registry() const;
  Dotprompt& dotprompt();

  std::optional<Action> find(Registry& registry, ActionKind kind, std::string_view name) override;
  std::vector<Action> list(Registry& registry) override;

 private:
  /// What a file was when it was last looked at. Immutable.
  struct Entry {
    std::shared_ptr<const std::string> text;
    std::shared_ptr<const PromptDefinition> definition;  // or
    std::optional<Error> error;
  };

  std::shared_ptr<const Entry> find_entry(std::string_view name);
  std::shared_ptr<const Entry> parse(const std::string& name, const PromptText& text) const;
  Action action(ActionKind kind, const std::string& name, const PromptDefinition* definition, const Error* error);
  [[noreturn]] void fail_not_found(std::string_view name, std::string_view variant);

  const std::weak_ptr<Registry> registry_;
  const Logger logger_;
  PromptFiles files_;
  std::once_flag dotprompt_once_;
  std::unique_ptr<Dotprompt> dotprompt_;
  std::mutex mutex_;  // guards what follows
  std::map<std::string, std::shared_ptr<const PromptDefinition>, std::less<>> defined_;
  std::map<std::string, std::shared_ptr<const Entry>, std::less<>> entries_;
};

}  // namespace genkit::internal

#endif  // GENKIT_SRC_PROMPT_PROMPT_LIBRARY_H_
