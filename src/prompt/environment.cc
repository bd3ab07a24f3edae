#include "prompt/environment.h"

#include <utility>

#include "prompt/compiled_template.h"

namespace genkit::internal {

std::shared_ptr<const CompiledTemplate> Partial::compiled(const TemplateOptions& options,
                                                          const std::shared_ptr<const HelperTable>& helpers) const {
  const std::lock_guard lock(mutex_);
  for (const Variant& variant : variants_) {
    if (variant.escape_html == options.escape_html && variant.known_helpers_only == options.known_helpers_only) {
      return variant.compiled;
    }
  }
  TemplateOptions own = options;
  own.name = name_;
  own.first_line = 1;
  auto compiled = compile_template(*source_, std::move(own), helpers);
  variants_.push_back({options.escape_html, options.known_helpers_only, compiled});
  return compiled;
}

EnvironmentState::EnvironmentState()
    : snapshot_(std::make_shared<const EnvironmentSnapshot>(EnvironmentSnapshot{std::make_shared<const HelperTable>(),
                                                                                std::make_shared<const PartialTable>(), nullptr,
                                                                                std::make_shared<const Logger>()})) {}

std::shared_ptr<const EnvironmentSnapshot> EnvironmentState::snapshot() const {
  const std::lock_guard lock(mutex_);
  return snapshot_;
}

/// Replaces the snapshot by a changed copy; who holds the old one keeps it.
template <class Change>
void EnvironmentState::change(Change change) {
  const std::lock_guard lock(mutex_);
  auto next = std::make_shared<EnvironmentSnapshot>(*snapshot_);
  change(*next);
  snapshot_ = std::move(next);
}

void EnvironmentState::set_helper(std::string name, Helper helper) {
  change([&](EnvironmentSnapshot& next) {
    auto helpers = std::make_shared<HelperTable>(*next.helpers);
    helpers->insert_or_assign(std::move(name), std::move(helper));
    next.helpers = std::move(helpers);
    // Which names are helpers is decided when a partial is compiled: compile them anew.
    auto partials = std::make_shared<PartialTable>();
    for (const auto& [key, partial] : *next.partials) {
      partials->emplace(key, std::make_shared<const Partial>(partial->name(), partial->source()));
    }
    next.partials = std::move(partials);
  });
}

void EnvironmentState::set_partial(std::string name, std::string source) {
  auto partial = std::make_shared<const Partial>(name, std::make_shared<const std::string>(std::move(source)));
  change([&](EnvironmentSnapshot& next) {
    auto partials = std::make_shared<PartialTable>(*next.partials);
    partials->insert_or_assign(std::move(name), std::move(partial));
    next.partials = std::move(partials);
  });
}

void EnvironmentState::set_resolver(PartialResolver resolver) {
  auto shared = resolver ? std::make_shared<const PartialResolver>(std::move(resolver)) : nullptr;
  change([&](EnvironmentSnapshot& next) { next.resolver = std::move(shared); });
}

void EnvironmentState::set_logger(Logger logger) {
  change([&](EnvironmentSnapshot& next) { next.logger = std::make_shared<const Logger>(std::move(logger)); });
}

std::shared_ptr<const Partial> EnvironmentState::find_partial(const EnvironmentSnapshot& snapshot, std::string_view name) const {
  if (const auto found = snapshot.partials->find(name); found != snapshot.partials->end()) return found->second;
  if (!snapshot.resolver) return nullptr;
  std::shared_ptr<const std::string> source = (*snapshot.resolver)(name);
  if (!source) return nullptr;

  const std::lock_guard lock(mutex_);
  if (const auto found = resolved_.find(name); found != resolved_.end() && found->second.helpers == snapshot.helpers) {
    const std::shared_ptr<const std::string>& known = found->second.partial->source();
    if (known == source || *known == *source) return found->second.partial;
  }
  auto partial = std::make_shared<const Partial>(std::string(name), std::move(source));
  resolved_.insert_or_assign(std::string(name), Resolved{partial, snapshot.helpers});
  return partial;
}

const std::shared_ptr<EnvironmentState>& empty_environment() {
  static const auto* state = new std::shared_ptr<EnvironmentState>(std::make_shared<EnvironmentState>());
  return *state;
}

}  // namespace genkit::internal

namespace genkit {

TemplateEnvironment::TemplateEnvironment() : state_(std::make_shared<internal::EnvironmentState>()) {}

void TemplateEnvironment::set_helper(std::string name, HelperFunction function) {
  state_->set_helper(std::move(name), {.function = std::move(function)});
}

void TemplateEnvironment::define_partial(std::string name, std::string source) {
  state_->set_partial(std::move(name), std::move(source));
}

bool TemplateEnvironment::has_helper(std::string_view name) const {
  return state_->snapshot()->helpers->contains(name);
}

bool TemplateEnvironment::has_partial(std::string_view name) const {
  return state_->snapshot()->partials->contains(name);
}

void TemplateEnvironment::set_partial_resolver(std::function<std::optional<std::string>(std::string_view)> resolver) {
  if (!resolver) return state_->set_resolver(nullptr);
  state_->set_resolver([resolver = std::move(resolver)](std::string_view name) -> std::shared_ptr<const std::string> {
    std::optional<std::string> source = resolver(name);
    return source ? std::make_shared<const std::string>(std::move(*source)) : nullptr;
  });
}

void TemplateEnvironment::set_logger(Logger logger) {
  state_->set_logger(std::move(logger));
}

}  // namespace genkit
