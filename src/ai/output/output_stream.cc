#include <genkit/ai/response_stream.h>

#include <utility>

#include "ai/output/chunk_reader.h"

namespace genkit {
namespace internal {

struct OutputStream::State final : AnswerReader {
  State(AnswerProducer producer, std::shared_ptr<Registry> its_registry, OutputOptions output, const TypeInfo* type)
      : registry(std::move(its_registry)),
        reader(registry, std::move(output), type),
        core([this, producer = std::move(producer)](const ChunkSink& sink) { return producer(sink, *this); }) {}

  bool has_read(const OutputForm& form, const ModelResponse& response) override {
    return core.is_waited_for() && reader.has_read(form, response);
  }

  const std::shared_ptr<Registry> registry;
  ChunkReader reader;
  StreamCore core;  // last: its destructor joins the producer
};

OutputStream::OutputStream(AnswerProducer producer, std::shared_ptr<Registry> registry, OutputOptions output,
                           const TypeInfo* type)
    : state_(std::make_unique<State>(std::move(producer), std::move(registry), std::move(output), type)) {}

OutputStream::~OutputStream() = default;

bool OutputStream::next(StreamedChunk& chunk) {
  if (!state_->core.next(static_cast<Chunk&>(chunk))) return false;
  chunk.stream_ = this;
  state_->reader.take(chunk);
  return true;
}

Response OutputStream::finish() {
  auto response = state_->core.finish().take<ModelResponse>();
  std::shared_ptr<const Json> value = state_->reader.value_of(response);
  return Response(std::move(response), state_->registry, std::move(value));
}

void OutputStream::cancel() noexcept {
  state_->core.cancel();
}

std::string_view OutputStream::accumulated_text() const noexcept {
  return state_->reader.text();
}

std::string_view OutputStream::previous_text() const noexcept {
  return state_->reader.previous_text();
}

const Json& OutputStream::output() {
  return state_->reader.output();
}

const JsonArray& OutputStream::items() {
  return state_->reader.items();
}

const std::vector<OutputDelta>& OutputStream::deltas() {
  return state_->reader.deltas();
}

const void* OutputStream::typed_output() {
  return state_->reader.typed_output();
}

}  // namespace internal

std::string_view StreamedChunk::accumulated_text() const {
  return stream_->accumulated_text();
}
std::string_view StreamedChunk::previous_text() const {
  return stream_->previous_text();
}
const Json& StreamedChunk::output() const {
  return stream_->output();
}
const JsonArray& StreamedChunk::items() const {
  return stream_->items();
}
const std::vector<OutputDelta>& StreamedChunk::deltas() const {
  return stream_->deltas();
}

}  // namespace genkit
