#include "base/json_string_decoder.h"

#include <utility>

#include "base/json_chars.h"
#include "base/utf8.h"

namespace genkit::internal {
namespace {

/// What a character after a backslash stands for.
char unescaped(char c) {
  switch (c) {
    case 'b':
      return '\b';
    case 'f':
      return '\f';
    case 'n':
      return '\n';
    case 'r':
      return '\r';
    case 't':
      return '\t';
    case 'v':
      return '\v';
    case '0':
      return '\0';
    default:
      return c;
  }
}

}  // namespace

void JsonStringDecoder::begin(char quote) {
  state_ = State::kOpen;
  escape_ = Escape::kNone;
  quote_ = quote;
  plain_ = quote == '"' ? kJsonDoubleQuoted : kJsonSingleQuoted;
  high_surrogate_ = 0;
  partial_.clear();
}

const char* JsonStringDecoder::take(const char* at, const char* end) {
  if (escape_ == Escape::kNone) return take_run(at, end);
  decoded_.clear();
  at = take_escape(at, end);
  text_ = decoded_;
  return at;
}

const char* JsonStringDecoder::take_run(const char* at, const char* end) {
  const char* const begin = at;
  unsigned char seen = 0;
  for (; at != end && json_is(*at, plain_); ++at) seen |= static_cast<unsigned char>(*at);

  const bool is_last = at != end && *at == quote_;
  text_ = std::string_view(begin, static_cast<std::size_t>(at - begin));
  if (seen >= 0x80 || high_surrogate_ != 0 || !partial_.empty()) decode_run(text_, at == end, is_last);

  if (at == end) return at;
  if (is_last) {
    state_ = State::kDone;
  } else if (*at == '\\') {
    escape_ = Escape::kStart;
  } else {
    return fail(at, "the end of the string before the end of the line");
  }
  return at + 1;
}

void JsonStringDecoder::decode_run(std::string_view run, bool is_cut_off, bool is_last) {
  decoded_.clear();
  if (!run.empty() || is_last) flush_surrogate();
  partial_ += run;
  const std::size_t size = is_cut_off ? utf8_whole_size(partial_) : partial_.size();
  const std::string_view whole = std::string_view(partial_).substr(0, size);
  if (is_utf8(whole)) {
    decoded_ += whole;
  } else {
    decoded_ += repaired_utf8(whole);
  }
  partial_.erase(0, size);
  text_ = decoded_;
}

const char* JsonStringDecoder::take_escape(const char* at, const char* end) {
  if (escape_ == Escape::kHex) return take_hex_digits(at, end);
  // The line break of a continued line is one character or two.
  if (std::exchange(escape_, Escape::kNone) == Escape::kCarriageReturn) return *at == '\n' ? at + 1 : at;
  if (*at == 'u' || *at == 'x') {
    hex_left_ = *at == 'u' ? 4 : 2;
    code_unit_ = 0;
    escape_ = Escape::kHex;
    return at + 1;
  }
  flush_surrogate();
  if (is_beyond_ascii(*at)) return at;  // stands for itself
  if (*at >= '1' && *at <= '9') return fail(at, "an escape sequence");
  if (*at == '\r') {
    escape_ = Escape::kCarriageReturn;
  } else if (*at != '\n') {
    decoded_ += unescaped(*at);
  }
  return at + 1;
}

const char* JsonStringDecoder::take_hex_digits(const char* at, const char* end) {
  for (; at != end && hex_left_ > 0; ++at, --hex_left_) {
    const char lower = static_cast<char>(*at | 0x20);
    if (*at >= '0' && *at <= '9') {
      code_unit_ = code_unit_ * 16 + static_cast<std::uint32_t>(*at - '0');
    } else if (lower >= 'a' && lower <= 'f') {
      code_unit_ = code_unit_ * 16 + static_cast<std::uint32_t>(lower - 'a' + 10);
    } else {
      return fail(at, "a hexadecimal digit");
    }
  }
  if (hex_left_ == 0) finish_code_unit();
  return at;
}

void JsonStringDecoder::finish_code_unit() {
  escape_ = Escape::kNone;
  const bool is_high = code_unit_ >= 0xD800 && code_unit_ < 0xDC00;
  const bool is_low = code_unit_ >= 0xDC00 && code_unit_ < 0xE000;
  if (is_low && high_surrogate_ != 0) {
    const std::uint32_t high = std::exchange(high_surrogate_, 0);
    return append_utf8(decoded_, 0x10000 + ((high - 0xD800) << 10) + (code_unit_ - 0xDC00));
  }
  flush_surrogate();
  if (is_high) {
    high_surrogate_ = code_unit_;
  } else {
    append_utf8(decoded_, is_low ? kReplacementCharacter : code_unit_);
  }
}

void JsonStringDecoder::flush_surrogate() {
  if (std::exchange(high_surrogate_, 0) != 0) append_utf8(decoded_, kReplacementCharacter);
}

const char* JsonStringDecoder::fail(const char* at, std::string_view expected) {
  state_ = State::kFailed;
  expected_ = expected;
  return at;
}

}  // namespace genkit::internal
