// Everything at once, as often as a test may take: for the sanitizers, and for wake-ups that get lost.

#include <atomic>
#include <latch>
#include <random>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

#include <genkit/runtime/channel.h>
#include <genkit/runtime/future.h>
#include <genkit/runtime/runtime.h>

#include "runtime/runtime.h"
#include "runtime/test_status.h"

namespace genkit {
namespace {

using namespace std::chrono_literals;

int rounds() {
  return internal::Runtime::get().threads() ? 30 : 300;
}

TEST(Stress, NoWakeUpIsLostBetweenFibersThatPassABatonOn) {
  constexpr int kFibers = 10;
  std::vector<internal::Channel<int>> channels(kFibers);
  std::vector<Future<void>> fibers;
  for (int i = 0; i < kFibers; ++i) {
    fibers.push_back(async([&, i] {
      auto& in = channels[static_cast<std::size_t>(i)];
      auto& out = channels[static_cast<std::size_t>((i + 1) % kFibers)];
      while (auto baton = in.receive()) {
        if (*baton == 0) break;
        out.send(*baton - 1);
      }
      out.finish();
    }));
  }
  channels[0].send(100 * rounds());

  for (auto& fiber : fibers) fiber.get();
}

// Each round one fiber wakes several fibers and threads before it waits itself.
TEST(Stress, NoWakeUpIsLostBetweenAFiberAndManyThatItWakes) {
  constexpr int kEchoes = 6;
  std::vector<internal::Channel<int>> there(kEchoes);
  internal::Channel<int> back(2);
  const auto echo = [&](int i) {
    while (auto value = there[static_cast<std::size_t>(i)].receive()) back.send(*value);
  };
  std::vector<std::thread> threads;
  std::vector<Future<void>> fibers;
  for (int i = 0; i < kEchoes; ++i) {
    if (i % 2 == 0) {
      threads.emplace_back([&echo, i] { echo(i); });
    } else {
      fibers.push_back(async([&echo, i] { echo(i); }));
    }
  }

  async([&] {
    for (int round = 0; round < rounds(); ++round) {
      for (auto& channel : there) channel.send(round);
      for (int i = 0; i < kEchoes; ++i) EXPECT_EQ(back.receive(), round);
    }
  }).get();

  for (auto& channel : there) channel.finish();
  for (auto& fiber : fibers) fiber.get();
  for (auto& thread : threads) thread.join();
}

TEST(Stress, CancelAndNotifyMayMeet) {
  for (int round = 0; round < rounds(); ++round) {
    internal::Channel<int> channel(1);
    Future<void> consumer = async([&] {
      while (channel.receive()) {
      }
    });
    Future<void> producer = async([&] {
      for (int i = 0; i < 5; ++i) channel.send(i);
    });
    if (round % 3 == 0) yield();
    consumer.cancel();
    channel.close();
    EXPECT_EQ(status_of([&] { producer.get(); }), Status::kOk);
    static_cast<void>(status_of([&] { consumer.get(); }));
  }
}

TEST(Stress, CancelAndTimersMayMeet) {
  std::minstd_rand random(7);
  for (int round = 0; round < rounds(); ++round) {
    CancelSource source;
    std::vector<Future<void>> sleepers;
    {
      ScopedContext scope(source.context().with_timeout(std::chrono::microseconds(random() % 500)));
      for (int i = 0; i < 5; ++i) {
        auto sleeper = attempt([&] { return async([us = random() % 500] { sleep_for(std::chrono::microseconds(us)); }); });
        if (sleeper) sleepers.push_back(std::move(*sleeper));
      }
    }
    if (round % 2 == 0) source.cancel();
  }
  EXPECT_EQ(runtime_stats().tasks, 0u);
}

TEST(Stress, RegistrationsComeAndGoWhileTheirContextIsCancelled) {
  for (int round = 0; round < rounds(); ++round) {
    CancelSource source;
    std::latch begun(3);
    std::atomic<int> calls{0};
    std::vector<Future<void>> listeners;
    for (int i = 0; i < 3; ++i) {
      listeners.push_back(async([&] {
        begun.count_down();
        while (!source.context().cancelled()) {
          CancelSource child(source.context());
          auto registration = child.context().on_cancel([&] { ++calls; });
          auto other = source.context().on_cancel([&] { ++calls; });
          yield();
        }
      }));
    }
    begun.wait();
    source.cancel();
    for (auto& listener : listeners) listener.get();
    EXPECT_LE(calls.load(), 6);
  }
}

TEST(Stress, ATreeOfFibersIsCancelledAnywhereAndJoinedEverywhere) {
  struct Tree {
    static void grow(int depth) {
      if (depth == 0) return sleep_for(50us);
      Future<void> left = async([depth] { grow(depth - 1); });
      Future<void> right = async([depth] { grow(depth - 1); });
      left.get();
      right.get();
    }
  };
  for (int round = 0; round < rounds() / 10; ++round) {
    Future<void> root = async([] { Tree::grow(5); });
    root.wait_for(std::chrono::microseconds(round * 5));
    root.cancel();
  }
  EXPECT_EQ(runtime_stats().tasks, 0u);
}

TEST(Stress, ManyPlainThreadsUseOneRuntime) {
  std::vector<std::thread> threads;
  std::atomic<int> sum{0};
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([&] {
      for (int i = 0; i < rounds(); ++i) {
        Future<int> future = async([] { return blocking([] { return 1; }); });
        sum += future.get();
      }
    });
  }
  for (auto& thread : threads) thread.join();

  EXPECT_EQ(sum, 4 * rounds());
}

}  // namespace
}  // namespace genkit
