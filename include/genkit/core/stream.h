#ifndef GENKIT_CORE_STREAM_H_
#define GENKIT_CORE_STREAM_H_

#include <cstddef>
#include <functional>
#include <iterator>
#include <memory>
#include <utility>

#include <genkit/core/action.h>

namespace genkit {

namespace internal {

/// Work that sends its consumer chunks through a bounded queue; when it is fast, on the consumer's thread without one.
class StreamCore {
 public:
  /// What runs: it gets the place to send chunks to.
  using Producer = std::function<Value(const ChunkSink& sink)>;

  /// Calls `on_end` once the work has ended, also when it was cancelled before it could begin.
  explicit StreamCore(Producer producer, std::function<void()> on_end = {});
  /// Cancels the work and waits for it to end.
  ~StreamCore();
  StreamCore(const StreamCore&) = delete;
  StreamCore& operator=(const StreamCore&) = delete;

  /// The next chunk, to be moved from before `release`; without type at the end. Throws what the work threw, after all chunks
  /// that were sent before.
  ValueRef next();
  /// Lets the work go on after a chunk.
  void release() noexcept;
  /// Reads the next chunk into `chunk`; false at the end.
  template <class T>
  bool next(T& chunk) {
    const ValueRef ref = next();
    if (ref.type == nullptr) return false;
    const struct Releases {
      StreamCore& core;
      ~Releases() { core.release(); }
    } releases{*this};
    take_into(ref, chunk);
    return true;
  }
  /// Lets the work run to its end, dropping the chunks that are left, and returns its result; once. An error is thrown each time.
  Value finish();
  void cancel() noexcept;
  /// By the work: true when its consumer waits for it on this very thread. What the consumer uses otherwise is the work's for
  /// now.
  bool is_waited_for() const noexcept;

 private:
  struct State;

  std::unique_ptr<State> state_;
};

/// What a stream holds. Throws FAILED_PRECONDITION for one that was moved from.
template <class Body>
Body& not_moved_from(const std::unique_ptr<Body>& body) {
  if (body) return *body;
  throw Error(Status::kFailedPrecondition, "the stream is empty: it was moved from; use the one that it was moved to");
}

/// An input iterator over a stream: `Body` has `next`, which is false at the end, and the current `chunk`.
template <class Body, class ChunkType>
class ChunkIterator {
 public:
  using iterator_category = std::input_iterator_tag;
  using value_type = ChunkType;
  using difference_type = std::ptrdiff_t;
  using pointer = const ChunkType*;
  using reference = const ChunkType&;

  ChunkIterator() = default;
  explicit ChunkIterator(Body* body) : body_(body) { ++*this; }
  const ChunkType& operator*() const { return body_->chunk; }
  const ChunkType* operator->() const { return &body_->chunk; }
  ChunkIterator& operator++() {
    if (!body_->next()) body_ = nullptr;
    return *this;
  }
  void operator++(int) { ++*this; }
  friend bool operator==(const ChunkIterator& a, const ChunkIterator& b) { return a.body_ == b.body_; }

 private:
  Body* body_ = nullptr;
};

}  // namespace internal

/// The chunks of a running action as a range, and its output at the end.
///
///     auto chunks = story.stream({.name = "A fox"});
///     for (const std::string& chunk : chunks) std::cout << chunk;
///     use(chunks.output());
///
/// The action runs beside the consumer, up to 128 chunks ahead; one that is fast runs in turns with the consumer, on its thread.
/// Leaving the range early and destroying the stream cancels the action and waits for its end. One thread or fiber at a time,
/// except `cancel`, which any may call. A stream that was moved from throws FAILED_PRECONDITION.
template <class Output, class ChunkType>
class [[nodiscard]] ActionStream {
 public:
  explicit ActionStream(internal::StreamCore::Producer producer, std::function<void()> on_end = {})
      : body_(std::make_unique<Body>(std::move(producer), std::move(on_end))) {}

  auto begin() { return Iterator(&internal::not_moved_from(body_)); }
  auto end() { return Iterator(); }

  /// Waits for the action to end and returns its output; chunks that were not read are dropped. Once.
  Output output() {
    internal::Value value = internal::not_moved_from(body_).core.finish();
    if constexpr (!std::is_void_v<Output>) return value.template take<Output>();
  }
  /// Asks the action to stop; the range and `output` then end with CANCELLED.
  void cancel() noexcept {
    if (body_) body_->core.cancel();
  }

 private:
  struct Body {
    Body(internal::StreamCore::Producer producer, std::function<void()> on_end) : core(std::move(producer), std::move(on_end)) {}
    bool next() { return core.next(chunk); }

    internal::StreamCore core;
    ChunkType chunk = {};
  };
  using Iterator = internal::ChunkIterator<Body, ChunkType>;

  std::unique_ptr<Body> body_;
};

}  // namespace genkit

#endif  // GENKIT_CORE_STREAM_H_
