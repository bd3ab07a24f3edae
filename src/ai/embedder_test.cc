#include <genkit/ai/embedder.h>

#include "ai/ai_test_support.h"

namespace genkit {
namespace {

using testing::ElementsAre;

struct WithEmbedder : TracedRegistry {
  EmbedRequest last_request = {};
  Action embedder =
      registry->add(genkit::embedder("length", {.label = "Length", .dimensions = 1}, [this](const EmbedRequest& request) {
        last_request = request;
        EmbedResponse response;
        for (const Document& document : request.input) {
          response.embeddings.push_back({.embedding = {static_cast<float>(document.text().size())}});
        }
        return response;
      }));
};

TEST(EmbedderTest, EmbedsATextAsOneDocument) {
  WithEmbedder fixture;

  const auto embeddings = internal::embed(*fixture.registry, {.embedder = "length", .content = "abc", .options = {{"k", 1}}});

  ASSERT_EQ(embeddings.size(), 1u);
  EXPECT_THAT(embeddings[0].embedding, ElementsAre(3.0f));
  EXPECT_EQ(fixture.last_request.options, Json({{"k", 1}}));
}

TEST(EmbedderTest, EmbedsManyInOrder) {
  WithEmbedder fixture;

  const auto embeddings = internal::embed_many(
      *fixture.registry, {.embedder = "length", .documents = {Document::of_text("a"), Document::of_text("bb")}});

  ASSERT_EQ(embeddings.size(), 2u);
  EXPECT_THAT(embeddings[1].embedding, ElementsAre(2.0f));
}

TEST(EmbedderTest, IsListedAsToolsExpect) {
  WithEmbedder fixture;

  EXPECT_EQ(to_text(fixture.embedder.info().metadata),
            R"({"type":"embedder","info":{"label":"Length","dimensions":1,"supports":{"input":["text"],"multilingual":false}}})");
}

TEST(EmbedderTest, SaysWhatIsMissing) {
  WithEmbedder fixture;

  EXPECT_THAT(error_of([&] { internal::embed(*fixture.registry, {.embedder = "length"}); }), HasStatus(Status::kInvalidArgument));
  EXPECT_THAT(error_of([&] { internal::embed(*fixture.registry, {.embedder = "nope", .content = "a"}); }),
              HasMessage("embedder \"nope\" not found; plugins loaded: none"));
}

}  // namespace
}  // namespace genkit
