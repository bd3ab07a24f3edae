#include "trace/trace_sender.h"

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <genkit/base/json.h>

#include "http/client_test_server.h"

namespace genkit::internal {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

constexpr milliseconds kNever{3'600'000};

SpanRecord record(std::uint64_t trace, std::uint64_t span, std::string input = {}) {
  auto data = std::make_shared<SpanData>();
  data->context = {TraceId{0, trace}, SpanId{span}, true};
  data->name = "s" + std::to_string(span);
  data->start_time += seconds(1);
  data->end_time = data->start_time;
  data->input = std::move(input);
  return data;
}

/// What arrived, post by post: "<trace>: <names of the spans>".
class Arrivals {
 public:
  void add(const std::string& body) {
    const Json trace = parse_json(body);
    std::string text(trace.at("traceId").as_string());
    text = std::to_string(std::stoul(text, nullptr, 16)) + ":";
    for (const auto& [id, span] : trace.at("spans").as_object()) text += " " + std::string(span.at("displayName").as_string());
    const std::lock_guard lock(mutex_);
    posts_.push_back(std::move(text));
    changed_.notify_all();
  }
  std::vector<std::string> posts() const {
    const std::lock_guard lock(mutex_);
    return posts_;
  }
  void wait_for(std::size_t count) {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return posts_.size() >= count; });
  }

 private:
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<std::string> posts_;
};

std::function<void(TestPeer&)> acknowledge(Arrivals& arrivals) {
  return [&arrivals](TestPeer& peer) {
    while (const auto body = peer.read_request()) {
      arrivals.add(*body);
      peer.reply();
    }
  };
}

struct Sender {
  std::shared_ptr<TraceSender> sender;

  Sender(TraceSenderOptions options, std::optional<HttpEndpoint> endpoint)
      : sender(std::make_shared<TraceSender>(std::move(options))) {
    sender->set_endpoint(std::move(endpoint));
  }
  ~Sender() { sender->shut_down(seconds(10)); }
  TraceSender* operator->() const { return sender.get(); }
  bool flush() const { return sender->flush(std::chrono::steady_clock::now() + seconds(60)); }
};

TEST(TraceSender, SendsOneRequestPerTraceInOrderOverOneConnection) {
  Arrivals arrivals;
  TestServer server(acknowledge(arrivals));
  const Sender sender({.linger = kNever}, server.endpoint());

  for (const auto& [trace, span] : {std::pair{1, 10}, {2, 20}, {1, 11}}) sender->push(record(trace, span));
  EXPECT_TRUE(sender.flush());
  sender->push(record(2, 21));
  EXPECT_TRUE(sender.flush());

  EXPECT_THAT(arrivals.posts(), ElementsAre("1: s10 s11", "2: s20", "2: s21"));
  EXPECT_EQ(server.connections(), 1);
  EXPECT_EQ(sender->dropped(), 0u);
}

TEST(TraceSender, SendsWithoutBeingFlushed) {
  Arrivals arrivals;
  TestServer server(acknowledge(arrivals));
  const Sender sender({}, server.endpoint());

  sender->push(record(1, 10));

  arrivals.wait_for(1);
  EXPECT_THAT(arrivals.posts(), ElementsAre("1: s10"));
}

TEST(TraceSender, FlushOfNothingReturnsAtOnce) {
  const Sender sender({}, refusing_endpoint());

  EXPECT_TRUE(sender.flush());
}

TEST(TraceSender, FlushWaitsForTheAnswerAndGivesUpAtItsDeadline) {
  std::mutex gate;
  std::unique_lock closed(gate);
  TestServer server([&](TestPeer& peer) {
    while (peer.read_request()) {
      const std::lock_guard open(gate);
      peer.reply();
    }
  });
  const Sender sender({.linger = kNever}, server.endpoint());

  sender->push(record(1, 10));

  EXPECT_FALSE(sender->flush(std::chrono::steady_clock::now() + milliseconds(20)));
  closed.unlock();
  EXPECT_TRUE(sender.flush());
}

TEST(TraceSender, ManyThreadsLoseNothing) {
  Arrivals arrivals;
  TestServer server(acknowledge(arrivals));
  const Sender sender({.linger = milliseconds(1)}, server.endpoint());
  std::vector<std::thread> threads;
  for (std::uint64_t t = 1; t <= 4; ++t) {
    threads.emplace_back([&, t] {
      for (std::uint64_t i = 1; i <= 100; ++i) {
        sender->push(record(1000 * t + i, i));
        if (i % 20 == 0) sender.flush();
      }
    });
  }
  for (std::thread& thread : threads) thread.join();

  EXPECT_TRUE(sender.flush());
  EXPECT_THAT(arrivals.posts(), SizeIs(400));
  EXPECT_EQ(sender->dropped(), 0u);
}

TEST(TraceSender, DropsAndCountsWhatComesOnTopOfTheQueueAndOfWhatIsOnItsWay) {
  std::mutex gate;
  std::unique_lock closed(gate);
  Arrivals arrivals;
  TestServer server([&](TestPeer& peer) {
    while (const auto body = peer.read_request()) {
      arrivals.add(*body);
      const std::lock_guard open(gate);
      peer.reply();
    }
  });
  const Sender sender({.queue_capacity = 4, .linger = milliseconds(0)}, server.endpoint());

  sender->push(record(1, 1));
  arrivals.wait_for(1);
  for (std::uint64_t i = 2; i <= 10; ++i) sender->push(record(1, i));
  EXPECT_EQ(sender->dropped(), 6u);
  closed.unlock();

  EXPECT_TRUE(sender.flush());
  EXPECT_EQ(sender->dropped(), 6u);
  EXPECT_EQ(arrivals.posts().back(), "1: s2 s3 s4");
}

TEST(TraceSender, LeavesHalfOfTheQueueToTheEndsOfSpans) {
  const Sender sender({.queue_capacity = 10, .first_backoff = kNever, .grace = kNever}, refusing_endpoint());
  const auto started = [](std::uint64_t span) {
    auto data = std::make_shared<SpanData>(*record(1, span));
    data->end_time = {};
    return data;
  };

  for (std::uint64_t i = 1; i <= 10; ++i) sender->push(started(i));
  EXPECT_EQ(sender->dropped(), 5u);
  for (std::uint64_t i = 1; i <= 5; ++i) sender->push(record(1, i));
  EXPECT_EQ(sender->dropped(), 5u);
}

TEST(TraceSender, BoundsTheBytesThatWait) {
  std::mutex gate;
  std::unique_lock closed(gate);
  Arrivals arrivals;
  TestServer server([&](TestPeer& peer) {
    while (const auto body = peer.read_request()) {
      arrivals.add(*body);
      const std::lock_guard open(gate);
      peer.reply();
    }
  });
  const Sender sender({.queue_bytes = 100'000, .linger = milliseconds(0)}, server.endpoint());

  sender->push(record(1, 1, std::string(200'000, 'x')));
  arrivals.wait_for(1);
  sender->push(record(1, 2, "x"));
  EXPECT_EQ(sender->dropped(), 1u) << "one record that is too large for the bound goes alone";
  closed.unlock();

  EXPECT_TRUE(sender.flush());
  sender->push(record(1, 3, "x"));
  EXPECT_TRUE(sender.flush());
  EXPECT_EQ(arrivals.posts().back(), "1: s3");
}

TEST(TraceSender, IsSilentAndCheapWhenTheServerRefuses) {
  std::vector<std::string> lines;
  const Sender sender({.first_backoff = kNever,
                       .grace = milliseconds(0),
                       .logger = Logger([&](const LogRecord& line) { lines.emplace_back(line.message); }, LogLevel::kInfo)},
                      refusing_endpoint());

  sender->push(record(1, 1));
  sender.flush();
  EXPECT_EQ(sender->dropped(), 1u);
  for (std::uint64_t i = 2; i <= 1000; ++i) {
    if (!sender->drops()) sender->push(record(1, i));
  }

  EXPECT_TRUE(sender.flush()) << "nothing is left";
  EXPECT_EQ(sender->dropped(), 1000u);
  EXPECT_THAT(lines, IsEmpty());
}

TEST(TraceSender, FlushDoesNotWaitForAServerThatIsKnownDead) {
  const Sender sender({.first_backoff = kNever, .grace = kNever}, refusing_endpoint());

  sender->push(record(1, 1));

  EXPECT_FALSE(sender.flush());
  EXPECT_FALSE(sender.flush());
  EXPECT_EQ(sender->dropped(), 0u) << "the record waits for the server to come back";
}

TEST(TraceSender, KeepsOnlyALimitedNumberOfRecordsForADeadServer) {
  const Sender sender({.outage_capacity = 10, .first_backoff = kNever, .grace = kNever}, refusing_endpoint());
  sender->push(record(1, 1));
  ASSERT_FALSE(sender.flush());

  for (std::uint64_t i = 2; i <= 1000; ++i) sender->push(record(1, i));

  EXPECT_EQ(sender->dropped(), 990u);
}

TEST(TraceSender, KeepsRecordsForAServerThatIsAwayForAMoment) {
  Arrivals arrivals;
  TestServer server(acknowledge(arrivals));
  const Sender sender({.first_backoff = kNever, .grace = kNever}, refusing_endpoint());
  sender->push(record(1, 1));
  ASSERT_FALSE(sender.flush());

  sender->push(record(1, 2));
  sender->set_endpoint(server.endpoint());
  EXPECT_TRUE(sender.flush());

  EXPECT_THAT(arrivals.posts(), ElementsAre("1: s1 s2"));
}

TEST(TraceSender, TriesAgainByItself) {
  Arrivals arrivals;
  int connection = 0;
  TestServer server([&](TestPeer& peer) {
    if (++connection <= 3) return;  // accepts and dies
    acknowledge(arrivals)(peer);
  });
  const Sender sender({.first_backoff = milliseconds(1), .grace = kNever}, server.endpoint());

  sender->push(record(1, 1));

  arrivals.wait_for(1);
  EXPECT_THAT(arrivals.posts(), ElementsAre("1: s1"));
  EXPECT_EQ(sender->dropped(), 0u);
}

TEST(TraceSender, GoesOnWithAServerThatClosesAfterEachAnswer) {
  Arrivals arrivals;
  TestServer server([&](TestPeer& peer) {
    if (const auto body = peer.read_request()) {
      arrivals.add(*body);
      peer.reply(200, "OK", "Connection: close\r\n");
    }
  });
  const Sender sender({.linger = kNever, .grace = kNever}, server.endpoint());

  for (std::uint64_t trace = 1; trace <= 5; ++trace) sender->push(record(trace, trace));

  EXPECT_TRUE(sender.flush());
  EXPECT_THAT(arrivals.posts(), ElementsAre("1: s1", "2: s2", "3: s3", "4: s4", "5: s5"));
  EXPECT_EQ(sender->dropped(), 0u);
}

TEST(TraceSender, ReconnectsWhenAnIdleConnectionWasClosed) {
  Arrivals arrivals;
  TestServer server([&](TestPeer& peer) {
    if (const auto body = peer.read_request()) {
      arrivals.add(*body);
      peer.reply();
    }
  });
  const Sender sender({.linger = kNever}, server.endpoint());

  for (std::uint64_t i = 1; i <= 3; ++i) {
    sender->push(record(1, i));
    EXPECT_TRUE(sender.flush());
  }

  EXPECT_THAT(arrivals.posts(), ElementsAre("1: s1", "1: s2", "1: s3"));
  EXPECT_EQ(sender->dropped(), 0u);
}

TEST(TraceSender, CountsWhatTheServerRefusesAndWarnsOnce) {
  std::vector<std::string> lines;
  TestServer server([](TestPeer& peer) {
    while (peer.read_request()) peer.reply(500, "{\"code\":13,\"message\":\"Required\"}");
  });
  const Sender sender(
      {.linger = kNever, .logger = Logger([&](const LogRecord& line) { lines.emplace_back(line.message); }, LogLevel::kWarning)},
      server.endpoint());

  for (std::uint64_t trace = 1; trace <= 3; ++trace) sender->push(record(trace, 1));
  EXPECT_TRUE(sender.flush());

  EXPECT_EQ(sender->dropped(), 3u);
  EXPECT_THAT(lines, ElementsAre(AllOf(HasSubstr("500"), HasSubstr("Required"))));
}

TEST(TraceSender, SurvivesAServerThatSpeaksNoHttp) {
  TestServer server([](TestPeer& peer) {
    peer.read_request();
    peer.send("SSH-2.0-OpenSSH_9.2\r\n");
    peer.read_request();
  });
  const Sender sender({.first_backoff = kNever, .grace = milliseconds(0)}, server.endpoint());

  sender->push(record(1, 1));
  sender.flush();

  EXPECT_EQ(sender->dropped(), 1u);
}

TEST(TraceSender, WithoutAnEndpointDoesNothing) {
  const Sender sender({}, std::nullopt);

  EXPECT_FALSE(sender->is_on());
  sender->push(record(1, 1));

  EXPECT_TRUE(sender.flush());
  EXPECT_EQ(sender->dropped(), 0u);
}

TEST(TraceSender, DropsWhatWaitsWhenItIsSwitchedOff) {
  const Sender sender({.first_backoff = kNever, .grace = kNever}, refusing_endpoint());
  sender->push(record(1, 1));
  ASSERT_FALSE(sender.flush());

  sender->set_endpoint(std::nullopt);

  EXPECT_TRUE(sender.flush());
  EXPECT_EQ(sender->dropped(), 1u);
}

TEST(TraceSender, SendsWhatWaitsBeforeItEnds) {
  Arrivals arrivals;
  TestServer server(acknowledge(arrivals));
  {
    const Sender sender({.linger = kNever}, server.endpoint());
    sender->push(record(1, 1));
  }

  EXPECT_THAT(arrivals.posts(), ElementsAre("1: s1"));
}

TEST(TraceSender, EndsInTimeWhenTheServerHangs) {
  TestServer server([](TestPeer& peer) {
    while (peer.read_request()) {
    }
  });
  const auto sender = std::make_shared<TraceSender>(TraceSenderOptions{.linger = milliseconds(0), .reply_timeout = kNever});
  sender->set_endpoint(server.endpoint());
  sender->push(record(1, 1));

  sender->shut_down(milliseconds(1));

  EXPECT_EQ(sender->dropped(), 1u);
  sender->push(record(1, 2));
  EXPECT_EQ(sender->dropped(), 2u);
}

}  // namespace
}  // namespace genkit::internal
