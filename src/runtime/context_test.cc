#include <genkit/runtime/context.h>

#include <string>
#include <thread>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <genkit/runtime/future.h>
#include <genkit/runtime/runtime.h>

#include "runtime/context_node.h"
#include "runtime/test_status.h"

namespace genkit {
namespace {

using namespace std::chrono_literals;

Context user_context(const char* name) {
  return Context().with_user({{"name", name}});
}
std::string current_user() {
  const Json& user = Context::current().user();
  return user.is_null() ? "" : std::string(user.at("name").as_string());
}

TEST(Context, IsEmptyAtFirst) {
  const Context context = Context::current();

  EXPECT_FALSE(context.cancelled());
  EXPECT_EQ(context.cancel_status(), Status::kOk);
  EXPECT_FALSE(context.deadline().has_value());
  EXPECT_TRUE(context.user().is_null());
  EXPECT_NO_THROW(context.check());
}

TEST(Context, IsCurrentForTheScope) {
  {
    ScopedContext outer(user_context("ada"));
    {
      ScopedContext inner(user_context("bob"));
      EXPECT_EQ(current_user(), "bob");
    }
    EXPECT_EQ(current_user(), "ada");
  }
  EXPECT_EQ(current_user(), "");
}

TEST(Context, IsInheritedByAsync) {
  ScopedContext scope(user_context("ada"));

  EXPECT_EQ(async([] { return async([] { return current_user(); }).get(); }).get(), "ada");
}

TEST(Context, TravelsToBlockingCode) {
  ScopedContext scope(user_context("ada"));

  EXPECT_EQ(async([] { return blocking([] { return current_user(); }); }).get(), "ada");
}

TEST(Context, IsCarriedToAPlainThreadByHand) {
  ScopedContext scope(user_context("ada"));
  std::string without;
  std::string with;

  std::thread([&, context = Context::current()] {
    without = current_user();
    ScopedContext inner(context);
    with = current_user();
  }).join();

  EXPECT_EQ(without, "");
  EXPECT_EQ(with, "ada");
}

TEST(Context, NeverLeaksBetweenSiblings) {
  std::vector<Future<bool>> siblings;
  for (int i = 0; i < 50; ++i) {
    siblings.push_back(async([i] {
      const std::string name = "user " + std::to_string(i);
      ScopedContext scope(user_context(name.c_str()));
      bool mine = true;
      for (int turn = 0; turn < 50; ++turn) {
        turn % 10 == 9 ? sleep_for(10us) : yield();
        mine = mine && current_user() == name;
      }
      return mine;
    }));
  }
  for (auto& sibling : siblings) EXPECT_TRUE(sibling.get());
  EXPECT_EQ(async([] { return current_user(); }).get(), "");
}

TEST(Context, LeavesTheWorkersClean) {
  {
    Future<void> future = async([] { internal::exchange_current_context(nullptr); });
  }

  EXPECT_EQ(async([] { return current_user(); }).get(), "");
}

TEST(Context, KeepsTheEarliestDeadline) {
  const auto now = std::chrono::steady_clock::now();
  const Context outer = Context().with_deadline(now + 1h);

  EXPECT_EQ(outer.with_deadline(now + 2h).deadline(), now + 1h);
  EXPECT_EQ(outer.with_deadline(now + 1min).deadline(), now + 1min);
  EXPECT_EQ(outer.deadline(), now + 1h);
}

TEST(Context, KeepsUserAndDeadlineApart) {
  const Context context = user_context("ada").with_timeout(1h).with_user({{"name", "bob"}});

  EXPECT_TRUE(context.deadline().has_value());
  EXPECT_EQ(context.user(), (Json{{"name", "bob"}}));
}

TEST(Context, IsCancelledFromItsDeadlineOn) {
  const Context context = Context().with_timeout(0s);

  EXPECT_TRUE(context.cancelled());
  EXPECT_EQ(status_of([&] { context.check(); }), Status::kDeadlineExceeded);
}

TEST(Context, NamesTheTimeLimitThatHasPassed) {
  const Context context = Context().with_timeout(1ns).with_user({});

  auto error = attempt([&] { context.check(); }).error();

  EXPECT_THAT(error.message(), testing::HasSubstr("took longer than its time limit of 1e-06 ms"));
}

TEST(Context, ToleratesATimeLimitWithoutEnd) {
  EXPECT_FALSE(Context().with_timeout(std::chrono::nanoseconds::max()).cancelled());
}

TEST(Context, EndsAWaitAtItsDeadline) {
  ScopedContext scope(Context().with_timeout(1ms));

  EXPECT_EQ(status_of([] { sleep_for(1h); }), Status::kDeadlineExceeded);
}

TEST(Context, EndsTheWaitsOfAllBelowAtItsDeadline) {
  ScopedContext scope(Context().with_timeout(1ms));

  EXPECT_EQ(status_of([] { async([] { async([] { sleep_for(1h); }).get(); }).get(); }), Status::kDeadlineExceeded);
  EXPECT_EQ(runtime_stats().tasks, 0u);
}

}  // namespace
}  // namespace genkit
