#ifndef GENKIT_AI_RESPONSE_STREAM_H_
#define GENKIT_AI_RESPONSE_STREAM_H_

#include <concepts>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include <genkit/ai/output.h>
#include <genkit/ai/response.h>
#include <genkit/core/stream.h>

namespace genkit {

/// One change of a value that is still arriving, for programs that show it elsewhere. Applied in order, the changes make the
/// value.
struct OutputDelta {
  enum class Kind {
    kSet,    ///< `value` is now at `path`: a new member or item, or another value for one that was there
    kAppend  ///< the string at `path` goes on with the string `value`
  };
  Kind kind = Kind::kSet;
  std::string path = {};  ///< a JSON pointer; "" is the value itself
  Json value = {};
};

namespace internal {
class OutputStream;
}

/// A chunk in its stream: what the answer is so far. The text is parsed when somebody asks, and each byte once. What the members
/// give belongs to the stream and is valid until its next chunk.
class StreamedChunk : public Chunk {
 public:
  /// The text of this turn of the model, this chunk included.
  std::string_view accumulated_text() const;
  /// The text of this turn before this chunk.
  std::string_view previous_text() const;
  /// What has arrived of the value; null before it begins. Formats "array" and "jsonl": the items that this chunk completed.
  /// Without a form: the text of this chunk.
  const Json& output() const;
  /// The items of the array that this chunk completed, whatever the format; empty when the value is no array.
  const JsonArray& items() const;
  /// What changed in `output` since the chunk for which `deltas` was last called; formats "json" and "array".
  const std::vector<OutputDelta>& deltas() const;

 protected:
  friend class internal::OutputStream;
  internal::OutputStream* stream_ = nullptr;
};

namespace internal {

struct OutputForm;

/// What the reader of a stream knows of the answer.
class AnswerReader {
 public:
  virtual ~AnswerReader() = default;
  /// True when `response` holds a whole value of `form`, as its reader has seen in the chunks. By the code that sends them; false
  /// also while the reader is busy.
  virtual bool has_read(const OutputForm& form, const ModelResponse& response) = 0;
};

/// Work that generates for the reader of a stream.
using AnswerProducer = std::function<Value(const ChunkSink& sink, AnswerReader& reader)>;

/// The chunks of a generation, with a reader of the value in them.
class OutputStream {
 public:
  /// `type` (may be null) is that of the value in C++.
  OutputStream(AnswerProducer producer, std::shared_ptr<Registry> registry, OutputOptions output, const TypeInfo* type);
  ~OutputStream();
  OutputStream(const OutputStream&) = delete;
  OutputStream& operator=(const OutputStream&) = delete;

  /// Makes `chunk` the next one; false at the end.
  bool next(StreamedChunk& chunk);
  Response finish();
  void cancel() noexcept;

  std::string_view accumulated_text() const noexcept;
  std::string_view previous_text() const noexcept;
  const Json& output();
  const JsonArray& items();
  const std::vector<OutputDelta>& deltas();
  /// The value as an object of `type`; what has not come is default.
  const void* typed_output();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace internal

/// The chunks of an answer as a range, and the whole answer at the end.
///
///     auto stream = ai.generate_stream("Tell a story");
///     for (const genkit::Chunk& chunk : stream) std::cout << chunk.text();
///     genkit::Response response = stream.response();
///
/// The model runs beside the caller, up to 128 chunks ahead; one that is fast runs in turns with the caller, on its thread.
/// Leaving the range early and destroying the stream cancels it. One thread or fiber at a time, except `cancel`, which any may
/// call. A stream that was moved from throws FAILED_PRECONDITION.
class [[nodiscard]] ResponseStream {
 public:
  explicit ResponseStream(internal::AnswerProducer producer, std::shared_ptr<Registry> registry = nullptr,
                          OutputOptions output = {})
      : body_(std::make_unique<Body>(std::move(producer), std::move(registry), std::move(output))) {}

  auto begin() { return Iterator(&internal::not_moved_from(body_)); }
  auto end() { return Iterator(); }
  /// Waits for the end and returns the answer; chunks that were not read are dropped. Once.
  Response response() { return internal::not_moved_from(body_).stream.finish(); }
  /// The value of the answer; see `Response::output`. Once, instead of `response`.
  Json output() { return response().output(); }
  /// Asks the model to stop; the range and `response` then end with CANCELLED.
  void cancel() noexcept {
    if (body_) body_->stream.cancel();
  }

 private:
  struct Body {
    Body(internal::AnswerProducer producer, std::shared_ptr<Registry> registry, OutputOptions output)
        : stream(std::move(producer), std::move(registry), std::move(output), nullptr) {}
    bool next() { return stream.next(chunk); }

    internal::OutputStream stream;
    StreamedChunk chunk;
  };
  using Iterator = internal::ChunkIterator<Body, StreamedChunk>;

  std::unique_ptr<Body> body_;
};

/// A chunk of an answer that becomes a T.
template <class T>
class TypedChunk : public StreamedChunk {
 public:
  /// What has arrived of the answer as a T; the rest is as in a new T. Formats "array" and "jsonl": the items that this chunk
  /// completed.
  const T& output() const {
    if constexpr (std::is_same_v<T, Json>) {
      return StreamedChunk::output();
    } else {
      return *static_cast<const T*>(stream_->typed_output());
    }
  }
};

/// The chunks of an answer that becomes a T.
///
///     auto stream = ai.generate_stream<Recipe>("Pancakes");
///     for (const auto& chunk : stream) draw(chunk.output());
///     Recipe recipe = stream.output();
template <class T>
class [[nodiscard]] TypedResponseStream {
 public:
  explicit TypedResponseStream(internal::AnswerProducer producer, std::shared_ptr<Registry> registry = nullptr,
                               OutputOptions output = {})
      : body_(std::make_unique<Body>(std::move(producer), std::move(registry), std::move(output))) {}

  auto begin() { return Iterator(&internal::not_moved_from(body_)); }
  auto end() { return Iterator(); }
  /// Waits for the end and returns the answer; chunks that were not read are dropped. Once.
  TypedResponse<T> response() { return TypedResponse<T>(internal::not_moved_from(body_).stream.finish()); }
  /// The value of the answer; throws as `TypedResponse::output`. Once, instead of `response`.
  T output() { return response().output(); }
  /// For a T that is a vector: calls `function` with each item as soon as it is complete, and returns after the last.
  template <class F>
    requires requires { typename T::value_type; } && std::invocable<F&, typename T::value_type>
  void for_each_item(F function) {
    for (const auto& chunk : *this) {
      for (const Json& item : chunk.items()) function(from_json<typename T::value_type>(item));
    }
  }
  /// Asks the model to stop; the range and `response` then end with CANCELLED.
  void cancel() noexcept {
    if (body_) body_->stream.cancel();
  }

 private:
  struct Body {
    Body(internal::AnswerProducer producer, std::shared_ptr<Registry> registry, OutputOptions output)
        : stream(std::move(producer), std::move(registry), std::move(output), &internal::type_info<T>()) {}
    bool next() { return stream.next(chunk); }

    internal::OutputStream stream;
    TypedChunk<T> chunk;
  };
  using Iterator = internal::ChunkIterator<Body, TypedChunk<T>>;

  std::unique_ptr<Body> body_;
};

namespace internal {

template <>
inline constexpr bool kIsAnswer<ResponseStream> = true;
template <class T>
inline constexpr bool kIsAnswer<TypedResponseStream<T>> = true;

}  // namespace internal

}  // namespace genkit

#endif  // GENKIT_AI_RESPONSE_STREAM_H_
