#include <genkit/core/stream.h>

#include <genkit/runtime/future.h>

namespace genkit::internal {

struct StreamCore::State {
  // Shared with the producer's fiber. Declared before the future, whose destructor joins that fiber.
  Channel<Value> channel;
  Future<Value> work;
  bool done = false;
};

StreamCore::StreamCore(Producer producer) : state_(std::make_unique<State>()) {
  state_->work = async([channel = &state_->channel, producer = std::move(producer)]() -> Value {
    const ChunkSink sink = [channel](ValueRef chunk) { channel->send(Value::copy_of(chunk)); };
    try {
      Value result = producer(sink);
      channel->finish();
      return result;
    } catch (...) {
      channel->finish(std::current_exception());
      throw;
    }
  });
}

StreamCore::~StreamCore() {
  state_->channel.close();
  state_->work.cancel();
}

Value StreamCore::next() {
  if (state_->done) return {};
  auto chunk = state_->channel.receive();
  if (chunk) return std::move(*chunk);
  state_->done = true;
  return {};
}

Value StreamCore::finish() {
  if (!state_->work.valid()) {
    throw Error(Status::kFailedPrecondition, "the output of a stream was taken before: keep the value that output() returned");
  }
  state_->channel.close();
  state_->done = true;
  return state_->work.get();
}

void StreamCore::cancel() noexcept {
  state_->work.cancel();
}

}  // namespace genkit::internal
