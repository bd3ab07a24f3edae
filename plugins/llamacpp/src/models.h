#ifndef GENKIT_LLAMACPP_MODELS_H_
#define GENKIT_LLAMACPP_MODELS_H_

#include <memory>

#include <genkit/ai/embedder.h>
#include <genkit/ai/model.h>
#include <genkit/plugins/llamacpp.h>

#include "embedder.h"
#include "engine.h"

namespace genkit::llama {

/// What a model of this plugin can do, and what it may be asked for.
ModelOptions model_options(const LlamaCppModel& model);
genkit::EmbedderOptions embedder_options(const LlamaCppEmbedder& embedder);

EngineOptions engine_options(const LlamaCppModel& model, const Logger& logger);
EmbedderOptions engine_options(const LlamaCppEmbedder& embedder, const Logger& logger);

Action model_action(const LlamaCppModel& model, std::shared_ptr<Engine> engine);
Action embedder_action(const LlamaCppEmbedder& embedder, std::shared_ptr<Embedder> engine);

}  // namespace genkit::llama

#endif  // GENKIT_LLAMACPP_MODELS_H_
