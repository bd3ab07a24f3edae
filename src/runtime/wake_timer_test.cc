// What a fiber wakes may be put off until it leaves, but not for long when it does not.
#include <cstdlib>
#include <latch>
#include <thread>

#include <gtest/gtest.h>

#include <genkit/runtime/channel.h>
#include <genkit/runtime/future.h>
#include <genkit/runtime/runtime.h>

namespace genkit {
namespace {

using namespace std::chrono_literals;

// A fiber wakes another one and a thread several times in a row, and then blocks until both have received all: put off until the
// fiber leaves, the wake-ups would never come. There is no watchdog that could help, and another worker is there.
[[noreturn]] void block_for_those_that_were_woken(unsigned workers) {
  setenv("GENKIT_RUNTIME", "fibers", 1);
  unsetenv("GENKIT_WORKERS");
  configure_runtime({.workers = workers, .watchdog = 0ms});
  constexpr int kMessages = 3;
  for (int round = 0; round < 30; ++round) {
    internal::Channel<int> to_fiber;
    internal::Channel<int> to_thread;
    std::latch received(2 * kMessages);
    Future<void> fiber = async([&] {
      while (to_fiber.receive()) received.count_down();
    });
    std::thread thread([&] {
      while (to_thread.receive()) received.count_down();
    });
    async([&] {
      if (round % 2 == 0) sleep_for(1ms);
      for (int i = 0; i < kMessages; ++i) {
        to_fiber.send(i);
        to_thread.send(i);
        if (round % 3 == 0) std::this_thread::sleep_for(50us);
      }
      received.wait();
    }).get();
    to_fiber.finish();
    to_thread.finish();
    fiber.get();
    thread.join();
  }
  std::exit(0);
}

TEST(WakeTimerDeathTest, WakesWhomAFiberHasWokenThatDoesNotLeave) {
#if defined(GENKIT_TSAN)
  GTEST_SKIP() << "there are no workers under ThreadSanitizer";
#endif
  GTEST_FLAG_SET(death_test_style, "threadsafe");
  EXPECT_EXIT(block_for_those_that_were_woken(2), testing::ExitedWithCode(0), "");
  EXPECT_EXIT(block_for_those_that_were_woken(4), testing::ExitedWithCode(0), "");
}

// Who yields after it has woken another one is not left to wait for that one.
[[noreturn]] void yield_after_waking() {
  setenv("GENKIT_RUNTIME", "fibers", 1);
  unsetenv("GENKIT_WORKERS");
  configure_runtime({.workers = 2, .watchdog = 0ms});
  for (int round = 0; round < 30; ++round) {
    internal::Channel<int> channel;
    std::latch went_on(1);
    Future<void> woken = async([&] {
      channel.receive();
      channel.receive();
      went_on.wait();
    });
    async([&] {
      sleep_for(1ms);
      channel.send(1);
      channel.send(2);
      yield();
      went_on.count_down();
    }).get();
    woken.get();
  }
  std::exit(0);
}

TEST(WakeTimerDeathTest, LeavesNobodyBehindWhoYields) {
#if defined(GENKIT_TSAN)
  GTEST_SKIP() << "there are no workers under ThreadSanitizer";
#endif
  GTEST_FLAG_SET(death_test_style, "threadsafe");
  EXPECT_EXIT(yield_after_waking(), testing::ExitedWithCode(0), "");
}

}  // namespace
}  // namespace genkit
