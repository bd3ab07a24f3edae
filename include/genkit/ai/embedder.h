#ifndef GENKIT_AI_EMBEDDER_H_
#define GENKIT_AI_EMBEDDER_H_

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <genkit/ai/message.h>
#include <genkit/core/action.h>

namespace genkit {

class Registry;

struct EmbedRequest {
  std::vector<Document> input = {};
  std::optional<Json> options = {};
  ExtraMembers extra = {};
};
constexpr auto describe(Type<EmbedRequest>) {
  return fields(field<&EmbedRequest::input>().required()).camel_case_keys();
}

struct Embedding {
  std::vector<float> embedding = {};
  std::optional<Json> metadata = {};  ///< an object
  ExtraMembers extra = {};
};
constexpr auto describe(Type<Embedding>) {
  return fields(field<&Embedding::embedding>().required()).camel_case_keys();
}

struct EmbedResponse {
  std::vector<Embedding> embeddings = {};
  ExtraMembers extra = {};
};
constexpr auto describe(Type<EmbedResponse>) {
  return fields(field<&EmbedResponse::embeddings>().required()).camel_case_keys();
}

struct EmbedderOptions {
  std::string label = {};
  /// Length of the vectors; 0 when it varies.
  std::int64_t dimensions = 0;
  std::vector<std::string> input = {"text"};  ///< kinds of content that it takes: "text", "image", "video"
  bool multilingual = false;
  Json config_schema = {};
};

using EmbedderFunction = std::function<EmbedResponse(const EmbedRequest& request)>;

/// Makes an embedder without registering it: for plugins, which return their actions.
Action embedder(std::string name, EmbedderOptions options, EmbedderFunction function);

/// What to embed, for `Genkit::embed`.
struct EmbedOptions {
  std::string embedder = {};
  /// Text, or parts.
  Content content = {};
  std::optional<Json> metadata = {};
  /// Options of the embedder.
  Json options = {};
};

struct EmbedManyOptions {
  std::string embedder = {};
  std::vector<Document> documents = {};
  Json options = {};
};

namespace internal {
std::vector<Embedding> embed(Registry& registry, EmbedOptions options);
std::vector<Embedding> embed_many(Registry& registry, EmbedManyOptions options);
}  // namespace internal

}  // namespace genkit

#endif  // GENKIT_AI_EMBEDDER_H_
