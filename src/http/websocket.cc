#include "http/websocket.h"

#include <deque>
#include <mutex>
#include <utility>
#include <vector>

#include <genkit/base/error.h>
#include <genkit/runtime/wait_queue.h>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/websocket/stream.hpp>

#include "http/io_loop.h"

namespace genkit::internal {

namespace asio = boost::asio;
namespace websocket = boost::beast::websocket;
using asio::ip::tcp;
using boost::system::error_code;

namespace {

// Messages that have arrived and nobody has taken; then the socket is not read and TCP slows the sender down.
constexpr std::size_t kMaxReceived = 64;

struct Address {
  std::string host;
  std::string port = "80";
  std::string authority;
  std::string path = "/";
};

Address parse_url(const std::string& url) {
  const auto fail = [&](const char* why) {
    throw Error(Status::kInvalidArgument, "WebSocket URL \"" + url + "\" " + why + ": write it as ws://host:port");
  };
  constexpr std::string_view kScheme = "ws://";
  if (!url.starts_with(kScheme)) fail("does not begin with ws://");
  Address address;
  const std::size_t slash = url.find('/', kScheme.size());
  address.authority = url.substr(kScheme.size(), slash == url.npos ? url.npos : slash - kScheme.size());
  if (slash != url.npos) address.path = url.substr(slash);

  std::string_view rest = address.authority;
  if (rest.starts_with('[')) {
    const std::size_t end = rest.find(']');
    if (end == rest.npos) fail("has a bracket that is not closed");
    address.host = rest.substr(1, end - 1);
    rest.remove_prefix(end + 1);
  } else {
    address.host = rest.substr(0, rest.find(':'));
    rest.remove_prefix(address.host.size());
  }
  if (rest.starts_with(':')) address.port = rest.substr(1);
  if (address.host.empty()) fail("names no host");
  if (address.port.empty() || address.port.size() > 5 || address.port.find_first_not_of("0123456789") != std::string::npos ||
      std::stoul(address.port) > 65535) {
    fail("has no valid port");
  }
  return address;
}

}  // namespace

/// All but what the mutex guards belongs to the loop's thread.
struct WebSocket::State : std::enable_shared_from_this<WebSocket::State> {
  State(IoLoop& loop, const WebSocketOptions& options)
      : loop(loop),
        options(options),
        address(parse_url(options.url)),
        resolver(loop.context()),
        stream(loop.context()),
        timer(loop.context()) {}

  void connect();
  void connect_to(std::vector<tcp::endpoint> endpoints);
  void shake_hands();
  void open();
  void read();
  void write();
  void end(const std::string& why);

  IoLoop& loop;
  const WebSocketOptions options;
  const Address address;
  tcp::resolver resolver;
  websocket::stream<tcp::socket, false> stream;
  asio::steady_timer timer;
  boost::beast::flat_buffer buffer;
  bool shut = false;

  std::mutex mutex;
  WaitQueue changed;  // connected, ended, or a message came
  WaitQueue has_room;
  bool connected = false;
  bool ended = false;
  std::string failure;
  std::deque<std::string> received;
  bool reading = false;
  std::deque<std::string> outgoing;  // its first message is being written while `writing`
  std::size_t outgoing_bytes = 0;
  bool writing = false;
};

void WebSocket::State::connect() {
  timer.expires_after(options.connect_timeout);
  timer.async_wait([self = shared_from_this()](const error_code& error) {
    if (!error) self->end("no answer in time");
  });

  // Node's servers listen on both families; the numeric addresses spare a resolver thread and a wait.
  error_code error;
  const auto port = static_cast<std::uint16_t>(std::stoul(address.port));
  if (const auto literal = asio::ip::make_address(address.host, error); !error) return connect_to({tcp::endpoint(literal, port)});
  if (address.host == "localhost") {
    return connect_to(
        {tcp::endpoint(asio::ip::address_v4::loopback(), port), tcp::endpoint(asio::ip::address_v6::loopback(), port)});
  }
  resolver.async_resolve(address.host, address.port, [self = shared_from_this()](const error_code& failure, const auto& results) {
    if (failure) return self->end(failure.message());
    std::vector<tcp::endpoint> endpoints;
    for (const auto& entry : results) endpoints.push_back(entry.endpoint());
    self->connect_to(std::move(endpoints));
  });
}

void WebSocket::State::connect_to(std::vector<tcp::endpoint> endpoints) {
  if (shut) return;
  tcp::socket& socket = stream.next_layer();
  error_code ignored;
  socket.close(ignored);
  const tcp::endpoint endpoint = endpoints.front();
  endpoints.erase(endpoints.begin());
  socket.async_connect(endpoint, [self = shared_from_this(), endpoints = std::move(endpoints)](const error_code& error) mutable {
    if (!error) return self->shake_hands();
    if (endpoints.empty()) return self->end(error.message());
    self->connect_to(std::move(endpoints));
  });
}

void WebSocket::State::shake_hands() {
  if (shut) return;
  error_code ignored;
  stream.next_layer().set_option(tcp::no_delay(true), ignored);
  stream.next_layer().set_option(asio::socket_base::keep_alive(true), ignored);
  // Covers the end of a connection, too: after a message that is too large the other side is asked to close.
  websocket::stream_base::timeout timeout{};
  timeout.handshake_timeout = options.connect_timeout;
  timeout.idle_timeout = websocket::stream_base::none();
  stream.set_option(timeout);
  stream.read_message_max(options.max_message_bytes);
  stream.auto_fragment(false);
  stream.write_buffer_bytes(64 * 1024);
  stream.text(true);
  stream.async_handshake(address.authority, address.path, [self = shared_from_this()](const error_code& error) {
    if (error) return self->end(error.message());
    self->open();
  });
}

void WebSocket::State::open() {
  timer.cancel();
  if (shut) return;
  {
    std::unique_lock lock(mutex);
    connected = true;
    reading = true;
    changed.notify_all();
  }
  read();
}

void WebSocket::State::read() {
  if (shut) return;
  stream.async_read(buffer, [self = shared_from_this()](const error_code& error, std::size_t) {
    if (error) return self->end(error == websocket::error::closed ? "the other side closed it" : error.message());
    std::string message(static_cast<const char*>(self->buffer.cdata().data()), self->buffer.size());
    self->buffer.clear();
    // A large message should not keep its buffer for the rest of the connection.
    self->buffer.shrink_to_fit();
    bool more;
    {
      std::unique_lock lock(self->mutex);
      self->received.push_back(std::move(message));
      more = self->reading = self->received.size() < kMaxReceived;
      self->changed.notify_all();
    }
    if (more) self->read();
  });
}

void WebSocket::State::write() {
  if (shut) return;
  const std::string* message;
  {
    std::unique_lock lock(mutex);
    message = &outgoing.front();
  }
  stream.async_write(asio::buffer(*message), [self = shared_from_this()](const error_code& error, std::size_t) {
    if (error) return self->end(error.message());
    bool more;
    {
      std::unique_lock lock(self->mutex);
      self->outgoing_bytes -= self->outgoing.front().size();
      self->outgoing.pop_front();
      more = self->writing = !self->outgoing.empty();
      if (self->outgoing_bytes <= self->options.send_queue_bytes / 2) self->has_room.notify_all();
    }
    if (more) self->write();
  });
}

void WebSocket::State::end(const std::string& why) {
  if (std::exchange(shut, true)) return;
  timer.cancel();
  resolver.cancel();
  error_code ignored;
  stream.next_layer().close(ignored);
  std::unique_lock lock(mutex);
  ended = true;
  failure = why;
  changed.notify_all();
  has_room.notify_all();
}

WebSocket::WebSocket(IoLoop& loop, const WebSocketOptions& options) : state_(std::make_shared<State>(loop, options)) {
  loop.post([state = state_] { state->connect(); });
  std::unique_lock lock(state_->mutex);
  try {
    while (!state_->connected && !state_->ended) state_->changed.wait(lock);
  } catch (...) {
    lock.unlock();
    close();
    throw;
  }
  if (state_->ended) {
    throw Error(Status::kUnavailable, "cannot connect to " + options.url + ": " + state_->failure);
  }
}

WebSocket::~WebSocket() {
  close();
}

void WebSocket::close() {
  state_->loop.post([state = state_] { state->end("closed"); });
}

bool WebSocket::send(std::string message) {
  {
    std::unique_lock lock(state_->mutex);
    while (state_->outgoing_bytes > state_->options.send_queue_bytes && !state_->ended) state_->has_room.wait(lock);
  }
  return send_now(std::move(message));
}

bool WebSocket::send_now(std::string message) {
  std::unique_lock lock(state_->mutex);
  if (state_->ended) return false;
  state_->outgoing_bytes += message.size();
  state_->outgoing.push_back(std::move(message));
  if (!std::exchange(state_->writing, true)) {
    state_->loop.post([state = state_] { state->write(); });
  }
  return true;
}

std::optional<std::string> WebSocket::receive() {
  std::unique_lock lock(state_->mutex);
  while (state_->received.empty() && !state_->ended) state_->changed.wait(lock);
  if (state_->received.empty()) return std::nullopt;
  std::string message = std::move(state_->received.front());
  state_->received.pop_front();
  if (!state_->reading && !state_->ended) {
    state_->reading = true;
    state_->loop.post([state = state_] { state->read(); });
  }
  return message;
}

std::string WebSocket::failure() const {
  std::unique_lock lock(state_->mutex);
  return state_->failure;
}

}  // namespace genkit::internal
