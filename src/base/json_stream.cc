#include "base/json_stream.h"

#include <algorithm>
#include <utility>

#include "base/json_chars.h"
#include "base/utf8.h"

namespace genkit::internal {
namespace {

// Longer numbers are no numbers that anybody wants; the bound keeps the work per piece small.
constexpr std::size_t kLongestNumber = 1024;

void remove_space_after(std::string& name) {
  for (std::size_t size = 2; size <= 3; ++size) {
    if (name.size() < size || !is_utf8_space(std::string_view(name).substr(name.size() - size))) continue;
    name.resize(name.size() - size);
    size = 1;
  }
}

/// The quote that closes the string at `at`, when the string is all there and its characters stand for themselves; else nullptr.
const char* whole_string(const char* at, const char* end) {
  if (*at != '"') return nullptr;
  do {
    ++at;
  } while (at != end && json_is(*at, kJsonDoubleQuoted) && !is_beyond_ascii(*at));
  return at != end && *at == '"' ? at : nullptr;
}

std::string_view expected_in(bool in_object) {
  return in_object ? "',' or '}'" : "',' or ']'";
}

/// Left alone, an array grows by a half, and from nothing: many moves of items that come one by one.
Json& add_item(JsonArray& array) {
  if (array.size() == array.capacity()) array.reserve(std::max<std::size_t>(2, 2 * array.size()));
  array.resize(array.size() + 1);
  return array.back();
}

}  // namespace

JsonStream::JsonStream(JsonListener* listener, boost::json::storage_ptr storage)
    : listener_(listener), root_(std::move(storage)) {}

void JsonStream::restart(std::size_t offset) {
  root_ = nullptr;
  stack_.clear();
  slot_ = nullptr;
  key_.clear();
  number_.clear();
  failure_ = {};
  base_ = offset;
  state_ = State::kOpen;
  expect_ = Expect::kValue;
  comment_ = Comment::kNone;
  has_value_ = false;
  completed_values_ = completed_items_ = 0;
  partial_.clear();
  if (listener_ != nullptr) listener_->restart();
}

std::size_t JsonStream::feed(std::string_view text) {
  const char* at = piece_ = text.data();
  const char* const end = at + text.size();
  while (at != end && state_ == State::kOpen) at = step(at, end);
  if (state_ == State::kOpen && expect_ == Expect::kNumber) settle_number();
  const auto taken = static_cast<std::size_t>(at - piece_);
  base_ += taken;
  piece_ = nullptr;
  return taken;
}

void JsonStream::finish() {
  if (state_ != State::kOpen || !stack_.empty()) return;
  if (expect_ == Expect::kNumber) end_number(piece_);
  if (expect_ == Expect::kWord && word_size_ == word_.size()) end_value(piece_);
}

/// Takes at least one byte, unless the byte ends a token and means something in the state after it.
const char* JsonStream::step(const char* at, const char* end) {
  switch (expect_) {
    case Expect::kKey:
    case Expect::kString:
      return take_string(at, end);
    case Expect::kNumber:
      return take_number(at, end);
    case Expect::kWord:
      return take_word(at, end);
    case Expect::kBareKey:
      return take_bare_key(at, end);
    default:
      break;
  }
  const bool is_open = comment_ != Comment::kNone || !partial_.empty();
  return is_open || json_is(*at, kJsonInsignificant) ? skip_insignificant(at, end) : take_structure(at, end);
}

// --- between values

const char* JsonStream::skip_insignificant(const char* at, const char* end) {
  if (comment_ != Comment::kNone) return skip_comment(at, end);
  if (!partial_.empty() || is_beyond_ascii(*at)) return skip_space(at, end);
  if (*at != '/') return json_skip(at, end, kJsonSpace);
  comment_ = Comment::kSlash;
  return at + 1;
}

const char* JsonStream::skip_comment(const char* at, const char* end) {
  for (; at != end; ++at) {
    switch (comment_) {
      case Comment::kSlash:
        if (*at != '/' && *at != '*') return fail(at, "'/' or '*'");
        comment_ = *at == '/' ? Comment::kLine : Comment::kBlock;
        break;
      case Comment::kLine:
        if (*at == '\n' || *at == '\r') comment_ = Comment::kNone;
        break;
      case Comment::kBlock:
        if (*at == '*') comment_ = Comment::kBlockStar;
        break;
      case Comment::kBlockStar:
        if (*at == '/') {
          comment_ = Comment::kNone;
        } else if (*at != '*') {
          comment_ = Comment::kBlock;
        }
        break;
      case Comment::kNone:
        return at;
    }
  }
  return at;
}

/// A character beyond ASCII outside of strings: a space of some kind, or the beginning of a name.
const char* JsonStream::skip_space(const char* at, const char* end) {
  if (partial_.empty()) partial_ += *at++;
  const std::size_t size = utf8_size(partial_[0]);
  while (at != end && partial_.size() < size && is_utf8_continuation(*at)) partial_ += *at++;
  if (partial_.size() < size && at == end) return at;
  if (partial_.size() == size && is_utf8_space(partial_)) {
    partial_.clear();
    return at;
  }
  if (expect_ == Expect::kKeyOrEnd) {
    key_ = std::exchange(partial_, {});
    expect_ = Expect::kBareKey;
    return at;
  }
  const std::size_t offset = offset_of(at) - partial_.size();
  const char* const begin = at - std::min(static_cast<std::ptrdiff_t>(partial_.size()), at - piece_);
  fail(begin, expect_ == Expect::kCommaOrEnd ? expected_in(stack_.back()->is_object())
              : expect_ == Expect::kColon    ? "':'"
                                             : "a value");
  failure_.offset = offset;  // it may have begun in a piece before this one
  return begin;
}

const char* JsonStream::take_structure(const char* at, const char* end) {
  switch (expect_) {
    case Expect::kColon:
      if (*at != ':') return fail(at, "':'");
      expect_ = Expect::kValue;
      return at + 1;
    case Expect::kCommaOrEnd: {
      const bool in_object = stack_.back()->is_object();
      if (*at == (in_object ? '}' : ']')) return close_container(at);
      if (*at != ',') return fail(at, expected_in(in_object));
      expect_ = in_object ? Expect::kKeyOrEnd : Expect::kItemOrEnd;
      return at + 1;
    }
    case Expect::kKeyOrEnd:
      return *at == '}' ? close_container(at) : take_key_start(at, end);
    case Expect::kItemOrEnd:
      return *at == ']' ? close_container(at) : take_value_start(at, end, "a value or ']'");
    default:
      return take_value_start(at, end, "a value");
  }
}

const char* JsonStream::take_key_start(const char* at, const char* end) {
  if (const char* const close = whole_string(at, end); close != nullptr) {
    key_.assign(at + 1, close);
    expect_ = Expect::kColon;
    return close + 1;
  }
  key_.clear();
  if (*at == '"' || *at == '\'') {
    string_.begin(*at);
    expect_ = Expect::kKey;
    return at + 1;
  }
  if (!json_is(*at, kJsonNamePart) || (*at >= '0' && *at <= '9')) return fail(at, "a member name or '}'");
  expect_ = Expect::kBareKey;
  return at;
}

const char* JsonStream::take_value_start(const char* at, const char* end, std::string_view expected) {
  if (const char* const close = whole_string(at, end); close != nullptr) {
    make_slot().emplace_string();
    begin_value(offset_of(at));
    if (close != at + 1) grow_string(std::string_view(at + 1, static_cast<std::size_t>(close - at - 1)), at + 1);
    end_value(close + 1);
    return close + 1;
  }
  switch (*at) {
    case '{':
    case '[':
      return open_container(at);
    case '"':
    case '\'':
      string_.begin(*at);
      expect_ = Expect::kString;
      make_slot().emplace_string();
      begin_value(offset_of(at));
      return at + 1;
    case 't':
    case 'f':
    case 'n':
      word_ = *at == 't' ? "true" : *at == 'f' ? "false" : "null";
      word_size_ = 0;
      expect_ = Expect::kWord;
      if (Json& slot = make_slot(); *at != 'n') slot = *at == 't';
      begin_value(offset_of(at));
      return at;
    default:
      if (!json_is(*at, kJsonNumberStart)) return fail(at, expected);
      number_.clear();
      number_offset_ = offset_of(at);
      expect_ = Expect::kNumber;
      return at;
  }
}

const char* JsonStream::open_container(const char* at) {
  if (stack_.size() == kMaxDepth) return fail(at, "at most " + std::to_string(kMaxDepth) + " levels of nesting");
  Json& node = make_slot();
  if (*at == '{') {
    JsonObject& object = node.emplace_object();
    // Items of one array mostly have the same members.
    const JsonArray* around = stack_.empty() ? nullptr : stack_.back()->if_array();
    const JsonObject* before = around != nullptr && around->size() > 1 ? (*around)[around->size() - 2].if_object() : nullptr;
    if (before != nullptr) object.reserve(before->size());
    expect_ = Expect::kKeyOrEnd;
  } else {
    node.emplace_array();
    expect_ = Expect::kItemOrEnd;
  }
  stack_.push_back(&node);
  begin_value(offset_of(at));
  slot_ = nullptr;
  return at + 1;
}

const char* JsonStream::close_container(const char* at) {
  slot_ = stack_.back();
  stack_.pop_back();
  end_value(at + 1);
  return at + 1;
}

/// The place of the value that begins now; null as yet.
Json& JsonStream::make_slot() {
  has_value_ = true;
  const bool is_heard = listener_ != nullptr;
  if (stack_.empty()) {
    slot_ = &root_;
    if (is_heard) slot_step_ = {};
  } else if (JsonArray* array = stack_.back()->if_array()) {
    if (is_heard) slot_step_ = {.kind = JsonListener::Step::Kind::kItem, .index = array->size()};
    slot_ = &add_item(*array);
  } else {
    JsonObject& object = stack_.back()->get_object();
    const auto [member, is_new] = object.emplace(key_, nullptr);
    if (!is_new) member->value() = nullptr;
    slot_ = &member->value();
    if (is_heard) {
      const auto index = static_cast<std::size_t>(member - object.begin());
      slot_step_ = {.kind = JsonListener::Step::Kind::kMember, .again = !is_new, .index = index, .key = member->key()};
    }
  }
  return *slot_;
}

void JsonStream::begin_value(std::size_t offset) {
  if (listener_ != nullptr) listener_->begin(slot_step_, *slot_, offset);
}

/// The value in `slot_` is complete, and `at` is behind it.
void JsonStream::end_value(const char* at) {
  ++completed_values_;
  if (stack_.size() == 1 && root_.is_array()) ++completed_items_;
  if (listener_ != nullptr) listener_->end(*slot_, offset_of(at));
  slot_ = nullptr;
  expect_ = Expect::kCommaOrEnd;
  if (stack_.empty()) state_ = State::kDone;
}

// --- strings, names, numbers, words

const char* JsonStream::take_string(const char* at, const char* end) {
  const bool is_key = expect_ == Expect::kKey;
  const bool is_escape = string_.in_escape();
  const char* const next = string_.take(at, end);
  if (is_key) {
    key_ += string_.text();
  } else if (!string_.text().empty()) {
    grow_string(string_.text(), is_escape ? next - 1 : at);
  }
  if (string_.state() == JsonStringDecoder::State::kFailed) return fail(next, string_.expected());
  if (string_.state() == JsonStringDecoder::State::kDone) {
    if (is_key) {
      expect_ = Expect::kColon;
    } else {
      end_value(next);
    }
  }
  return next;
}

void JsonStream::grow_string(std::string_view text, const char* at) {
  slot_->get_string().append(text);
  if (listener_ != nullptr) listener_->grow(*slot_, text, offset_of(at));
}

const char* JsonStream::take_bare_key(const char* at, const char* end) {
  const char* const begin = at;
  at = json_skip(at, end, kJsonNamePart);
  key_.append(begin, at);
  if (at != end) {
    remove_space_after(key_);
    if (!is_utf8(key_)) key_ = repaired_utf8(key_);
    expect_ = Expect::kColon;
  }
  return at;
}

const char* JsonStream::take_number(const char* at, const char* end) {
  const char* const begin = at;
  at = json_skip(at, end, kJsonNumberPart);
  number_.append(begin, at);
  if (number_.size() > kLongestNumber) {
    return fail(at, "a number of at most " + std::to_string(kLongestNumber) + " characters");
  }
  return at == end ? at : end_number(at);
}

/// Shows what is complete of an unfinished number.
void JsonStream::settle_number() {
  Json value;
  bool is_whole = false;
  if (!read_number_prefix(number_, value, is_whole)) return;
  const bool is_first = slot_ == nullptr;
  (is_first ? make_slot() : *slot_) = std::move(value);
  if (is_first) return begin_value(number_offset_);
  if (listener_ != nullptr) listener_->change(*slot_);
}

const char* JsonStream::end_number(const char* at) {
  const bool is_first = slot_ == nullptr;
  bool is_whole = false;
  if (!read_number_prefix(number_, is_first ? make_slot() : *slot_, is_whole) || !is_whole) return fail(at, "a number");
  if (is_first) begin_value(number_offset_);
  end_value(at);
  return at;
}

const char* JsonStream::take_word(const char* at, const char* end) {
  while (at != end && word_size_ < word_.size() && *at == word_[word_size_]) ++at, ++word_size_;
  if (at == end) return at;
  const bool goes_on = json_is(*at, kJsonNamePart) && !is_beyond_ascii(*at);
  if (word_size_ < word_.size() || goes_on) return fail(at, "\"" + std::string(word_) + "\"");
  end_value(at);
  return at;
}

const char* JsonStream::fail(const char* at, std::string_view expected) {
  state_ = State::kFailed;
  failure_ = {.offset = offset_of(at), .expected = std::string(expected)};
  return at;
}

}  // namespace genkit::internal
