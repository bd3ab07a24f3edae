#include "base/utf8.h"

#include <algorithm>
#include <cstring>

namespace genkit::internal {
namespace {

unsigned char byte_at(std::string_view text, std::size_t index) {
  return static_cast<unsigned char>(text[index]);
}

/// Of the sequence at `begin`: how many bytes belong together, and whether they are a character.
struct Sequence {
  std::size_t size = 1;
  bool is_character = false;
  bool is_cut_off = false;
};

Sequence sequence_at(std::string_view text, std::size_t begin) {
  const std::size_t wanted = utf8_size(text[begin]);
  if (wanted == 0) return {};
  const unsigned char lead = byte_at(text, begin);
  std::size_t size = 1;
  for (; size < wanted && begin + size < text.size(); ++size) {
    const unsigned char next = byte_at(text, begin + size);
    // The second byte rules out overlong forms, surrogates, and what is beyond U+10FFFF.
    const unsigned char low = size > 1 ? 0x80 : lead == 0xE0 ? 0xA0 : lead == 0xF0 ? 0x90 : 0x80;
    const unsigned char high = size > 1 ? 0xBF : lead == 0xED ? 0x9F : lead == 0xF4 ? 0x8F : 0xBF;
    if (next < low || next > high) return {.size = size};
  }
  return {.size = size, .is_character = size == wanted, .is_cut_off = size < wanted};
}

}  // namespace

std::size_t utf8_size(char lead) noexcept {
  const auto byte = static_cast<unsigned char>(lead);
  if (byte < 0x80) return 1;
  if (byte >= 0xC2 && byte <= 0xDF) return 2;
  if (byte >= 0xE0 && byte <= 0xEF) return 3;
  if (byte >= 0xF0 && byte <= 0xF4) return 4;
  return 0;
}

bool is_ascii(std::string_view text) noexcept {
  const char* at = text.data();
  const char* const end = at + text.size();
  for (; end - at >= 8; at += 8) {
    std::uint64_t block;
    std::memcpy(&block, at, sizeof block);
    if ((block & 0x8080808080808080u) != 0) return false;
  }
  return std::none_of(at, end, [](char c) { return static_cast<unsigned char>(c) >= 0x80; });
}

bool is_utf8(std::string_view text) noexcept {
  for (std::size_t i = 0; i < text.size();) {
    const Sequence sequence = sequence_at(text, i);
    if (!sequence.is_character) return false;
    i += sequence.size;
  }
  return true;
}

std::size_t utf8_whole_size(std::string_view text) noexcept {
  // A character has at most four bytes, so that one that is cut off has at most three.
  for (std::size_t back = 1; back <= std::min<std::size_t>(3, text.size()); ++back) {
    const std::size_t begin = text.size() - back;
    if (is_utf8_continuation(text[begin])) continue;
    const Sequence sequence = sequence_at(text, begin);
    return sequence.is_cut_off && sequence.size == back ? begin : text.size();
  }
  return text.size();
}

std::string repaired_utf8(std::string_view text) {
  std::string repaired;
  for (std::size_t i = 0; i < text.size();) {
    const Sequence sequence = sequence_at(text, i);
    if (sequence.is_character) {
      repaired += text.substr(i, sequence.size);
    } else {
      append_utf8(repaired, kReplacementCharacter);
    }
    i += sequence.size;
  }
  return repaired;
}

void append_utf8(std::string& out, std::uint32_t code_point) {
  const auto put = [&](std::uint32_t byte) { out += static_cast<char>(byte); };
  if (code_point < 0x80) {
    put(code_point);
  } else if (code_point < 0x800) {
    put(0xC0 | code_point >> 6);
    put(0x80 | (code_point & 0x3F));
  } else if (code_point < 0x10000) {
    put(0xE0 | code_point >> 12);
    put(0x80 | (code_point >> 6 & 0x3F));
    put(0x80 | (code_point & 0x3F));
  } else {
    put(0xF0 | code_point >> 18);
    put(0x80 | (code_point >> 12 & 0x3F));
    put(0x80 | (code_point >> 6 & 0x3F));
    put(0x80 | (code_point & 0x3F));
  }
}

std::size_t utf8_length(std::string_view text) noexcept {
  return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), [](char c) { return !is_utf8_continuation(c); }));
}

bool is_utf8_space(std::string_view character) noexcept {
  // U+2000 to U+200A, U+2028, U+2029, U+202F
  if (character.size() == 3 && character.substr(0, 2) == "\xE2\x80") {
    const unsigned char last = byte_at(character, 2);
    return last <= 0x8A || last == 0xA8 || last == 0xA9 || last == 0xAF;
  }
  // no-break space, ogham space mark, medium mathematical space, ideographic space, byte order mark
  return character == "\xC2\xA0" || character == "\xE1\x9A\x80" || character == "\xE2\x81\x9F" || character == "\xE3\x80\x80" ||
         character == "\xEF\xBB\xBF";
}

}  // namespace genkit::internal
