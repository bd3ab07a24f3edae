#include "embedder.h"

#include <cmath>
#include <future>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "test_model.h"

namespace genkit::llama {
namespace {

using testing::HasSubstr;
using testing::SizeIs;

double dot(const std::vector<float>& a, const std::vector<float>& b) {
  double sum = 0;
  for (std::size_t i = 0; i < a.size(); ++i) sum += static_cast<double>(a[i]) * b[i];
  return sum;
}

EmbeddingResult embed(Embedder& embedder, std::vector<std::string> texts) {
  std::promise<EmbeddingResult> done;
  embedder.submit({.texts = std::move(texts), .on_done = [&](EmbeddingResult result) { done.set_value(std::move(result)); }});
  return done.get_future().get();
}

std::string words(int count) {
  std::string text;
  for (int i = 0; i < count; ++i) text += "mountain ";
  return text;
}

class EmbedderTest : public WithModelFile {
 protected:
  EmbedderTest() : WithModelFile(test_embedder_file()) {}

  EmbedderOptions options() const { return {.source = {.name = "test", .file = file_}, .logger = Logger(LogLevel::kError)}; }
};

TEST_F(EmbedderTest, PutsTextsThatMeanTheSameCloserTogether) {
  Embedder embedder(options());

  const auto result =
      embed(embedder, {"A cat sits on the mat.", "A kitten rests on a rug.", "Interest rates rose by a quarter point."});

  ASSERT_EQ(result.error, std::nullopt);
  ASSERT_THAT(result.embeddings, SizeIs(3));
  for (const auto& vector : result.embeddings) EXPECT_NEAR(dot(vector, vector), 1, 1e-4);
  EXPECT_GT(dot(result.embeddings[0], result.embeddings[1]), dot(result.embeddings[0], result.embeddings[2]) + 0.2);
}

TEST_F(EmbedderTest, GivesATextTheSameVectorWhateverIsComputedBesideIt) {
  Embedder embedder(options());
  std::vector<std::string> texts;
  for (int i = 0; i < 70; ++i) texts.push_back("Text number " + std::to_string(i) + " of many. " + words(i % 20));

  const auto together = embed(embedder, texts);

  ASSERT_EQ(together.error, std::nullopt);
  for (const std::size_t i : {0U, 19U, 69U}) {
    EXPECT_GT(dot(together.embeddings[i], embed(embedder, {texts[i]}).embeddings.at(0)), 0.999) << i;
  }
}

TEST_F(EmbedderTest, RefusesATextThatIsTooLongAndNamesIt) {
  Embedder embedder(options());

  const auto result = embed(embedder, {"short", words(600)});

  ASSERT_TRUE(result.error);
  EXPECT_EQ(result.error->status(), Status::kInvalidArgument);
  EXPECT_THAT(result.error->message(), HasSubstr("input 1 has 602 tokens, the model reads at most 512"));
}

TEST_F(EmbedderTest, CutsATextThatIsTooLongWhenAskedTo) {
  EmbedderOptions cutting = options();
  cutting.truncate = true;
  Embedder embedder(cutting);

  const auto result = embed(embedder, {words(600), words(2000), words(5)});

  ASSERT_EQ(result.error, std::nullopt);
  EXPECT_GT(dot(result.embeddings[0], result.embeddings[1]), 0.999);
}

TEST_F(EmbedderTest, HasNothingToSayToAnEmptyList) {
  Embedder embedder(options());

  const auto result = embed(embedder, {});

  EXPECT_EQ(result.error, std::nullopt);
  EXPECT_THAT(result.embeddings, SizeIs(0));
}

TEST_F(EmbedderTest, EndsARequestThatIsCancelled) {
  Embedder embedder(options());
  const std::vector<std::string> many(300, words(100));
  std::promise<EmbeddingResult> done;

  embedder.submit({.texts = many, .on_done = [&](EmbeddingResult result) { done.set_value(std::move(result)); }}).cancel();

  const EmbeddingResult result = done.get_future().get();
  ASSERT_TRUE(result.error);
  EXPECT_EQ(result.error->status(), Status::kCancelled);
  EXPECT_EQ(embed(embedder, {"still there"}).error, std::nullopt);
}

TEST_F(EmbedderTest, SaysNotFoundForAMissingFile) {
  EmbedderOptions missing = options();
  missing.source.file = "/nonexistent/model.gguf";
  Embedder embedder(missing);

  EXPECT_EQ(embed(embedder, {"text"}).error.value().status(), Status::kNotFound);
}

}  // namespace
}  // namespace genkit::llama
