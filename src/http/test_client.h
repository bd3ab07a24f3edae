#ifndef GENKIT_SRC_HTTP_TEST_CLIENT_H_
#define GENKIT_SRC_HTTP_TEST_CLIENT_H_

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdint>
#include <cstdlib>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <genkit/base/json.h>

#include "http/http_message.h"

namespace genkit::internal {

struct TestResponse {
  int status = 0;
  std::string head;
  std::string body;
  std::vector<std::string> chunks;  ///< of a chunked body

  std::string field(std::string_view name) const {
    std::string_view rest = head;
    while (!rest.empty()) {
      const std::string_view line = rest.substr(0, rest.find("\r\n"));
      rest.remove_prefix(std::min(rest.size(), line.size() + 2));
      const std::size_t colon = line.find(": ");
      if (colon != line.npos && equals_ignoring_case(line.substr(0, colon), name)) return std::string(line.substr(colon + 2));
    }
    return {};
  }
  Json json() const { return parse_json(body); }
};

/// A blocking client that sends exactly the bytes it is told to, for tests of servers.
class TestClient {
 public:
  explicit TestClient(std::uint16_t port) : socket_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)), port_(port) {
    const timeval timeout{60, 0};  // a broken test should fail, not hang
    ::setsockopt(socket_, SOL_SOCKET, SO_RCVTIMEO, &timeout, sizeof timeout);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (::connect(socket_, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
      throw std::runtime_error("cannot connect to port " + std::to_string(port));
    }
  }
  ~TestClient() { close(); }
  TestClient(const TestClient&) = delete;
  TestClient& operator=(const TestClient&) = delete;

  void close() {
    if (socket_ >= 0) ::close(socket_);
    socket_ = -1;
  }
  /// Ends the connection with a reset.
  void abort() {
    const linger hard{1, 0};
    ::setsockopt(socket_, SOL_SOCKET, SO_LINGER, &hard, sizeof hard);
    close();
  }
  void shutdown_write() { ::shutdown(socket_, SHUT_WR); }

  void send(std::string_view text) {
    while (!text.empty()) {
      const ssize_t size = ::send(socket_, text.data(), text.size(), MSG_NOSIGNAL);
      if (size <= 0) throw std::runtime_error("cannot send");
      text.remove_prefix(static_cast<std::size_t>(size));
    }
  }
  void send_request(std::string_view method, std::string_view target, std::string_view body = {}, std::string_view fields = {}) {
    std::string text(method);
    text.append(" ").append(target).append(" HTTP/1.1\r\nHost: 127.0.0.1:").append(std::to_string(port_)).append("\r\n");
    text.append(fields);
    if (!body.empty()) text.append("Content-Length: ").append(std::to_string(body.size())).append("\r\n");
    text.append("\r\n").append(body);
    send(text);
  }

  /// False at the end of the connection.
  bool receive() {
    char data[65536];
    const ssize_t size = ::recv(socket_, data, sizeof data, 0);
    if (size < 0) {
      if (errno == ECONNRESET) return false;
      throw std::runtime_error("nothing came in time");
    }
    buffer_.append(data, static_cast<std::size_t>(size));
    return size > 0;
  }
  std::string take(std::size_t size) {
    while (buffer_.size() < size) {
      if (!receive()) throw std::runtime_error("the connection ended too early");
    }
    std::string text = buffer_.substr(0, size);
    buffer_.erase(0, size);
    return text;
  }
  /// Up to and without `end`.
  std::string take_until(std::string_view end) {
    std::size_t at;
    while ((at = buffer_.find(end)) == std::string::npos) {
      if (!receive()) throw std::runtime_error("the connection ended too early, with: " + buffer_);
    }
    std::string text = take(at);
    take(end.size());
    return text;
  }
  /// All that is left until the server closes the connection.
  std::string take_rest() {
    while (receive()) {
    }
    return std::exchange(buffer_, {});
  }

  TestResponse read_head() {
    TestResponse response;
    response.head = take_until("\r\n\r\n");
    response.status = std::atoi(response.head.c_str() + 9);
    return response;
  }
  /// The next chunk of a chunked body; nothing at its end.
  std::optional<std::string> read_chunk() {
    const std::size_t size = std::strtoul(take_until("\r\n").c_str(), nullptr, 16);
    std::string data = take(size);
    if (take(2) != "\r\n") throw std::runtime_error("a chunk does not end where it should");
    return size == 0 ? std::nullopt : std::optional<std::string>(std::move(data));
  }
  void read_body(TestResponse& response) {
    if (response.field("Transfer-Encoding") == "chunked") {
      while (auto chunk = read_chunk()) {
        response.body += *chunk;
        response.chunks.push_back(std::move(*chunk));
      }
    } else {
      response.body = take(std::strtoul(response.field("Content-Length").c_str(), nullptr, 10));
    }
  }
  TestResponse read_response() {
    TestResponse response = read_head();
    read_body(response);
    return response;
  }

 private:
  int socket_;
  const std::uint16_t port_;
  std::string buffer_;
};

inline TestResponse fetch(std::uint16_t port, std::string_view method, std::string_view target, std::string_view body = {},
                          std::string_view fields = {}) {
  TestClient client(port);
  client.send_request(method, target, body, fields);
  return client.read_response();
}

}  // namespace genkit::internal

#endif  // GENKIT_SRC_HTTP_TEST_CLIENT_H_
