#include <genkit/ai/generate.h>

#include <utility>

#include <genkit/core/registry.h>

#include "ai/generation.h"

namespace genkit::internal {

ModelResponse generate(Registry& registry, const GenerateOptions& options, const ChunkSink* sink, AnswerReader* reader) {
  if (options.max_parallel_tools < 1) {
    throw Error(Status::kInvalidArgument,
                "generate: max_parallel_tools must be at least 1, got " + std::to_string(options.max_parallel_tools));
  }
  Context context = Context::current();
  if (options.timeout) context = context.with_timeout(*options.timeout);
  if (!options.context.is_null()) context = context.with_user(options.context);
  const ScopedContext scope(std::move(context));

  const ChunkSink both = [&](const ValueRef& chunk) {
    if (options.on_chunk) options.on_chunk(*static_cast<const Chunk*>(chunk.object));
    if (sink != nullptr) (*sink)(chunk);
  };
  const ChunkSink* used = options.on_chunk ? &both : sink;
  GenerateRequest request = to_request(registry, options);
  ToolSet tools(registry, options.tools);
  if (!tools.empty()) request.tools = tools.keys();
  return Generation(registry, std::move(request), std::move(tools), options.max_parallel_tools, used, reader).run();
}

Action generate_action() {
  ActionDefinition definition;
  definition.kind = ActionKind::kUtil;
  definition.name = "generate";
  definition.description = "Runs one generation that is given as JSON";
  definition.input_type = &type_info<GenerateRequest>();
  definition.output_type = &type_info<ModelResponse>();
  definition.chunk_type = &type_info<Chunk>();
  definition.body = [](ValueRef input, ActionCall& call) {
    Registry& registry = call.registry();
    GenerateRequest request = *static_cast<const GenerateRequest*>(input.object);
    if (!request.model) request.model = default_model(registry).name;
    std::vector<ToolReference> tools;
    if (request.tools) tools.assign(request.tools->begin(), request.tools->end());
    const ChunkSink sink = [&call](const ValueRef& chunk) { call.send(chunk); };
    const int max_parallel_tools = GenerateOptions().max_parallel_tools;
    ModelResponse response =
        Generation(registry, std::move(request), ToolSet(registry, tools), max_parallel_tools, call.streaming() ? &sink : nullptr)
            .run();
    response.raw.reset();
    response.latency_ms.reset();
    if (!response.usage) response.usage.emplace();
    if (!response.custom) response.custom = JsonObject();
    return Value::of(std::move(response));
  };
  return Action(std::move(definition));
}

}  // namespace genkit::internal
