#ifndef GENKIT_SRC_PROMPT_ENVIRONMENT_H_
#define GENKIT_SRC_PROMPT_ENVIRONMENT_H_

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include <genkit/base/log.h>
#include <genkit/prompt/template.h>

namespace genkit::internal {

struct TextHash {
  using is_transparent = void;
  std::size_t operator()(std::string_view text) const { return std::hash<std::string_view>()(text); }
};

template <class T>
using TextMap = std::unordered_map<std::string, T, TextHash, std::equal_to<>>;

/// Helpers that the renderer runs itself, so that their blocks cost no C++ stack.
enum class Builtin : std::uint8_t { kNone, kIf, kUnless, kEach, kWith, kLookup, kLog, kIfEquals, kUnlessEquals };

struct Helper {
  HelperFunction function = nullptr;
  Builtin builtin = Builtin::kNone;
  /// For helpers of dotprompt, instead of `function`: appends what it prints to the output, where no value has to be made of it
  /// first. Only such helpers may print the reserved byte of a rendering.
  void (*print)(const HelperCall& call, std::string& out) = nullptr;
};

using HelperTable = TextMap<Helper>;

/// A partial: its source, and its compiled form once it has been used.
class Partial {
 public:
  Partial(std::string name, std::shared_ptr<const std::string> source) : name_(std::move(name)), source_(std::move(source)) {}

  const std::string& name() const { return name_; }
  const std::shared_ptr<const std::string>& source() const { return source_; }
  /// Compiles at the first call, with the options of the template that calls it.
  std::shared_ptr<const CompiledTemplate> compiled(const TemplateOptions& options,
                                                   const std::shared_ptr<const HelperTable>& helpers) const;

 private:
  struct Variant {
    bool escape_html;
    bool known_helpers_only;
    std::shared_ptr<const CompiledTemplate> compiled;
  };

  std::string name_;
  std::shared_ptr<const std::string> source_;
  mutable std::mutex mutex_;
  mutable std::vector<Variant> variants_;
};

using PartialTable = TextMap<std::shared_ptr<const Partial>>;
/// Gives the source of a partial, or nullptr.
using PartialResolver = std::function<std::shared_ptr<const std::string>(std::string_view name)>;

/// What an environment held at one moment. Never changes.
struct EnvironmentSnapshot {
  std::shared_ptr<const HelperTable> helpers;
  std::shared_ptr<const PartialTable> partials;
  std::shared_ptr<const PartialResolver> resolver;
  std::shared_ptr<const Logger> logger;
};

class EnvironmentState {
 public:
  EnvironmentState();

  std::shared_ptr<const EnvironmentSnapshot> snapshot() const;
  void set_helper(std::string name, Helper helper);
  void set_partial(std::string name, std::string source);
  void set_resolver(PartialResolver resolver);
  void set_logger(Logger logger);

  /// The partial `name` of `snapshot`, asking the resolver when it is not defined; nullptr when there is none.
  std::shared_ptr<const Partial> find_partial(const EnvironmentSnapshot& snapshot, std::string_view name) const;

 private:
  template <class Change>
  void change(Change change);

  mutable std::mutex mutex_;
  std::shared_ptr<const EnvironmentSnapshot> snapshot_;
  /// What the resolver answered, kept for its compiled form for as long as the answer and the helpers stay the same.
  struct Resolved {
    std::shared_ptr<const Partial> partial;
    std::shared_ptr<const HelperTable> helpers;
  };
  mutable TextMap<Resolved> resolved_;
};

/// The one empty environment that templates made without one share; nothing can be defined in it.
const std::shared_ptr<EnvironmentState>& empty_environment();

}  // namespace genkit::internal

#endif  // GENKIT_SRC_PROMPT_ENVIRONMENT_H_
