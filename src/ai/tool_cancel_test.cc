#include <genkit/ai/generate.h>

#include <atomic>

#include <genkit/runtime/future.h>

#include "ai/tool_test_support.h"

namespace genkit {
namespace {

/// Calls `generate` in a future of its own.
Future<void> start(ScriptedRegistry& fixture, GenerateOptions options) {
  return async([&fixture, options = std::move(options)] { fixture.generate(options); });
}

TEST(ToolCancelTest, CancellingACallStopsItsTools) {
  ScriptedRegistry fixture({ScriptedTurn().tool_request("wait", {}, "1").tool_request("wait", {}, "2")});
  internal::Channel<int> started;
  std::atomic<int> stopped = 0;
  internal::add_tool(*fixture.registry, tool({.name = "wait", .description = "d"}, [&] {
                                          started.send(1);
                                          try {
                                            sleep_for(std::chrono::hours(1));
                                          } catch (const Error&) {
                                            ++stopped;
                                            throw;
                                          }
                                        }).action());
  Future<void> call = start(fixture, {.prompt = "x", .tools = {"wait"}});
  started.receive();
  started.receive();

  call.cancel();

  EXPECT_THAT(error_of([&] { call.get(); }), HasStatus(Status::kCancelled));
  EXPECT_EQ(stopped, 2);
  EXPECT_EQ(fixture.registry->left_running(), 0u);
}

TEST(ToolCancelTest, AToolThatMayBeLeftHoldsNobodyUp) {
  ScriptedRegistry fixture({ScriptedTurn().tool_request("stubborn")});
  internal::Channel<int> started;
  internal::Channel<int> release;
  std::atomic<bool> ended = false;
  internal::add_tool(*fixture.registry, tool({.name = "stubborn", .description = "d", .leave_when_cancelled = true}, [&] {
                                          started.send(1);
                                          const ScopedContext deaf{Context()};
                                          release.receive();
                                          ended = true;
                                        }).action());
  Future<void> call = start(fixture, {.prompt = "x", .tools = {"stubborn"}});
  started.receive();

  call.cancel();

  EXPECT_THAT(error_of([&] { call.get(); }), HasStatus(Status::kCancelled));
  EXPECT_FALSE(ended);
  EXPECT_EQ(fixture.registry->left_running(), 1u);
  release.send(1);
  fixture.registry->join_left_running();
  EXPECT_TRUE(ended);
  EXPECT_EQ(fixture.registry->left_running(), 0u);
}

TEST(ToolCancelTest, ARegisteredToolIsWaitedForUnlessItMayBeLeft) {
  ScriptedRegistry fixture({ScriptedTurn().tool_request("stubborn").tool_request("leavable")});
  internal::Channel<int> started;
  internal::Channel<int> release;
  internal::Channel<int> release_left;
  std::atomic<bool> ended = false;
  const auto ignore = [&](internal::Channel<int>& until) {
    started.send(1);
    const ScopedContext deaf{Context()};
    until.receive();
  };
  const auto stubborn = [&] {
    ignore(release);
    ended = true;
  };
  const auto leavable = [&] { ignore(release_left); };
  internal::add_tool(*fixture.registry, tool({.name = "stubborn", .description = "d"}, stubborn).action());
  internal::add_tool(*fixture.registry,
                     tool({.name = "leavable", .description = "d", .leave_when_cancelled = true}, leavable).action());
  Future<void> call = start(fixture, {.prompt = "x", .tools = {"stubborn", "leavable"}});
  started.receive();
  started.receive();

  call.cancel();
  while (fixture.registry->left_running() == 0) yield();
  EXPECT_FALSE(call.ready());
  release.send(1);

  EXPECT_THAT(error_of([&] { call.get(); }), HasStatus(Status::kCancelled));
  EXPECT_TRUE(ended);
  EXPECT_EQ(fixture.registry->left_running(), 1u);
  release_left.send(1);
  fixture.registry->join_left_running();
}

TEST(ToolCancelTest, ADynamicToolIsWaitedForAsItMayUseItsCallersVariables) {
  ScriptedRegistry fixture({ScriptedTurn().tool_request("stubborn")});
  internal::Channel<int> started;
  internal::Channel<int> release;
  std::atomic<bool> ended = false;
  const auto stubborn = tool({.name = "stubborn", .description = "d"}, [&] {
    started.send(1);
    const ScopedContext deaf{Context()};
    release.receive();
    ended = true;
  });
  Future<void> call = start(fixture, {.prompt = "x", .tools = {stubborn}});
  started.receive();

  call.cancel();
  release.send(1);

  EXPECT_THAT(error_of([&] { call.get(); }), HasStatus(Status::kCancelled));
  EXPECT_TRUE(ended);
}

TEST(ToolCancelTest, ATimeLimitCoversTheTools) {
  ScriptedRegistry fixture({ScriptedTurn().tool_request("wait")});
  const auto wait = tool({.name = "wait", .description = "d"}, [] { sleep_for(std::chrono::hours(1)); });

  const auto error =
      error_of([&] { fixture.generate({.prompt = "x", .tools = {wait}, .timeout = std::chrono::milliseconds(5)}); });

  EXPECT_THAT(error, HasStatus(Status::kDeadlineExceeded));
}

TEST(ToolCancelTest, AFailingToolLetsItsNeighboursFinish) {
  ScriptedRegistry fixture(
      {ScriptedTurn().tool_request("bad", {}, "1").tool_request("good", {}, "2").tool_request("bad2", {}, "3")});
  internal::Channel<int> failed;
  std::atomic<bool> finished = false;
  const auto bad = tool({.name = "bad", .description = "d"}, [&]() -> int {
    failed.send(1);
    throw Error(Status::kUnavailable, "first");
  });
  const auto good = tool({.name = "good", .description = "d"}, [&] {
    failed.receive();
    finished = true;
  });
  const auto bad2 = tool({.name = "bad2", .description = "d"}, []() -> int { throw Error(Status::kInternal, "second"); });

  const auto error = error_of([&] { fixture.generate({.prompt = "x", .tools = {bad, good, bad2}}); });

  EXPECT_THAT(error, HasMessage("tool \"bad\": first"));
  EXPECT_TRUE(finished);
}

TEST(ToolCancelTest, ToolsInheritWhoAsks) {
  ScriptedRegistry fixture({ScriptedTurn().tool_request("who", {}, "1").tool_request("who", {}, "2"), "done"});
  std::atomic<int> right = 0;
  const auto who = tool({.name = "who", .description = "d"}, [&] { right += Context::current().user().at("uid") == Json("u1"); });

  fixture.generate({.prompt = "x", .tools = {who}, .context = {{"uid", "u1"}}});

  EXPECT_EQ(right, 2);
}

}  // namespace
}  // namespace genkit
