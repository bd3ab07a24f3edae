#include <genkit/core/stream.h>

#include <atomic>
#include <chrono>
#include <deque>
#include <utility>

#include <genkit/runtime/future.h>

#include "runtime/lent_thread.h"
#include "runtime/thread_state.h"

namespace genkit::internal {
namespace {

// Chunks that may wait for their reader: who has to be woken for them should find many.
constexpr std::size_t kCapacity = 128;

// A producer that sends so many chunks in this time moves to its reader's thread: the chunks cost less than their way there.
constexpr unsigned kFastChunks = 16;
constexpr std::chrono::microseconds kFastTime{200};

}  // namespace

struct StreamCore::State final : LentThread {
  void send(const ValueRef& chunk);
  void send_from_elsewhere(const ValueRef& chunk);
  bool counts_as_fast();
  void arrive(Fiber& task) noexcept override {
    channel.poke([&] {
      ++moves;
      offer(task);
    });
  }
  ValueRef next();
  Value join();

  // Shared with the producer's fiber. Declared before the future, whose destructor joins that fiber.
  Channel<Value> channel{kCapacity};
  std::atomic<bool> began{false};
  std::atomic<bool> is_shared{false};   // others send chunks too: all go through the channel
  std::atomic<bool> is_lending{false};  // the reader's thread runs the producer, so it reads nothing
  // The producer's.
  Fiber* producer = nullptr;  // null where every task has its thread
  unsigned sent = 0;
  unsigned moves = 0;  // to the reader's thread
  std::chrono::steady_clock::time_point sent_since;
  // The reader's, and the producer's while that runs on the reader's thread.
  ValueRef handed_over;        // the producer waits until it was read
  std::deque<Value> received;  // and not read yet
  Value current;
  unsigned drained_moves = 0;  // for so many moves, what was sent before was read
  bool done = false;
  std::exception_ptr failure;  // of the work, once it was taken from `work`
  Future<Value> work;
};

StreamCore::StreamCore(Producer producer, std::function<void()> on_end) : state_(std::make_unique<State>()) {
  state_->work = async([state = state_.get(), producer = std::move(producer)]() -> Value {
    state->producer = current_fiber();
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
  state_->give_away();
}

ValueRef StreamCore::next() {
  if (state_->done) return {};
  if (const ValueRef chunk = state_->next(); chunk.type != nullptr) return chunk;
  state_->done = true;
  if (!state_->began) state_->join();
  return {};
}

void StreamCore::release() noexcept {
  state_->release();
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
  return state_->is_running();
}

// Without type at the end.
ValueRef StreamCore::State::next() {
  while (received.empty()) {
    if (!take()) {
      // All at once: then a producer that is fast is not woken for each.
      if (!channel.receive_all(received)) return {};
    } else if (std::exchange(drained_moves, moves) != moves) {
      channel.try_receive_all(received);
    } else if (is_shared.load(std::memory_order_relaxed)) {
      give_away();
    } else {
      is_lending.store(true, std::memory_order_relaxed);
      run();
      is_lending.store(false, std::memory_order_relaxed);
      if (handed_over.type != nullptr) return std::exchange(handed_over, {});
    }
  }
  current = std::move(received.front());
  received.pop_front();
  return {current.object(), current.type(), true};
}

Value StreamCore::State::join() {
  give_away();
  try {
    return work.get();
  } catch (...) {
    failure = std::current_exception();
    throw;
  }
}

void StreamCore::State::send(const ValueRef& chunk) {
  Fiber* const fiber = current_fiber();
  if (fiber != producer) return send_from_elsewhere(chunk);
  if (is_running() && !is_shared.load(std::memory_order_acquire)) {
    handed_over = chunk;
    return hand_over(*fiber);
  }
  if (!channel.send(Value::take_from(chunk)) || fiber == nullptr) return;
  if (is_running()) return hand_over(*fiber);
  if (counts_as_fast() && can_move() && !is_shared.load(std::memory_order_acquire)) move_here(*fiber);
}

void StreamCore::State::send_from_elsewhere(const ValueRef& chunk) {
  is_shared.store(true, std::memory_order_release);
  if (!channel.send(Value::take_from(chunk), is_lending)) return;
  // Above the reader on the same stack: it sees the chunk when this has left.
  if (thread_state().lent != nullptr) yield();
}

/// Counts a chunk; true after so many quick ones.
bool StreamCore::State::counts_as_fast() {
  if (++sent == 1) sent_since = std::chrono::steady_clock::now();
  if (sent < kFastChunks) return false;
  sent = 0;
  return std::chrono::steady_clock::now() - sent_since <= kFastTime;
}

}  // namespace genkit::internal
