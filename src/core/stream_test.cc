#include <genkit/core/stream.h>

#include "core/core_test_support.h"

#include <atomic>
#include <chrono>
#include <thread>
#include <vector>

#include <genkit/runtime/future.h>

namespace genkit {
namespace {

using testing::ElementsAre;

auto count_to(TracedRegistry& registry) {
  return registry.define("count", [](const int& last, FlowContext<int>& flow) {
    for (int i = 1; i <= last; ++i) flow.send(i);
    return std::string("done");
  });
}

TEST(ActionStreamTest, GivesEveryChunkInOrderAndThenTheOutput) {
  TracedRegistry registry;
  auto stream = count_to(registry).stream(3);

  std::vector<int> chunks;
  for (const int& chunk : stream) chunks.push_back(chunk);

  EXPECT_THAT(chunks, ElementsAre(1, 2, 3));
  EXPECT_EQ(stream.output(), "done");
}

TEST(ActionStreamTest, DeliversMoreThanTheQueueHolds) {
  TracedRegistry registry;
  auto stream = count_to(registry).stream(10'000);

  int count = 0;
  for (const int& chunk : stream) count += chunk > 0;

  EXPECT_EQ(count, 10'000);
}

// A chunk does not wait for the next one: here that would be for ever.
TEST(ActionStreamTest, AChunkIsReadBeforeItsFlowGoesOn) {
  TracedRegistry registry;
  std::atomic<int> read = 0;
  const auto flow = registry.define("careful", [&](FlowContext<int>& flow) {
    for (int i = 1; i <= 200; ++i) {
      flow.send(i);
      while (read < i) sleep_for(std::chrono::microseconds(10));
    }
  });
  auto stream = flow.stream();

  for (const int& chunk : stream) read = chunk;

  EXPECT_EQ(read, 200);
}

// Now and then the reader, the flow or both are late, and the flow moves to the reader's thread and away again.
TEST(ActionStreamTest, TheOrderIsThatOfSendingWhoeverIsLate) {
  TracedRegistry registry;
  const auto late = [](unsigned kind) {
    if (kind % 701 == 0) std::this_thread::sleep_for(std::chrono::milliseconds(3));
    if (kind % 307 == 0) sleep_for(std::chrono::microseconds(300));
    if (kind % 503 == 0) yield();
  };
  const auto flow = registry.define("uneven", [&](const unsigned& seed, FlowContext<int>& flow) {
    for (int i = 0; i < 5'000; ++i) {
      flow.send(i);
      late(static_cast<unsigned>(i) * 7 + seed);
    }
  });
  const auto read = [&](unsigned seed) {
    auto stream = flow.stream(seed);
    int expected = 0;
    for (const int& chunk : stream) {
      if (chunk != expected++) return -1;
      late(static_cast<unsigned>(chunk) * 11 + 3 * seed);
    }
    return expected;
  };

  std::vector<Future<int>> counts;
  for (unsigned i = 0; i < 4; ++i) {
    counts.push_back(async([&read, i] { return read(i); }));
  }
  EXPECT_EQ(read(5), 5'000);
  EXPECT_EQ(read(6), 5'000);
  for (Future<int>& count : counts) EXPECT_EQ(count.get(), 5'000);
}

// It computes, or its thread is blocked, while the reader is at a chunk.
TEST(ActionStreamTest, AFlowGoesOnWhileItsReaderIsBusy) {
  TracedRegistry registry;
  std::atomic<int> sent = 0;
  const auto flow = registry.define("ahead", [&](FlowContext<int>& flow) {
    for (int i = 1; i <= 100; ++i) {
      flow.send(i);
      sent = i;
    }
  });
  const auto read = [&] {
    sent = 0;
    auto stream = flow.stream();
    std::vector<int> chunks;
    for (const int& chunk : stream) {
      chunks.push_back(chunk);
      while (sent < 100) sleep_for(std::chrono::microseconds(100));
    }
    return chunks.size();
  };

  EXPECT_EQ(read(), 100u);
  EXPECT_EQ(async(read).get(), 100u);
}

TEST(ActionStreamTest, ChunksOfAFlowAndItsFibersComeInTheOrderInWhichTheyWereSent) {
  TracedRegistry registry;
  const auto flow = registry.define("family", [](FlowContext<int>& flow) {
    for (int i = 0; i < 100; i += 4) {
      flow.send(i);
      flow.send(i + 1);
      async([&] { flow.send(i + 2); }).get();
      flow.send(i + 3);
    }
  });
  const auto read = [&] {
    auto stream = flow.stream();
    int expected = 0;
    for (const int& chunk : stream) {
      if (chunk != expected++) return false;
    }
    return expected == 100;
  };

  EXPECT_TRUE(read());
  EXPECT_TRUE(async(read).get());
}

/// Sends `count` chunks after `sent`, each when the one before was read.
void send_each_when_read(FlowContext<int>& flow, const std::atomic<int>& read, int sent, int count) {
  for (int i = sent + 1; i <= sent + count; ++i) {
    flow.send(i);
    while (read < i) std::this_thread::sleep_for(std::chrono::microseconds(20));
  }
}

// As around libraries that call back from a thread of their own while they block the caller.
TEST(ActionStreamTest, ChunksOfAThreadAreReadWhileTheFlowIsBlocked) {
  TracedRegistry registry;
  std::atomic<int> read = 0;
  const auto flow = registry.define(
      "wrapper", [&](FlowContext<int>& flow) { std::thread([&] { send_each_when_read(flow, read, 0, 300); }).join(); });
  const auto read_all = [&] {
    read = 0;
    auto stream = flow.stream();
    for (const int& chunk : stream) read = chunk;
    return read.load();
  };

  EXPECT_EQ(read_all(), 300);
  EXPECT_EQ(async(read_all).get(), 300);
}

// The reader's thread may run the flow when that turns to its thread: the chunks come late then, but all of them.
TEST(ActionStreamTest, AFlowMayBeBlockedAfterItWasFast) {
  TracedRegistry registry;
  const auto flow = registry.define("fast", [&](FlowContext<int>& flow) {
    for (int i = 1; i <= 1'000; ++i) flow.send(i);
    std::thread([&] {
      for (int i = 1'001; i <= 1'300; ++i) flow.send(i);
    }).join();
    flow.send(1'301);
  });
  const auto read_all = [&] {
    auto stream = flow.stream();
    int last = 0;
    for (const int& chunk : stream) {
      if (chunk != ++last) return -1;
    }
    return last;
  };

  EXPECT_EQ(read_all(), 1'301);
  EXPECT_EQ(async(read_all).get(), 1'301);
}

TEST(ActionStreamTest, ChunksThatAnInnerFlowSendsAreReadWhileItRuns) {
  TracedRegistry registry;
  std::atomic<int> read = 0;
  FlowContext<int>* outside = nullptr;
  const auto inner = registry.define("inner", [&](FlowContext<int>& flow) {
    for (int i = 0; i < 1'000; ++i) flow.send(i);
    send_each_when_read(*outside, read, 0, 300);
  });
  const auto outer = registry.define("outer", [&](FlowContext<int>& flow) {
    outside = &flow;
    auto stream = inner.stream();
    for (const int& chunk : stream) static_cast<void>(chunk);
    stream.output();
  });
  auto stream = outer.stream();

  for (const int& chunk : stream) read = chunk;

  EXPECT_EQ(read, 300);
}

TEST(ActionStreamTest, StreamsMayBeReadInTurn) {
  TracedRegistry registry;
  const auto flow = count_to(registry);
  auto first = flow.stream(1'000);
  auto second = flow.stream(1'000);

  auto other = second.begin();
  for (const int& chunk : first) {
    ASSERT_EQ(chunk, *other);
    ++other;
  }

  EXPECT_TRUE(other == second.end());
}

TEST(ActionStreamTest, AStreamMayBeReadWhereItWasNotMade) {
  TracedRegistry registry;
  const auto count = [](auto& stream) {
    int count = 0;
    for (const int& chunk : stream) count += chunk > 0;
    return count;
  };
  const auto flow = count_to(registry);
  auto stream = flow.stream(100);
  EXPECT_EQ(async([&] { return count(stream); }).get(), 100);

  auto of_fiber = async([&] { return flow.stream(100); }).get();
  EXPECT_EQ(count(of_fiber), 100);
}

TEST(ActionStreamTest, TheOutputAloneDoesNotWaitForAReader) {
  TracedRegistry registry;

  EXPECT_EQ(count_to(registry).stream(10'000).output(), "done");
}

TEST(ActionStreamTest, JsonReadersSeeTheSameChunks) {
  TracedRegistry registry;
  auto stream = count_to(registry).action().stream_json(2);

  std::vector<Json> chunks;
  for (const Json& chunk : stream) chunks.push_back(chunk);

  EXPECT_THAT(chunks, ElementsAre(Json(1), Json(2)));
  EXPECT_EQ(stream.output(), Json("done"));
}

TEST(ActionStreamTest, FalsyChunksAreChunks) {
  TracedRegistry registry;
  const auto flow = registry.define("falsy", [](FlowContext<Json>& flow) {
    for (const Json& chunk : {Json(0), Json(""), Json(false), Json(nullptr)}) flow.send(chunk);
  });
  auto stream = flow.stream();

  std::vector<std::string> chunks;
  for (const Json& chunk : stream) chunks.push_back(to_text(chunk));

  EXPECT_THAT(chunks, ElementsAre("0", "\"\"", "false", "null"));
}

TEST(ActionStreamTest, AFailureComesAfterTheChunksThatWereSent) {
  TracedRegistry registry;
  const auto flow = registry.define("fail", [](FlowContext<int>& flow) -> int {
    flow.send(1);
    throw Error(Status::kUnavailable, "gone");
  });
  auto stream = flow.stream();

  std::vector<int> chunks;
  const auto error = error_of([&] {
    for (const int& chunk : stream) chunks.push_back(chunk);
  });

  EXPECT_THAT(chunks, ElementsAre(1));
  EXPECT_THAT(error, HasStatus(Status::kUnavailable));
  EXPECT_THAT(error_of([&] { stream.output(); }), HasStatus(Status::kUnavailable));
}

TEST(ActionStreamTest, LeavingTheRangeEarlyCancelsTheFlow) {
  TracedRegistry registry;
  std::atomic<bool> cancelled = false;
  const auto endless = registry.define("endless", [&](FlowContext<int>& flow) {
    try {
      for (int i = 0;; ++i) flow.send(i);
    } catch (const Error& error) {
      cancelled = error.status() == Status::kCancelled;
      throw;
    }
  });

  {
    auto stream = endless.stream();
    for (const int& chunk : stream) {
      if (chunk == 3) break;
    }
  }

  EXPECT_TRUE(cancelled);
}

TEST(ActionStreamTest, CancelEndsTheRange) {
  TracedRegistry registry;
  const auto waiting = registry.define("waiting", [](FlowContext<int>& flow) {
    flow.send(1);
    sleep_for(std::chrono::hours(1));
  });
  auto stream = waiting.stream();

  const auto error = error_of([&] {
    for (const int& chunk : stream) {
      EXPECT_EQ(chunk, 1);
      stream.cancel();
    }
  });

  EXPECT_THAT(error, HasStatus(Status::kCancelled));
}

TEST(ActionStreamTest, EndsWhenItIsCancelledBeforeTheActionBegan) {
  TracedRegistry registry;
  const auto flow = count_to(registry);
  const ScopedContext at_most(Context().with_timeout(std::chrono::seconds(30)));

  for (int i = 0; i < 200; ++i) {
    auto stream = flow.stream(1);
    stream.cancel();

    const auto error = error_of([&] {
      for (const int& chunk : stream) EXPECT_EQ(chunk, 1);
      stream.output();
    });

    if (error) {
      ASSERT_THAT(error, HasStatus(Status::kCancelled));
      ASSERT_THAT(error_of([&] { stream.output(); }), HasStatus(Status::kCancelled));
    }
  }
}

TEST(ActionStreamTest, SaysThatItWasMovedFrom) {
  TracedRegistry registry;
  auto stream = count_to(registry).stream(2);
  auto other = std::move(stream);

  EXPECT_THAT(error_of([&] { stream.begin(); }), HasStatus(Status::kFailedPrecondition));
  EXPECT_THAT(error_of([&] { stream.output(); }), HasStatus(Status::kFailedPrecondition));
  stream.cancel();
  std::vector<int> chunks;
  for (const int& chunk : other) chunks.push_back(chunk);
  EXPECT_EQ(chunks.size(), 2u);
}

TEST(ActionStreamTest, TheOutputCanBeTakenOnce) {
  TracedRegistry registry;
  auto stream = count_to(registry).stream(1);
  stream.output();

  EXPECT_THAT(error_of([&] { stream.output(); }), HasStatus(Status::kFailedPrecondition));
}

}  // namespace
}  // namespace genkit
