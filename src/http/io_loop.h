#ifndef GENKIT_SRC_HTTP_IO_LOOP_H_
#define GENKIT_SRC_HTTP_IO_LOOP_H_

#include <chrono>
#include <functional>
#include <memory>

namespace boost::asio {
class io_context;
}

namespace genkit::internal {

/// One thread that waits for sockets and timers on behalf of everybody. It starts with the first piece of work and blocks all
/// signals, so that a program's signal handlers run on threads of its own. What runs on it must be quick and must not wait.
class IoLoop {
 public:
  IoLoop();
  /// Stops the thread; work that has not run is dropped. Never from the loop's own thread.
  ~IoLoop();
  IoLoop(const IoLoop&) = delete;
  IoLoop& operator=(const IoLoop&) = delete;

  void post(std::function<void()> work);
  void post_after(std::chrono::nanoseconds delay, std::function<void()> work);
  /// Runs `work` on the loop's thread and returns when it is done.
  void run(const std::function<void()>& work);

  boost::asio::io_context& context() noexcept;

 private:
  void start();

  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace genkit::internal

#endif  // GENKIT_SRC_HTTP_IO_LOOP_H_
