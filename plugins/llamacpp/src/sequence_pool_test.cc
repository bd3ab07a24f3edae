#include "sequence_pool.h"

#include <numeric>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace genkit::llama {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

/// `count` tokens from `first` on.
std::vector<Token> tokens(Token first, int count) {
  std::vector<Token> made(static_cast<std::size_t>(count));
  std::iota(made.begin(), made.end(), first);
  return made;
}

std::vector<Token> operator+(std::vector<Token> a, const std::vector<Token>& b) {
  a.insert(a.end(), b.begin(), b.end());
  return a;
}

/// Does the work for a prompt and, unless it is to stay busy, lets the sequence go.
SequencePool::Choice use(SequencePool& pool, const std::vector<Token>& prompt, bool stay_busy = false) {
  const SequencePool::Choice choice = pool.acquire(prompt).value();
  pool.append(choice.sequence, std::span(prompt).subspan(choice.reused));
  if (!stay_busy) pool.release(choice.sequence);
  return choice;
}

TEST(SequencePool, StartsWithNothingToReuse) {
  SequencePool pool(2, true);

  const auto choice = use(pool, tokens(0, 10));

  EXPECT_EQ(choice.reused, 0U);
  EXPECT_EQ(choice.source, choice.sequence);
}

TEST(SequencePool, ContinuesAConversationInPlace) {
  SequencePool pool(4, true);
  const auto first = use(pool, tokens(0, 100));
  use(pool, tokens(500, 100));

  const auto next = use(pool, tokens(0, 100) + tokens(900, 20));

  EXPECT_EQ(next.sequence, first.sequence);
  EXPECT_EQ(next.source, first.sequence);
  EXPECT_EQ(next.reused, 100U);
}

TEST(SequencePool, NeverReusesTheLastTokenOfAPrompt) {
  SequencePool pool(1, true);
  use(pool, tokens(0, 10));

  EXPECT_EQ(use(pool, tokens(0, 10)).reused, 9U);
  EXPECT_EQ(use(pool, tokens(0, 1)).reused, 0U);
}

TEST(SequencePool, ForksWhenTheRestOfTheSourceIsWorthKeeping) {
  SequencePool pool(3, true);
  const auto first = use(pool, tokens(0, 50) + tokens(100, 200));

  const auto fork = use(pool, tokens(0, 50) + tokens(700, 10));

  EXPECT_NE(fork.sequence, first.sequence);
  EXPECT_EQ(fork.source, first.sequence);
  EXPECT_EQ(fork.reused, 50U);
  EXPECT_EQ(pool.tokens(first.sequence).size(), 250U);
}

TEST(SequencePool, ReplacesAShortEndInPlace) {
  SequencePool pool(3, true);
  const auto first = use(pool, tokens(0, 50) + tokens(100, 5));

  const auto next = use(pool, tokens(0, 50) + tokens(700, 10));

  EXPECT_EQ(next.sequence, first.sequence);
  EXPECT_EQ(next.reused, 50U);
}

TEST(SequencePool, SharesThePrefixOfASequenceThatIsBusy) {
  SequencePool pool(2, true);
  const auto busy = use(pool, tokens(0, 80), true);

  const auto other = use(pool, tokens(0, 60) + tokens(300, 5));

  EXPECT_NE(other.sequence, busy.sequence);
  EXPECT_EQ(other.source, busy.sequence);
  EXPECT_EQ(other.reused, 60U);
}

TEST(SequencePool, TakesTheLongestPrefixOfSeveral) {
  SequencePool pool(4, true);
  use(pool, tokens(0, 10) + tokens(100, 100));
  const auto longer = use(pool, tokens(0, 40) + tokens(200, 100));

  const auto choice = use(pool, tokens(0, 45));

  EXPECT_EQ(choice.source, longer.sequence);
  EXPECT_EQ(choice.reused, 40U);
}

TEST(SequencePool, GivesUpTheSequenceThatWasUsedLongestAgo) {
  SequencePool pool(2, true);
  const auto old = use(pool, tokens(0, 100));
  use(pool, tokens(200, 100));

  const auto choice = use(pool, tokens(400, 100));

  EXPECT_EQ(choice.sequence, old.sequence);
  EXPECT_EQ(choice.reused, 0U);
}

TEST(SequencePool, HasNothingToOfferWhenAllAreBusy) {
  SequencePool pool(2, true);
  use(pool, tokens(0, 10), true);
  use(pool, tokens(0, 10), true);

  EXPECT_FALSE(pool.acquire(tokens(0, 10)).has_value());
}

TEST(SequencePool, OnlyContinuesWholeSequencesWhereTheMemoryCannotFork) {
  SequencePool pool(3, false);
  const auto first = use(pool, tokens(0, 100));

  EXPECT_EQ(use(pool, tokens(0, 99) + tokens(500, 20)).reused, 0U);
  const auto next = use(pool, tokens(0, 120));

  EXPECT_EQ(next.sequence, first.sequence);
  EXPECT_EQ(next.reused, 100U);
}

TEST(SequencePool, EvictsIdleSequencesOnlyOldestFirst) {
  SequencePool pool(3, true);
  const auto a = use(pool, tokens(0, 10));
  use(pool, tokens(100, 10), true);
  const auto c = use(pool, tokens(200, 10));

  EXPECT_EQ(pool.evict(), a.sequence);
  EXPECT_THAT(pool.tokens(a.sequence), IsEmpty());
  EXPECT_EQ(pool.evict(), c.sequence);
  EXPECT_EQ(pool.evict(), std::nullopt);
}

TEST(SequencePool, ForgetsWhatWasCutOff) {
  SequencePool pool(1, true);
  const auto choice = use(pool, tokens(0, 4));

  pool.truncate(choice.sequence, 2);

  EXPECT_THAT(pool.tokens(choice.sequence), ElementsAre(0, 1));
}

}  // namespace
}  // namespace genkit::llama
