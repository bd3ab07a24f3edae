#include <genkit/testing/fake_clock.h>

#include <chrono>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <genkit/runtime/future.h>
#include <genkit/testing/fake_ids.h>

namespace genkit {
namespace {

using namespace std::chrono_literals;

TEST(FakeClockTest, StandsStillUntilItIsMoved) {
  FakeClock clock;
  const auto start = clock.now();

  EXPECT_EQ(clock.now(), start);
  clock.advance(90min);
  EXPECT_EQ(clock.now(), start + 90min);
}

TEST(FakeClockTest, TicksWithEveryLookWhenAskedTo) {
  FakeClock clock({.tick = 1ms});
  const auto start = clock.now();

  EXPECT_EQ(clock.now(), start + 1ms);
  EXPECT_EQ(clock.now(), start + 2ms);
}

TEST(FakeClockTest, WakesThoseWhoseTimeHasCome) {
  FakeClock clock;
  auto early = async([&] { clock.sleep_for(1s); });
  auto late = async([&] { clock.sleep_for(3s); });
  clock.wait_for_sleepers(2);

  clock.advance(2s);
  early.get();
  EXPECT_EQ(clock.sleepers(), 1u);
  EXPECT_FALSE(late.ready());

  clock.advance(1s);
  late.get();
  EXPECT_EQ(clock.sleepers(), 0u);
}

TEST(FakeClockTest, ASleepEndsWithItsContext) {
  FakeClock clock;
  auto sleeping = async([&] { clock.sleep_for(1s); });
  clock.wait_for_sleepers(1);

  sleeping.cancel();

  const auto result = attempt([&] { sleeping.get(); });
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().status(), Status::kCancelled);
  EXPECT_EQ(clock.sleepers(), 0u);
}

TEST(FakeClockTest, SkipsSleepsWhenAskedTo) {
  FakeClock clock({.skip_sleeps = true});
  const auto start = clock.now();

  clock.sleep_for(24h);

  EXPECT_EQ(clock.now(), start + 24h);
}

TEST(FakeIdsTest, CountsUp) {
  FakeIds ids;
  FakeIds from_seven(7);

  EXPECT_EQ(ids.next(), 1u);
  EXPECT_EQ(ids.next(), 2u);
  EXPECT_EQ(from_seven.next(), 7u);
}

}  // namespace
}  // namespace genkit
