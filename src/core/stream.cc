#include <genkit/core/stream.h>

#include <atomic>
#include <deque>

#include <genkit/runtime/future.h>

namespace genkit::internal {

struct StreamCore::State {
  // Shared with the producer's fiber. Declared before the future, whose destructor joins that fiber.
  Channel<Value> channel{128};
  std::atomic<bool> began{false};
  Future<Value> work;
  std::deque<Value> received;  // and not read yet
  bool done = false;
  std::exception_ptr failure;  // of the work, once it was taken from `work`
};

StreamCore::StreamCore(Producer producer, std::function<void()> on_end) : state_(std::make_unique<State>()) {
  state_->work = async([state = state_.get(), producer = std::move(producer)]() -> Value {
    state->began = true;
    const ChunkSink sink = [state](ValueRef chunk) { state->channel.send(Value::take_from(chunk)); };
    try {
      Value result = producer(sink);
      state->channel.finish();
      return result;
    } catch (...) {
      state->channel.finish(std::current_exception());
      throw;
    }
  });
  // Work that is cancelled early enough, or finds no stack, ends without having begun.
  state_->work.on_ready([channel = &state_->channel, on_end = std::move(on_end)] {
    channel->finish();
    if (on_end) on_end();
  });
}

StreamCore::~StreamCore() {
  state_->channel.close();
  state_->work.cancel();
}

Value StreamCore::next() {
  std::deque<Value>& received = state_->received;
  if (state_->done) return {};
  // All at once: then a producer that is fast is not woken for each.
  if (received.empty()) received = state_->channel.receive_all();
  if (!received.empty()) {
    Value chunk = std::move(received.front());
    received.pop_front();
    return chunk;
  }
  state_->done = true;
  return state_->began ? Value() : take_result();
}

Value StreamCore::finish() {
  if (state_->failure) std::rethrow_exception(state_->failure);
  if (!state_->work.valid()) {
    throw Error(Status::kFailedPrecondition, "the output of a stream was taken before: keep the value that output() returned");
  }
  state_->channel.close();
  state_->received.clear();
  state_->done = true;
  return take_result();
}

Value StreamCore::take_result() {
  try {
    return state_->work.get();
  } catch (...) {
    state_->failure = std::current_exception();
    throw;
  }
}

void StreamCore::cancel() noexcept {
  state_->work.cancel();
}

}  // namespace genkit::internal
