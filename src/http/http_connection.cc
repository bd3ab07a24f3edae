#include "http/http_connection.h"

#include <utility>

#include <boost/asio/buffer.hpp>

namespace genkit::internal {

namespace asio = boost::asio;
using boost::system::error_code;

namespace {

// What a client may send ahead while its request is handled; beyond it the connection is not read, and a client that goes away
// is noticed only by writing to it.
constexpr std::size_t kMaxReadAhead = 64 * 1024;
// How long a connection is drained after its last answer, so that the client reads the answer instead of a reset.
constexpr std::chrono::seconds kLingerTime{2};

constexpr const char* kNoRoom = "This server has no room for another request now.";

bool would_block(const error_code& error) {
  return error == asio::error::would_block || error == asio::error::try_again;
}

}  // namespace

HttpConnection::HttpConnection(std::shared_ptr<HttpServer::State> server, asio::ip::tcp::socket socket)
    : server_(std::move(server)), socket_(std::move(socket)) {}

void HttpConnection::start() {
  error_code ignored;
  socket_.non_blocking(true, ignored);
  socket_.set_option(asio::ip::tcp::no_delay(true), ignored);
  deadline_ = Clock::now() + server_->options.read_timeout;
  wait_readable();
}

void HttpConnection::close() {
  if (phase_ == Phase::kClosed) return;
  phase_ = Phase::kClosed;
  deadline_ = Clock::time_point::max();
  parser_.reset();
  {
    std::unique_lock lock(mutex_);
    break_off();
    error_code ignored;
    socket_.close(ignored);
  }
  if (task_.valid()) {
    task_.cancel();
    server_->adopt(std::move(task_));
  }
  server_->remove(shared_from_this());
}

void HttpConnection::check_time(Clock::time_point now) {
  if (now >= deadline_) {
    if (phase_ == Phase::kReading) return reject(408, "The request did not arrive in time.");
    return close();
  }
  std::unique_lock lock(mutex_);
  const bool stuck = !pieces_.empty() && now >= last_progress_ + server_->options.write_timeout;
  lock.unlock();
  if (stuck) close();
}

// --- reading

void HttpConnection::wait_readable() {
  if (waits_readable_ || half_closed_ || phase_ == Phase::kClosed) return;
  waits_readable_ = true;
  socket_.async_wait(asio::ip::tcp::socket::wait_read, [self = shared_from_this()](const error_code& error) {
    self->waits_readable_ = false;
    if (!error && self->phase_ != Phase::kClosed) self->on_readable();
  });
}

void HttpConnection::on_readable() {
  error_code error;
  const std::size_t size = socket_.read_some(asio::buffer(server_->scratch), error);
  if (would_block(error)) return wait_readable();
  if (error) return on_peer_gone(error == asio::error::eof);

  const std::string_view bytes(server_->scratch.data(), size);
  if (phase_ == Phase::kHandling) {
    input_.append(bytes);
    if (input_.size() < kMaxReadAhead) wait_readable();
  } else if (phase_ == Phase::kLingering) {
    wait_readable();
  } else {
    receive(bytes);
    wait_readable();
  }
}

void HttpConnection::receive(std::string_view bytes) {
  if (input_.empty()) {
    bytes.remove_prefix(parse(bytes));
    input_.append(bytes);
  } else {
    input_.append(bytes);
    input_.erase(0, parse(input_));
  }
  if (input_.empty()) input_.shrink_to_fit();
}

std::size_t HttpConnection::parse(std::string_view bytes) {
  std::size_t used = 0;
  while (used < bytes.size() && (phase_ == Phase::kIdle || phase_ == Phase::kReading)) {
    if (!parser_) {
      parser_.emplace(server_->options.max_header_bytes, server_->options.max_body_bytes);
      continue_sent_ = false;
      deadline_ = Clock::now() + server_->options.read_timeout;
      phase_ = Phase::kReading;
    }
    const std::size_t size = parser_->feed(bytes.substr(used));
    used += size;
    if (parser_->error_status() != 0) {
      reject(parser_->error_status(), parser_->error_text());
    } else if (parser_->done()) {
      dispatch();
    } else if (size == 0) {
      break;
    } else if (parser_->has_head()) {
      deadline_ = Clock::now() + server_->options.read_timeout;
      if (parser_->expects_continue() && !std::exchange(continue_sent_, true)) put({"HTTP/1.1 100 Continue\r\n\r\n", {}, {}});
    }
  }
  return used;
}

void HttpConnection::reject(int status, std::string text) {
  parser_.reset();
  HttpRequest request;
  request.keep_alive = false;
  phase_ = Phase::kHandling;
  deadline_ = Clock::time_point::max();
  HttpExchange(shared_from_this(), std::move(request)).respond(status, "text/plain; charset=utf-8", std::move(text));
  handled_ = true;
  proceed();
}

void HttpConnection::dispatch() {
  phase_ = Phase::kHandling;
  deadline_ = Clock::time_point::max();
  handled_ = false;
  HttpRequest request = parser_->take();
  parser_.reset();
  try {
    const std::uint64_t number = ++dispatched_;
    task_ = async([self = shared_from_this(), number, request = std::move(request)]() mutable {
      self->handle(number, std::move(request));
    });
    task_.on_ready([self = shared_from_this(), number] {
      if (self->begun_ < number) self->server_->loop.post([self] { self->on_never_handled(); });
    });
  } catch (const Error& error) {
    server_->options.logger.error("a request was refused", {{"error", error.what()}});
    reject(503, kNoRoom);
  }
}

void HttpConnection::on_peer_gone(bool half_closed) {
  if (phase_ != Phase::kHandling) return close();
  // The answer is on its way or nobody waits for it any more; either way there will be no other request.
  half_closed_ = true;
  close_after_answer_ = true;
  if (!half_closed) {
    std::unique_lock lock(mutex_);
    break_off();
  }
  task_.cancel();
  // When the handler is done already, only what could not be sent kept the connection.
  proceed();
}

// --- handling

void HttpConnection::handle(std::uint64_t number, HttpRequest request) {
  begun_ = number;
  HttpExchange exchange(shared_from_this(), std::move(request));
  try {
    server_->handler(exchange);
  } catch (...) {
    const Error error = to_error(std::current_exception());
    if (error.status() != Status::kCancelled) {
      server_->options.logger.error("a request failed", {{"path", exchange.request().path}, {"error", error.what()}});
    }
  }
  if (!exchange.begun()) exchange.respond(500, "text/plain; charset=utf-8", std::string("The server failed."));
  server_->loop.post([self = shared_from_this(), complete = exchange.finished()] { self->on_handled(complete); });
}

void HttpConnection::on_handled(bool complete) {
  handled_ = true;
  complete_ = complete;
  proceed();
}

void HttpConnection::on_never_handled() {
  if (phase_ != Phase::kHandling || handled_) return;
  if (half_closed_) return close();
  reject(503, kNoRoom);
}

void HttpConnection::proceed() {
  if (phase_ != Phase::kHandling || !handled_) return;
  {
    std::unique_lock lock(mutex_);
    if (!pieces_.empty() && !broken_) return;
    if (broken_) complete_ = false;
  }
  // A body that ends early is told by the end of the connection: there is no other way.
  if (!complete_) return close();
  if (close_after_answer_ || server_->stopping) return linger();

  phase_ = Phase::kIdle;
  idle_since_ = Clock::now();
  deadline_ = idle_since_ + server_->options.idle_timeout;
  if (!input_.empty()) receive({});
  wait_readable();
}

void HttpConnection::linger() {
  error_code ignored;
  socket_.shutdown(asio::ip::tcp::socket::shutdown_send, ignored);
  if (half_closed_) return close();
  phase_ = Phase::kLingering;
  deadline_ = Clock::now() + kLingerTime;
  input_.clear();
  wait_readable();
}

// --- writing

std::size_t HttpConnection::write_some(const std::array<std::string_view, 3>& pieces) {
  std::array<asio::const_buffer, 3> buffers;
  for (std::size_t i = 0; i < pieces.size(); ++i) buffers[i] = asio::const_buffer(pieces[i].data(), pieces[i].size());
  std::size_t total = 0;
  error_code error;
  // The kernel takes large bodies in several pieces; it says "would block" when it really has had enough.
  while (asio::buffer_size(buffers) != 0) {
    const std::size_t size = socket_.write_some(buffers, error);
    if (error) break;
    total += size;
    std::size_t rest = size;
    for (asio::const_buffer& buffer : buffers) {
      const std::size_t step = std::min(rest, buffer.size());
      buffer += step;
      rest -= step;
    }
  }
  if (error && !would_block(error)) {
    break_off();
    server_->loop.post([self = shared_from_this()] { self->on_peer_gone(false); });
  }
  if (total != 0) last_progress_ = Clock::now();
  return total;
}

void HttpConnection::queue(Piece piece) {
  const std::size_t size = piece.rest().size();
  if (size == 0 || broken_) return;
  if (pieces_.empty()) {
    last_progress_ = Clock::now();
    server_->loop.post([self = shared_from_this()] { self->wait_writable(); });
  }
  queued_bytes_ += size;
  pieces_.push_back(std::move(piece));
}

void HttpConnection::put(std::string head, std::shared_ptr<const std::string> body) {
  std::unique_lock lock(mutex_);
  if (broken_) return;
  const std::size_t sent = pieces_.empty() ? write_some({head, body ? std::string_view(*body) : std::string_view(), {}}) : 0;
  const std::size_t head_size = head.size();
  if (sent < head_size) queue({std::move(head), nullptr, sent});
  if (body) queue({{}, std::move(body), sent > head_size ? sent - head_size : 0});
}

void HttpConnection::put(const std::array<std::string_view, 3>& pieces) {
  std::unique_lock lock(mutex_);
  if (broken_) return;
  std::size_t sent = pieces_.empty() ? write_some(pieces) : 0;
  std::string rest;
  for (std::string_view piece : pieces) {
    const std::size_t step = std::min(sent, piece.size());
    rest += piece.substr(step);
    sent -= step;
  }
  queue({std::move(rest), nullptr, 0});
}

bool HttpConnection::wait_for_room() {
  std::unique_lock lock(mutex_);
  while (queued_bytes_ > server_->options.write_buffer_bytes && !broken_) room_.wait(lock);
  return !broken_;
}

void HttpConnection::wait_writable() {
  if (phase_ == Phase::kClosed) return;
  socket_.async_wait(asio::ip::tcp::socket::wait_write, [self = shared_from_this()](const error_code& error) {
    if (error || self->phase_ == Phase::kClosed) return;
    bool more;
    {
      std::unique_lock lock(self->mutex_);
      self->flush();
      more = !self->pieces_.empty();
    }
    if (more) {
      self->wait_writable();
    } else {
      self->proceed();
    }
  });
}

void HttpConnection::flush() {
  while (!pieces_.empty()) {
    // Three at a time, as one system call.
    std::array<std::string_view, 3> views;
    std::size_t count = 0;
    std::size_t offered = 0;
    for (; count < views.size() && count < pieces_.size(); ++count) {
      views[count] = pieces_[count].rest();
      offered += views[count].size();
    }
    const std::size_t sent = write_some(views);
    if (broken_) return;
    queued_bytes_ -= sent;
    std::size_t rest = sent;
    while (count != 0 && rest >= pieces_.front().rest().size()) {
      rest -= pieces_.front().rest().size();
      pieces_.pop_front();
      --count;
    }
    if (rest != 0) pieces_.front().sent += rest;
    if (sent < offered) break;
  }
  if (queued_bytes_ <= server_->options.write_buffer_bytes / 2) room_.notify_all();
}

void HttpConnection::break_off() {
  broken_ = true;
  pieces_.clear();
  queued_bytes_ = 0;
  room_.notify_all();
}

}  // namespace genkit::internal
