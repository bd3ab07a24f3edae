#ifndef GENKIT_SRC_HTTP_HTTP_SERVER_H_
#define GENKIT_SRC_HTTP_HTTP_SERVER_H_

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include <genkit/base/log.h>

#include "http/http_message.h"

namespace genkit::internal {

class HttpConnection;
class IoLoop;

/// One request and the answer to it, for the fiber that handles it. Either `respond`, or `begin`, any number of `write`,
/// `finish`. Nothing here throws because a client is gone: the handler's context is cancelled then, and what is written goes
/// nowhere.
class HttpExchange {
 public:
  HttpExchange(std::shared_ptr<HttpConnection> connection, HttpRequest request) noexcept;
  ~HttpExchange();
  HttpExchange(const HttpExchange&) = delete;
  HttpExchange& operator=(const HttpExchange&) = delete;

  const HttpRequest& request() const noexcept { return request_; }

  /// The whole answer. Never waits. The shared form sends `body` without copying it.
  void respond(int status, std::string_view content_type, std::string body, const std::vector<HttpField>& fields = {});
  void respond(int status, std::string_view content_type, std::shared_ptr<const std::string> body,
               const std::vector<HttpField>& fields = {});

  /// Sends the header at once; the body follows in chunks. Never waits.
  void begin(int status, std::string_view content_type, const std::vector<HttpField>& fields = {});
  /// Hands `data` to the kernel, or queues it when the client is slow; waits while the queue is full. False when the client is
  /// gone. Throws CANCELLED or DEADLINE_EXCEEDED when the context ends during the wait.
  bool write(std::string_view data);
  /// The end of the body, with its last piece. Never waits.
  void finish(std::string_view last = {});

  bool begun() const noexcept { return begun_; }
  bool finished() const noexcept { return finished_; }

 private:
  std::string head(int status, std::string_view content_type, const std::vector<HttpField>& fields) const;

  std::shared_ptr<HttpConnection> connection_;
  HttpRequest request_;
  bool begun_ = false;
  bool finished_ = false;
};

struct HttpServerOptions {
  std::string address = "127.0.0.1";
  /// The first port of this range that is free; 0 takes any.
  std::uint16_t first_port = 0;
  std::uint16_t last_port = 0;
  /// At the limit an idle connection is closed for a new one; when none is idle, new ones wait.
  std::size_t max_connections = 512;
  std::size_t max_header_bytes = 32 * 1024;
  std::size_t max_body_bytes = 30 * 1024 * 1024;
  /// What may wait for a slow client before `HttpExchange::write` waits.
  std::size_t write_buffer_bytes = 64 * 1024;
  /// For the header of a request to arrive, and between two pieces of its body.
  std::chrono::milliseconds read_timeout = std::chrono::seconds(30);
  /// Between two requests.
  std::chrono::milliseconds idle_timeout = std::chrono::minutes(5);
  /// A client that takes nothing for so long is disconnected.
  std::chrono::milliseconds write_timeout = std::chrono::minutes(5);
  /// On every answer, those of the server itself included.
  std::vector<HttpField> fields;
  Logger logger = Logger();
};

/// A small HTTP/1.1 server: keep-alive, pipelining, chunked bodies both ways, Expect: 100-continue. Each request is handled on a
/// fiber of its own, whose context is cancelled when the client goes away (or half-closes its side, as in Go).
class HttpServer {
 public:
  using Handler = std::function<void(HttpExchange& exchange)>;

  /// Listens when it returns: who connects from now on waits for `start`. Throws UNAVAILABLE when no port of the range is free.
  HttpServer(IoLoop& loop, HttpServerOptions options);
  /// Answers from now on. Once.
  void start(Handler handler);
  /// Closes every connection, cancels what still runs and waits for it.
  ~HttpServer();
  HttpServer(const HttpServer&) = delete;
  HttpServer& operator=(const HttpServer&) = delete;

  std::uint16_t port() const noexcept;
  std::size_t connection_count() const;
  /// Takes no more connections and requests; requests that run end in peace. Returns at once.
  void stop_listening();

 private:
  friend class HttpConnection;
  struct State;
  std::shared_ptr<State> state_;
};

}  // namespace genkit::internal

#endif  // GENKIT_SRC_HTTP_HTTP_SERVER_H_
