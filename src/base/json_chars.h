#ifndef GENKIT_SRC_BASE_JSON_CHARS_H_
#define GENKIT_SRC_BASE_JSON_CHARS_H_

#include <array>
#include <cstdint>

namespace genkit::internal {

/// What a byte can be in JSON5. Bits, so that one look at a table answers.
enum JsonCharClass : std::uint8_t {
  kJsonSpace = 1,           ///< white space of ASCII
  kJsonNamePart = 2,        ///< a letter, a digit, '_', '$'; what is beyond ASCII
  kJsonNumberPart = 4,      ///< of numbers, and of the words that are some: a letter, a digit, '_', '$', '.', '-', '+'
  kJsonNumberStart = 8,     ///< a digit, '-', '+', '.', 'I', 'N'
  kJsonDoubleQuoted = 16,   ///< stands for itself between double quotes
  kJsonSingleQuoted = 32,   ///< stands for itself between single quotes
  kJsonInsignificant = 64,  ///< between values: white space, '/' of a comment, what is beyond ASCII and may be a space
};

constexpr std::uint8_t json_classes_of(int c) {
  const bool is_digit = c >= '0' && c <= '9';
  const bool is_word_part = is_digit || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c == '$';
  const bool is_wide = c >= 0x80;
  const bool is_sign_or_point = c == '-' || c == '+' || c == '.';
  const bool is_plain = c != '\\' && c != '\n' && c != '\r';
  int classes = 0;
  if (c == ' ' || (c >= '\t' && c <= '\r')) classes |= kJsonSpace;
  if (is_word_part || is_wide) classes |= kJsonNamePart;
  if (is_word_part || is_sign_or_point) classes |= kJsonNumberPart;
  if (is_digit || is_sign_or_point || c == 'I' || c == 'N') classes |= kJsonNumberStart;
  if (is_plain && c != '"') classes |= kJsonDoubleQuoted;
  if (is_plain && c != '\'') classes |= kJsonSingleQuoted;
  if ((classes & kJsonSpace) != 0 || is_wide || c == '/') classes |= kJsonInsignificant;
  return static_cast<std::uint8_t>(classes);
}

inline constexpr std::array<std::uint8_t, 256> kJsonCharClasses = [] {
  std::array<std::uint8_t, 256> table{};
  for (int c = 0; c < 256; ++c) table[static_cast<std::size_t>(c)] = json_classes_of(c);
  return table;
}();

/// Whether `c` is in one of these classes.
inline bool json_is(char c, std::uint8_t classes) {
  return (kJsonCharClasses[static_cast<unsigned char>(c)] & classes) != 0;
}

inline bool is_beyond_ascii(char c) {
  return static_cast<unsigned char>(c) >= 0x80;
}

/// The first byte that is in none of these classes.
inline const char* json_skip(const char* at, const char* end, std::uint8_t classes) {
  while (at != end && json_is(*at, classes)) ++at;
  return at;
}

}  // namespace genkit::internal

#endif  // GENKIT_SRC_BASE_JSON_CHARS_H_
