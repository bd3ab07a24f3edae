#include <genkit/runtime/future.h>

#include <latch>
#include <memory>
#include <stdexcept>
#include <string>
#include <thread>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <genkit/runtime/channel.h>
#include <genkit/runtime/runtime.h>

namespace genkit {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;

Status status_of(const std::function<void()>& call) {
  auto result = attempt(call);
  return result ? Status::kOk : result.error().status();
}

TEST(Future, DeliversTheResultOfItsWork) {
  Future<int> future = async([] { return 42; });

  EXPECT_TRUE(future.valid());
  EXPECT_EQ(future.get(), 42);
  EXPECT_FALSE(future.valid());
}

TEST(Future, DeliversAMoveOnlyResultOnce) {
  Future<std::unique_ptr<int>> future = async([] { return std::make_unique<int>(7); });

  EXPECT_EQ(*future.get(), 7);
  EXPECT_EQ(status_of([&] { future.get(); }), Status::kFailedPrecondition);
}

TEST(Future, DeliversAReference) {
  int value = 1;
  Future<int&> future = async([&value]() -> int& { return value; });

  EXPECT_EQ(&future.get(), &value);
}

TEST(Future, PassesTheExceptionOfItsWorkOn) {
  Future<void> future = async([] { throw std::out_of_range("item 3"); });

  EXPECT_THROW(future.get(), std::out_of_range);
}

TEST(Future, DestroysWhatItsFunctionHoldsBeforeTheResultIsSeen) {
  auto held = std::make_shared<int>(1);
  Future<void> future = async([held] {});

  future.get();

  EXPECT_EQ(held.use_count(), 1);
}

TEST(Future, CancelsAndJoinsItsWorkWhenItGoesOutOfScope) {
  bool ended = false;
  {
    std::latch begun(1);
    Future<void> future = async([&] {
      begun.count_down();
      EXPECT_EQ(status_of([] { sleep_for(1h); }), Status::kCancelled);
      ended = true;
    });
    begun.wait();
  }

  EXPECT_TRUE(ended);
  EXPECT_EQ(runtime_stats().tasks, 0u);
}

TEST(Future, JoinsTheOldWorkWhenItIsAssigned) {
  bool ended = false;
  std::latch begun(1);
  Future<int> future = async([&] {
    begun.count_down();
    EXPECT_EQ(status_of([] { sleep_for(1h); }), Status::kCancelled);
    ended = true;
    return 1;
  });
  begun.wait();

  future = async([] { return 2; });

  EXPECT_TRUE(ended);
  EXPECT_EQ(future.get(), 2);
}

TEST(Future, MovesWithItsWork) {
  Future<int> first = async([] { return 5; });
  Future<int> second = std::move(first);

  EXPECT_FALSE(first.valid());
  EXPECT_EQ(second.get(), 5);
  EXPECT_EQ(status_of([&] { first.get(); }), Status::kFailedPrecondition);
}

TEST(Future, ThrowsCancelledAfterCancel) {
  Future<void> future = async([] { sleep_for(1h); });

  future.cancel();

  EXPECT_EQ(status_of([&] { future.get(); }), Status::kCancelled);
}

TEST(Future, ThrowsCancelledAfterCancelWhateverItsWorkReturns) {
  std::latch begun(1);
  Future<int> future = async([&] {
    begun.count_down();
    while (!Context::current().cancelled()) yield();
    return 1;
  });
  begun.wait();

  future.cancel();

  EXPECT_EQ(status_of([&] { future.get(); }), Status::kCancelled);
}

TEST(Future, KeepsAResultThatWasThereBeforeCancel) {
  Future<int> future = async([] { return 3; });
  ASSERT_TRUE(future.wait_for(1h));

  future.cancel();

  EXPECT_EQ(future.get(), 3);
}

TEST(Future, CancelsItsWorkWhenTheOneWhoGetsIsCancelled) {
  CancelSource source;
  bool inner_ended = false;
  std::latch waiting(1);
  Future<Status> outer;
  {
    ScopedContext scope(source.context());
    outer = async([&] {
      Future<void> inner = async([&] {
        waiting.count_down();
        try {
          sleep_for(1h);
        } catch (const Error&) {
          inner_ended = true;
          throw;
        }
      });
      Status status = status_of([&] { inner.get(); });
      EXPECT_TRUE(inner_ended);
      EXPECT_FALSE(inner.valid());
      return status;
    });
  }
  waiting.wait();

  source.cancel();

  EXPECT_EQ(outer.get(), Status::kCancelled);
}

TEST(Future, TellsWhetherItIsReady) {
  std::latch go(1);
  Future<void> future = async([&] { go.wait(); });
  EXPECT_FALSE(future.wait_for(0s));
  EXPECT_FALSE(future.ready());

  go.count_down();

  EXPECT_TRUE(future.wait_for(std::chrono::hours::max()));
  EXPECT_TRUE(future.ready());
  future.get();
  EXPECT_FALSE(future.ready());
}

}  // namespace
}  // namespace genkit
