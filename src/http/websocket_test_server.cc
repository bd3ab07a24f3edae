#include "http/websocket_test_server.h"

#include <sstream>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/string_body.hpp>
#include <boost/beast/websocket/stream.hpp>

namespace genkit::internal {

namespace asio = boost::asio;
namespace beast = boost::beast;
using asio::ip::tcp;

struct WebSocketTestServer::State {
  asio::io_context context;
  tcp::acceptor acceptor{context};
  std::optional<beast::websocket::stream<tcp::socket, false>> stream;
  std::string handshake;
  std::string pong;

  beast::http::request<beast::http::string_body> accept() {
    stream.emplace(context);
    acceptor.accept(stream->next_layer());
    beast::flat_buffer buffer;
    beast::http::request<beast::http::string_body> request;
    beast::http::read(stream->next_layer(), buffer, request);
    std::ostringstream text;
    text << request.base();
    handshake = text.str();
    return request;
  }
};

WebSocketTestServer::WebSocketTestServer(std::uint16_t port) : state_(std::make_unique<State>()) {
  const tcp::endpoint endpoint(asio::ip::address_v4::loopback(), port);
  state_->acceptor.open(endpoint.protocol());
  state_->acceptor.set_option(tcp::acceptor::reuse_address(true));
  state_->acceptor.bind(endpoint);
  state_->acceptor.listen();
}

WebSocketTestServer::~WebSocketTestServer() = default;

std::uint16_t WebSocketTestServer::port() const {
  return state_->acceptor.local_endpoint().port();
}

void WebSocketTestServer::accept() {
  const auto request = state_->accept();
  state_->stream->read_message_max(0);
  state_->stream->control_callback([this](beast::websocket::frame_type type, beast::string_view payload) {
    if (type == beast::websocket::frame_type::pong) state_->pong = std::string(payload.data(), payload.size());
  });
  state_->stream->accept(request);
}

void WebSocketTestServer::refuse() {
  state_->accept();
  asio::write(state_->stream->next_layer(), asio::buffer(std::string("HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n")));
  drop();
}

const std::string& WebSocketTestServer::handshake() const {
  return state_->handshake;
}

void WebSocketTestServer::send(std::string_view text) {
  state_->stream->write(asio::buffer(text.data(), text.size()));
}

void WebSocketTestServer::send_fragments(const std::vector<std::string>& pieces) {
  for (const std::string& piece : pieces) state_->stream->write_some(&piece == &pieces.back(), asio::buffer(piece));
}

void WebSocketTestServer::ping(const std::string& payload) {
  state_->stream->ping(beast::websocket::ping_data(beast::string_view(payload.data(), payload.size())));
}

std::optional<std::string> WebSocketTestServer::receive() {
  beast::flat_buffer buffer;
  boost::system::error_code error;
  state_->stream->read(buffer, error);
  if (error) return std::nullopt;
  return std::string(static_cast<const char*>(buffer.cdata().data()), buffer.size());
}

const std::string& WebSocketTestServer::pong() const {
  return state_->pong;
}

void WebSocketTestServer::close() {
  boost::system::error_code ignored;
  state_->stream->close(beast::websocket::close_code::normal, ignored);
}

void WebSocketTestServer::drop() {
  boost::system::error_code ignored;
  state_->stream->next_layer().close(ignored);
}

}  // namespace genkit::internal
