#ifndef GENKIT_SRC_HTTP_CLIENT_CONNECTION_H_
#define GENKIT_SRC_HTTP_CLIENT_CONNECTION_H_

#include <atomic>
#include <chrono>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "http/client_reply.h"

struct addrinfo;

namespace genkit::internal {

/// Where a plain HTTP server listens.
struct HttpEndpoint {
  std::string host;       ///< without the brackets of an IPv6 address
  std::string port;       ///< in digits
  std::string authority;  ///< for the Host field
  std::string base_path;  ///< "" or "/prefix", without a slash at the end

  friend bool operator==(const HttpEndpoint&, const HttpEndpoint&) = default;
  /// Nothing unless `url` is "http://host[:port][/path]".
  static std::optional<HttpEndpoint> parse(std::string_view url);
};

/// One keep-alive connection to an HTTP/1.1 server for a thread that has time to wait: blocking calls on a socket, no event loop,
/// no TLS. Several requests may be sent before the first reply (pipelining).
///
/// Not thread-safe. `stop` ends every wait within a tenth of a second.
class ClientConnection {
 public:
  explicit ClientConnection(const std::atomic<bool>& stop) noexcept : stop_(stop) {}
  ~ClientConnection() { close(); }
  ClientConnection(const ClientConnection&) = delete;
  ClientConnection& operator=(const ClientConnection&) = delete;

  /// True while the connection can take requests: opened, and the server has not closed it in the meantime.
  bool usable() noexcept;
  /// Throws UNAVAILABLE when no address of the endpoint accepts, DEADLINE_EXCEEDED when that takes longer than `timeout`.
  void open(const HttpEndpoint& endpoint, std::chrono::milliseconds timeout);
  void close() noexcept;

  /// Sends `requests`, which are `count` complete requests, while it reads their replies, which are appended in order. Ends early
  /// without an error when the server announces that it closes the connection. Throws UNAVAILABLE when the connection breaks and
  /// DEADLINE_EXCEEDED when nothing moves for `timeout`; `replies` then has those that came before.
  void exchange(std::string_view requests, std::size_t count, std::chrono::milliseconds timeout,
                std::vector<ClientReply>& replies);

 private:
  using TimePoint = std::chrono::steady_clock::time_point;

  void open_address(const addrinfo& address, TimePoint deadline);
  /// Waits for `events` of poll(2); returns what happened.
  short wait(short events, TimePoint deadline);
  std::size_t send_some(std::string_view bytes);
  bool receive_some(std::vector<ClientReply>& replies);

  const std::atomic<bool>& stop_;
  int socket_ = -1;
  ClientReplyParser parser_;
};

}  // namespace genkit::internal

#endif  // GENKIT_SRC_HTTP_CLIENT_CONNECTION_H_
