#ifndef GENKIT_SRC_BASE_UTF8_H_
#define GENKIT_SRC_BASE_UTF8_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace genkit::internal {

inline constexpr std::uint32_t kReplacementCharacter = 0xFFFD;

/// Whether the byte is one after the first of a character.
constexpr bool is_utf8_continuation(char c) noexcept {
  return (static_cast<unsigned char>(c) & 0xC0) == 0x80;
}
/// How many bytes the character has that begins with `lead`; 0 for a byte that begins none.
std::size_t utf8_size(char lead) noexcept;
bool is_ascii(std::string_view text) noexcept;
bool is_utf8(std::string_view text) noexcept;
/// How much of `text` is there before a last character that is cut off.
std::size_t utf8_whole_size(std::string_view text) noexcept;
/// With U+FFFD for each maximal part of what is no UTF-8.
std::string repaired_utf8(std::string_view text);
void append_utf8(std::string& out, std::uint32_t code_point);
/// The number of characters of UTF-8 text.
std::size_t utf8_length(std::string_view text) noexcept;
/// Whether the character counts as white space in JSON5: no-break and other spaces, line and paragraph separator, byte order
/// mark.
bool is_utf8_space(std::string_view character) noexcept;

}  // namespace genkit::internal

#endif  // GENKIT_SRC_BASE_UTF8_H_
