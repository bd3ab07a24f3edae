#ifndef GENKIT_SRC_HTTP_CLIENT_TEST_SERVER_H_
#define GENKIT_SRC_HTTP_CLIENT_TEST_SERVER_H_

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <cstddef>
#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>
#include <thread>
#include <utility>

#include "http/client_connection.h"

namespace genkit::internal {

/// The server's end of one connection.
class TestPeer {
 public:
  explicit TestPeer(int socket) : socket_(socket) {}

  /// The body of the next request, headers aside; nothing when the client has closed.
  std::optional<std::string> read_request() {
    std::size_t end = 0;
    while ((end = buffer_.find("\r\n\r\n")) == std::string::npos) {
      if (!read_more()) return std::nullopt;
    }
    head = buffer_.substr(0, end);
    const std::size_t length_at = head.find("Content-Length: ");
    const std::size_t length = length_at == std::string::npos ? 0 : std::stoul(head.substr(length_at + 16));
    buffer_.erase(0, end + 4);
    while (buffer_.size() < length) {
      if (!read_more()) return std::nullopt;
    }
    std::string body = buffer_.substr(0, length);
    buffer_.erase(0, length);
    return body;
  }
  /// False when the client has closed.
  bool send(std::string_view bytes) const {
    while (!bytes.empty()) {
      const ssize_t sent = ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
      if (sent <= 0) return false;
      bytes.remove_prefix(static_cast<std::size_t>(sent));
    }
    return true;
  }
  bool reply(int status = 200, std::string_view body = "OK", std::string_view fields = "") const {
    return send("HTTP/1.1 " + std::to_string(status) + " Text\r\n" + std::string(fields) +
                "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" + std::string(body));
  }

  std::string head;  ///< of the last request

 private:
  bool read_more() {
    char bytes[64 * 1024];
    const ssize_t size = ::recv(socket_, bytes, sizeof bytes, 0);
    if (size <= 0) return false;
    buffer_.append(bytes, static_cast<std::size_t>(size));
    return true;
  }

  int socket_;
  std::string buffer_;
};

/// A server on the loopback whose behaviour a test writes down: `serve` is called for each connection, one after the other, and
/// the connection is closed when it returns.
class TestServer {
 public:
  explicit TestServer(std::function<void(TestPeer&)> serve) : serve_(std::move(serve)) {
    listener_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = ::htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    auto* generic = reinterpret_cast<sockaddr*>(&address);
    if (listener_ < 0 || ::bind(listener_, generic, size) != 0 || ::listen(listener_, 16) != 0 ||
        ::getsockname(listener_, generic, &size) != 0) {
      throw std::system_error(errno, std::generic_category(), "cannot listen on the loopback");
    }
    port_ = ::ntohs(address.sin_port);
    thread_ = std::thread([this] { run(); });
  }
  ~TestServer() {
    {
      const std::lock_guard lock(mutex_);
      stopping_ = true;
      ::shutdown(listener_, SHUT_RDWR);
      if (connection_ >= 0) ::shutdown(connection_, SHUT_RDWR);
    }
    thread_.join();
    ::close(listener_);
  }
  TestServer(const TestServer&) = delete;
  TestServer& operator=(const TestServer&) = delete;

  std::string url() const { return "http://127.0.0.1:" + std::to_string(port_); }
  HttpEndpoint endpoint() const { return *HttpEndpoint::parse(url()); }
  int connections() const { return connections_; }

 private:
  void run() {
    while (true) {
      const int accepted = ::accept(listener_, nullptr, nullptr);
      if (accepted < 0) return;
      {
        const std::lock_guard lock(mutex_);
        connection_ = accepted;
        if (stopping_) ::shutdown(accepted, SHUT_RDWR);
      }
      ++connections_;
      TestPeer peer(accepted);
      serve_(peer);
      const std::lock_guard lock(mutex_);
      ::close(accepted);
      connection_ = -1;
      if (stopping_) return;
    }
  }

  const std::function<void(TestPeer&)> serve_;
  int listener_ = -1;
  int port_ = 0;
  std::atomic<int> connections_{0};
  std::mutex mutex_;
  int connection_ = -1;
  bool stopping_ = false;
  std::thread thread_;
};

/// An address of the loopback on which nobody listens.
inline HttpEndpoint refusing_endpoint() {
  HttpEndpoint endpoint = TestServer([](TestPeer&) {}).endpoint();
  return endpoint;
}

}  // namespace genkit::internal

#endif  // GENKIT_SRC_HTTP_CLIENT_TEST_SERVER_H_
