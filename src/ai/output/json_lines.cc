#include "ai/output/json_lines.h"

#include <algorithm>
#include <utility>

namespace genkit::internal {

void JsonLines::AsItems::begin(const Step& step, const Json& value, std::size_t offset) {
  if (!std::exchange(has_begun_, true)) to_->begin({}, array_, offset);
  if (step.kind != Step::Kind::kRoot) return to_->begin(step, value, offset);
  to_->begin({.kind = Step::Kind::kItem, .index = index_++}, value, offset);
}

std::optional<std::size_t> JsonLines::open_offset() const noexcept {
  return mode_ == Mode::kObject ? std::optional(begin_) : std::nullopt;
}

void JsonLines::advance(std::string_view text) {
  while (at_ < text.size()) {
    switch (mode_) {
      case Mode::kLineStart:
        if (text[at_] == '{') {
          begin_ = at_;
          stream_.restart(at_);
          mode_ = Mode::kObject;
        } else if (text[at_] == ' ' || (text[at_] >= '\t' && text[at_] <= '\r')) {
          ++at_;
        } else {
          mode_ = Mode::kRestOfLine;
        }
        break;
      case Mode::kObject:
        read_object(text);
        break;
      case Mode::kRestOfLine:
        at_ = text.find('\n', at_);
        if (at_ == std::string_view::npos) {
          at_ = text.size();
        } else {
          mode_ = Mode::kLineStart;
        }
        break;
    }
  }
}

void JsonLines::read_object(std::string_view text) {
  const std::size_t line_end = std::min(text.find('\n', at_), text.size());
  at_ += stream_.feed(text.substr(at_, line_end - at_));
  if (stream_.state() == JsonStream::State::kDone) {
    value_.get_array().push_back(stream_.release());
    mode_ = Mode::kRestOfLine;
    return;
  }
  if (stream_.state() == JsonStream::State::kOpen && line_end == text.size()) return;
  if (!failure_ && stream_.state() == JsonStream::State::kFailed) failure_ = stream_.failure();
  if (!failure_) failure_ = {.offset = line_end, .expected = "the end of the object before the end of the line"};
  mode_ = Mode::kRestOfLine;
}

}  // namespace genkit::internal
