#include "http/request_parser.h"

#include <cstdint>
#include <utility>

#include <boost/asio/buffer.hpp>
#include <boost/beast/http/error.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/string_body.hpp>

namespace genkit::internal {

namespace http = boost::beast::http;

struct RequestParser::Impl {
  http::request_parser<http::string_body> parser;
  const std::size_t max_header_bytes;
  bool head_checked = false;

  explicit Impl(std::size_t max_header_bytes) : max_header_bytes(max_header_bytes) {}
};

RequestParser::RequestParser(std::size_t max_header_bytes, std::size_t max_body_bytes)
    : impl_(std::make_unique<Impl>(max_header_bytes)) {
  impl_->parser.header_limit(static_cast<std::uint32_t>(max_header_bytes));
  impl_->parser.body_limit(static_cast<std::uint64_t>(max_body_bytes));
  impl_->parser.eager(true);
}

RequestParser::~RequestParser() = default;

std::size_t RequestParser::feed(std::string_view bytes) {
  std::size_t used = 0;
  // RFC 9112 2.2: empty lines before the request line are skipped.
  if (!impl_->parser.got_some()) {
    while (used < bytes.size() && (bytes[used] == '\r' || bytes[used] == '\n')) ++used;
  }
  if (used == bytes.size()) return used;

  boost::system::error_code error;
  used += impl_->parser.put(boost::asio::buffer(bytes.data() + used, bytes.size() - used), error);
  if (error == http::error::body_limit) {
    fail(413, "The body is larger than this server takes.");
  } else if (error == http::error::header_limit) {
    fail(431, "The header is larger than this server takes.");
  } else if (error == http::error::bad_version) {
    fail(505, "Only HTTP/1.0 and HTTP/1.1 are spoken here.");
  } else if (error && error != http::error::need_more) {
    fail(400, "The request is not valid HTTP: " + error.message() + ".");
  } else if (has_head() && !impl_->head_checked) {
    check_head();
  }
  // What is left over is the line before a chunk or the fields behind the last one, which Beast lets grow without a limit.
  if (error_status_ == 0 && has_head() && !done() && bytes.size() - used > impl_->max_header_bytes) {
    fail(431, "A chunk's header is larger than this server takes.");
  }
  return used;
}

void RequestParser::check_head() {
  impl_->head_checked = true;
  const auto& head = impl_->parser.get();
  if (head.version() == 11 && head.count(http::field::host) != 1) fail(400, "A request needs exactly one Host field.");
  if (head.count(http::field::expect) != 0 && !expects_continue()) fail(417, "Only \"Expect: 100-continue\" is understood.");
  const auto coding = head[http::field::transfer_encoding];
  if (!coding.empty() && !equals_ignoring_case({coding.data(), coding.size()}, "chunked")) {
    fail(501, "Only the transfer encoding \"chunked\" is understood.");
  }
}

void RequestParser::fail(int status, std::string text) {
  error_status_ = status;
  error_text_ = std::move(text);
}

bool RequestParser::has_head() const noexcept {
  return impl_->parser.is_header_done();
}

bool RequestParser::done() const noexcept {
  return error_status_ == 0 && impl_->parser.is_done();
}

bool RequestParser::expects_continue() const {
  const auto& head = impl_->parser.get();
  const auto value = head[http::field::expect];
  return head.version() >= 11 && equals_ignoring_case({value.data(), value.size()}, "100-continue");
}

HttpRequest RequestParser::take() {
  HttpRequest request;
  request.keep_alive = impl_->parser.keep_alive();
  auto message = impl_->parser.release();
  const auto text = [](auto view) { return std::string(view.data(), view.size()); };
  request.method = text(message.method_string());
  request.http_1_0 = message.version() == 10;
  const auto target = message.target();
  set_target(request, {target.data(), target.size()});
  for (const auto& field : message) request.fields.push_back({text(field.name_string()), text(field.value())});
  request.body = std::move(message.body());
  return request;
}

}  // namespace genkit::internal
