// Laws of waiting while exceptions are about: what the C++ runtime keeps per thread belongs to the fiber.

#include <unistd.h>

#include <exception>
#include <latch>
#include <stdexcept>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include <genkit/runtime/channel.h>
#include <genkit/runtime/future.h>

#include "runtime/runtime.h"

namespace genkit {
namespace {

using namespace std::chrono_literals;

std::string current_text() {
  try {
    throw;
  } catch (const std::exception& error) {
    return error.what();
  }
}

void wait_somehow(int turn) {
  switch (turn % 3) {
    case 0:
      return yield();
    case 1:
      return sleep_for(1us);
    default:
      return async([] {}).get();
  }
}

/// True when every look finds the exception that this fiber handles.
bool keeps_its_exceptions(int id) {
  bool right = true;
  const std::string outer = "outer " + std::to_string(id);
  const std::string inner = "inner " + std::to_string(id);
  try {
    throw std::runtime_error(outer);
  } catch (...) {
    for (int turn = 0; turn < 6; ++turn) {
      wait_somehow(turn);
      right = right && current_text() == outer;
      try {
        throw std::runtime_error(inner);
      } catch (...) {
        wait_somehow(turn + 1);
        right = right && current_text() == inner;
      }
      right = right && current_text() == outer;
    }
  }
  return right && std::current_exception() == nullptr;
}

TEST(ExceptionState, IsRightOnEveryFiberThatWaitsInACatchBlock) {
  std::vector<Future<bool>> fibers;
  for (int i = 0; i < 100; ++i) fibers.push_back(async([i] { return keeps_its_exceptions(i); }));

  for (auto& fiber : fibers) EXPECT_TRUE(fiber.get());
}

TEST(ExceptionState, IsRightAfterAMoveToAnotherThread) {
  if (internal::Runtime::get().threads()) GTEST_SKIP() << "threads do not move";
  internal::Channel<int> wake;
  std::latch waits(1);
  // Not std::this_thread::get_id, which compilers take for a constant of the function.
  pid_t before = 0;
  pid_t after = 0;
  Future<std::string> mover = async([&] {
    try {
      throw std::runtime_error("mine");
    } catch (...) {
      before = gettid();
      waits.count_down();
      wake.receive();
      after = gettid();
      return current_text();
    }
  });
  waits.wait();

  // Keeps the mover's worker occupied, so that another one has to go on with it; also with an exception of its own there.
  std::latch occupied(1);
  std::latch release(1);
  std::vector<Future<void>> occupiers;
  while (!occupied.try_wait()) {
    occupiers.push_back(async([&] {
      try {
        throw std::runtime_error("not mine");
      } catch (...) {
        if (gettid() != before) return;
        occupied.count_down();
        release.wait();
      }
    }));
    occupiers.back().wait_for(1ms);
  }
  wake.send(1);

  EXPECT_EQ(mover.get(), "mine");
  EXPECT_NE(before, after);
  release.count_down();
}

TEST(ExceptionState, AllowsAWaitWhileTheStackUnwinds) {
  struct WaitsAtTheEnd {
    explicit WaitsAtTheEnd(int& seen) : seen(seen) {}
    ~WaitsAtTheEnd() {
      async([] {
        EXPECT_EQ(std::uncaught_exceptions(), 0);
        sleep_for(1us);
      }).get();
      seen = std::uncaught_exceptions();
    }
    int& seen;
  };
  auto unwind = [] {
    int seen = 0;
    try {
      WaitsAtTheEnd guard(seen);
      throw std::runtime_error("on its way");
    } catch (const std::exception& error) {
      EXPECT_STREQ(error.what(), "on its way");
    }
    return seen;
  };
  std::vector<Future<int>> fibers;
  for (int i = 0; i < 20; ++i) fibers.push_back(async(unwind));

  for (auto& fiber : fibers) EXPECT_EQ(fiber.get(), 1);
}

TEST(ExceptionState, IsEmptyOnANewFiber) {
  try {
    throw std::runtime_error("of the parent");
  } catch (...) {
    EXPECT_TRUE(async([] { return std::current_exception() == nullptr; }).get());
  }
}

TEST(ExceptionState, LetsAnExceptionBeRethrownAfterAWait) {
  Future<void> future = async([] {
    try {
      throw std::out_of_range("first");
    } catch (const std::exception&) {
      sleep_for(1us);
      throw;
    }
  });

  EXPECT_THROW(future.get(), std::out_of_range);
}

}  // namespace
}  // namespace genkit
