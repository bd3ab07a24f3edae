#include "http/http_server.h"

#include <atomic>
#include <chrono>
#include <future>
#include <memory>
#include <thread>

#include <genkit/runtime/future.h>
#include <gmock/gmock.h>

#include "http/io_loop.h"
#include "http/test_client.h"

namespace genkit::internal {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::StartsWith;

constexpr std::string_view kText = "text/plain";

HttpServerOptions quiet(HttpServerOptions options = {}) {
  options.logger = Logger([](const LogRecord&) {});
  return options;
}

class HttpServerTest : public testing::Test {
 protected:
  std::uint16_t start(HttpServer::Handler handler, HttpServerOptions options = {}) {
    server_ = std::make_unique<HttpServer>(loop_, quiet(std::move(options)));
    server_->start(std::move(handler));
    return server_->port();
  }
  static void echo(HttpExchange& exchange) {
    exchange.respond(200, kText, exchange.request().path + ":" + exchange.request().body);
  }

  IoLoop loop_;
  std::unique_ptr<HttpServer> server_;
};

TEST_F(HttpServerTest, AnswersARequest) {
  HttpServerOptions options;
  options.fields = {{"X-Always", "yes"}};
  const auto port = start([](HttpExchange& exchange) { exchange.respond(201, kText, "body", {{"X-Mine", "1"}}); }, options);

  const TestResponse response = fetch(port, "GET", "/");

  EXPECT_THAT(response.head, StartsWith("HTTP/1.1 201 Created\r\n"));
  EXPECT_EQ(response.field("X-Always"), "yes");
  EXPECT_EQ(response.field("X-Mine"), "1");
  EXPECT_EQ(response.field("Content-Type"), "text/plain");
  EXPECT_EQ(response.body, "body");
}

TEST_F(HttpServerTest, KeepsTheConnectionForTheNextRequest) {
  TestClient client(start(echo));

  for (int i = 0; i < 100; ++i) {
    client.send_request("POST", "/" + std::to_string(i), "x");
    ASSERT_EQ(client.read_response().body, "/" + std::to_string(i) + ":x");
  }
  EXPECT_EQ(server_->connection_count(), 1U);
}

TEST_F(HttpServerTest, AnswersPipelinedRequestsInOrder) {
  TestClient client(start([](HttpExchange& exchange) {
    if (exchange.request().path == "/slow") yield();
    echo(exchange);
  }));

  client.send(
      "GET /slow HTTP/1.1\r\nHost: a\r\n\r\nPOST /b HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nxyzGET /c HTTP/1.1\r\nHost: "
      "a\r\n\r\n");

  EXPECT_EQ(client.read_response().body, "/slow:");
  EXPECT_EQ(client.read_response().body, "/b:xyz");
  EXPECT_EQ(client.read_response().body, "/c:");
}

TEST_F(HttpServerTest, AnswersHeadWithoutTheBody) {
  TestClient client(start(echo));

  client.send_request("HEAD", "/abc");
  const TestResponse head = client.read_head();
  client.send_request("GET", "/abc");

  EXPECT_EQ(head.field("Content-Length"), "5");
  EXPECT_EQ(client.read_response().body, "/abc:");
}

TEST_F(HttpServerTest, AsksForTheBodyThatAClientHoldsBack) {
  TestClient client(start(echo));

  client.send("POST /a HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\nExpect: 100-continue\r\n\r\n");
  EXPECT_EQ(client.take_until("\r\n\r\n"), "HTTP/1.1 100 Continue");
  client.send("hi");

  EXPECT_EQ(client.read_response().body, "/a:hi");
}

TEST_F(HttpServerTest, RefusesABodyThatIsTooLargeBeforeItIsSent) {
  HttpServerOptions options;
  options.max_body_bytes = 10;
  TestClient client(start(echo, options));

  client.send("POST /a HTTP/1.1\r\nHost: a\r\nContent-Length: 11\r\nExpect: 100-continue\r\n\r\n");
  const TestResponse response = client.read_response();

  EXPECT_EQ(response.status, 413);
  EXPECT_EQ(response.field("Connection"), "close");
  client.shutdown_write();
  EXPECT_EQ(client.take_rest(), "");
}

TEST_F(HttpServerTest, LetsAClientThatSendsTooMuchReadWhy) {
  HttpServerOptions options;
  options.max_body_bytes = 1000;
  TestClient client(start(echo, options));

  client.send("POST /a HTTP/1.1\r\nHost: a\r\nContent-Length: 1000000\r\n\r\n" + std::string(1000000, 'x'));

  EXPECT_EQ(client.read_response().status, 413);
}

TEST_F(HttpServerTest, TellsAClientThatItsRequestIsNonsense) {
  TestClient client(start(echo));

  client.send("nonsense\r\n\r\n");

  EXPECT_EQ(client.read_response().status, 400);
}

TEST_F(HttpServerTest, ReadsLargeBodies) {
  const std::string body(20 * 1000 * 1000, 'b');
  const auto port =
      start([](HttpExchange& exchange) { exchange.respond(200, kText, std::to_string(exchange.request().body.size())); });

  EXPECT_EQ(fetch(port, "POST", "/", body).body, "20000000");
}

TEST_F(HttpServerTest, SendsLargeBodiesWholeToAClientThatReadsLate) {
  std::string body;
  for (int i = 0; body.size() < 20 * 1000 * 1000; ++i) body += std::to_string(i);
  const auto shared = std::make_shared<const std::string>(body);
  TestClient client(start([&](HttpExchange& exchange) { exchange.respond(200, kText, shared); }));

  client.send_request("GET", "/");
  client.send_request("GET", "/");

  EXPECT_TRUE(client.read_response().body == body);
  EXPECT_TRUE(client.read_response().body == body);
}

TEST_F(HttpServerTest, SendsTheHeaderOfAStreamBeforeItsBody) {
  std::promise<void> header_seen;
  auto seen = header_seen.get_future().share();
  TestClient client(start([seen](HttpExchange& exchange) {
    exchange.begin(200, kText);
    blocking([&] { seen.wait(); });
    exchange.write("one");
    exchange.finish("two");
  }));

  client.send_request("GET", "/");
  TestResponse response = client.read_head();
  header_seen.set_value();
  client.read_body(response);

  EXPECT_EQ(response.field("Transfer-Encoding"), "chunked");
  EXPECT_THAT(response.chunks, ElementsAre("one", "two"));
}

TEST_F(HttpServerTest, HandsEachChunkOverBeforeTheNextIsMade) {
  std::atomic<int> made{0};
  std::promise<void> first_seen;
  auto seen = first_seen.get_future().share();
  TestClient client(start([&made, seen](HttpExchange& exchange) {
    exchange.begin(200, kText);
    exchange.write("first");
    blocking([&] { seen.wait(); });
    ++made;
    exchange.write("second");
    exchange.finish();
  }));

  client.send_request("GET", "/");
  client.read_head();
  EXPECT_EQ(client.read_chunk(), "first");
  EXPECT_EQ(made, 0);
  first_seen.set_value();
  EXPECT_EQ(client.read_chunk(), "second");
  EXPECT_EQ(client.read_chunk(), std::nullopt);
}

TEST_F(HttpServerTest, KeepsTheConnectionAfterAStream) {
  TestClient client(start([](HttpExchange& exchange) {
    exchange.begin(200, kText);
    exchange.finish("end");
  }));

  for (int i = 0; i < 3; ++i) {
    client.send_request("GET", "/");
    EXPECT_EQ(client.read_response().body, "end");
  }
}

TEST_F(HttpServerTest, MakesAFastHandlerWaitForASlowClient) {
  std::atomic<std::size_t> written{0};
  std::promise<void> ended;
  const std::string piece(100 * 1000, 'x');
  TestClient client(start([&](HttpExchange& exchange) {
    exchange.begin(200, kText);
    try {
      while (exchange.write(piece)) written += piece.size();
    } catch (const Error&) {
    }
    ended.set_value();
  }));

  client.send_request("GET", "/");
  std::size_t received = client.read_head().head.size();
  for (int i = 0; i < 200; ++i) {
    received += client.read_chunk()->size();
    // What the kernel keeps for a loopback connection is some MB; an unbounded queue would have no such limit.
    ASSERT_LT(written - std::min(written.load(), received), std::size_t{64} * 1024 * 1024);
  }
  client.close();

  ended.get_future().wait();
}

TEST_F(HttpServerTest, CancelsTheHandlerOfAClientThatHasGoneAway) {
  for (const bool reset : {false, true}) {
    std::promise<Status> ended;
    std::promise<void> begun;
    TestClient client(start([&](HttpExchange&) {
      begun.set_value();
      try {
        sleep_for(std::chrono::hours(1));
      } catch (const Error& error) {
        ended.set_value(error.status());
        throw;
      }
    }));
    client.send_request("GET", "/");
    begun.get_future().wait();

    reset ? client.abort() : client.close();

    EXPECT_EQ(ended.get_future().get(), Status::kCancelled);
  }
}

TEST_F(HttpServerTest, ForgetsClientsThatGoAwayBeforeTheirRequestIsHandled) {
  const auto port = start(echo);

  for (int i = 0; i < 500; ++i) {
    TestClient client(port);
    client.send_request("GET", "/");
    i % 2 == 0 ? client.shutdown_write() : client.close();
  }

  const auto limit = std::chrono::steady_clock::now() + std::chrono::minutes(1);
  while (server_->connection_count() != 0 && std::chrono::steady_clock::now() < limit) std::this_thread::yield();
  EXPECT_EQ(server_->connection_count(), 0U);
}

TEST_F(HttpServerTest, CancelsAndWaitsForHandlersWhenItIsDestroyed) {
  std::atomic<bool> ended{false};
  std::promise<void> begun;
  TestClient client(start([&](HttpExchange&) {
    begun.set_value();
    try {
      sleep_for(std::chrono::hours(1));
    } catch (const Error&) {
      ended = true;
      throw;
    }
  }));
  client.send_request("GET", "/");
  begun.get_future().wait();

  server_.reset();

  EXPECT_TRUE(ended);
}

TEST_F(HttpServerTest, FinishesRequestsAfterItHasStoppedListening) {
  std::promise<void> begun;
  std::promise<void> go;
  auto gone = go.get_future().share();
  const auto port = start([&, gone](HttpExchange& exchange) {
    begun.set_value();
    blocking([&] { gone.wait(); });
    exchange.respond(200, kText, "done");
  });
  TestClient idle(port);
  TestClient client(port);
  client.send_request("GET", "/");
  begun.get_future().wait();

  server_->stop_listening();
  EXPECT_EQ(idle.take_rest(), "");
  EXPECT_THROW(TestClient{port}, std::runtime_error);
  go.set_value();

  const TestResponse response = client.read_response();
  EXPECT_EQ(response.body, "done");
  EXPECT_EQ(response.field("Connection"), "close");
  EXPECT_EQ(client.take_rest(), "");
}

TEST_F(HttpServerTest, SpeaksHttp10) {
  TestClient client(start([](HttpExchange& exchange) {
    exchange.begin(200, kText);
    exchange.write("a");
    exchange.finish("b");
  }));

  client.send("GET / HTTP/1.0\r\n\r\n");
  const TestResponse head = client.read_head();

  EXPECT_EQ(head.field("Transfer-Encoding"), "");
  EXPECT_EQ(head.field("Connection"), "close");
  EXPECT_EQ(client.take_rest(), "ab");
}

TEST_F(HttpServerTest, TellsAClientThatAHandlerFailed) {
  const auto port = start([](HttpExchange&) { throw std::runtime_error("secret"); });

  const TestResponse response = fetch(port, "GET", "/");

  EXPECT_EQ(response.status, 500);
  EXPECT_THAT(response.body, testing::Not(HasSubstr("secret")));
}

TEST_F(HttpServerTest, BreaksTheConnectionWhenAStreamFailsHalfWay) {
  TestClient client(start([](HttpExchange& exchange) {
    exchange.begin(200, kText);
    exchange.write("half");
    throw std::runtime_error("no more");
  }));

  client.send_request("GET", "/");
  client.read_head();

  EXPECT_EQ(client.take_rest(), "4\r\nhalf\r\n");
}

TEST_F(HttpServerTest, ClosesConnectionsThatAreIdleForLong) {
  HttpServerOptions options;
  options.idle_timeout = std::chrono::milliseconds(20);
  TestClient client(start(echo, options));

  client.send_request("GET", "/");
  client.read_response();

  EXPECT_EQ(client.take_rest(), "");
}

TEST_F(HttpServerTest, GivesUpOnRequestsThatDoNotArrive) {
  HttpServerOptions options;
  options.read_timeout = std::chrono::milliseconds(20);
  TestClient client(start(echo, options));

  client.send("GET / HTTP/1.1\r\nHost:");

  EXPECT_EQ(client.read_response().status, 408);
}

TEST_F(HttpServerTest, DropsClientsThatTakeNothing) {
  HttpServerOptions options;
  options.write_timeout = std::chrono::milliseconds(50);
  std::promise<void> ended;
  TestClient client(start(
      [&](HttpExchange& exchange) {
        exchange.begin(200, kText);
        try {
          while (exchange.write(std::string(1000000, 'x'))) {
          }
        } catch (const Error&) {
        }
        ended.set_value();
      },
      options));

  client.send_request("GET", "/");

  ended.get_future().wait();
}

TEST_F(HttpServerTest, ClosesAnIdleConnectionForANewOne) {
  HttpServerOptions options;
  options.max_connections = 3;
  const auto port = start(echo, options);

  std::vector<std::unique_ptr<TestClient>> clients;
  for (int i = 0; i < 20; ++i) {
    clients.push_back(std::make_unique<TestClient>(port));
    clients.back()->send_request("GET", "/");
    ASSERT_EQ(clients.back()->read_response().status, 200);
    ASSERT_LE(server_->connection_count(), 3U);
  }
}

TEST_F(HttpServerTest, TakesTheNextPortWhenOneIsTaken) {
  const auto first = start(echo);
  HttpServerOptions options;
  options.first_port = first;
  options.last_port = static_cast<std::uint16_t>(first + 20);

  const HttpServer second(loop_, quiet(options));

  EXPECT_GT(second.port(), first);
  options.last_port = first;
  EXPECT_THROW(HttpServer(loop_, quiet(options)), Error);
}

TEST_F(HttpServerTest, RefusesToSendAFieldWithALineBreak) {
  const auto port = start([](HttpExchange& exchange) { exchange.respond(200, kText, "", {{"X-Evil", "a\r\nSet-Cookie: b"}}); });

  EXPECT_EQ(fetch(port, "GET", "/").status, 500);
}

TEST_F(HttpServerTest, ServesManyClientsAtOnce) {
  const auto port = start([](HttpExchange& exchange) {
    exchange.begin(200, kText);
    for (int i = 0; i < 20; ++i) {
      yield();
      exchange.write("chunk");
    }
    exchange.finish();
  });

  std::vector<std::unique_ptr<TestClient>> clients;
  for (int i = 0; i < 100; ++i) clients.push_back(std::make_unique<TestClient>(port));
  for (const auto& client : clients) client->send_request("GET", "/");

  for (const auto& client : clients) ASSERT_EQ(client->read_response().body.size(), 100U);
}

}  // namespace
}  // namespace genkit::internal
