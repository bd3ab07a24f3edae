#include "prompt/prompt_library.h"

#include <algorithm>
#include <utility>

#include <genkit/base/error.h>

#include "ai/model_dialect.h"
#include "prompt/front_matter.h"
#include "prompt/prompt_render.h"
#include "prompt/template_access.h"

namespace genkit::internal {
namespace {

std::string joined(const std::vector<std::string>& names) {
  constexpr std::size_t kMost = 10;
  std::string text;
  for (std::size_t i = 0; i < std::min(names.size(), kMost); ++i) text += (i == 0 ? "" : ", ") + names[i];
  if (names.size() > kMost) text += " and " + std::to_string(names.size() - kMost) + " more";
  return text.empty() ? "none" : text;
}

bool is_prompt_kind(ActionKind kind) {
  return kind == ActionKind::kPrompt || kind == ActionKind::kExecutablePrompt;
}

/// What the prompt's model cannot be told is known now, when the model is.
void check_dialects(Registry& registry, const PromptDefinition& definition) {
  const PromptDraft& draft = definition.draft();
  check_dialect(registry, draft.model.name, draft.output.schema, "the output of " + definition.title());
  for (const ToolReference& tool : draft.tools) {
    if (!tool.action() || !tool.action()->info().input_schema) continue;
    check_dialect(registry, draft.model.name, *tool.action()->info().input_schema, "the input of tool \"" + tool.name() + "\"");
  }
}

}  // namespace

PromptLibrary::PromptLibrary(std::weak_ptr<Registry> registry, PromptFilesOptions files)
    : registry_(std::move(registry)), logger_(files.logger), files_(std::move(files)) {}

PromptLibrary::~PromptLibrary() = default;

std::shared_ptr<Registry> PromptLibrary::registry() const {
  if (auto registry = registry_.lock()) return registry;
  throw Error(Status::kFailedPrecondition, "a prompt is used after its Genkit object is gone: keep the object alive");
}

Dotprompt& PromptLibrary::dotprompt() {
  std::call_once(dotprompt_once_, [this] {
    DotpromptOptions options;
    options.schema_resolver = [registry = registry_](std::string_view name) -> std::optional<Json> {
      const auto alive = registry.lock();
      const auto schema = alive ? alive->find_schema(name) : nullptr;
      if (!schema) return std::nullopt;
      return *schema;
    };
    auto dotprompt = std::make_unique<Dotprompt>(std::move(options));
    TemplateAccess::state(dotprompt->environment()).set_resolver([this](std::string_view name) {
      return files_.find_partial(name);
    });
    dotprompt->environment().set_logger(logger_);
    dotprompt_ = std::move(dotprompt);
  });
  return *dotprompt_;
}

PromptHandle PromptLibrary::define(PromptDraft draft) {
  auto definition = std::make_shared<const PromptDefinition>(std::move(draft));
  const std::string& name = definition->name();
  const std::shared_ptr<Registry> registry = this->registry();
  check_dialects(*registry, *definition);
  const Action rendering = action(ActionKind::kPrompt, name, definition.get(), nullptr);
  const Action executable = action(ActionKind::kExecutablePrompt, name, definition.get(), nullptr);
  // The registry refuses a name that is taken, so of two threads only one gets to the lines below.
  registry->add(rendering);
  registry->add(executable);
  const std::lock_guard lock(mutex_);
  defined_.emplace(name, definition);
  return PromptHandle(shared_from_this(), name);
}

PromptHandle PromptLibrary::lookup(std::string name, const std::string& variant) {
  const std::string key = variant.empty() ? name : name + "." + variant;
  {
    const std::lock_guard lock(mutex_);
    if (defined_.contains(key)) return PromptHandle(shared_from_this(), key);
  }
  if (!find_entry(key)) fail_not_found(name, variant);
  return PromptHandle(shared_from_this(), key);
}

std::shared_ptr<const PromptDefinition> PromptLibrary::get(std::string_view name) {
  if (auto definition = find_definition(name)) return definition;
  fail_not_found(name, {});
}

std::shared_ptr<const PromptDefinition> PromptLibrary::find_definition(std::string_view name) {
  {
    const std::lock_guard lock(mutex_);
    if (const auto found = defined_.find(name); found != defined_.end()) return found->second;
  }
  const std::shared_ptr<const Entry> entry = find_entry(name);
  if (!entry) return nullptr;
  if (entry->error) throw *entry->error;
  return entry->definition;
}

void PromptLibrary::fail_not_found(std::string_view name, std::string_view variant) {
  std::string message = "prompt \"" + std::string(name) + "\"";
  if (!variant.empty()) message += " (variant " + std::string(variant) + ")";
  std::vector<std::string> names = files_.names();
  {
    const std::lock_guard lock(mutex_);
    for (const auto& [defined, definition] : defined_) names.push_back(defined);
  }
  const std::string place = files_.place();
  message += place.empty() ? " not found: it is not defined in code, and there is no prompt directory (prompt_dir)"
                           : " not found in code and in " + place;
  throw Error(Status::kNotFound, message + "; there are: " + joined(names));
}

std::shared_ptr<const PromptLibrary::Entry> PromptLibrary::find_entry(std::string_view name) {
  const std::optional<PromptText> text = files_.find(name);
  if (!text) return nullptr;
  {
    const std::lock_guard lock(mutex_);
    const auto found = entries_.find(name);
    if (found != entries_.end() && found->second->text == text->text) return found->second;
  }
  std::shared_ptr<const Entry> entry = parse(std::string(name), *text);
  const std::lock_guard lock(mutex_);
  std::shared_ptr<const Entry>& kept = entries_[std::string(name)];
  // Of two threads that read the same text the first one's entry stays.
  if (!kept || kept->text != entry->text) kept = entry;
  return kept;
}

std::shared_ptr<const PromptLibrary::Entry> PromptLibrary::parse(const std::string& name, const PromptText& text) const {
  auto entry = std::make_shared<Entry>();
  entry->text = text.text;
  try {
    ParsedPrompt file = parse_prompt(*text.text, text.path);
    if (split_prompt(*text.text).is_unclosed) {
      logger_.warning("prompt \"" + text.path + "\" begins with --- but has no second one: all of it is sent as text");
    }
    const UnknownKeys unknown = unknown_keys(file);
    for (const std::string& key : unknown.shown) {
      logger_.warning("prompt \"" + text.path + "\" has the key " + key + ", which means nothing");
    }
    if (unknown.more > 0) {
      logger_.warning("prompt \"" + text.path + "\" has " + std::to_string(unknown.more) + " more keys that mean nothing");
    }
    entry->definition = std::make_shared<const PromptDefinition>(name, std::move(file));
  } catch (const Error& error) {
    logger_.error(error.message());
    entry->error = error;
  }
  return entry;
}

std::optional<Action> PromptLibrary::find(Registry& registry, ActionKind kind, std::string_view name) {
  if (!is_prompt_kind(kind)) return std::nullopt;
  const std::shared_ptr<const Entry> entry = find_entry(name);
  if (!entry) return std::nullopt;
  return registry.bind(action(kind, std::string(name), entry->definition.get(), entry->error ? &*entry->error : nullptr));
}

std::vector<Action> PromptLibrary::list(Registry& registry) {
  std::vector<Action> actions;
  try {
    for (const std::string& name : files_.names()) {
      for (const ActionKind kind : {ActionKind::kPrompt, ActionKind::kExecutablePrompt}) {
        if (registry.find_registered(make_key(kind, name))) continue;
        if (auto action = attempt([&] { return find(registry, kind, name); }); action && *action) actions.push_back(**action);
      }
    }
  } catch (const Error& error) {
    logger_.error(error.message());
  }
  return actions;
}

/// A prompt that cannot be used is listed, too: its description says why, and running it gives the error.
Action PromptLibrary::action(ActionKind kind, const std::string& name, const PromptDefinition* definition, const Error* error) {
  ActionDefinition made;
  made.kind = kind;
  made.name = name;
  made.input_type = &type_info<Json>();
  made.output_type = kind == ActionKind::kPrompt ? &type_info<ModelRequest>() : &type_info<GenerateRequest>();
  made.metadata = {{"type", "prompt"}, {"prompt", {{"name", name}}}};
  std::optional<Error> broken;
  if (error != nullptr) broken = *error;
  if (definition != nullptr) {
    made.description = definition->draft().description;
    try {
      const auto resolved = definition->resolve(dotprompt());
      made.metadata = resolved->metadata;
      made.input_schema = with_defaults(resolved->input_schema, definition->draft().input_default);
    } catch (const Error& unresolved) {
      broken = unresolved;
    }
  }
  if (broken) made.description = "Cannot be used: " + broken->message();

  made.body = [library = weak_from_this(), name, kind](ValueRef input, ActionCall& call) {
    const auto alive = library.lock();
    if (!alive) throw Error(Status::kFailedPrecondition, "prompt \"" + name + "\" is used after its Genkit object is gone");
    const auto current = alive->get(name);
    const GenerateOptions options = render_prompt(*alive, *current, input, {}, nullptr);
    if (kind == ActionKind::kPrompt) return Value::of(to_model_request(call.registry(), options));
    return Value::of(to_generate_request(call.registry(), *current, options));
  };
  return Action(std::move(made));
}

}  // namespace genkit::internal
