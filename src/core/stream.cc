#include <genkit/core/stream.h>

#include <atomic>
#include <deque>
#include <utility>

#include <genkit/runtime/future.h>

#include "runtime/lent_thread.h"

namespace genkit::internal {
namespace {

// Chunks that may wait for their reader: who has to be woken for them should find many.
constexpr std::size_t kCapacity = 128;

}  // namespace

struct StreamCore::State {
  void send(const ValueRef& chunk);
  Value join();

  // Shared with the producer's fiber. Declared before the future, whose destructor joins that fiber.
  LentThread thread;
  Channel<Value> channel{kCapacity};
  std::atomic<bool> began{false};
  std::atomic<bool> queued{false};  // a chunk went through the channel: those that follow do so too
  // The reader's, and the producer's while it runs on the reader's thread.
  ValueRef handed_over;        // the producer waits until it was read
  std::deque<Value> received;  // and not read yet
  Value current;
  bool done = false;
  std::exception_ptr failure;  // of the work, once it was taken from `work`
  Future<Value> work;
};

StreamCore::StreamCore(Producer producer, std::function<void()> on_end) : state_(std::make_unique<State>()) {
  auto work = [state = state_.get(), producer = std::move(producer)]() -> Value {
    state->began = true;
    const ChunkSink sink = [state](const ValueRef& chunk) { state->send(chunk); };
    try {
      Value result = producer(sink);
      state->channel.finish();
      return result;
    } catch (...) {
      state->channel.finish(std::current_exception());
      throw;
    }
  };
  auto task = std::make_unique<FunctionTask<Value, decltype(work)>>(std::move(work));
  state_->thread.start(*task);
  state_->work = Future<Value>(std::move(task));
  // Work that is cancelled early enough, or finds no stack, ends without having begun.
  state_->work.on_ready([channel = &state_->channel, on_end = std::move(on_end)] {
    channel->finish();
    if (on_end) on_end();
  });
}

StreamCore::~StreamCore() {
  state_->channel.close();
  state_->done = true;
  state_->work.cancel();
  while (state_->thread.run()) {
  }
}

ValueRef StreamCore::next() {
  State& state = *state_;
  if (state.done) return {};
  if (state.received.empty()) {
    while (state.thread.run()) {
      if (state.handed_over.type != nullptr) return std::exchange(state.handed_over, {});
      if (state.queued.load(std::memory_order_relaxed)) state.thread.give_away();
    }
    // All at once: then a producer that is fast is not woken for each.
    state.received = state.channel.receive_all();
  }
  if (!state.received.empty()) {
    state.current = std::move(state.received.front());
    state.received.pop_front();
    return {state.current.object(), state.current.type(), true};
  }
  state.done = true;
  if (!state.began) state.join();
  return {};
}

void StreamCore::release() noexcept {
  state_->thread.release();
}

Value StreamCore::finish() {
  if (state_->failure) std::rethrow_exception(state_->failure);
  if (!state_->work.valid()) {
    throw Error(Status::kFailedPrecondition, "the output of a stream was taken before: keep the value that output() returned");
  }
  state_->channel.close();
  state_->received.clear();
  state_->done = true;
  return state_->join();
}

void StreamCore::cancel() noexcept {
  state_->work.cancel();
}

bool StreamCore::is_waited_for() const noexcept {
  return state_->thread.running_task() != nullptr;
}

void StreamCore::State::send(const ValueRef& chunk) {
  Fiber* const producer = thread.running_task();
  if (producer != nullptr && !queued.load(std::memory_order_acquire)) {
    if (done) return;
    handed_over = chunk;
    return LentThread::hand_over(*producer);
  }
  queued.store(true, std::memory_order_release);
  if (channel.send(Value::take_from(chunk)) && producer != nullptr) LentThread::hand_over(*producer);
}

Value StreamCore::State::join() {
  while (thread.run()) {
  }
  try {
    return work.get();
  } catch (...) {
    failure = std::current_exception();
    throw;
  }
}

}  // namespace genkit::internal
