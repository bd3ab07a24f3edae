#include "base/json_stream.h"

#include <algorithm>
#include <utility>

#include "base/utf8.h"

namespace genkit::internal {
namespace {

// Longer numbers are no numbers that anybody wants; the bound keeps the work per piece small.
constexpr std::size_t kLongestNumber = 1024;

bool is_plain_in_string(char c, char quote) {
  return c != quote && c != '\\' && c != '\n' && c != '\r';
}

bool is_number_start(char c) {
  return (c >= '0' && c <= '9') || c == '-' || c == '+' || c == '.' || c == 'I' || c == 'N';
}

bool is_ascii_word_part(char c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c == '$';
}

bool is_name_part(char c) {
  return is_ascii_word_part(c) || static_cast<unsigned char>(c) >= 0x80;
}

bool is_continuation(char c) {
  return (static_cast<unsigned char>(c) & 0xC0) == 0x80;
}

void remove_space_after(std::string& name) {
  for (std::size_t size = 2; size <= 3; ++size) {
    if (name.size() < size || !is_utf8_space(std::string_view(name).substr(name.size() - size))) continue;
    name.resize(name.size() - size);
    size = 1;
  }
}

bool is_ascii_space(char c) {
  return c == ' ' || (c >= '\t' && c <= '\r');
}

std::string_view expected_in(bool in_object) {
  return in_object ? "',' or '}'" : "',' or ']'";
}

}  // namespace

JsonStream::JsonStream(JsonListener* listener) : listener_(listener) {}

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
  escape_ = Escape::kNone;
  has_value_ = in_key_ = false;
  completed_values_ = completed_items_ = 0;
  high_surrogate_ = 0;
  partial_.clear();
  if (listener_ != nullptr) listener_->restart();
}

std::size_t JsonStream::feed(std::string_view text) {
  const char* at = piece_ = text.data();
  const char* const end = at + text.size();
  while (at != end && state_ == State::kOpen) {
    cursor_ = at;
    at = step(at, end);
  }
  if (state_ == State::kFailed) at = piece_ + (failure_.offset > base_ ? failure_.offset - base_ : 0);
  const auto taken = static_cast<std::size_t>(at - piece_);
  cursor_ = at;
  if (state_ == State::kOpen && expect_ == Expect::kNumber) settle_number();
  base_ += taken;
  piece_ = cursor_ = nullptr;
  return taken;
}

void JsonStream::finish() {
  piece_ = cursor_ = nullptr;
  if (state_ != State::kOpen || !stack_.empty()) return;
  if (expect_ == Expect::kNumber) end_number();
  if (expect_ == Expect::kWord && word_size_ == word_.size()) end_value();
}

/// Takes at least one byte, unless the byte ends a token and means something in the state after it.
const char* JsonStream::step(const char* at, const char* end) {
  switch (expect_) {
    case Expect::kString:
      return escape_ == Escape::kNone ? take_string(at, end) : take_escape(at, end);
    case Expect::kNumber:
      return take_number(at, end);
    case Expect::kWord:
      return take_word(at, end);
    case Expect::kBareKey:
      return take_bare_key(at, end);
    default:
      break;
  }
  if (comment_ != Comment::kNone) return skip_comment(at, end);
  if (is_ascii_space(*at)) return at + 1;
  if (!partial_.empty() || static_cast<unsigned char>(*at) >= 0x80) return take_space(at, end);
  if (*at == '/') {
    comment_ = Comment::kSlash;
    return at + 1;
  }
  take_structure(*at);
  return expect_ == Expect::kNumber || expect_ == Expect::kWord || expect_ == Expect::kBareKey ? at : at + 1;
}

const char* JsonStream::skip_comment(const char* at, const char* end) {
  for (; at != end; ++at) {
    switch (comment_) {
      case Comment::kSlash:
        if (*at != '/' && *at != '*') {
          fail(at, "'/' or '*'");
          return at;
        }
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
const char* JsonStream::take_space(const char* at, const char* end) {
  if (partial_.empty()) partial_ += *at++;
  const std::size_t size = utf8_size(partial_[0]);
  while (at != end && partial_.size() < size && is_continuation(*at)) partial_ += *at++;
  if (partial_.size() < size && at == end) return at;
  const bool is_space = partial_.size() == size && is_utf8_space(partial_);
  if (!is_space && expect_ == Expect::kKeyOrEnd) {
    key_ = std::exchange(partial_, {});
    expect_ = Expect::kBareKey;
    return at;
  }
  if (!is_space) {
    const char* const begin = at - static_cast<std::ptrdiff_t>(std::min<std::size_t>(partial_.size(), offset_of(at) - base_));
    fail(begin, expect_ == Expect::kCommaOrEnd ? expected_in(stack_.back()->is_object())
                : expect_ == Expect::kColon    ? "':'"
                                               : "a value");
    return at;
  }
  partial_.clear();
  return at;
}

void JsonStream::take_structure(char c) {
  switch (expect_) {
    case Expect::kColon:
      if (c != ':') return fail(cursor_, "':'");
      expect_ = Expect::kValue;
      return;
    case Expect::kCommaOrEnd: {
      const bool in_object = stack_.back()->is_object();
      if (c == ',') {
        expect_ = in_object ? Expect::kKeyOrEnd : Expect::kItemOrEnd;
      } else if (c == (in_object ? '}' : ']')) {
        close_container();
      } else {
        fail(cursor_, expected_in(in_object));
      }
      return;
    }
    case Expect::kKeyOrEnd:
      if (c == '}') return close_container();
      if (c == '"' || c == '\'') return begin_string(c, true);
      if (!is_name_part(c) || (c >= '0' && c <= '9')) return fail(cursor_, "a member name or '}'");
      key_.clear();
      expect_ = Expect::kBareKey;
      return;
    case Expect::kItemOrEnd:
      if (c == ']') return close_container();
      if (!take_value_start(c)) fail(cursor_, "a value or ']'");
      return;
    default:
      if (!take_value_start(c)) fail(cursor_, "a value");
  }
}

bool JsonStream::take_value_start(char c) {
  if (c == '{' || c == '[') return open_container(c == '{');
  if (c == '"' || c == '\'') {
    begin_string(c, false);
    return true;
  }
  if (is_number_start(c)) {
    number_.clear();
    number_offset_ = offset_of(cursor_);
    expect_ = Expect::kNumber;
    return true;
  }
  if (c != 't' && c != 'f' && c != 'n') return false;
  word_ = c == 't' ? "true" : c == 'f' ? "false" : "null";
  word_size_ = 0;
  expect_ = Expect::kWord;
  begin_scalar(c == 'n' ? Json(nullptr) : Json(c == 't'), offset_of(cursor_));
  return true;
}

bool JsonStream::open_container(bool is_object) {
  if (stack_.size() == kMaxDepth) {
    fail(cursor_, "at most " + std::to_string(kMaxDepth) + " levels of nesting");
    return true;
  }
  Json& node = make_slot();
  if (is_object) {
    JsonObject& object = node.emplace_object();
    // Items of one array mostly have the same members.
    const JsonArray* around = stack_.empty() ? nullptr : stack_.back()->if_array();
    const JsonObject* before = around != nullptr && around->size() > 1 ? (*around)[around->size() - 2].if_object() : nullptr;
    if (before != nullptr) object.reserve(before->size());
  } else {
    node.emplace_array();
  }
  stack_.push_back(&node);
  if (listener_ != nullptr) listener_->begin(slot_step_, node, offset_of(cursor_));
  slot_ = nullptr;
  expect_ = is_object ? Expect::kKeyOrEnd : Expect::kItemOrEnd;
  return true;
}

void JsonStream::close_container() {
  slot_ = stack_.back();
  stack_.pop_back();
  ++cursor_;
  end_value();
}

/// The place of the value that begins now.
Json& JsonStream::make_slot() {
  has_value_ = true;
  slot_step_ = {};
  if (stack_.empty()) {
    slot_ = &root_;
  } else if (JsonArray* array = stack_.back()->if_array()) {
    slot_step_.kind = JsonListener::Step::Kind::kItem;
    slot_step_.index = array->size();
    slot_ = &array->emplace_back(nullptr);
  } else {
    JsonObject& object = stack_.back()->get_object();
    const auto [member, is_new] = object.emplace(key_, nullptr);
    if (!is_new) member->value() = nullptr;
    slot_step_.kind = JsonListener::Step::Kind::kMember;
    slot_step_.again = !is_new;
    slot_step_.key = member->key();
    slot_step_.index = is_new ? object.size() - 1 : static_cast<std::size_t>(member - object.begin());
    slot_ = &member->value();
  }
  return *slot_;
}

void JsonStream::begin_scalar(Json value, std::size_t offset) {
  make_slot() = std::move(value);
  if (listener_ != nullptr) listener_->begin(slot_step_, *slot_, offset);
}

void JsonStream::end_value() {
  ++completed_values_;
  if (stack_.size() == 1 && root_.is_array()) ++completed_items_;
  if (listener_ != nullptr) listener_->end(*slot_, offset_of(cursor_));
  slot_ = nullptr;
  after_value();
}

void JsonStream::after_value() {
  expect_ = Expect::kCommaOrEnd;
  if (stack_.empty()) state_ = State::kDone;
}

// --- strings

void JsonStream::begin_string(char quote, bool is_key) {
  quote_ = quote;
  in_key_ = is_key;
  expect_ = Expect::kString;
  if (is_key) {
    key_.clear();
  } else {
    make_slot().emplace_string();
    if (listener_ != nullptr) listener_->begin(slot_step_, *slot_, offset_of(cursor_));
  }
}

const char* JsonStream::take_string(const char* at, const char* end) {
  const char* const begin = at;
  while (at != end && is_plain_in_string(*at, quote_)) ++at;
  if (at != begin) flush_surrogate();
  add_run(begin, at, at != end);
  if (at == end) return at;
  cursor_ = at;
  if (*at == '\\') {
    escape_ = Escape::kStart;
    return at + 1;
  }
  if (*at != quote_) {
    fail(at, "the end of the string before the end of the line");
    return at;
  }
  flush_surrogate();
  ++cursor_;
  end_string();
  return at + 1;
}

void JsonStream::end_string() {
  if (in_key_) {
    in_key_ = false;
    expect_ = Expect::kColon;
  } else {
    end_value();
  }
}

/// Plain bytes of a string. Characters that are cut off at the end of a piece wait for the rest.
void JsonStream::add_run(const char* begin, const char* end, bool is_last) {
  std::string_view run(begin, static_cast<std::size_t>(end - begin));
  std::string joined;
  if (!partial_.empty()) {
    joined = std::exchange(partial_, {});
    joined += run;
    run = joined;
  }
  if (run.empty()) return;
  if (is_ascii(run)) return add_text(run);
  if (!is_last) {
    const std::size_t whole = utf8_whole_size(run);
    partial_ = run.substr(whole);
    run = run.substr(0, whole);
  }
  if (!run.empty()) add_text(is_utf8(run) ? run : std::string_view(joined = repaired_utf8(run)));
}

void JsonStream::add_text(std::string_view text) {
  if (in_key_) {
    key_ += text;
    return;
  }
  slot_->get_string().append(text);
  if (listener_ != nullptr) listener_->grow(*slot_, text, offset_of(cursor_));
}

void JsonStream::add_code_point(std::uint32_t code_point) {
  std::string text;
  append_utf8(text, code_point);
  add_text(text);
}

void JsonStream::flush_surrogate() {
  if (std::exchange(high_surrogate_, 0) != 0) add_code_point(kReplacementCharacter);
}

const char* JsonStream::take_escape(const char* at, const char* end) {
  for (; at != end; ++at) {
    cursor_ = at;
    if (escape_ == Escape::kHex) {
      take_hex_digit(*at);
      if (state_ == State::kFailed || escape_ == Escape::kNone) return at + 1;
      continue;
    }
    // The line break of a continued line is one character or two.
    if (escape_ == Escape::kCarriageReturn) {
      escape_ = Escape::kNone;
      return *at == '\n' ? at + 1 : at;
    }
    escape_ = Escape::kNone;
    if (*at == 'u' || *at == 'x') {
      hex_left_ = *at == 'u' ? 4 : 2;
      code_unit_ = 0;
      escape_ = Escape::kHex;
      continue;
    }
    flush_surrogate();
    if (static_cast<unsigned char>(*at) >= 0x80) return at;  // stands for itself
    take_simple_escape(*at);
    return at + 1;
  }
  return at;
}

void JsonStream::take_simple_escape(char c) {
  switch (c) {
    case 'b':
      return add_text("\b");
    case 'f':
      return add_text("\f");
    case 'n':
      return add_text("\n");
    case 'r':
      return add_text("\r");
    case 't':
      return add_text("\t");
    case 'v':
      return add_text("\v");
    case '0':
      return add_text(std::string_view("\0", 1));
    case '\n':
      return;
    case '\r':
      escape_ = Escape::kCarriageReturn;
      return;
    default:
      if (c >= '1' && c <= '9') return fail(cursor_, "an escape sequence");
      return add_text(std::string_view(&c, 1));
  }
}

void JsonStream::take_hex_digit(char c) {
  std::uint32_t digit = 0;
  if (c >= '0' && c <= '9') {
    digit = static_cast<std::uint32_t>(c - '0');
  } else if ((c | 0x20) >= 'a' && (c | 0x20) <= 'f') {
    digit = static_cast<std::uint32_t>((c | 0x20) - 'a' + 10);
  } else {
    return fail(cursor_, "a hexadecimal digit");
  }
  code_unit_ = code_unit_ * 16 + digit;
  if (--hex_left_ > 0) return;
  escape_ = Escape::kNone;
  finish_code_unit();
}

void JsonStream::finish_code_unit() {
  const bool is_low = code_unit_ >= 0xDC00 && code_unit_ < 0xE000;
  if (is_low && high_surrogate_ != 0) {
    const std::uint32_t high = std::exchange(high_surrogate_, 0);
    return add_code_point(0x10000 + ((high - 0xD800) << 10) + (code_unit_ - 0xDC00));
  }
  flush_surrogate();
  if (code_unit_ >= 0xD800 && code_unit_ < 0xDC00) {
    high_surrogate_ = code_unit_;
  } else {
    add_code_point(is_low ? kReplacementCharacter : code_unit_);
  }
}

// --- names, numbers, words

const char* JsonStream::take_bare_key(const char* at, const char* end) {
  const char* const begin = at;
  while (at != end && is_name_part(*at)) ++at;
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
  while (at != end && (is_ascii_word_part(*at) || *at == '.' || *at == '-' || *at == '+')) ++at;
  number_.append(begin, at);
  cursor_ = at;
  if (number_.size() > kLongestNumber) {
    fail(at, "a number of at most " + std::to_string(kLongestNumber) + " characters");
  } else if (at != end) {
    end_number();
  }
  return at;
}

/// Shows what is complete of an unfinished number.
void JsonStream::settle_number() {
  Json value;
  bool is_whole = false;
  if (!read_number_prefix(number_, value, is_whole)) return;
  if (slot_ == nullptr) return begin_scalar(std::move(value), number_offset_);
  *slot_ = std::move(value);
  if (listener_ != nullptr) listener_->change(*slot_);
}

bool JsonStream::end_number() {
  Json value;
  bool is_whole = false;
  if (!read_number_prefix(number_, value, is_whole) || !is_whole) {
    fail(cursor_, "a number");
    return false;
  }
  if (slot_ == nullptr) {
    begin_scalar(std::move(value), number_offset_);
  } else {
    *slot_ = std::move(value);
  }
  end_value();
  return true;
}

const char* JsonStream::take_word(const char* at, const char* end) {
  while (at != end && word_size_ < word_.size() && *at == word_[word_size_]) ++at, ++word_size_;
  cursor_ = at;
  if (at == end) return at;
  if (word_size_ < word_.size() || is_ascii_word_part(*at)) {
    fail(at, "\"" + std::string(word_) + "\"");
  } else {
    end_value();
  }
  return at;
}

void JsonStream::fail(const char* at, std::string_view expected) {
  state_ = State::kFailed;
  failure_ = {.offset = offset_of(at), .expected = std::string(expected)};
}

}  // namespace genkit::internal
