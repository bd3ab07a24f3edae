#ifndef GENKIT_CORE_STREAM_H_
#define GENKIT_CORE_STREAM_H_

#include <cstddef>
#include <functional>
#include <iterator>
#include <memory>
#include <optional>
#include <utility>

#include <genkit/core/action.h>

namespace genkit {

namespace internal {

/// Work that runs beside its consumer and sends it chunks through a bounded queue.
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

  /// The next chunk, or an empty value at the end. Throws what the work threw, after all chunks that were sent before.
  Value next();
  /// Lets the work run to its end, dropping the chunks that are left, and returns its result; once. An error is thrown each time.
  Value finish();
  void cancel() noexcept;

 private:
  struct State;
  Value take_result();

  std::unique_ptr<State> state_;
};

}  // namespace internal

/// The chunks of a running action as a range, and its output at the end.
///
///     auto chunks = story.stream({.name = "A fox"});
///     for (const std::string& chunk : chunks) std::cout << chunk;
///     use(chunks.output());
///
/// The action runs beside the consumer and waits when it is too far ahead. Leaving the range early and destroying the stream
/// cancels the action and waits for its end. One thread or fiber at a time, except `cancel`, which any may call.
template <class Output, class ChunkType>
class [[nodiscard]] ActionStream {
 public:
  explicit ActionStream(internal::StreamCore::Producer producer, std::function<void()> on_end = {})
      : core_(std::make_unique<internal::StreamCore>(std::move(producer), std::move(on_end))) {}

  class Iterator {
   public:
    using iterator_category = std::input_iterator_tag;
    using value_type = ChunkType;
    using difference_type = std::ptrdiff_t;
    using pointer = const ChunkType*;
    using reference = const ChunkType&;

    Iterator() = default;
    const ChunkType& operator*() const { return *current_; }
    const ChunkType* operator->() const { return &*current_; }
    Iterator& operator++() {
      advance();
      return *this;
    }
    void operator++(int) { advance(); }
    friend bool operator==(const Iterator& a, const Iterator& b) { return a.core_ == b.core_; }

   private:
    friend class ActionStream;
    explicit Iterator(internal::StreamCore* core) : core_(core) { advance(); }
    void advance() {
      internal::Value value = core_->next();
      if (value.has_value()) {
        current_.emplace(value.template take<ChunkType>());
      } else {
        core_ = nullptr;
      }
    }

    internal::StreamCore* core_ = nullptr;
    std::optional<ChunkType> current_;
  };

  Iterator begin() { return Iterator(core_.get()); }
  Iterator end() { return Iterator(); }

  /// Waits for the action to end and returns its output; chunks that were not read are dropped. Once.
  Output output() {
    internal::Value value = core_->finish();
    if constexpr (!std::is_void_v<Output>) return value.template take<Output>();
  }
  /// Asks the action to stop; the range and `output` then end with CANCELLED.
  void cancel() noexcept { core_->cancel(); }

 private:
  std::unique_ptr<internal::StreamCore> core_;
};

}  // namespace genkit

#endif  // GENKIT_CORE_STREAM_H_
