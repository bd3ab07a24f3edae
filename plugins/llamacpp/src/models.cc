#include "models.h"

#include <utility>

#include "request.h"
#include "response.h"
#include "stream.h"

namespace genkit::llama {
namespace {

/// What errors call a model: what its users call it.
std::string full_name(const std::string& name) {
  return "llamacpp/" + name;
}

}  // namespace

ModelOptions model_options(const LlamaCppModel& model) {
  ModelOptions options;
  options.label = model.label.empty() ? model.name : model.label;
  options.supports.multiturn = true;
  options.supports.media = false;
  options.supports.tools = false;
  options.supports.system_role = true;
  options.supports.output = {"text"};
  options.supports.constrained = "none";
  options.config_schema = schema_of<LlamaCppConfig>();
  return options;
}

genkit::EmbedderOptions embedder_options(const LlamaCppEmbedder& embedder) {
  genkit::EmbedderOptions options;
  options.label = embedder.label.empty() ? embedder.name : embedder.label;
  options.dimensions = embedder.dimensions;
  return options;
}

EngineOptions engine_options(const LlamaCppModel& model, const Logger& logger) {
  return {.source = {.name = full_name(model.name), .file = model.file, .gpu_layers = model.gpu_layers},
          .threads = model.threads,
          .context_size = model.context_size,
          .max_sequences = model.max_sequences,
          .batch_size = model.batch_size,
          .max_queue = model.max_queue,
          .chat_template = model.chat_template,
          .logger = logger};
}

EmbedderOptions engine_options(const LlamaCppEmbedder& embedder, const Logger& logger) {
  return {.source = {.name = full_name(embedder.name), .file = embedder.file, .gpu_layers = embedder.gpu_layers},
          .threads = embedder.threads,
          .context_size = embedder.context_size,
          .truncate = embedder.truncate,
          .max_queue = embedder.max_queue,
          .logger = logger};
}

Action model_action(const LlamaCppModel& model, std::shared_ptr<Engine> engine) {
  const auto answer = [name = full_name(model.name), engine = std::move(engine)](const ModelRequest& request,
                                                                                 ModelContext& context) {
    std::function<void(std::string)> on_text;
    if (context.streaming()) on_text = [&](std::string text) { context.send(Chunk::of_text(std::move(text))); };
    Answer answer = generate(*engine, to_chat(name, request), to_params(name, request), on_text);
    return to_response(std::move(answer.text), answer.result);
  };
  return genkit::model(model.name, model_options(model), answer);
}

Action embedder_action(const LlamaCppEmbedder& embedder, std::shared_ptr<Embedder> engine) {
  const auto answer = [name = full_name(embedder.name), engine = std::move(engine)](const EmbedRequest& request) {
    return to_embed_response(embed(*engine, to_texts(name, request)));
  };
  return genkit::embedder(embedder.name, embedder_options(embedder), answer);
}

}  // namespace genkit::llama
