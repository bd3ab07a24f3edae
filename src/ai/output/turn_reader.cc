#include "ai/output/turn_reader.h"

#include <utility>

namespace genkit::internal {

TurnReader::TurnReader(const OutputForm& form, const TypeInfo* type, void* object, bool records)
    : form_(form), extractor_(form.validator, type != nullptr || records ? this : nullptr) {
  if (type != nullptr) filler_.emplace(*type, object);
  if (records) recorder_.emplace();
  restart();
}

void TurnReader::read(std::string_view previous, std::string_view text) {
  if (are_lines()) {
    if (done_ < previous.size()) lines_.advance(previous);
    items_before_ = lines_.items().size();
    lines_.advance(text);
    items_ = &lines_.items();
    items_end_ = items_->size();
  } else if (form_.kind == FormatKind::kJson || form_.kind == FormatKind::kArray) {
    if (done_ < previous.size()) extractor_.advance(previous);
    items_before_ = extractor_.completed_items();
    const std::size_t begin = extractor_.begin_offset();
    extractor_.advance(text);
    if (extractor_.begin_offset() != begin) items_before_ = 0;  // another value
    Json* const value = extractor_.value();
    items_ = value != nullptr ? value->if_array() : nullptr;
    items_end_ = extractor_.completed_items();
  }
  done_ = text.size();
}

void TurnReader::copy_new_items(JsonArray& items) const {
  items.clear();
  for (std::size_t i = items_before_; items_ != nullptr && i < items_end_; ++i) items.push_back((*items_)[i]);
}

void TurnReader::lend_new_items(JsonArray& items) {
  if (!items.empty()) items.clear();
  if (items_ == nullptr || items_end_ <= items_before_) return;
  if (recorder_) recorder_->deltas();  // which may need the whole value
  items.reserve(items_end_ - items_before_);
  for (std::size_t i = items_before_; i < items_end_; ++i) items.push_back(std::move((*items_)[i]));
}

void TurnReader::take_back(JsonArray& items) {
  for (std::size_t i = 0; i < items.size(); ++i) (*items_)[items_before_ + i] = std::move(items[i]);
  items.clear();
}

void TurnReader::take_copies(const JsonArray& items) {
  for (std::size_t i = 0; i < items.size(); ++i) (*items_)[items_before_ + i] = items[i];
}

const Json* TurnReader::whole_value() const {
  if (!are_lines()) return extractor_.found() ? extractor_.value() : nullptr;
  const bool are_whole = !lines_.failure() && !lines_.open_offset();
  const bool fit = are_whole && (form_.validator == nullptr || form_.validator->validate(lines_.value()));
  return fit ? &lines_.value() : nullptr;
}

void TurnReader::restart() {
  if (filler_) filler_->restart();
  if (recorder_) recorder_->restart();
}

void TurnReader::begin(const Step& step, const Json& value, std::size_t offset) {
  if (filler_) filler_->begin(step, value, offset);
  if (recorder_) recorder_->begin(step, value, offset);
}

void TurnReader::grow(const Json& value, std::string_view added, std::size_t offset) {
  if (filler_) filler_->grow(value, added, offset);
  if (recorder_) recorder_->grow(value, added, offset);
}

void TurnReader::change(const Json& value) {
  if (filler_) filler_->change(value);
  if (recorder_) recorder_->change(value);
}

void TurnReader::end(const Json& value, std::size_t offset) {
  if (filler_) filler_->end(value, offset);
  if (recorder_) recorder_->end(value, offset);
}

}  // namespace genkit::internal
