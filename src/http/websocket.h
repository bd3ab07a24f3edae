#ifndef GENKIT_SRC_HTTP_WEBSOCKET_H_
#define GENKIT_SRC_HTTP_WEBSOCKET_H_

#include <chrono>
#include <cstddef>
#include <memory>
#include <optional>
#include <string>

namespace genkit::internal {

class IoLoop;

struct WebSocketOptions {
  /// "ws://host:port/path".
  std::string url;
  std::size_t max_message_bytes = std::size_t{100} * 1024 * 1024;
  /// What may wait to be sent before `send` waits; a message larger than that is sent all the same.
  std::size_t send_queue_bytes = 1024 * 1024;
  std::chrono::milliseconds connect_timeout = std::chrono::seconds(10);
};

/// The client's end of a WebSocket connection that carries text messages (RFC 6455, no extensions). Pings are answered while
/// nobody calls anything. Thread-safe; one receiver at a time.
class WebSocket {
 public:
  /// Waits until the connection stands. Throws UNAVAILABLE when it cannot be made, INVALID_ARGUMENT for a URL that is none, and
  /// CANCELLED.
  WebSocket(IoLoop& loop, const WebSocketOptions& options);
  /// Drops the connection.
  ~WebSocket();
  WebSocket(const WebSocket&) = delete;
  WebSocket& operator=(const WebSocket&) = delete;

  /// Queues a message; waits while much is queued. False when the connection is gone. Throws CANCELLED.
  bool send(std::string message);
  /// The same without waiting, however much is queued: for what must not wait. The sender answers for the bound.
  bool send_now(std::string message);
  /// Waits for the next message; nothing when the connection is gone. Throws CANCELLED.
  std::optional<std::string> receive();
  /// Why the connection ended; empty while it stands.
  std::string failure() const;
  void close();

 private:
  struct State;
  std::shared_ptr<State> state_;
};

}  // namespace genkit::internal

#endif  // GENKIT_SRC_HTTP_WEBSOCKET_H_
