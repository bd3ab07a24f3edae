#ifndef GENKIT_SRC_HTTP_HTTP_CONNECTION_H_
#define GENKIT_SRC_HTTP_HTTP_CONNECTION_H_

#include <array>
#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_set>
#include <vector>

#include <genkit/runtime/channel.h>
#include <genkit/runtime/future.h>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>

#include "http/http_server.h"
#include "http/io_loop.h"
#include "http/request_parser.h"

namespace genkit::internal {

/// What a server's connections share. All but the constants and atomics belongs to the loop's thread.
struct HttpServer::State : std::enable_shared_from_this<HttpServer::State> {
  State(IoLoop& loop, HttpServerOptions options);

  void listen();
  void accept();
  void on_accepted(boost::asio::ip::tcp::socket socket);
  void remove(const std::shared_ptr<HttpConnection>& connection);
  void sweep();
  void stop_listening();
  void make_room();
  /// Takes over a handler that its connection cannot wait for: a connection may be destroyed by the handler itself.
  void adopt(Future<void> task);

  IoLoop& loop;
  const HttpServerOptions options;
  Handler handler;
  std::string fields;  ///< the options' fields as header lines
  boost::asio::ip::tcp::acceptor acceptor;
  boost::asio::steady_timer sweep_timer;
  std::vector<char> scratch = std::vector<char>(64 * 1024);  ///< every connection reads into it: idle ones hold no buffer
  std::unordered_set<std::shared_ptr<HttpConnection>> connections;
  std::vector<Future<void>> orphans;  ///< handlers whose connection is closed
  bool accepting = false;
  bool sweeping = false;
  std::uint16_t port = 0;
  std::atomic<bool> stopping{false};
  std::atomic<std::size_t> connection_count{0};
};

/// One client. Requests are read on the loop's thread, one at a time; answers are written to the socket by the fiber that makes
/// them for as long as the kernel takes them, and by the loop when it does not.
class HttpConnection : public std::enable_shared_from_this<HttpConnection> {
 public:
  using Clock = std::chrono::steady_clock;

  HttpConnection(std::shared_ptr<HttpServer::State> server, boost::asio::ip::tcp::socket socket);

  // On the loop's thread.
  void start();
  void close();
  bool idle() const noexcept { return phase_ == Phase::kIdle; }
  Clock::time_point idle_since() const noexcept { return idle_since_; }
  void check_time(Clock::time_point now);

  // For the exchange, on any thread.
  const HttpServer::State& server() const noexcept { return *server_; }
  /// Sends or queues; `body` is kept, not copied.
  void put(std::string head, std::shared_ptr<const std::string> body);
  /// Sends or queues the pieces, which are copied only when the kernel does not take them.
  void put(const std::array<std::string_view, 3>& pieces);
  /// Waits until less than the limit is queued. False when the client is gone.
  bool wait_for_room();
  void close_after_answer() noexcept { close_after_answer_ = true; }

 private:
  enum class Phase { kIdle, kReading, kHandling, kLingering, kClosed };

  struct Piece {
    std::string text;
    std::shared_ptr<const std::string> shared;
    std::size_t sent = 0;

    std::string_view rest() const { return std::string_view(shared ? *shared : text).substr(sent); }
  };

  void wait_readable();
  void on_readable();
  void receive(std::string_view bytes);
  std::size_t parse(std::string_view bytes);
  void reject(int status, std::string text);
  void dispatch();
  void handle(std::uint64_t number, HttpRequest request);
  void on_handled(bool complete);
  /// The fiber of the request was cancelled before it began, or found no stack.
  void on_never_handled();
  void proceed();
  void linger();
  void on_peer_gone(bool half_closed);

  // With the mutex held.
  std::size_t write_some(const std::array<std::string_view, 3>& pieces);
  void queue(Piece piece);
  void flush();
  void break_off();

  void wait_writable();

  const std::shared_ptr<HttpServer::State> server_;
  boost::asio::ip::tcp::socket socket_;

  // The loop's own.
  Phase phase_ = Phase::kIdle;
  bool waits_readable_ = false;
  bool half_closed_ = false;
  bool handled_ = false;
  bool complete_ = true;
  bool continue_sent_ = false;
  Clock::time_point deadline_ = Clock::time_point::max();
  Clock::time_point idle_since_ = Clock::now();
  std::optional<RequestParser> parser_;
  std::string input_;  ///< received and not parsed yet
  Future<void> task_;
  std::uint64_t dispatched_ = 0;         ///< requests
  std::atomic<std::uint64_t> begun_{0};  ///< the number of the last one whose handling has begun
  std::atomic<bool> close_after_answer_{false};

  // Shared with the fiber that answers.
  std::mutex mutex_;
  WaitQueue room_;
  std::deque<Piece> pieces_;
  std::size_t queued_bytes_ = 0;
  bool broken_ = false;
  Clock::time_point last_progress_;
};

}  // namespace genkit::internal

#endif  // GENKIT_SRC_HTTP_HTTP_CONNECTION_H_
