#include "http/client_connection.h"

#include <fcntl.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <memory>
#include <system_error>
#include <utility>

#include <genkit/base/error.h>

namespace genkit::internal {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

// How long a wait may last before it looks at the stop flag again.
constexpr milliseconds kSlice{100};

#ifdef MSG_NOSIGNAL
constexpr int kSendFlags = MSG_NOSIGNAL;
#else
constexpr int kSendFlags = 0;  // SO_NOSIGPIPE on the socket instead
#endif

[[noreturn]] void throw_unavailable(const std::string& what, int error) {
  throw Error(Status::kUnavailable, what + ": " + std::generic_category().message(error));
}

bool would_block(int error) {
  return error == EAGAIN || error == EWOULDBLOCK || error == EINTR;
}

void prepare_socket(int socket) {
  ::fcntl(socket, F_SETFD, FD_CLOEXEC);
  ::fcntl(socket, F_SETFL, ::fcntl(socket, F_GETFL) | O_NONBLOCK);
  const int on = 1;
  ::setsockopt(socket, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
#ifdef SO_NOSIGPIPE
  ::setsockopt(socket, SOL_SOCKET, SO_NOSIGPIPE, &on, sizeof on);
#endif
}

struct FreeAddresses {
  void operator()(addrinfo* addresses) const { ::freeaddrinfo(addresses); }
};

bool is_port(std::string_view port) {
  return !port.empty() && port.size() <= 5 && port.find_first_not_of("0123456789") == std::string_view::npos;
}

}  // namespace

std::optional<HttpEndpoint> HttpEndpoint::parse(std::string_view url) {
  constexpr std::string_view kScheme = "http://";
  if (!url.starts_with(kScheme)) return std::nullopt;
  url.remove_prefix(kScheme.size());
  const std::size_t slash = std::min(url.find('/'), url.size());
  std::string_view authority = url.substr(0, slash);
  std::string_view path = url.substr(slash);
  while (path.ends_with('/')) path.remove_suffix(1);
  if (path.find_first_of("?# \r\n") != std::string_view::npos) return std::nullopt;

  std::string_view host = authority;
  std::string_view port = "80";
  const std::size_t bracket = authority.starts_with('[') ? authority.find(']') : 0;
  if (bracket == std::string_view::npos) return std::nullopt;
  if (const std::size_t colon = authority.find(':', bracket); colon != std::string_view::npos) {
    host = authority.substr(0, colon);
    port = authority.substr(colon + 1);
  }
  if (bracket != 0) {
    if (host.size() != bracket + 1) return std::nullopt;
    host = host.substr(1, bracket - 1);
  }
  if (host.empty() || host.find_first_of("@?#[] \r\n") != std::string_view::npos || !is_port(port)) return std::nullopt;
  return HttpEndpoint{std::string(host), std::string(port), std::string(authority), std::string(path)};
}

bool ClientConnection::usable() noexcept {
  if (socket_ < 0) return false;
  // A server that has had enough of an idle connection has sent its end by now; so has one that speaks without being asked.
  char byte;
  const ssize_t size = ::recv(socket_, &byte, 1, MSG_PEEK | MSG_DONTWAIT);
  if (size < 0 && would_block(errno)) return true;
  close();
  return false;
}

void ClientConnection::open(const HttpEndpoint& endpoint, milliseconds timeout) {
  close();
  const TimePoint deadline = steady_clock::now() + timeout;

  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  hints.ai_flags = AI_NUMERICSERV;
  addrinfo* found = nullptr;
  if (const int error = ::getaddrinfo(endpoint.host.c_str(), endpoint.port.c_str(), &hints, &found); error != 0) {
    throw Error(Status::kUnavailable, "cannot resolve \"" + endpoint.host + "\": " + ::gai_strerror(error));
  }
  const std::unique_ptr<addrinfo, FreeAddresses> addresses(found);
  for (const addrinfo* address = found; address != nullptr; address = address->ai_next) {
    try {
      return open_address(*address, deadline);
    } catch (const Error&) {
      close();
      if (address->ai_next == nullptr || stop_.load()) throw;
    }
  }
}

void ClientConnection::open_address(const addrinfo& address, TimePoint deadline) {
  socket_ = ::socket(address.ai_family, address.ai_socktype, address.ai_protocol);
  if (socket_ < 0) throw_unavailable("cannot make a socket", errno);
  prepare_socket(socket_);
  if (::connect(socket_, address.ai_addr, address.ai_addrlen) == 0) return;
  if (errno != EINPROGRESS && errno != EINTR) throw_unavailable("cannot connect", errno);

  wait(POLLOUT, deadline);
  int error = 0;
  socklen_t size = sizeof error;
  ::getsockopt(socket_, SOL_SOCKET, SO_ERROR, &error, &size);
  if (error != 0) throw_unavailable("cannot connect", error);
}

void ClientConnection::close() noexcept {
  if (socket_ >= 0) ::close(socket_);
  socket_ = -1;
  parser_ = {};
}

void ClientConnection::exchange(std::string_view requests, std::size_t count, milliseconds timeout,
                                std::vector<ClientReply>& replies) {
  const std::size_t wanted = replies.size() + count;
  try {
    TimePoint deadline = steady_clock::now() + timeout;
    while (replies.size() < wanted) {
      // Replies are read while requests are still being sent: a server that waits for its replies to be read would not read on.
      const std::size_t sent = send_some(requests);
      requests.remove_prefix(sent);
      const bool interested_in_writing = !requests.empty();
      const short events = wait(static_cast<short>(POLLIN | (interested_in_writing ? POLLOUT : 0)), deadline);
      if (sent > 0 || events != 0) deadline = steady_clock::now() + timeout;
      if ((events & ~POLLOUT) == 0) continue;
      const bool open = receive_some(replies);
      if (!open || (!replies.empty() && !replies.back().keep_alive)) return close();
    }
  } catch (const Error&) {
    close();
    throw;
  }
}

short ClientConnection::wait(short events, TimePoint deadline) {
  while (true) {
    if (stop_.load(std::memory_order_relaxed)) throw Error(Status::kCancelled, "the connection is no longer wanted");
    const auto left = std::chrono::ceil<milliseconds>(deadline - steady_clock::now());
    if (left <= milliseconds(0)) throw Error(Status::kDeadlineExceeded, "the server does not answer");
    pollfd entry{socket_, events, 0};
    const int ready = ::poll(&entry, 1, static_cast<int>(std::min(left, kSlice).count()));
    if (ready > 0) return entry.revents;
    if (ready < 0 && errno != EINTR) throw_unavailable("cannot wait for the server", errno);
  }
}

std::size_t ClientConnection::send_some(std::string_view bytes) {
  if (bytes.empty()) return 0;
  const ssize_t sent = ::send(socket_, bytes.data(), bytes.size(), kSendFlags);
  if (sent >= 0) return static_cast<std::size_t>(sent);
  // A server may answer and close before it has read everything: that answer is still to be read.
  if (would_block(errno) || errno == EPIPE || errno == ECONNRESET) return 0;
  throw_unavailable("cannot send", errno);
}

bool ClientConnection::receive_some(std::vector<ClientReply>& replies) {
  char buffer[16 * 1024];
  const ssize_t size = ::recv(socket_, buffer, sizeof buffer, 0);
  if (size < 0 && would_block(errno)) return true;
  if (size < 0) throw_unavailable("the connection broke", errno);
  if (size > 0) {
    parser_.feed({buffer, static_cast<std::size_t>(size)}, replies);
    return true;
  }
  const std::size_t before = replies.size();
  parser_.finish(replies);
  if (replies.size() == before) throw Error(Status::kUnavailable, "the server closed the connection without an answer");
  return false;
}

}  // namespace genkit::internal
