#include <chrono>
#include <latch>
#include <random>
#include <vector>

#include <gtest/gtest.h>

#include <genkit/runtime/future.h>
#include <genkit/runtime/runtime.h>

#include "runtime/runtime.h"
#include "runtime/test_status.h"
#include "runtime/timer_queue.h"

namespace genkit {
namespace {

using namespace std::chrono_literals;
using Clock = std::chrono::steady_clock;

TEST(Sleep, NeverEndsEarly) {
  const auto begin = Clock::now();

  sleep_for(2ms);
  async([] { sleep_for(2ms); }).get();

  EXPECT_GE(Clock::now() - begin, 4ms);
}

TEST(Sleep, TakesNoTimeForNoTime) {
  sleep_for(0s);
  sleep_for(-1h);
  async([] { sleep_for(std::chrono::hours::min()); }).get();
}

TEST(Sleep, CanBeForEver) {
  Future<void> future = async([] { sleep_for(std::chrono::hours::max()); });

  future.cancel();

  EXPECT_EQ(status_of([&] { future.get(); }), Status::kCancelled);
}

TEST(Sleep, ThrowsAtOnceWhenTheCallerIsCancelledAlready) {
  CancelSource source;
  source.cancel();
  ScopedContext scope(source.context());

  EXPECT_EQ(status_of([] { sleep_for(1h); }), Status::kCancelled);
}

TEST(Sleep, SuspendsManyFibersAtATime) {
  const std::size_t count = internal::Runtime::get().threads() ? 100 : 10'000;
  std::vector<Future<bool>> sleepers;
  sleepers.reserve(count);
  for (std::size_t i = 0; i < count; ++i) {
    sleepers.push_back(async([i] {
      const auto until = Clock::now() + 10ms + std::chrono::microseconds(i % 100);
      internal::sleep_until(until);
      return Clock::now() >= until;
    }));
  }

  for (auto& sleeper : sleepers) EXPECT_TRUE(sleeper.get());
  EXPECT_EQ(runtime_stats().tasks, 0u);
}

TEST(Sleep, LeavesNoTimerBehindWhenManyAreCancelled) {
  const std::size_t count = internal::Runtime::get().threads() ? 100 : 10'000;
  CancelSource source;
  std::vector<Future<void>> sleepers;
  {
    ScopedContext scope(source.context());
    for (std::size_t i = 0; i < count; ++i) sleepers.push_back(async([] { sleep_for(1h); }));
  }

  source.cancel();

  for (auto& sleeper : sleepers) EXPECT_EQ(status_of([&] { sleeper.get(); }), Status::kCancelled);
  // Those of the runtime itself may be there: the watchdog and the one that ends what was put off.
  EXPECT_LE(runtime_stats().timers, 2u);
}

TEST(TimerQueue, FiresInTheOrderOfTimesWhateverIsAddedAndRemoved) {
  struct Note final : internal::Timer {
    Note(TimePoint time, std::vector<TimePoint>& fired, std::latch& all) : Timer(time), fired(fired), all(all) {}
    void on_time(std::unique_lock<std::mutex>&) noexcept override {
      fired.push_back(time_);
      all.count_down();
    }
    std::vector<TimePoint>& fired;
    std::latch& all;
  };
  // Never destroyed: its thread does not end.
  auto& queue = *new internal::TimerQueue;
  constexpr int kCount = 1000;
  std::vector<Clock::time_point> fired;
  std::vector<Clock::time_point> removed;
  std::latch all(kCount / 2);
  std::latch too_early(kCount / 2);
  std::vector<std::unique_ptr<Note>> notes;
  std::minstd_rand random(1);
  const auto begin = Clock::now() + 20ms;
  for (int i = 0; i < kCount; ++i) {
    const auto time = begin + std::chrono::microseconds(random() % 1000);
    // On a machine that has a lot to do, some of those to be removed come first.
    notes.push_back(i % 2 == 0 ? std::make_unique<Note>(time, removed, too_early) : std::make_unique<Note>(time, fired, all));
    queue.add(*notes.back());
  }
  for (int i = 0; i < kCount; i += 2) queue.remove(*notes[static_cast<std::size_t>(i)]);
  all.wait();

  EXPECT_EQ(queue.size(), 0u);
  EXPECT_EQ(fired.size(), static_cast<std::size_t>(kCount / 2));
  EXPECT_TRUE(std::is_sorted(fired.begin(), fired.end()));
}

}  // namespace
}  // namespace genkit
