#include <genkit/ai/response_stream.h>

#include <optional>

#include <genkit/core/registry.h>

#include "ai/output/delta_recorder.h"
#include "ai/output/format_set.h"
#include "ai/output/json_extractor.h"
#include "ai/output/json_lines.h"
#include "ai/output/output_reader.h"
#include "schema/value_filler.h"

namespace genkit {
namespace internal {
namespace {

/// Reads the value of one turn from its text, as far as it is there.
class TurnReader final : public JsonListener {
 public:
  /// `object` is a default-constructed one of `type`, or both are null.
  TurnReader(const OutputForm& form, const TypeInfo* type, void* object, bool records)
      : form_(form), extractor_(form.validator, this) {
    if (type != nullptr) filler_.emplace(*type, object);
    if (records) recorder_.emplace();
    restart();
  }

  /// `previous` and `text` are the text of the turn without and with the current chunk.
  void read(std::string_view previous, std::string_view text) {
    if (form_.kind == FormatKind::kJsonl) {
      if (done_ < previous.size()) lines_.advance(previous);
      items_before_ = lines_.items().size();
      lines_.advance(text);
    } else if (form_.kind == FormatKind::kJson || form_.kind == FormatKind::kArray) {
      if (done_ < previous.size()) extractor_.advance(previous);
      items_before_ = extractor_.completed_items();
      extractor_.advance(text);
    }
    done_ = text.size();
  }

  const Json* value() const noexcept { return extractor_.value(); }
  DeltaRecorder* recorder() noexcept { return recorder_ ? &*recorder_ : nullptr; }

  /// The items that the last piece of text completed.
  JsonArray new_items() {
    JsonArray items;
    const bool are_lines = form_.kind == FormatKind::kJsonl;
    const JsonArray* all = are_lines ? &lines_.items() : value() != nullptr ? value()->if_array() : nullptr;
    if (all == nullptr) return items;
    const std::size_t end = are_lines ? all->size() : extractor_.completed_items();
    for (std::size_t i = items_before_; i < end; ++i) items.push_back((*all)[i]);
    return items;
  }

 private:
  void restart() override {
    if (filler_) filler_->restart();
    if (recorder_) recorder_->restart();
  }
  void begin(const Step& step, const Json& value, std::size_t offset) override {
    if (filler_) filler_->begin(step, value, offset);
    if (recorder_) recorder_->begin(step, value, offset);
  }
  void grow(const Json& value, std::string_view added, std::size_t offset) override {
    if (filler_) filler_->grow(value, added, offset);
    if (recorder_) recorder_->grow(value, added, offset);
  }
  void change(const Json& value) override {
    if (filler_) filler_->change(value);
    if (recorder_) recorder_->change(value);
  }
  void end(const Json& value, std::size_t offset) override {
    if (filler_) filler_->end(value, offset);
    if (recorder_) recorder_->end(value, offset);
  }

  const OutputForm& form_;
  std::optional<ValueFiller> filler_;
  std::optional<DeltaRecorder> recorder_;
  JsonExtractor extractor_;
  JsonLines lines_;
  std::size_t done_ = 0;
  std::size_t items_before_ = 0;
};

}  // namespace

struct OutputStream::State {
  State(StreamCore::Producer producer, std::shared_ptr<Registry> its_registry, OutputOptions its_output, const TypeInfo* its_type)
      : registry(std::move(its_registry)), options(std::move(its_output)), type(its_type), core(std::move(producer)) {
    if (type != nullptr) object = Value::make(*type);
  }

  void take(const Chunk& chunk);
  void replace(std::string whole);
  void read();
  void make_output();
  void make_typed_output();
  std::string_view previous_text() const { return std::string_view(text).substr(0, previous_size); }
  std::string_view added_text() const { return std::string_view(text).substr(previous_size); }

  const std::shared_ptr<Registry> registry;
  const OutputOptions options;
  const TypeInfo* const type;

  std::string text;  ///< of this turn
  std::size_t previous_size = 0;
  std::optional<std::int64_t> turn;  ///< the index of its message

  std::shared_ptr<const OutputForm> form;  ///< made when it is needed
  std::unique_ptr<TurnReader> reader;
  Value object;  ///< of `type`
  bool records = false;
  bool deltas_are_given = false;  ///< the caller has seen what was recorded
  bool is_read = false;           ///< the reader has seen the current chunk
  bool has_output = false;
  bool has_items = false;
  bool has_typed_output = false;
  Json output;  ///< of formats whose value does not grow in place
  const Json* shown = nullptr;
  JsonArray items;

  StreamCore core;  // last: its destructor joins the producer
};

OutputStream::OutputStream(StreamCore::Producer producer, std::shared_ptr<Registry> registry, OutputOptions output,
                           const TypeInfo* type)
    : state_(std::make_unique<State>(std::move(producer), std::move(registry), std::move(output), type)) {}

OutputStream::~OutputStream() = default;

bool OutputStream::next(StreamedChunk& chunk) {
  Value value = state_->core.next();
  if (!value.has_value()) return false;
  static_cast<Chunk&>(chunk) = value.take<Chunk>();
  chunk.stream_ = this;
  state_->take(chunk);
  return true;
}

Response OutputStream::finish() {
  return Response(state_->core.finish().take<ModelResponse>(), state_->registry);
}

void OutputStream::cancel() noexcept {
  state_->core.cancel();
}

void OutputStream::State::take(const Chunk& chunk) {
  is_read = has_output = has_items = has_typed_output = false;
  // Every turn of the model is an answer of its own; what tools say between them is none.
  const bool is_answer = chunk.role.value_or(Role::kModel) == Role::kModel;
  if (is_answer && turn != chunk.index) {
    turn = chunk.index;
    text.clear();
    reader.reset();
    deltas_are_given = false;
  }
  previous_size = text.size();
  if (!is_answer) return;
  if (chunk.aggregated.value_or(false)) return replace(chunk.text());
  for (const Part& part : chunk.content) {
    if (part.text) text += *part.text;
  }
}

/// An aggregated chunk has all of the turn's text. Mostly that is what has come already, and perhaps a rest.
void OutputStream::State::replace(std::string whole) {
  if (!whole.starts_with(text)) {
    previous_size = 0;
    reader.reset();
    deltas_are_given = false;
  }
  text = std::move(whole);
}

void OutputStream::State::read() {
  if (is_read) return;
  if (form == nullptr) form = make_form(registry.get(), options.format, options.schema);
  if (reader == nullptr) {
    const bool fills = form->kind == FormatKind::kJson && type != nullptr;
    reader = std::make_unique<TurnReader>(*form, fills ? type : nullptr, fills ? object.object() : nullptr, records);
  }
  if (std::exchange(deltas_are_given, false)) reader->recorder()->clear();
  reader->read(previous_text(), text);
  is_read = true;
}

void OutputStream::State::make_output() {
  if (has_output) return;
  read();
  has_output = true;
  shown = &output;
  output = nullptr;
  switch (form->kind) {
    case FormatKind::kText:
      output = added_text();
      break;
    case FormatKind::kJson:
      if (reader->value() != nullptr) shown = reader->value();
      break;
    case FormatKind::kArray:
    case FormatKind::kJsonl:
      output = reader->new_items();
      break;
    case FormatKind::kEnum: {
      Json value(read_enum(text, form->schema));
      if (form->validator != nullptr && form->validator->validate(value)) output = std::move(value);
      break;
    }
    case FormatKind::kCustom:
      if (!form->handler.parse_chunk) break;
      output = form->handler.parse_chunk({.added = added_text(), .previous = previous_text(), .accumulated = text});
      break;
  }
}

void OutputStream::State::make_typed_output() {
  if (has_typed_output) return;
  read();
  has_typed_output = true;
  if (form->kind == FormatKind::kJson) return;  // filled while it was read
  make_output();
  object = Value::make(*type);
  std::vector<TypeIssue> ignored;
  // A text is shown as far as it has come, like every value that is not an array.
  type->decode(form->kind == FormatKind::kText ? Json(text) : *shown, object.object(), ignored);
}

std::string_view OutputStream::accumulated_text() const noexcept {
  return state_->text;
}

std::string_view OutputStream::previous_text() const noexcept {
  return state_->previous_text();
}

const Json& OutputStream::output() {
  state_->make_output();
  return *state_->shown;
}

const JsonArray& OutputStream::items() {
  if (!state_->has_items) {
    state_->read();
    state_->items = state_->reader->new_items();
    state_->has_items = true;
  }
  return state_->items;
}

const std::vector<OutputDelta>& OutputStream::deltas() {
  State& state = *state_;
  const bool is_first = !std::exchange(state.records, true);
  if (is_first && state.reader != nullptr) {
    // Nobody recorded what was read before: read it again, once.
    state.reader.reset();
    state.is_read = state.has_output = state.has_items = state.has_typed_output = false;
  }
  state.read();
  DeltaRecorder& recorder = *state.reader->recorder();
  if (is_first && state.reader->value() != nullptr) recorder.replace_all(*state.reader->value());
  state.deltas_are_given = true;
  return recorder.deltas();
}

const void* OutputStream::typed_output() {
  state_->make_typed_output();
  return state_->object.object();
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
