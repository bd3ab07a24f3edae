#include "response.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace genkit::llama {
namespace {

using testing::ElementsAre;
using testing::SizeIs;

TEST(LlamaResponse, CarriesTextReasonAndUsage) {
  const auto response = to_response(
      "Hello", {.finish = FinishReason::kLength, .usage = {.input_tokens = 10, .cached_tokens = 4, .output_tokens = 2}});

  EXPECT_EQ(to_text(to_json(response)),
            R"({"message":{"role":"model","content":[{"text":"Hello"}]},"finishReason":"length",)"
            R"("usage":{"inputTokens":10,"outputTokens":2,"totalTokens":12,"cachedContentTokens":4}})");
}

TEST(LlamaResponse, KnowsEveryReason) {
  EXPECT_EQ(to_response("", {.finish = FinishReason::kStop}).finish_reason, genkit::FinishReason::kStop);
  EXPECT_EQ(to_response("", {.finish = FinishReason::kAborted}).finish_reason, genkit::FinishReason::kAborted);
}

TEST(LlamaResponse, CarriesOneEmbeddingForEachText) {
  const auto response = to_embed_response({{1, 0}, {0, 1}});

  ASSERT_THAT(response.embeddings, SizeIs(2));
  EXPECT_THAT(response.embeddings[1].embedding, ElementsAre(0, 1));
}

}  // namespace
}  // namespace genkit::llama
