#include "runtime/blocking_pool.h"

#include <chrono>
#include <string>
#include <utility>

#include <genkit/base/error.h>
#include <genkit/runtime/context.h>
#include <genkit/runtime/future.h>

#include "runtime/runtime.h"
#include "runtime/thread.h"
#include "runtime/thread_state.h"

namespace genkit::internal {
namespace {

constexpr std::chrono::seconds kIdle{10};

}  // namespace

BlockingPool::BlockingPool(const RuntimeOptions& options) noexcept
    : max_threads_(options.blocking_threads), max_waiting_(options.blocking_queue) {}

void BlockingPool::run(BlockingCall& call) {
  std::unique_lock lock(mutex_);
  enqueue(call);
  while (!call.done && call.ended.wait_or_cancelled(lock)) {
  }
  if (call.linked) {
    waiting_.erase(call);
    --waiting_count_;
    return;
  }
  while (!call.done) call.ended.wait_uncancellable(lock);
  lock.unlock();
  if (call.error != nullptr) std::rethrow_exception(std::move(call.error));
}

std::size_t BlockingPool::threads() noexcept {
  std::lock_guard lock(mutex_);
  return threads_;
}

void BlockingPool::enqueue(BlockingCall& call) {
  if (waiting_count_ >= idle_ && threads_ < max_threads_) {
    try {
      start_thread("genkit-blocking", [this] { serve(); });
      ++threads_;
      ++idle_;
    } catch (const Error&) {
      if (threads_ == 0) throw;
    }
  }
  if (waiting_count_ >= idle_ && waiting_count_ - idle_ >= max_waiting_) {
    throw Error(Status::kResourceExhausted, "genkit::blocking: all " + std::to_string(threads_) + " threads are busy and " +
                                                std::to_string(waiting_count_) +
                                                " calls wait; make fewer blocking calls at a time, or raise "
                                                "RuntimeOptions::blocking_threads or blocking_queue");
  }
  waiting_.push_back(call);
  ++waiting_count_;
  if (idle_ > 0) available_.notify_one();
}

// A thread counts as idle from its start, so that two calls in a row get two threads.
void BlockingPool::serve() noexcept {
  std::unique_lock lock(mutex_);
  for (;;) {
    if (!available_.wait_for(lock, kIdle, [this] { return !waiting_.empty(); })) break;
    BlockingCall& call = *waiting_.first();
    waiting_.erase(call);
    --waiting_count_;
    --idle_;
    lock.unlock();
    try {
      ScopedContext scope(ContextNode::make(std::move(call.context)));
      call.function(call.argument);
    } catch (...) {
      call.error = std::current_exception();
    }
    lock.lock();
    ++idle_;
    call.done = true;
    call.ended.notify_all();
  }
  --idle_;
  --threads_;
}

void run_blocking(void (*function)(void*), void* argument) {
  const Context context = Context::current();
  context.check();
  if (current_fiber() == nullptr) {
    function(argument);
  } else {
    BlockingCall call;
    call.function = function;
    call.argument = argument;
    call.context = ContextNode::of(context);
    Runtime::get().blocking().run(call);
  }
  context.check();
}

}  // namespace genkit::internal
