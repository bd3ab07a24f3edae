#include "http/http_server.h"

#include <algorithm>
#include <cstdio>
#include <utility>

#ifndef _WIN32
#include <fcntl.h>
#endif

#include "http/http_connection.h"

namespace genkit::internal {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;

namespace {

// A child that a program starts must not keep the port.
template <class Socket>
void close_on_exec([[maybe_unused]] Socket& socket) {
#ifndef _WIN32
  ::fcntl(socket.native_handle(), F_SETFD, FD_CLOEXEC);
#endif
}

void append_field(std::string& head, std::string_view name, std::string_view value) {
  if ((std::string(name) + std::string(value)).find_first_of("\r\n") != std::string::npos) {
    throw Error(Status::kInvalidArgument, "HTTP field \"" + std::string(name) + "\": a line break cannot be sent");
  }
  head.append(name).append(": ").append(value).append("\r\n");
}

}  // namespace

// --- exchange

HttpExchange::HttpExchange(std::shared_ptr<HttpConnection> connection, HttpRequest request) noexcept
    : connection_(std::move(connection)), request_(std::move(request)) {}

HttpExchange::~HttpExchange() = default;

std::string HttpExchange::head(int status, std::string_view content_type, const std::vector<HttpField>& fields) const {
  std::string head;
  head.reserve(256);
  head.append("HTTP/1.1 ").append(std::to_string(status)).append(" ").append(reason_phrase(status)).append("\r\n");
  head.append(connection_->server().fields);
  for (const HttpField& field : fields) append_field(head, field.name, field.value);
  if (!content_type.empty()) append_field(head, "Content-Type", content_type);
  if (!request_.keep_alive || connection_->server().stopping) {
    head.append("Connection: close\r\n");
    connection_->close_after_answer();
  } else if (request_.http_1_0) {
    head.append("Connection: keep-alive\r\n");
  }
  return head;
}

void HttpExchange::respond(int status, std::string_view content_type, std::string body, const std::vector<HttpField>& fields) {
  respond(status, content_type, std::make_shared<const std::string>(std::move(body)), fields);
}

void HttpExchange::respond(int status, std::string_view content_type, std::shared_ptr<const std::string> body,
                           const std::vector<HttpField>& fields) {
  std::string text = head(status, content_type, fields);
  append_field(text, "Content-Length", std::to_string(body->size()));
  text.append("\r\n");
  begun_ = finished_ = true;
  connection_->put(std::move(text), request_.is_head() ? nullptr : std::move(body));
}

void HttpExchange::begin(int status, std::string_view content_type, const std::vector<HttpField>& fields) {
  // HTTP/1.0 knows no chunks: there the end of the connection is the end of the body.
  if (request_.http_1_0) request_.keep_alive = false;
  std::string text = head(status, content_type, fields);
  if (!request_.http_1_0) append_field(text, "Transfer-Encoding", "chunked");
  text.append("\r\n");
  begun_ = true;
  connection_->put(std::move(text), nullptr);
}

bool HttpExchange::write(std::string_view data) {
  if (data.empty() || request_.is_head()) return connection_->wait_for_room();
  if (request_.http_1_0) {
    connection_->put({data, {}, {}});
  } else {
    char size[24];
    const int length = std::snprintf(size, sizeof size, "%zx\r\n", data.size());
    connection_->put({std::string_view(size, static_cast<std::size_t>(length)), data, "\r\n"});
  }
  return connection_->wait_for_room();
}

void HttpExchange::finish(std::string_view last) {
  finished_ = true;
  if (request_.is_head()) return;
  if (request_.http_1_0) return connection_->put({last, {}, {}});
  if (last.empty()) return connection_->put({"0\r\n\r\n", {}, {}});
  char size[24];
  const int length = std::snprintf(size, sizeof size, "%zx\r\n", last.size());
  connection_->put({std::string_view(size, static_cast<std::size_t>(length)), last, "\r\n0\r\n\r\n"});
}

// --- server

HttpServer::State::State(IoLoop& loop, HttpServerOptions options_)
    : loop(loop), options(std::move(options_)), acceptor(loop.context()), sweep_timer(loop.context()) {
  for (const HttpField& field : options.fields) append_field(fields, field.name, field.value);
}

void HttpServer::State::listen() {
  const asio::ip::address address = asio::ip::make_address(options.address);
  error_code error;
  for (unsigned candidate = options.first_port; candidate <= std::max(options.first_port, options.last_port); ++candidate) {
    error_code ignored;
    acceptor.close(ignored);
    const tcp::endpoint endpoint(address, static_cast<std::uint16_t>(candidate));
    acceptor.open(endpoint.protocol(), error);
    if (error) break;
    close_on_exec(acceptor);
    acceptor.set_option(tcp::acceptor::reuse_address(true), ignored);
    acceptor.bind(endpoint, error);
    if (!error) acceptor.listen(asio::socket_base::max_listen_connections, error);
    if (!error) {
      acceptor.non_blocking(true, ignored);
      port = acceptor.local_endpoint().port();
      return;
    }
  }
  throw Error(Status::kUnavailable, "cannot listen on " + options.address + ", ports " + std::to_string(options.first_port) +
                                        " to " + std::to_string(std::max(options.first_port, options.last_port)) + ": " +
                                        error.message());
}

void HttpServer::State::accept() {
  if (accepting || stopping || connections.size() >= options.max_connections) return;
  accepting = true;
  acceptor.async_accept([self = shared_from_this()](const error_code& error, tcp::socket socket) {
    self->accepting = false;
    if (self->stopping) return;
    if (!error) {
      self->on_accepted(std::move(socket));
      return self->accept();
    }
    // Out of descriptors or memory: others may give some back.
    self->options.logger.warning("cannot accept a connection", {{"error", error.message()}});
    self->loop.post_after(std::chrono::milliseconds(100), [self] { self->accept(); });
  });
}

void HttpServer::State::on_accepted(tcp::socket socket) {
  close_on_exec(socket);
  auto connection = std::make_shared<HttpConnection>(shared_from_this(), std::move(socket));
  connections.insert(connection);
  connection_count = connections.size();
  connection->start();
  if (connections.size() >= options.max_connections) make_room();
  if (!std::exchange(sweeping, true)) sweep();
}

void HttpServer::State::make_room() {
  std::shared_ptr<HttpConnection> oldest;
  for (const auto& connection : connections) {
    if (connection->idle() && (!oldest || connection->idle_since() < oldest->idle_since())) oldest = connection;
  }
  if (oldest) oldest->close();
}

void HttpServer::State::remove(const std::shared_ptr<HttpConnection>& connection) {
  connections.erase(connection);
  connection_count = connections.size();
  accept();
}

void HttpServer::State::adopt(Future<void> task) {
  std::erase_if(orphans, [](const Future<void>& orphan) { return orphan.ready(); });
  orphans.push_back(std::move(task));
}

void HttpServer::State::sweep() {
  const auto shortest = std::min({options.read_timeout, options.idle_timeout, options.write_timeout});
  sweep_timer.expires_after(
      std::clamp<std::chrono::milliseconds>(shortest / 4, std::chrono::milliseconds(5), std::chrono::seconds(1)));
  sweep_timer.async_wait([self = shared_from_this()](const error_code& error) {
    if (error) return;
    const auto now = HttpConnection::Clock::now();
    const std::vector<std::shared_ptr<HttpConnection>> all(self->connections.begin(), self->connections.end());
    for (const auto& connection : all) connection->check_time(now);
    self->sweeping = !self->connections.empty();
    if (self->sweeping) self->sweep();
  });
}

void HttpServer::State::stop_listening() {
  stopping = true;
  error_code ignored;
  acceptor.close(ignored);
  const std::vector<std::shared_ptr<HttpConnection>> all(connections.begin(), connections.end());
  for (const auto& connection : all) {
    if (connection->idle()) connection->close();
  }
}

HttpServer::HttpServer(IoLoop& loop, HttpServerOptions options) : state_(std::make_shared<State>(loop, std::move(options))) {
  state_->listen();
}

void HttpServer::start(Handler handler) {
  state_->loop.post([state = state_, handler = std::move(handler)] {
    state->handler = handler;
    state->accept();
  });
}

HttpServer::~HttpServer() {
  std::vector<Future<void>> tasks;  // cancelled, and waited for by their destructors, after the connections are closed
  state_->loop.run([this, &tasks] {
    state_->stop_listening();
    state_->sweep_timer.cancel();
    const std::vector<std::shared_ptr<HttpConnection>> all(state_->connections.begin(), state_->connections.end());
    for (const auto& connection : all) connection->close();
    tasks = std::move(state_->orphans);
  });
}

std::uint16_t HttpServer::port() const noexcept {
  return state_->port;
}

std::size_t HttpServer::connection_count() const {
  return state_->connection_count;
}

void HttpServer::stop_listening() {
  state_->loop.post([state = state_] { state->stop_listening(); });
}

}  // namespace genkit::internal
