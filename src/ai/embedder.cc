#include <genkit/ai/embedder.h>

#include <genkit/core/registry.h>

namespace genkit {

Action embedder(std::string name, EmbedderOptions options, EmbedderFunction function) {
  internal::ActionDefinition definition;
  definition.kind = ActionKind::kEmbedder;
  JsonObject info;
  info["label"] = options.label.empty() ? name : options.label;
  if (options.dimensions > 0) info["dimensions"] = options.dimensions;
  info["supports"] = {{"input", to_json(options.input)}, {"multilingual", options.multilingual}};
  definition.metadata = {{"type", "embedder"}, {"info", std::move(info)}};
  if (!options.config_schema.is_null()) {
    definition.metadata.get_object()["embedder"] = {{"customOptions", std::move(options.config_schema)}};
  }
  definition.description = options.label.empty() ? name : std::move(options.label);
  definition.name = std::move(name);
  definition.input_type = &internal::type_info<EmbedRequest>();
  definition.output_type = &internal::type_info<EmbedResponse>();
  definition.body = [function = std::move(function)](internal::ValueRef input, internal::ActionCall&) {
    return internal::Value::of(function(*static_cast<const EmbedRequest*>(input.object)));
  };
  return Action(std::move(definition));
}

namespace internal {

std::vector<Embedding> embed(Registry& registry, EmbedOptions options) {
  if (options.content.empty()) {
    throw Error(Status::kInvalidArgument, "embed: content is empty: give a text or parts");
  }
  Document document;
  document.content = std::move(options.content).parts();
  document.metadata = std::move(options.metadata);
  EmbedManyOptions many;
  many.embedder = std::move(options.embedder);
  many.documents.push_back(std::move(document));
  many.options = std::move(options.options);
  return embed_many(registry, std::move(many));
}

std::vector<Embedding> embed_many(Registry& registry, EmbedManyOptions options) {
  const Action embedder = registry.get(ActionKind::kEmbedder, options.embedder);
  EmbedRequest request;
  request.input = std::move(options.documents);
  if (!options.options.is_null()) request.options = std::move(options.options);
  return embedder.run(ValueRef::of(request), {}, nullptr).take<EmbedResponse>().embeddings;
}

}  // namespace internal
}  // namespace genkit
