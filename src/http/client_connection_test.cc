#include "http/client_connection.h"

#include <atomic>
#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <genkit/base/error.h>

#include "http/client_test_server.h"

namespace genkit::internal {
namespace {

using ::testing::ElementsAre;
using ::testing::SizeIs;

constexpr std::chrono::milliseconds kLong{30'000};

std::string request(std::string_view body) {
  return "POST /x HTTP/1.1\r\nHost: h\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" + std::string(body);
}

struct Client {
  std::atomic<bool> stop{false};
  ClientConnection connection{stop};
  std::vector<ClientReply> replies;

  explicit Client(const HttpEndpoint& endpoint) { connection.open(endpoint, kLong); }
  /// The status of the error that ended the exchange; kOk when none did.
  Status exchange(const std::string& requests, std::size_t count, std::chrono::milliseconds timeout = kLong) {
    const auto result = attempt([&] { connection.exchange(requests, count, timeout, replies); });
    return result ? Status::kOk : result.error().status();
  }
  std::vector<std::string> bodies() const {
    std::vector<std::string> result;
    for (const ClientReply& reply : replies) result.push_back(reply.body);
    return result;
  }
};

void echo(TestPeer& peer) {
  while (const auto body = peer.read_request()) {
    if (!peer.reply(200, *body)) return;
  }
}

TEST(HttpEndpoint, TakesUrlsApart) {
  EXPECT_EQ(HttpEndpoint::parse("http://localhost:4033"), (HttpEndpoint{"localhost", "4033", "localhost:4033", ""}));
  EXPECT_EQ(HttpEndpoint::parse("http://localhost"), (HttpEndpoint{"localhost", "80", "localhost", ""}));
  EXPECT_EQ(HttpEndpoint::parse("http://h:1/a/b//"), (HttpEndpoint{"h", "1", "h:1", "/a/b"}));
  EXPECT_EQ(HttpEndpoint::parse("http://[::1]:4033/"), (HttpEndpoint{"::1", "4033", "[::1]:4033", ""}));
  EXPECT_EQ(HttpEndpoint::parse("http://[::1]"), (HttpEndpoint{"::1", "80", "[::1]", ""}));
}

TEST(HttpEndpoint, RefusesWhatItCannotReach) {
  for (const std::string_view url : {"", "localhost:4033", "https://localhost:4033", "http://", "http://:80",
                                     "http://h:", "http://h:port", "http://h:123456", "http://user@h:1", "http://[::1",
                                     "http://[::1]x:1", "http://::1:80", "http://h:1/a?b", "http://h:1/a b", "http://a b:1"}) {
    EXPECT_EQ(HttpEndpoint::parse(url), std::nullopt) << url;
  }
}

TEST(ClientConnection, SendsSeveralRequestsOverOneConnection) {
  TestServer server(echo);
  Client client(server.endpoint());

  EXPECT_EQ(client.exchange(request("a"), 1), Status::kOk);
  EXPECT_TRUE(client.connection.usable());
  EXPECT_EQ(client.exchange(request("b") + request("") + request("c"), 3), Status::kOk);

  EXPECT_THAT(client.bodies(), ElementsAre("a", "b", "", "c"));
  EXPECT_EQ(server.connections(), 1);
}

TEST(ClientConnection, ReadsRepliesWhileItStillSends) {
  // The server writes more than the buffers of two sockets hold before it reads the body.
  const std::string large(16 << 20, 'x');
  TestServer server([&](TestPeer& peer) {
    peer.reply(200, large);
    peer.reply(201, *peer.read_request());
  });
  Client client(server.endpoint());

  EXPECT_EQ(client.exchange(request(large), 2), Status::kOk);

  ASSERT_THAT(client.replies, SizeIs(2));
  EXPECT_EQ(client.replies[1].status, 201);
}

TEST(ClientConnection, StopsWhereTheServerCloses) {
  TestServer server([](TestPeer& peer) {
    peer.read_request();
    peer.reply(200, "only", "Connection: close\r\n");
  });
  Client client(server.endpoint());

  EXPECT_EQ(client.exchange(request("a") + request("b"), 2), Status::kOk);

  EXPECT_THAT(client.bodies(), ElementsAre("only"));
  EXPECT_FALSE(client.connection.usable());
}

TEST(ClientConnection, TellsOfAServerThatClosesWithoutAnAnswer) {
  TestServer server([](TestPeer& peer) {
    peer.read_request();
    peer.reply(200, "first");
  });
  Client client(server.endpoint());

  EXPECT_EQ(client.exchange(request("a") + request(std::string(8 << 20, 'x')), 2), Status::kUnavailable);

  EXPECT_THAT(client.bodies(), ElementsAre("first"));
}

TEST(ClientConnection, ReadsAnAnswerThatComesBeforeTheRequestIsComplete) {
  TestServer server([](TestPeer& peer) {
    peer.reply(413, "too large", "Connection: close\r\n");
    peer.read_request();
  });
  Client client(server.endpoint());

  EXPECT_EQ(client.exchange(request(std::string(8 << 20, 'x')), 1), Status::kOk);

  EXPECT_THAT(client.bodies(), ElementsAre("too large"));
}

TEST(ClientConnection, ReportsARefusedConnection) {
  std::atomic<bool> stop{false};
  ClientConnection connection(stop);

  const auto result = attempt([&] { connection.open(refusing_endpoint(), kLong); });

  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().status(), Status::kUnavailable);
  EXPECT_FALSE(connection.usable());
}

TEST(ClientConnection, ReportsAHostWithoutAddress) {
  std::atomic<bool> stop{false};
  ClientConnection connection(stop);

  const auto result = attempt([&] { connection.open(HttpEndpoint{"256.256.256.256", "1", "", ""}, kLong); });

  ASSERT_FALSE(result);
  EXPECT_THAT(result.error().message(), ::testing::HasSubstr("256.256.256.256"));
}

TEST(ClientConnection, GivesUpOnAServerThatDoesNotAnswer) {
  TestServer server([](TestPeer& peer) {
    while (peer.read_request()) {
    }
  });
  Client client(server.endpoint());

  EXPECT_EQ(client.exchange(request("a"), 1, std::chrono::milliseconds(20)), Status::kDeadlineExceeded);

  EXPECT_FALSE(client.connection.usable());
}

TEST(ClientConnection, EndsAWaitWhenItIsToldToStop) {
  std::atomic<bool>* stop = nullptr;
  TestServer server([&](TestPeer& peer) {
    peer.read_request();
    stop->store(true);
    peer.read_request();
  });
  Client client(server.endpoint());
  stop = &client.stop;

  EXPECT_EQ(client.exchange(request("a"), 1), Status::kCancelled);
}

TEST(ClientConnection, NoticesThatTheServerHasClosed) {
  TestServer server([](TestPeer& peer) {
    peer.read_request();
    peer.reply();
  });
  Client client(server.endpoint());
  ASSERT_EQ(client.exchange(request("a"), 1), Status::kOk);

  while (client.connection.usable()) std::this_thread::yield();

  client.connection.open(server.endpoint(), kLong);
  EXPECT_EQ(client.exchange(request("b"), 1), Status::kOk);
  EXPECT_EQ(server.connections(), 2);
}

}  // namespace
}  // namespace genkit::internal
