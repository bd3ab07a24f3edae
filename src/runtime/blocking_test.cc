#include <cstdlib>
#include <latch>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <genkit/runtime/future.h>
#include <genkit/runtime/runtime.h>

#include "runtime/runtime.h"
#include "runtime/switch_annotations.h"
#include "runtime/test_status.h"

namespace genkit {
namespace {

using namespace std::chrono_literals;

TEST(Blocking, ReturnsWhatTheCodeReturns) {
  int value = 5;

  EXPECT_EQ(async([] { return blocking([] { return std::string("row"); }); }).get(), "row");
  EXPECT_EQ(&async([&]() -> int& { return blocking([&]() -> int& { return value; }); }).get(), &value);
  EXPECT_EQ(*async([] { return blocking([] { return std::make_unique<int>(3); }); }).get(), 3);
  async([&] { blocking([&] { value = 6; }); }).get();
  EXPECT_EQ(value, 6);
}

TEST(Blocking, ThrowsWhatTheCodeThrows) {
  EXPECT_THROW(async([] { blocking([] { throw std::out_of_range("row 7"); }); }).get(), std::out_of_range);
}

TEST(Blocking, LeavesTheWorkersFree) {
  if (internal::Runtime::get().threads()) GTEST_SKIP() << "there are no workers";
  // More calls that block at a time than there are workers; each waits for all of them.
  constexpr int kCalls = 16;
  std::latch together(kCalls);
  std::vector<Future<void>> calls;
  for (int i = 0; i < kCalls; ++i) calls.push_back(async([&] { blocking([&] { together.arrive_and_wait(); }); }));

  for (auto& call : calls) call.get();
}

TEST(Blocking, RunsInPlaceOnAPlainThread) {
  EXPECT_EQ(blocking([] { return std::this_thread::get_id(); }), std::this_thread::get_id());
}

TEST(Blocking, ThrowsForACancelledCallerAsSoonAsTheCodeReturns) {
  std::latch begun(1);
  Future<void> call = async([&] {
    blocking([&] {
      begun.count_down();
      while (!Context::current().cancelled()) std::this_thread::yield();
    });
  });
  begun.wait();

  call.cancel();

  EXPECT_EQ(status_of([&] { call.get(); }), Status::kCancelled);
}

TEST(Blocking, DoesNotBeginForACancelledCaller) {
  CancelSource source;
  source.cancel();
  ScopedContext scope(source.context());
  bool ran = false;

  EXPECT_EQ(status_of([&] { blocking([&] { ran = true; }); }), Status::kCancelled);

  EXPECT_FALSE(ran);
}

#define REQUIRE(condition) \
  if (!(condition)) std::_Exit(__LINE__ % 200 + 1)

// In a process of its own, where the pool is small.
[[noreturn]] void fill_a_small_pool() {
  setenv("GENKIT_RUNTIME", "fibers", 1);
  configure_runtime({.blocking_threads = 1, .blocking_queue = 1});
  std::latch begun(1);
  std::latch go(1);
  Future<void> running = async([&] {
    blocking([&] {
      begun.count_down();
      go.wait();
    });
  });
  begun.wait();
  bool ran = false;
  // Of two calls the queue takes one.
  Future<void> calls[] = {async([&] { blocking([&] { ran = true; }); }), async([&] { blocking([&] { ran = true; }); })};
  int refused = 0;
  while (!calls[refused].wait_for(1ms)) refused = 1 - refused;
  const Error error = attempt([&] { calls[refused].get(); }).error();
  REQUIRE(error.status() == Status::kResourceExhausted);
  REQUIRE(error.message().find("raise RuntimeOptions::blocking_threads") != std::string::npos);

  Future<void>& waiting = calls[1 - refused];
  waiting.cancel();
  REQUIRE(waiting.wait_for(1h));
  REQUIRE(status_of([&] { waiting.get(); }) == Status::kCancelled);
  REQUIRE(!ran);
  go.count_down();
  running.get();
  REQUIRE(runtime_stats().blocking_threads == 1);
  std::exit(0);
}

TEST(BlockingPoolDeathTest, RefusesCallsBeyondItsQueueAndTakesCancelledOnesBack) {
#if defined(GENKIT_TSAN)
  GTEST_SKIP() << "there are no fibers under ThreadSanitizer";
#endif
  GTEST_FLAG_SET(death_test_style, "threadsafe");
  EXPECT_EXIT(fill_a_small_pool(), testing::ExitedWithCode(0), "");
}

}  // namespace
}  // namespace genkit
