#ifndef GENKIT_AI_GENERATE_H_
#define GENKIT_AI_GENERATE_H_

#include <chrono>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include <genkit/ai/model.h>
#include <genkit/core/stream.h>

namespace genkit {

/// What `generate` answers: the model's response and the request that led to it.
class Response {
 public:
  explicit Response(ModelResponse response) : response_(std::move(response)) {}

  /// All text of the answer.
  std::string text() const { return response_.text(); }
  /// The model's reasoning, joined; empty when it gave none.
  std::string reasoning() const;
  /// The first media part of the answer.
  std::optional<Media> media() const;
  /// The answer as a message. Throws FAILED_PRECONDITION when there is none.
  const Message& message() const;
  /// The whole conversation, the answer included: `.messages` of the next turn.
  std::vector<Message> messages() const;
  FinishReason finish_reason() const noexcept { return response_.finish_reason; }
  /// Why the model stopped, in its own words; empty when it does not say.
  std::string finish_message() const { return response_.finish_message.value_or(""); }
  GenerationUsage usage() const { return response_.usage.value_or(GenerationUsage()); }
  /// As it went over the wire.
  const ModelResponse& raw() const noexcept { return response_; }

 private:
  ModelResponse response_;
};

struct GenerateOptions {
  /// Which model; the default of the Genkit object when empty.
  ModelReference model = {};
  /// How the model shall behave.
  Content system = {};
  /// The question: text, or a list of parts.
  Content prompt = {};
  /// What was said before: `response.messages()` of the last turn.
  std::vector<Message> messages = {};
  /// Options of the model, such as {"temperature", 0.2}. Merged over those of the model reference.
  Json config = {};
  /// Facts that the answer shall use.
  std::vector<Document> docs = {};
  /// Called with every chunk, in order, on the fiber that runs the model.
  std::function<void(const Chunk&)> on_chunk = {};
  /// How long the whole call may take; it then ends with DEADLINE_EXCEEDED.
  std::optional<std::chrono::nanoseconds> timeout = {};
  /// Who asks: `Context::current().user()` below. Null inherits.
  Json context = {};
  /// The name of the call in traces; "generate" when empty.
  std::string step_name = {};
};

/// The chunks of an answer as a range, and the whole answer at the end.
class [[nodiscard]] ResponseStream {
 public:
  explicit ResponseStream(internal::StreamCore::Producer producer) : stream_(std::move(producer)) {}

  auto begin() { return stream_.begin(); }
  auto end() { return stream_.end(); }
  /// Waits for the end and returns the answer; chunks that were not read are dropped. Once.
  Response response() { return Response(stream_.output()); }
  /// Asks the model to stop; the range and `response` then end with CANCELLED.
  void cancel() noexcept { stream_.cancel(); }

 private:
  ActionStream<ModelResponse, Chunk> stream_;
};

namespace internal {

/// Runs one generation (spec §3.4, §3.5). `sink` may be null.
ModelResponse generate(Registry& registry, const GenerateOptions& options, const ChunkSink* sink);
/// Makes the action `/util/generate`, through which tools run generations given as JSON.
Action generate_action();

}  // namespace internal

}  // namespace genkit

#endif  // GENKIT_AI_GENERATE_H_
