#include <genkit/genkit.h>

#include <cstdlib>

#include "prompt/prompt_library.h"
#include "reflection/reflection_server.h"

namespace genkit {
namespace {

std::string environment(const char* name) {
  const char* value = std::getenv(name);
  return value != nullptr ? value : "";
}

}  // namespace

struct Genkit::State {
  bool dev_mode = false;
  std::shared_ptr<Tracer> tracer;
  std::shared_ptr<TelemetryServerExporter> telemetry;
  std::shared_ptr<Registry> registry;
  std::shared_ptr<internal::PromptLibrary> prompts;
  std::unique_ptr<internal::ReflectionServer> reflection;
};

Genkit::Genkit(GenkitOptions options) : state_(std::make_unique<State>()) {
  state_->tracer = std::make_shared<Tracer>(TracerOptions{.clock = options.clock, .ids = options.ids, .logger = options.logger});
  for (auto& exporter : options.exporters) state_->tracer->add_exporter(std::move(exporter));

  const bool dev = state_->dev_mode = environment("GENKIT_ENV") == "dev";
  const std::string telemetry_url = environment("GENKIT_TELEMETRY_SERVER");
  if (dev || !telemetry_url.empty()) {
    state_->telemetry = std::make_shared<TelemetryServerExporter>(
        TelemetryServerOptions{.url = telemetry_url,
                               .realtime = dev && environment("GENKIT_ENABLE_REALTIME_TELEMETRY") == "true",
                               .logger = options.logger});
    state_->tracer->add_exporter(state_->telemetry);
  }

  state_->registry = Registry::create({.tracer = state_->tracer, .context = std::move(options.context)});
  for (PluginRef& plugin : options.plugins) state_->registry->add_plugin(std::move(plugin));
  if (!options.model.name.empty()) {
    JsonObject model{{"name", options.model.name}};
    if (!options.model.config.is_null()) model["config"] = options.model.config;
    state_->registry->add_value("defaultModel", "defaultModel", std::move(model));
  }
  state_->registry->add(internal::generate_action());
  state_->prompts = std::make_shared<internal::PromptLibrary>(
      state_->registry, internal::PromptFilesOptions{.directory = std::move(options.prompt_dir),
                                                     .embedded = options.embedded_prompts,
                                                     .reload = dev,
                                                     .logger = options.logger});
  state_->registry->add_source(state_->prompts);

  if (dev) {
    state_->reflection = internal::ReflectionServer::start_from_environment(
        state_->registry, {.name = std::move(options.name), .exporter = state_->telemetry, .logger = options.logger});
  }
}

Genkit::~Genkit() {
  state_->reflection.reset();
  state_->registry->join_left_running();
  // Also where the caller is cancelled: a destructor may be what runs then.
  const ScopedContext not_cancelled{Context()};
  state_->tracer->flush();
}

Action Genkit::define_model(std::string name, ModelOptions options, ModelFunction function) {
  return registry().add(model(std::move(name), std::move(options), std::move(function)));
}

Response Genkit::generate(GenerateOptions options) {
  return Response(internal::generate(registry(), options, nullptr), state_->registry);
}

internal::AnswerProducer Genkit::generation(GenerateOptions options) const {
  return [registry = state_->registry, options = std::move(options)](const internal::ChunkSink& sink,
                                                                     internal::AnswerReader& reader) {
    return internal::Value::of(internal::generate(*registry, options, &sink, &reader));
  };
}

ResponseStream Genkit::generate_stream(GenerateOptions options) {
  OutputOptions output = options.output;
  return ResponseStream(generation(std::move(options)), state_->registry, std::move(output));
}

internal::PromptHandle Genkit::find_prompt(std::string_view name, const PromptLookup& lookup) {
  return state_->prompts->lookup(std::string(name), lookup.variant);
}
internal::PromptHandle Genkit::add_prompt(internal::PromptDraft draft) {
  return state_->prompts->define(std::move(draft));
}
void Genkit::define_partial(std::string name, std::string source) {
  template_environment().define_partial(std::move(name), std::move(source));
}
TemplateEnvironment& Genkit::template_environment() {
  return state_->prompts->dotprompt().environment();
}

Action Genkit::define_embedder(std::string name, EmbedderOptions options, EmbedderFunction function) {
  return registry().add(embedder(std::move(name), std::move(options), std::move(function)));
}

std::vector<Embedding> Genkit::embed(EmbedOptions options) {
  return internal::embed(registry(), std::move(options));
}
std::vector<Embedding> Genkit::embed_many(EmbedManyOptions options) {
  return internal::embed_many(registry(), std::move(options));
}

bool Genkit::dev_mode() const noexcept {
  return state_->dev_mode;
}

void Genkit::wait() const {
  for (;;) sleep_for(std::chrono::hours(1));
}

Registry& Genkit::registry() const noexcept {
  return *state_->registry;
}
std::shared_ptr<Registry> Genkit::shared_registry() const noexcept {
  return state_->registry;
}
bool Genkit::flush_traces(std::chrono::nanoseconds timeout) {
  return state_->tracer->flush(timeout);
}

}  // namespace genkit
