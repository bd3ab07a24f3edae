#include <latch>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <genkit/runtime/context.h>
#include <genkit/runtime/future.h>
#include <genkit/runtime/runtime.h>

#include "runtime/test_status.h"

namespace genkit {
namespace {

using namespace std::chrono_literals;

TEST(Cancel, ReachesAllBelowAndNothingAbove) {
  CancelSource root;
  CancelSource child(root.context());
  CancelSource grandchild(child.context());
  CancelSource sibling(root.context());

  child.cancel();

  EXPECT_TRUE(child.context().cancelled());
  EXPECT_TRUE(grandchild.context().cancelled());
  EXPECT_FALSE(root.context().cancelled());
  EXPECT_FALSE(sibling.context().cancelled());
}

TEST(Cancel, ReachesWhatIsMadeAfterwards) {
  CancelSource root;
  root.cancel(Status::kCancelled, "the client has gone");

  CancelSource child(root.context());

  EXPECT_TRUE(child.context().cancelled());
  EXPECT_EQ(attempt([&] { child.context().check(); }).error().message(), "the client has gone");
}

TEST(Cancel, CountsTheFirstCall) {
  CancelSource source;

  source.cancel(Status::kDeadlineExceeded, "idle for 30 s");
  source.cancel(Status::kCancelled, "later");

  auto error = attempt([&] { source.context().check(); }).error();
  EXPECT_EQ(error.status(), Status::kDeadlineExceeded);
  EXPECT_EQ(error.message(), "idle for 30 s");
}

TEST(Cancel, StandsADeepTree) {
  CancelSource root;
  Context context = root.context();
  std::vector<Context> chain;
  for (int i = 0; i < 100'000; ++i) {
    context = CancelSource(context).context();
    chain.push_back(context);
  }

  root.cancel();

  EXPECT_TRUE(context.cancelled());
}

TEST(Cancel, LetsGoOfADeepTreeWhoseLeafIsItsLastOwner) {
  Context context;
  for (int i = 0; i < 300'000; ++i) context = CancelSource(context).context();

  context = Context();

  EXPECT_FALSE(context.cancelled());
}

TEST(Cancel, TakesNoStatusForCancelled) {
  CancelSource source;
  CancelSource child(source.context());

  source.cancel(Status::kOk);

  EXPECT_EQ(source.context().cancel_status(), Status::kCancelled);
  EXPECT_EQ(child.context().cancel_status(), Status::kCancelled);
}

TEST(Cancel, ForgetsChildrenThatHaveEnded) {
  CancelSource root;
  int calls = 0;
  {
    CancelSource child(root.context());
    auto registration = child.context().on_cancel([&] { ++calls; });
  }

  root.cancel();

  EXPECT_EQ(calls, 0);
}

TEST(CancelCallback, RunsOnceForAnyNumberOfListeners) {
  CancelSource root;
  CancelSource child(root.context());
  int calls = 0;
  std::vector<CancelRegistration> registrations;
  for (int i = 0; i < 1000; ++i) {
    registrations.push_back((i % 2 == 0 ? root : child).context().on_cancel([&] { ++calls; }));
  }

  root.cancel();
  child.cancel();

  EXPECT_EQ(calls, 1000);
}

TEST(CancelCallback, RunsAtOnceWhenItIsTooLate) {
  CancelSource source;
  source.cancel();
  bool called = false;

  auto registration = source.context().on_cancel([&] { called = true; });

  EXPECT_TRUE(called);
}

TEST(CancelCallback, DoesNotRunAfterItsRegistrationIsGone) {
  CancelSource source;
  int calls = 0;
  {
    CancelRegistration registration = source.context().on_cancel([&] { ++calls; });
    CancelRegistration moved = std::move(registration);
  }
  CancelRegistration replaced = source.context().on_cancel([&] { ++calls; });
  replaced = source.context().on_cancel([&] { calls += 10; });

  source.cancel();

  EXPECT_EQ(calls, 10);
}

TEST(CancelCallback, RunsAtTheDeadlineThoughNobodyWaits) {
  std::latch called(1);

  const Context context = Context().with_timeout(1ms).with_user({});
  auto registration = context.on_cancel([&] { called.count_down(); });
  called.wait();

  EXPECT_EQ(context.cancel_status(), Status::kDeadlineExceeded);
}

TEST(CancelCallback, RunsForADeadlineSetAbove) {
  std::latch called(1);
  const Context context = CancelSource(Context().with_timeout(1ms)).context();

  auto registration = context.on_cancel([&] { called.count_down(); });

  called.wait();
}

TEST(CancelCallback, IsWaitedForByTheDestructorOfItsRegistration) {
  CancelSource source;
  std::latch running(1);
  std::latch go(1);
  bool returned = false;
  std::optional<CancelRegistration> registration(source.context().on_cancel([&] {
    running.count_down();
    go.wait();
    returned = true;
  }));
  std::thread canceller([&] { source.cancel(); });
  running.wait();
  std::thread opener([&] { go.count_down(); });

  registration.reset();

  EXPECT_TRUE(returned);
  canceller.join();
  opener.join();
}

TEST(CancelCallback, MayDestroyItsOwnRegistration) {
  CancelSource source;
  std::optional<CancelRegistration> registration;
  registration = source.context().on_cancel([&] { registration.reset(); });

  source.cancel();

  EXPECT_FALSE(registration.has_value());
}

TEST(CancelCallback, ReleasesWhatItHolds) {
  CancelSource source;
  auto held = std::make_shared<int>();
  auto registration = source.context().on_cancel([held] {});

  source.cancel();

  EXPECT_EQ(held.use_count(), 1);
}

TEST(CancelCallback, MayMakeAndCancelContexts) {
  CancelSource source;
  CancelSource other;
  auto registration = source.context().on_cancel([&] {
    CancelSource child(source.context());
    EXPECT_TRUE(child.context().cancelled());
    other.cancel();
  });

  source.cancel();

  EXPECT_TRUE(other.context().cancelled());
}

TEST(Deadline, CostsNoTimerWhileNobodyListens) {
  const std::size_t before = runtime_stats().timers;

  const Context context = Context().with_timeout(1h);
  EXPECT_FALSE(context.cancelled());
  EXPECT_EQ(runtime_stats().timers, before);
  {
    auto registration = context.on_cancel([] {});
    EXPECT_EQ(runtime_stats().timers, before + 1);
  }
}

TEST(Deadline, TakesItsTimerAlongWhenItEnds) {
  const std::size_t before = runtime_stats().timers;
  {
    const Context context = Context().with_timeout(1h);
    auto registration = context.on_cancel([] {});
  }

  EXPECT_EQ(runtime_stats().timers, before);
}

TEST(Deadline, AnswersTheSameAfterALaterCancel) {
  CancelSource source(Context().with_timeout(0s));
  EXPECT_EQ(source.context().cancel_status(), Status::kDeadlineExceeded);

  source.cancel();

  EXPECT_EQ(source.context().cancel_status(), Status::kDeadlineExceeded);
}

}  // namespace
}  // namespace genkit
