#include <genkit/ai/generate.h>

#include <utility>

#include <genkit/core/registry.h>
#include <genkit/trace/tracer.h>

#include "ai/generate_request.h"

namespace genkit::internal {
namespace {

/// The same request, whether it came from C++ or as JSON.
GenerateRequest to_request(Registry& registry, const GenerateOptions& options) {
  GenerateRequest request;
  Json config = options.model.config;
  if (!options.model.name.empty()) {
    request.model = options.model.name;
  } else if (const auto fallback = registry.find_value("defaultModel", "defaultModel")) {
    request.model = std::string(fallback->at("name").as_string());
    if (const Json* default_config = find_member(*fallback, "config")) config = *default_config;
  }
  if (!options.config.is_null()) {
    if (!options.config.is_object()) {
      throw Error(Status::kInvalidArgument, "generate: config must be an object, got " + to_text(options.config));
    }
    if (!config.is_object()) config = JsonObject();
    for (const auto& member : options.config.get_object()) config.get_object()[member.key()] = member.value();
  }
  if (config.is_object() && !config.get_object().empty()) request.config = std::move(config);

  if (!options.system.empty()) request.messages.push_back(Message::system(options.system));
  request.messages.insert(request.messages.end(), options.messages.begin(), options.messages.end());
  if (!options.prompt.empty()) request.messages.push_back(Message::user(options.prompt));
  if (!options.docs.empty()) request.docs = options.docs;
  if (!options.step_name.empty()) request.step_name = options.step_name;
  return request;
}

void check_request(const GenerateRequest& request) {
  if (request.messages.empty()) {
    throw Error(Status::kInvalidArgument, "at least one message is required in generate request: give a prompt or messages");
  }
  if (!request.model || request.model->empty()) {
    throw Error(Status::kInvalidArgument,
                "no model to generate with: name one in the call (.model = \"plugin/model\") or as GenkitOptions::model");
  }
}

/// What the model gets of it.
ModelRequest model_request(const GenerateRequest& request) {
  ModelRequest result;
  result.messages = request.messages;
  result.config = request.config;
  result.docs = request.docs;
  result.tools.emplace();
  result.output.emplace();
  return result;
}

void check_response(const ModelResponse& response) {
  if (response.finish_reason == FinishReason::kBlocked) {
    const std::string& why = response.finish_message.value_or("");
    throw Error(Status::kFailedPrecondition, why.empty() ? "Generation blocked." : "Generation blocked: " + why,
                {{"response", to_json(response)}});
  }
  if (!response.message) {
    throw Error(Status::kFailedPrecondition,
                "Model did not generate a message. Finish reason: " + to_text(to_json(response.finish_reason)) + ": " +
                    response.finish_message.value_or("no reason given"),
                {{"response", to_json(response)}});
  }
}

/// One call of the model. Its chunks get the role and index that they have in the whole generation.
ModelResponse run_model(Registry& registry, const GenerateRequest& request, const ChunkSink* sink) {
  const Action model = registry.get(ActionKind::kModel, *request.model);
  ModelRequest input = model_request(request);
  const ChunkSink indexed = [sink](ValueRef ref) {
    std::optional<Chunk> storage;
    Chunk chunk = view_as<Chunk>(ref, storage);
    chunk.role = Role::kModel;
    if (!chunk.index) chunk.index = 0;
    (*sink)(ValueRef::of(chunk));
  };
  auto response = model.run(ValueRef::of(input), {}, sink != nullptr ? &indexed : nullptr).take<ModelResponse>();
  check_response(response);
  response.request = std::move(input);
  return response;
}

/// Runs the generation inside of its span.
ModelResponse run_traced(Registry& registry, const GenerateRequest& request, const ChunkSink* sink) {
  check_request(request);
  Context::current().check();
  const std::string name = request.step_name.value_or("generate");
  const SpanOptions options{.name = name, .type = "util", .subtype = {}, .key = {}, .labels = nullptr, .remote_parent = {}};
  const auto span = registry.tracer().start_span(options, Context::current());
  std::string text;
  ValueRef::of(request).append_text(text);
  span->set_input(std::move(text));

  const ScopedContext scope(Tracer::with_span(Context::current(), span));
  try {
    ModelResponse response = run_model(registry, request, sink);
    std::string output;
    ValueRef::of(response).append_text(output);
    span->set_output(std::move(output));
    span->end();
    return response;
  } catch (...) {
    const Error error = to_error(std::current_exception()).with_trace_id(span->context().trace_id.hex());
    span->record_error(std::make_exception_ptr(error));
    span->end();
    throw error;
  }
}

}  // namespace

ModelResponse generate(Registry& registry, const GenerateOptions& options, const ChunkSink* sink) {
  Context context = Context::current();
  if (options.timeout) context = context.with_timeout(*options.timeout);
  if (!options.context.is_null()) context = context.with_user(options.context);
  const ScopedContext scope(std::move(context));

  const ChunkSink both = [&](ValueRef chunk) {
    if (options.on_chunk) options.on_chunk(*static_cast<const Chunk*>(chunk.object));
    if (sink != nullptr) (*sink)(chunk);
  };
  const bool streaming = sink != nullptr || options.on_chunk;
  return run_traced(registry, to_request(registry, options), streaming ? &both : nullptr);
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
    GenerateRequest request = *static_cast<const GenerateRequest*>(input.object);
    if (!request.model) request.model = to_request(call.registry(), GenerateOptions()).model;
    check_request(request);
    const ChunkSink sink = [&call](ValueRef chunk) { call.send(chunk); };
    ModelResponse response = run_model(call.registry(), request, call.streaming() ? &sink : nullptr);
    // What the other languages answer here: no raw data, no latency, and objects where there is nothing.
    response.raw.reset();
    response.latency_ms.reset();
    if (!response.usage) response.usage.emplace();
    if (!response.custom) response.custom = JsonObject();
    return Value::of(std::move(response));
  };
  return Action(std::move(definition));
}

}  // namespace genkit::internal
