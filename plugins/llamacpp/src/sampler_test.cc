#include "sampler.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace genkit::llama {
namespace {

using testing::ElementsAre;
using testing::Key;

std::vector<float> logits_of(const std::vector<double>& probabilities) {
  std::vector<float> logits;
  for (const double probability : probabilities) logits.push_back(static_cast<float>(std::log(probability)));
  return logits;
}

std::map<Token, int> draw(SamplingParams params, const std::vector<float>& logits, int times) {
  params.seed = 7;
  Sampler sampler(params);
  std::map<Token, int> counts;
  for (int i = 0; i < times; ++i) ++counts[sampler.sample(logits).value()];
  return counts;
}

SamplingParams everything() {
  return {.temperature = 1, .top_k = 0, .top_p = 1, .min_p = 0};
}

/// A vocabulary of realistic size in which token 1000 * i has the logit 10 - i, and all others nearly nothing.
std::vector<float> large_vocabulary() {
  std::vector<float> logits(50'000, -30);
  for (std::size_t i = 0; i < 50; ++i) logits[1000 * i] = 10.0F - static_cast<float>(i);
  return logits;
}

TEST(Sampler, TakesTheMostLikelyTokenAtTemperatureZero) {
  Sampler sampler({.temperature = 0});

  EXPECT_EQ(sampler.sample(logits_of({0.2, 0.5, 0.3})), 1);
}

TEST(Sampler, DrawsInProportionToTheProbabilities) {
  const auto counts = draw(everything(), logits_of({0.1, 0.6, 0.3}), 5'000);

  EXPECT_NEAR(counts.at(0), 500, 100);
  EXPECT_NEAR(counts.at(1), 3'000, 150);
  EXPECT_NEAR(counts.at(2), 1'500, 150);
}

TEST(Sampler, FlattensTheDistributionWithTemperature) {
  SamplingParams params = everything();
  params.temperature = 2;

  const auto counts = draw(params, logits_of({0.8, 0.2}), 5'000);

  EXPECT_NEAR(counts.at(0), 5'000 * 2.0 / 3.0, 150);  // sqrt(0.8) / (sqrt(0.8) + sqrt(0.2))
}

TEST(Sampler, KeepsTheKMostLikelyTokens) {
  SamplingParams params = everything();
  params.top_k = 2;

  EXPECT_THAT(draw(params, logits_of({0.1, 0.4, 0.2, 0.3}), 500), ElementsAre(Key(1), Key(3)));
}

TEST(Sampler, KeepsTheFewestTokensThatReachTopP) {
  SamplingParams params = everything();
  params.top_p = 0.65F;

  EXPECT_THAT(draw(params, logits_of({0.1, 0.4, 0.2, 0.3}), 500), ElementsAre(Key(1), Key(3)));
}

TEST(Sampler, DropsTokensThatAreMuchLessLikelyThanTheBest) {
  SamplingParams params = everything();
  params.min_p = 0.6F;

  EXPECT_THAT(draw(params, logits_of({0.1, 0.4, 0.2, 0.3}), 500), ElementsAre(Key(1), Key(3)));
}

TEST(Sampler, CutsALargeVocabularyLikeASmallOne) {
  SamplingParams top_p = everything();
  top_p.top_p = 0.9F;  // the weights fall as powers of e: 63%, 86%, 95%
  SamplingParams top_k = everything();
  top_k.top_k = 3;
  SamplingParams min_p = everything();
  min_p.min_p = 0.1F;

  for (const SamplingParams& params : {top_p, top_k, min_p}) {
    EXPECT_THAT(draw(params, large_vocabulary(), 100), ElementsAre(Key(0), Key(1000), Key(2000)));
  }
}

TEST(Sampler, ReachesEveryTokenOfALargeVocabularyWhenNothingIsCut) {
  const std::vector<float> equal(1'000, 1.5F);

  const auto counts = draw(everything(), equal, 8'000);

  EXPECT_GT(counts.size(), 990U);
  EXPECT_GT(counts.rbegin()->first, 990);
}

TEST(Sampler, RepeatsItselfWithTheSameSeedOnly) {
  const std::vector<float> logits(100, 0);
  const auto series = [&](std::uint32_t seed) {
    SamplingParams params = everything();
    params.seed = seed;
    Sampler sampler(params);
    std::vector<Token> tokens;
    for (int i = 0; i < 20; ++i) tokens.push_back(*sampler.sample(logits));
    return tokens;
  };

  EXPECT_EQ(series(1), series(1));
  EXPECT_NE(series(1), series(2));
}

TEST(Sampler, MakesWhatWasSaidLessLikely) {
  Sampler sampler({.temperature = 0, .repeat_penalty = 1.5F, .repeat_window = 2});
  const std::vector<float> logits = {2.0F, 1.9F, -1.0F};

  std::vector<Token> tokens;
  for (int i = 0; i < 4; ++i) {
    tokens.push_back(*sampler.sample(logits));
    sampler.accept(tokens.back());
  }

  // Both are in the window after two tokens and equally punished, then the first leads again.
  EXPECT_THAT(tokens, ElementsAre(0, 1, 0, 0));
}

TEST(Sampler, NeverPicksATokenWithoutFiniteLogit) {
  const float nan = std::numeric_limits<float>::quiet_NaN();
  const float none = -std::numeric_limits<float>::infinity();

  EXPECT_THAT(draw(everything(), {nan, 1, none, 1, nan}, 200), ElementsAre(Key(1), Key(3)));
  EXPECT_EQ(Sampler({.temperature = 0}).sample(std::vector{nan, none, 0.5F}), 2);
}

TEST(Sampler, SaysWhenThereIsNothingToChooseFrom) {
  const std::vector<float> broken(8, std::numeric_limits<float>::quiet_NaN());

  EXPECT_EQ(Sampler({}).sample(broken), std::nullopt);
  EXPECT_EQ(Sampler({.temperature = 0}).sample(broken), std::nullopt);
}

/// Allows some tokens, and counts how many it was asked about.
class OnlyThese final : public TokenFilter {
 public:
  explicit OnlyThese(std::vector<Token> allowed) : allowed_(std::move(allowed)) {}

  void keep_allowed(std::vector<Token>& tokens) override {
    asked += tokens.size();
    std::erase_if(tokens, [this](Token token) { return std::find(allowed_.begin(), allowed_.end(), token) == allowed_.end(); });
  }

  std::size_t asked = 0;

 private:
  std::vector<Token> allowed_;
};

std::vector<float> falling_logits(std::size_t count) {
  std::vector<float> logits;
  for (std::size_t i = 0; i < count; ++i) logits.push_back(-0.1F * static_cast<float>(i));
  return logits;
}

TEST(SamplerWithFilter, LooksAtOneTokenWhenThatIsAllowed) {
  const std::vector<float> logits = falling_logits(5000);
  OnlyThese filter({0});

  EXPECT_EQ(Sampler({.temperature = 0}).sample(logits, &filter), 0);

  EXPECT_EQ(filter.asked, 1U);
}

TEST(SamplerWithFilter, FindsTheLikeliestThatIsAllowed) {
  const std::vector<float> logits = falling_logits(5000);
  for (const Token wanted : {1, 63, 64, 65, 511, 512, 513, 4999}) {
    OnlyThese filter({wanted, 4999});

    EXPECT_EQ(Sampler({.temperature = 0}).sample(logits, &filter), wanted);
    EXPECT_EQ(Sampler({.temperature = 1, .seed = 1}).sample(logits, &filter), wanted);
  }
}

TEST(SamplerWithFilter, FindsNothingWhereNothingIsAllowed) {
  OnlyThese filter({});

  EXPECT_EQ(Sampler({.seed = 1}).sample(falling_logits(300), &filter), std::nullopt);
}

TEST(SamplerWithFilter, GivesTheProbabilitiesOfAFilterThatComesFirst) {
  const std::vector<float> logits{2.0F, 1.5F, 1.0F, 0.5F, 0.0F};
  const std::vector<float> only_allowed{-INFINITY, 1.5F, -INFINITY, 0.5F, 0.0F};
  const SamplingParams params{.temperature = 1, .top_k = 0, .top_p = 1, .min_p = 0, .seed = 5};
  OnlyThese filter({1, 3, 4});
  Sampler drawn_first(params);
  Sampler filtered_first(params);
  std::vector<int> counts(5);
  std::vector<int> expected(5);

  constexpr int kDraws = 20'000;
  for (int i = 0; i < kDraws; ++i) {
    ++counts[static_cast<std::size_t>(*drawn_first.sample(logits, &filter))];
    ++expected[static_cast<std::size_t>(*filtered_first.sample(only_allowed))];
  }

  for (std::size_t i = 0; i < counts.size(); ++i) EXPECT_NEAR(counts[i], expected[i], kDraws * 0.02) << i;
}

}  // namespace
}  // namespace genkit::llama
