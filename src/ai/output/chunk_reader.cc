#include "ai/output/chunk_reader.h"

#include <algorithm>
#include <utility>

#include <genkit/core/registry.h>

#include "ai/output/output_reader.h"

namespace genkit::internal {
namespace {

bool has_form(const ModelResponse& response, const OutputForm& form) {
  if (!response.request || !response.request->output) return false;
  const OutputConfig& output = *response.request->output;
  return output.format == form.options.name && form.schema == (output.schema ? *output.schema : Json());
}

bool is_only_text(const ModelResponse& response, std::string_view text) {
  if (!response.message || response.text() != text) return false;
  const std::vector<Part>& parts = response.message->content;
  return std::all_of(parts.begin(), parts.end(), [](const Part& part) { return part.text || part.reasoning; });
}

}  // namespace

ChunkReader::ChunkReader(std::shared_ptr<Registry> registry, OutputOptions options, const TypeInfo* type)
    : registry_(std::move(registry)), options_(std::move(options)), type_(type) {
  if (type_ != nullptr) object_ = Value::make(*type_);
}

void ChunkReader::take(const Chunk& chunk) {
  if (std::exchange(are_lent_, false)) reader_->take_back(output_.get_array());
  is_read_ = has_output_ = has_items_ = has_typed_output_ = false;
  // Every turn of the model is an answer of its own; what tools say between them is none.
  const bool is_answer = chunk.role.value_or(Role::kModel) == Role::kModel;
  if (is_answer && turn_ != chunk.index) {
    turn_ = chunk.index;
    text_.clear();
    restart_value();
  }
  previous_size_ = text_.size();
  if (!is_answer) return;
  if (chunk.aggregated.value_or(false)) return replace(chunk.text());
  for (const Part& part : chunk.content) {
    if (part.text) text_ += *part.text;
  }
}

/// An aggregated chunk has all of the turn's text. Mostly that is what has come already, and perhaps a rest.
void ChunkReader::replace(std::string whole) {
  if (!whole.starts_with(text_)) {
    previous_size_ = 0;
    restart_value();
  }
  text_ = std::move(whole);
}

void ChunkReader::restart_value() {
  is_value_withdrawn_ |= records_ && reader_ != nullptr && reader_->value() != nullptr;
  reader_.reset();
  deltas_are_given_ = false;
}

void ChunkReader::read() {
  if (is_read_) return;
  if (form_ == nullptr) form_ = make_form(registry_.get(), options_.format, options_.schema);
  if (reader_ == nullptr) {
    const bool fills = form_->kind == FormatKind::kJson && type_ != nullptr;
    reader_ = std::make_shared<TurnReader>(*form_, fills ? type_ : nullptr, fills ? object_.object() : nullptr, records_);
    if (std::exchange(is_value_withdrawn_, false)) reader_->recorder()->replace_all(nullptr);
  }
  if (std::exchange(deltas_are_given_, false)) reader_->recorder()->clear();
  reader_->read(previous_text(), text_);
  is_read_ = true;
}

const Json& ChunkReader::output() {
  if (!has_output_) make_output();
  return *shown_;
}

void ChunkReader::make_output() {
  read();
  has_output_ = true;
  shown_ = &output_;
  switch (form_->kind) {
    case FormatKind::kText:
      output_ = added_text();
      break;
    case FormatKind::kJson:
      if (reader_->value() != nullptr) shown_ = reader_->value();
      break;
    case FormatKind::kArray:
    case FormatKind::kJsonl:
      if (!output_.is_array()) output_.emplace_array();
      // Callers copy what they keep, so they may have the items themselves until the next piece is read.
      if (is_value_shared_) {
        reader_->copy_new_items(output_.get_array());
      } else {
        reader_->lend_new_items(output_.get_array());
        are_lent_ = !output_.get_array().empty();
      }
      break;
    case FormatKind::kEnum:
      output_ = read_enum(text_, form_->schema);
      if (form_->validator == nullptr || !form_->validator->validate(output_)) output_ = nullptr;
      break;
    case FormatKind::kCustom:
      if (!form_->handler.parse_chunk) break;
      output_ = form_->handler.parse_chunk({.added = added_text(), .previous = previous_text(), .accumulated = text_});
      break;
  }
}

const void* ChunkReader::typed_output() {
  if (!has_typed_output_) make_typed_output();
  return object_.object();
}

void ChunkReader::make_typed_output() {
  read();
  has_typed_output_ = true;
  if (form_->kind == FormatKind::kJson) return;  // filled while it was read
  const Json& value = output();
  // Most chunks complete no item.
  const bool is_empty = value.is_array() && value.get_array().empty();
  if (std::exchange(object_is_empty_, is_empty) && is_empty) return;
  object_ = Value::make(*type_);
  std::vector<TypeIssue> ignored;
  // A text is shown as far as it has come, like every value that is not an array.
  type_->decode(form_->kind == FormatKind::kText ? Json(text_) : value, object_.object(), ignored);
}

const JsonArray& ChunkReader::items() {
  if (!has_items_) {
    read();
    if (!lends_items()) reader_->copy_new_items(items_);
    has_items_ = true;
  }
  return lends_items() ? output().get_array() : items_;
}

const std::vector<OutputDelta>& ChunkReader::deltas() {
  const bool is_first = !std::exchange(records_, true);
  if (is_first && reader_ != nullptr) {
    // Nobody recorded what was read before: read it again, once. Items that were shown stay where they are.
    reader_.reset();
    is_read_ = has_typed_output_ = false;
    if (!std::exchange(are_lent_, false)) has_output_ = has_items_ = false;
  }
  read();
  DeltaRecorder& recorder = *reader_->recorder();
  if (is_first && reader_->value() != nullptr) recorder.replace_all(*reader_->value());
  deltas_are_given_ = true;
  return recorder.deltas();
}

std::shared_ptr<const Json> ChunkReader::value_of(const ModelResponse& response) {
  if (reader_ == nullptr || !has_form(response, *form_)) return nullptr;
  const Json* value = whole_value(response);
  is_value_shared_ |= value != nullptr;
  return value != nullptr ? std::shared_ptr<const Json>(reader_, value) : nullptr;
}

bool ChunkReader::has_read(const OutputForm& form, const ModelResponse& response) {
  if (reader_ == nullptr || form.options.name != form_->options.name || form.schema != form_->schema) return false;
  return whole_value(response) != nullptr;
}

const Json* ChunkReader::whole_value(const ModelResponse& response) {
  if (!is_only_text(response, text_)) return nullptr;
  // The chunk keeps what it shows.
  if (std::exchange(are_lent_, false)) reader_->take_copies(output_.get_array());
  read();
  return reader_->whole_value();
}

}  // namespace genkit::internal
