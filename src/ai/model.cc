#include <genkit/ai/model.h>

#include <chrono>

#include <genkit/core/registry.h>
#include <genkit/trace/span.h>

#include "ai/augment.h"
#include "ai/output/instructions.h"

namespace genkit {
namespace {

Json model_metadata(const std::string& name, const ModelOptions& options) {
  JsonObject model;
  model["label"] = options.label.empty() ? name : options.label;
  model["customOptions"] = options.config_schema.is_null() ? schema_of<GenerationCommonConfig>() : options.config_schema;
  if (!options.versions.empty()) model["versions"] = to_json(options.versions);
  model["supports"] = to_json(options.supports);
  if (options.dialect) model["schemaDialect"] = to_json(*options.dialect);
  if (!options.stage.empty()) model["stage"] = options.stage;
  return {{"model", std::move(model)}};
}

/// What the semantic conventions of OpenTelemetry call the same things, for tools that do not know Genkit's own names.
void describe_request(Span& span, const std::string& model_name, const ModelRequest& request) {
  const auto slash = model_name.find('/');
  span.set_attribute("gen_ai.operation.name", std::string("chat"));
  // Only names such as "llamacpp/smollm2" say who provides the model.
  if (slash != std::string::npos) span.set_attribute("gen_ai.provider.name", model_name.substr(0, slash));
  span.set_attribute("gen_ai.request.model", slash == std::string::npos ? model_name : model_name.substr(slash + 1));
  if (!request.config) return;
  const auto number = [&](std::string_view member, const char* attribute) {
    const Json* value = find_member(*request.config, member);
    if (value != nullptr && value->is_number()) span.set_attribute(attribute, value->to_number<double>());
  };
  number("temperature", "gen_ai.request.temperature");
  number("topP", "gen_ai.request.top_p");
  number("topK", "gen_ai.request.top_k");
  const Json* length = find_member(*request.config, "maxOutputTokens");
  if (length != nullptr && length->is_int64()) span.set_attribute("gen_ai.request.max_tokens", length->get_int64());
}

/// The request as models can take it that lack what `supports` does not name; nothing when it can stay as it is.
std::optional<ModelRequest> adapt_request(const ModelRequest& request, const ModelSupports& supports) {
  std::optional<ModelRequest> adapted;
  if (!supports.context.value_or(false)) adapted = internal::augment_with_context(request);
  const bool has_tools = request.tools && !request.tools->empty();
  if (internal::constrains(supports.constrained.value_or("none"), has_tools)) return adapted;
  auto simulated = internal::simulate_constraint(adapted ? *adapted : request);
  return simulated ? std::move(simulated) : std::move(adapted);
}

void describe_response(Span& span, const ModelResponse& response) {
  if (response.finish_reason) {
    span.set_attribute("gen_ai.response.finish_reasons", "[" + to_text(to_json(*response.finish_reason)) + "]");
  }
  if (!response.usage) return;
  if (response.usage->input_tokens) span.set_attribute("gen_ai.usage.input_tokens", *response.usage->input_tokens);
  if (response.usage->output_tokens) span.set_attribute("gen_ai.usage.output_tokens", *response.usage->output_tokens);
}

}  // namespace

namespace {

/// Makes `chunk` one of `text` and nothing else, in the memory that it has.
void set_text(Chunk& chunk, std::string_view text) {
  const auto is_plain = [](const Part& part) {
    return part.text && !part.media && !part.tool_request && !part.tool_response && !part.data && !part.custom &&
           !part.reasoning && !part.resource && !part.metadata && part.extra.members.empty();
  };
  if (chunk.content.size() != 1 || !is_plain(chunk.content.front())) {
    chunk.content.clear();
    chunk.content.emplace_back().text.emplace();
  }
  chunk.content.front().text->assign(text);
  chunk.role.reset();
  chunk.index.reset();
  chunk.custom.reset();
  chunk.aggregated.reset();
  if (!chunk.extra.members.empty()) chunk.extra.members.clear();
}

}  // namespace

void ModelContext::send(std::string_view text) {
  // Several fibers may send.
  if (text_chunk_is_used_.exchange(true, std::memory_order_acquire)) return send(Chunk::of_text(std::string(text)));
  struct Release {
    std::atomic<bool>& is_used;
    ~Release() { is_used.store(false, std::memory_order_release); }
  };
  const Release release{text_chunk_is_used_};
  set_text(text_chunk_, text);
  call_.send(internal::ValueRef::expiring_of(text_chunk_));
}

Action model(std::string name, ModelOptions options, ModelFunction function) {
  internal::ActionDefinition definition;
  definition.kind = ActionKind::kModel;
  definition.description = options.label.empty() ? name : options.label;
  definition.metadata = model_metadata(name, options);
  definition.name = std::move(name);
  definition.input_type = &internal::type_info<ModelRequest>();
  definition.output_type = &internal::type_info<ModelResponse>();
  definition.chunk_type = &internal::type_info<Chunk>();
  definition.body = [function = std::move(function), supports = std::move(options.supports)](internal::ValueRef input,
                                                                                             internal::ActionCall& call) {
    const auto& request = *static_cast<const ModelRequest*>(input.object);
    const auto span = Span::current();
    describe_request(*span, call.name(), request);

    ModelContext context(call);
    const auto adapted = adapt_request(request, supports);
    const auto start = std::chrono::steady_clock::now();
    ModelResponse response = function(adapted ? *adapted : request, context);
    if (!response.latency_ms) {
      response.latency_ms = std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - start).count();
    }

    describe_response(*span, response);
    return internal::Value::of(std::move(response));
  };
  return Action(std::move(definition));
}

ActionInfo model_info(std::string name, const ModelOptions& options) {
  ActionInfo info;
  info.kind = ActionKind::kModel;
  info.description = options.label.empty() ? name : options.label;
  info.metadata = model_metadata(name, options);
  info.name = std::move(name);
  info.input_schema = internal::type_info<ModelRequest>().shared_schema();
  info.output_schema = internal::type_info<ModelResponse>().shared_schema();
  info.stream_schema = internal::type_info<Chunk>().shared_schema();
  return info;
}

}  // namespace genkit
