#include "prompt/source.h"

#include <algorithm>
#include <cstdint>
#include <cstring>

namespace genkit::internal {
namespace {

// What an error shows of a long line on each side of the column.
constexpr std::size_t kShownBefore = 60;
constexpr std::size_t kShownAfter = 60;

bool is_continuation(char c) {
  return (static_cast<unsigned char>(c) & 0xc0) == 0x80;
}

/// The part of the line around `offset`, in whole characters, with the column of `offset` in it.
std::string excerpt(std::string_view text, std::size_t line_begin, std::size_t offset) {
  const std::size_t line_end = std::min(text.find_first_of("\r\n", offset), text.size());
  std::size_t begin = offset - line_begin > kShownBefore ? offset - kShownBefore : line_begin;
  std::size_t end = std::min(line_end, offset + kShownAfter);
  while (begin < offset && is_continuation(text[begin])) ++begin;
  while (end > offset && end < text.size() && is_continuation(text[end])) --end;

  std::size_t width = 0;
  for (std::size_t i = begin; i < offset; ++i) width += is_continuation(text[i]) ? 0 : 1;
  std::string shown(text.substr(begin, end - begin));
  std::replace(shown.begin(), shown.end(), '\t', ' ');
  return "\n    " + shown + "\n    " + std::string(width, ' ') + "^";
}

/// The length of the valid UTF-8 character at the front, or 0.
std::size_t character_size(const unsigned char* p, std::size_t size) {
  const auto continues = [&](std::size_t i) { return i < size && (p[i] & 0xc0) == 0x80; };
  if (p[0] < 0x80) return 1;
  if (p[0] < 0xc2) return 0;
  if (p[0] < 0xe0) return continues(1) ? 2 : 0;
  if (p[0] < 0xf0) {
    if (!continues(1) || !continues(2)) return 0;
    if (p[0] == 0xe0 && p[1] < 0xa0) return 0;
    return p[0] == 0xed && p[1] > 0x9f ? 0 : 3;
  }
  if (p[0] > 0xf4 || !continues(1) || !continues(2) || !continues(3)) return 0;
  if (p[0] == 0xf0 && p[1] < 0x90) return 0;
  return p[0] == 0xf4 && p[1] > 0x8f ? 0 : 4;
}

bool is_ascii_space(char c) {
  return c == ' ' || (c >= '\t' && c <= '\r');
}

/// U+1680, U+2000 to U+200A, U+2028, U+2029, U+202F, U+205F, U+3000, U+FEFF.
bool is_wide_space(const char* p) {
  const auto byte = [p](int i) { return static_cast<unsigned char>(p[i]); };
  if (byte(0) == 0xe1) return byte(1) == 0x9a && byte(2) == 0x80;
  if (byte(0) == 0xe3) return byte(1) == 0x80 && byte(2) == 0x80;
  if (byte(0) == 0xef) return byte(1) == 0xbb && byte(2) == 0xbf;
  if (byte(0) != 0xe2) return false;
  if (byte(1) == 0x81) return byte(2) == 0x9f;
  return byte(1) == 0x80 && (byte(2) <= 0x8a || byte(2) == 0xa8 || byte(2) == 0xa9 || byte(2) == 0xaf);
}

}  // namespace

void Source::fail(std::size_t offset, std::string_view message, Status status, std::exception_ptr cause) const {
  offset = std::min(offset, text_.size());
  const std::string_view before = std::string_view(text_).substr(0, offset);
  const std::size_t last_break = before.rfind('\n');
  const std::size_t line_begin = last_break == std::string_view::npos ? 0 : last_break + 1;
  const std::size_t line = first_line_ + static_cast<std::size_t>(std::count(before.begin(), before.end(), '\n'));
  const std::size_t column = offset - line_begin + 1;

  std::string text = "template";
  if (!name_.empty()) text += " \"" + name_ + "\"";
  text += ", line " + std::to_string(line) + ", column " + std::to_string(column) + ": ";
  text += message;
  text += excerpt(text_, line_begin, offset);
  throw Error(status, std::move(text), {{"template", name_}, {"line", line}, {"column", column}}, std::move(cause));
}

std::size_t find_invalid_utf8(std::string_view text) {
  const auto* data = reinterpret_cast<const unsigned char*>(text.data());
  std::size_t i = 0;
  while (i < text.size()) {
    std::uint64_t word = 0;
    if (text.size() - i >= sizeof word) {
      std::memcpy(&word, data + i, sizeof word);
      if ((word & 0x8080808080808080u) == 0) {
        i += sizeof word;
        continue;
      }
    }
    const std::size_t size = character_size(data + i, text.size() - i);
    if (size == 0) return i;
    i += size;
  }
  return std::string_view::npos;
}

std::size_t leading_space(std::string_view text) {
  if (text.empty()) return 0;
  if (is_ascii_space(text[0])) return 1;
  if (text.size() >= 2 && text[0] == '\xc2' && text[1] == '\xa0') return 2;
  return text.size() >= 3 && is_wide_space(text.data()) ? 3 : 0;
}

std::size_t trailing_space(std::string_view text) {
  const std::size_t size = text.size();
  if (size == 0) return 0;
  if (is_ascii_space(text[size - 1])) return 1;
  if (size >= 2 && text[size - 2] == '\xc2' && text[size - 1] == '\xa0') return 2;
  return size >= 3 && is_wide_space(text.data() + size - 3) ? 3 : 0;
}

std::string_view trim_space(std::string_view text) {
  while (const std::size_t space = leading_space(text)) text.remove_prefix(space);
  while (const std::size_t space = trailing_space(text)) text.remove_suffix(space);
  return text;
}

}  // namespace genkit::internal
