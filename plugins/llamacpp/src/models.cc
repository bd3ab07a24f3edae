#include "models.h"

#include <utility>

#include "output_grammar.h"
#include "request.h"
#include "response.h"
#include "stream.h"
#include "tool_calling.h"

namespace genkit::llama {
namespace {

/// What errors call a model: what its users call it.
std::string full_name(const std::string& name) {
  return "llamacpp/" + name;
}

ModelResponse answer_with_text(Engine& engine, std::vector<ChatMessage> chat, GenerationParams params, ModelContext& context) {
  std::function<void(std::string)> on_text;
  if (context.streaming()) on_text = [&](std::string text) { context.send(text); };
  Answer answer = generate(engine, std::move(chat), std::move(params), on_text);
  return to_response(std::move(answer.text), answer.result);
}

/// Generates what begins with the choice of a tool.
ModelResponse answer_or_call(Engine& engine, std::vector<ChatMessage> chat, GenerationParams params, const ModelRequest& request,
                             ModelContext& context) {
  ToolAnswer answer(no_tool_head(*request.tools));
  std::string text;
  const auto on_text = [&](const std::string& piece) {
    std::string shown = answer.push(piece);
    if (shown.empty()) return;
    text += shown;
    if (context.streaming()) context.send(shown);
  };
  const Answer all = generate(engine, std::move(chat), std::move(params), on_text);
  ToolAnswer::Result choice = answer.finish();
  ModelResponse response = to_response(std::move(text), all.result);
  if (choice.call) {
    response.message->content = {tool_request_part(*std::move(choice.call), request)};
    if (context.streaming()) {
      Chunk chunk;
      chunk.content = response.message->content;
      context.send(std::move(chunk));
    }
  } else if (!choice.cut_off.empty()) {
    // With the reason "stop", a stop sequence cut it.
    if (response.finish_reason == genkit::FinishReason::kStop) response.finish_reason = genkit::FinishReason::kOther;
    response.finish_message = "the answer ended in the middle of the call of a tool: " + choice.cut_off;
  }
  return response;
}

}  // namespace

ModelOptions model_options(const LlamaCppModel& model) {
  ModelOptions options;
  options.label = model.label.empty() ? model.name : model.label;
  options.supports.multiturn = true;
  options.supports.media = false;
  options.supports.tools = true;
  options.supports.tool_choice = true;
  options.supports.system_role = true;
  options.supports.output = {"text", "json"};
  options.supports.constrained = "all";
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
    GenerationParams params = to_params(name, request);
    Grammar grammar = output_grammar(name, request);
    params.grammar = std::move(grammar.gbnf);
    ModelResponse response = chooses_tool(request)
                                 ? answer_or_call(*engine, to_chat(name, request), std::move(params), request, context)
                                 : answer_with_text(*engine, to_chat(name, request), std::move(params), context);
    if (!grammar.checked.empty()) check_output(request, response);
    return response;
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
