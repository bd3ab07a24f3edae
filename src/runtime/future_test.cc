#include <genkit/runtime/future.h>

#include <future>
#include <latch>
#include <memory>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

#include <genkit/runtime/runtime.h>

#include "runtime/test_status.h"

namespace genkit {
namespace {

using namespace std::chrono_literals;
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

TEST(Future, LetsAnotherLoopTakeTheResultWithoutWaiting) {
  // An event loop of somebody else: a thread that sleeps until it is told what to do.
  std::promise<void> posted;
  std::latch go(1);
  Future<std::string> future = async([&]() -> std::string {
    go.wait();
    return "done";
  });

  future.on_ready([&] { posted.set_value(); });
  go.count_down();
  posted.get_future().wait();

  EXPECT_TRUE(future.ready());
  EXPECT_EQ(future.get(), "done");
}

TEST(Future, CallsBackAtOnceWhenItIsReadyAlready) {
  Future<int> future = async([] { return 1; });
  ASSERT_TRUE(future.wait_for(1h));
  const auto caller = std::this_thread::get_id();
  std::thread::id called;

  future.on_ready([&] { called = std::this_thread::get_id(); });

  EXPECT_EQ(called, caller);
}

TEST(Future, WaitsForItsRunningCallbackBeforeItGoesAway) {
  bool returned = false;
  std::latch running(1);
  std::latch go(1);
  std::thread opener;
  {
    std::latch registered(1);
    Future<void> future = async([&] { registered.wait(); });
    future.on_ready([&] {
      running.count_down();
      go.wait();
      returned = true;
    });
    registered.count_down();
    running.wait();
    opener = std::thread([&] { go.count_down(); });
  }

  EXPECT_TRUE(returned);
  opener.join();
}

TEST(Future, MayGoAwayInsideOfItsOwnCallback) {
  std::latch registered(1);
  std::promise<int> result;
  auto future = std::make_unique<Future<int>>(async([&] {
    registered.wait();
    return 8;
  }));

  future->on_ready([&] {
    int value = future->get();
    future.reset();
    result.set_value(value);
  });
  registered.count_down();

  EXPECT_EQ(result.get_future().get(), 8);
}

TEST(Future, StartsNothingForACallerThatIsCancelled) {
  CancelSource source;
  source.cancel();
  ScopedContext scope(source.context());
  bool ran = false;

  EXPECT_EQ(status_of([&] { async([&] { ran = true; }).get(); }), Status::kCancelled);

  EXPECT_FALSE(ran);
}

TEST(Future, CanBeCancelledFromAnyThreadWhileAnotherWaits) {
  Future<void> future = async([] { sleep_for(1h); });
  std::thread other([&] { future.cancel(); });

  EXPECT_EQ(status_of([&] { future.get(); }), Status::kCancelled);

  other.join();
}

TEST(Async, StartsWorkFromPlainThreadsFibersAndBlockingCode) {
  auto from_fiber = async([] { return async([] { return 1; }).get(); });
  auto from_blocking = async([] { return blocking([] { return async([] { return 2; }).get(); }); });
  int from_thread = 0;
  std::thread([&] { from_thread = async([] { return 3; }).get(); }).join();

  EXPECT_EQ(from_fiber.get(), 1);
  EXPECT_EQ(from_blocking.get(), 2);
  EXPECT_EQ(from_thread, 3);
}

TEST(Async, RunsOnAThreadOfItsOwnWhenAsked) {
  Future<int> future = async({.thread = true}, [] {
    // More than the stack of a fiber holds.
    volatile char large[2 * 1024 * 1024];
    large[0] = 1;
    large[sizeof large - 1] = 2;
    return large[0] + large[sizeof large - 1];
  });

  EXPECT_EQ(future.get(), 3);
}

TEST(Async, LeavesNothingBehindWhenItsScopeIsCancelled) {
  CancelSource source;
  std::latch begun(1);
  Future<int> tree;
  {
    ScopedContext scope(source.context());
    tree = async([&] {
      std::vector<Future<void>> children;
      for (int i = 0; i < 10; ++i) {
        children.push_back(async([] {
          Future<void> grandchild = async([] { sleep_for(1h); });
          grandchild.get();
        }));
      }
      begun.count_down();
      int cancelled = 0;
      for (auto& child : children) cancelled += status_of([&] { child.get(); }) == Status::kCancelled;
      return cancelled;
    });
  }
  begun.wait();

  source.cancel();

  EXPECT_EQ(tree.get(), 10);
  EXPECT_EQ(runtime_stats().tasks, 0u);
}

}  // namespace
}  // namespace genkit
