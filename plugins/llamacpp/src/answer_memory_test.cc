#include "answer_memory.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace genkit::llama {
namespace {

using testing::ElementsAre;
using testing::IsNull;
using testing::Pointee;

TEST(AnswerMemory, KnowsTheTokensOfATextAsItWasWritten) {
  AnswerMemory memory(100);

  memory.remember("hello", {1, 2, 3});

  EXPECT_THAT(memory.find("hello"), Pointee(ElementsAre(1, 2, 3)));
  EXPECT_THAT(memory.find("hell"), IsNull());
}

TEST(AnswerMemory, TakesTheLastWayATextWasWritten) {
  AnswerMemory memory(100);

  memory.remember("hello", {1, 2, 3});
  memory.remember("hello", {4});

  EXPECT_THAT(memory.find("hello"), Pointee(ElementsAre(4)));
}

TEST(AnswerMemory, ForgetsTheOldest) {
  AnswerMemory memory(5);

  memory.remember("one", {1, 1});
  memory.remember("two", {2, 2});
  memory.remember("three", {3, 3});

  EXPECT_THAT(memory.find("one"), IsNull());
  EXPECT_THAT(memory.find("two"), Pointee(ElementsAre(2, 2)));
  EXPECT_THAT(memory.find("three"), Pointee(ElementsAre(3, 3)));
}

TEST(AnswerMemory, DoesNotTakeWhatIsTooLongOrEmpty) {
  AnswerMemory memory(2);

  memory.remember("long", {1, 2, 3});
  memory.remember("", {1});

  EXPECT_THAT(memory.find("long"), IsNull());
  EXPECT_THAT(memory.find(""), IsNull());
}

}  // namespace
}  // namespace genkit::llama
