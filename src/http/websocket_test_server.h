#ifndef GENKIT_SRC_HTTP_WEBSOCKET_TEST_SERVER_H_
#define GENKIT_SRC_HTTP_WEBSOCKET_TEST_SERVER_H_

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace genkit::internal {

/// The server's end of a WebSocket, one connection at a time, with blocking calls: for tests.
class WebSocketTestServer {
 public:
  /// Listens on `port`, or on any when 0.
  explicit WebSocketTestServer(std::uint16_t port = 0);
  ~WebSocketTestServer();

  std::uint16_t port() const;
  std::string url() const { return "ws://localhost:" + std::to_string(port()); }

  /// Waits for the next client and shakes hands with it.
  void accept();
  /// Waits for the next client and answers its handshake with something else.
  void refuse();
  /// The header fields that the client sent with the handshake.
  const std::string& handshake() const;
  void send(std::string_view text);
  void send_fragments(const std::vector<std::string>& pieces);
  void ping(const std::string& payload);
  /// The next message; nothing when the client has closed the connection.
  std::optional<std::string> receive();
  /// The payload of the last pong.
  const std::string& pong() const;
  void close();
  /// Ends the connection without a word.
  void drop();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace genkit::internal

#endif  // GENKIT_SRC_HTTP_WEBSOCKET_TEST_SERVER_H_
