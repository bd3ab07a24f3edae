#include "http/io_loop.h"

#include <csignal>
#include <future>
#include <mutex>
#include <thread>
#include <utility>

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>

namespace genkit::internal {

namespace asio = boost::asio;

struct IoLoop::State {
  // One thread runs the context, many post to it: the hint spares locks only when nobody else posts, so it is not given.
  asio::io_context context;
  asio::executor_work_guard<asio::io_context::executor_type> guard{context.get_executor()};
  std::once_flag started;
  std::thread thread;
};

IoLoop::IoLoop() : state_(std::make_unique<State>()) {}

IoLoop::~IoLoop() {
  state_->context.stop();
  if (state_->thread.joinable()) state_->thread.join();
}

void IoLoop::start() {
  std::call_once(state_->started, [this] {
#ifndef _WIN32
    sigset_t all, previous;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &previous);
#endif
    state_->thread = std::thread([state = state_.get()] { state->context.run(); });
#ifndef _WIN32
    pthread_sigmask(SIG_SETMASK, &previous, nullptr);
#endif
  });
}

void IoLoop::post(std::function<void()> work) {
  asio::post(state_->context, std::move(work));
  start();
}

void IoLoop::post_after(std::chrono::nanoseconds delay, std::function<void()> work) {
  auto timer = std::make_shared<asio::steady_timer>(state_->context,
                                                    std::chrono::duration_cast<std::chrono::steady_clock::duration>(delay));
  timer->async_wait([timer, work = std::move(work)](const boost::system::error_code& error) {
    if (!error) work();
  });
  start();
}

void IoLoop::run(const std::function<void()>& work) {
  if (state_->thread.get_id() == std::this_thread::get_id()) return work();
  std::promise<void> done;
  post([&] {
    work();
    done.set_value();
  });
  done.get_future().wait();
}

asio::io_context& IoLoop::context() noexcept {
  return state_->context;
}

}  // namespace genkit::internal
