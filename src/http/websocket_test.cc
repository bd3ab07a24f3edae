#include "http/websocket.h"

#include <future>

#include <genkit/base/error.h>
#include <genkit/runtime/future.h>
#include <gmock/gmock.h>

#include "http/io_loop.h"
#include "http/websocket_test_server.h"

namespace genkit::internal {
namespace {

using testing::HasSubstr;
using testing::Not;

class WebSocketTest : public testing::Test {
 protected:
  std::unique_ptr<WebSocket> connect(WebSocketOptions options = {}) {
    options.url = server_.url() + "/path";
    auto accepted = std::async(std::launch::async, [this] { server_.accept(); });
    auto socket = std::make_unique<WebSocket>(loop_, options);
    accepted.get();
    return socket;
  }

  IoLoop loop_;
  WebSocketTestServer server_;
};

TEST_F(WebSocketTest, CarriesMessagesBothWays) {
  const auto socket = connect();

  socket->send("hello");
  EXPECT_EQ(server_.receive(), "hello");
  server_.send("world");
  EXPECT_EQ(socket->receive(), "world");
}

TEST_F(WebSocketTest, OffersNoExtensionsAndNamesThePath) {
  const auto socket = connect();

  EXPECT_THAT(server_.handshake(), HasSubstr("GET /path HTTP/1.1"));
  EXPECT_THAT(server_.handshake(), HasSubstr("Host: localhost:" + std::to_string(server_.port())));
  EXPECT_THAT(server_.handshake(), Not(HasSubstr("Sec-WebSocket-Extensions")));
}

TEST_F(WebSocketTest, PutsFragmentsTogether) {
  const auto socket = connect();

  server_.send_fragments({"one ", "two ", "three"});

  EXPECT_EQ(socket->receive(), "one two three");
}

TEST_F(WebSocketTest, AnswersPingsBetweenTheFragmentsOfAMessage) {
  const auto socket = connect();

  server_.ping("are you there");
  socket->send("message");

  EXPECT_EQ(server_.receive(), "message");
  socket->send("another");
  EXPECT_EQ(server_.receive(), "another");
  EXPECT_EQ(server_.pong(), "are you there");
}

TEST_F(WebSocketTest, CarriesLargeMessages) {
  const auto socket = connect();
  const std::string large(20 * 1000 * 1000, 'x');

  auto sent = std::async(std::launch::async, [&] { server_.send(large); });
  EXPECT_TRUE(socket->receive() == large);
  sent.get();
  socket->send(large);
  EXPECT_TRUE(server_.receive() == large);
}

TEST_F(WebSocketTest, EndsTheConnectionOnAMessageThatIsTooLarge) {
  const auto socket = connect({.url = {}, .max_message_bytes = 100});

  server_.send(std::string(101, 'x'));

  EXPECT_EQ(server_.receive(), std::nullopt);
  EXPECT_EQ(socket->receive(), std::nullopt);
  EXPECT_NE(socket->failure(), "");
}

TEST_F(WebSocketTest, MakesAFastSenderWait) {
  const auto socket = connect({.url = {}, .send_queue_bytes = 1000});
  const std::string message(100 * 1000, 'x');
  std::atomic<int> sent{0};
  auto sender = async([&] {
    while (socket->send(message)) ++sent;
  });

  for (int received = 0; received < 200; ++received) {
    ASSERT_EQ(server_.receive()->size(), message.size());
    ASSERT_LT(sent - received, 300);
  }
  server_.drop();

  sender.get();
}

TEST_F(WebSocketTest, TellsBothSidesOfAnEnd) {
  const auto socket = connect();

  server_.send("last");
  server_.close();

  EXPECT_EQ(socket->receive(), "last");
  EXPECT_EQ(socket->receive(), std::nullopt);
  EXPECT_FALSE(socket->send("more"));
  EXPECT_THAT(socket->failure(), HasSubstr("closed"));
}

TEST_F(WebSocketTest, NoticesAConnectionThatIsDropped) {
  const auto socket = connect();

  server_.drop();

  EXPECT_EQ(socket->receive(), std::nullopt);
}

TEST_F(WebSocketTest, DropsTheConnectionWhenItIsDestroyed) {
  auto socket = connect();

  socket.reset();

  EXPECT_EQ(server_.receive(), std::nullopt);
}

TEST_F(WebSocketTest, StopsWaitingWhenItIsCancelled) {
  const auto socket = connect();
  auto receiver = async([&] { return socket->receive(); });

  receiver.cancel();

  try {
    receiver.get();
    FAIL() << "was not cancelled";
  } catch (const Error& error) {
    EXPECT_EQ(error.status(), Status::kCancelled);
  }
}

TEST_F(WebSocketTest, SaysWhyItCannotConnect) {
  std::uint16_t free_port;
  {
    const WebSocketTestServer other;
    free_port = other.port();
  }
  try {
    WebSocket(loop_, {.url = "ws://localhost:" + std::to_string(free_port)});
    FAIL() << "connected to nobody";
  } catch (const Error& error) {
    EXPECT_EQ(error.status(), Status::kUnavailable);
    EXPECT_THAT(error.what(), HasSubstr("refused"));
  }
}

TEST_F(WebSocketTest, FailsWhenTheServerRefusesTheHandshake) {
  auto refused = std::async(std::launch::async, [this] { server_.refuse(); });

  EXPECT_THROW(WebSocket(loop_, {.url = server_.url()}), Error);
  refused.get();
}

TEST_F(WebSocketTest, FailsWhenTheServerDoesNotAnswer) {
  // Listens, and never accepts.
  WebSocketOptions options;
  options.url = server_.url();
  options.connect_timeout = std::chrono::milliseconds(20);

  EXPECT_THROW(WebSocket(loop_, options), Error);
}

TEST_F(WebSocketTest, RefusesUrlsThatAreNone) {
  for (const char* url : {"", "http://localhost:1", "wss://localhost:1", "ws://", "ws://:80", "ws://host:port", "ws://host:70000",
                          "ws://[::1", "ws://host:"}) {
    try {
      WebSocket(loop_, {.url = url});
      FAIL() << url;
    } catch (const Error& error) {
      EXPECT_EQ(error.status(), Status::kInvalidArgument) << url;
    }
  }
}

}  // namespace
}  // namespace genkit::internal
