#ifndef GENKIT_SRC_SCHEMA_DRAFT7_CHARS_H_
#define GENKIT_SRC_SCHEMA_DRAFT7_CHARS_H_

#include <string_view>

namespace genkit::internal {

// ASCII whatever the locale says.
constexpr bool is_digit(char c) {
  return c >= '0' && c <= '9';
}
constexpr bool is_letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}
constexpr bool is_hex_digit(char c) {
  return is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}
constexpr bool is_ascii(char c) {
  return static_cast<unsigned char>(c) < 0x80;
}
constexpr bool contains(std::string_view text, char c) {
  return text.find(c) != std::string_view::npos;
}

}  // namespace genkit::internal

#endif  // GENKIT_SRC_SCHEMA_DRAFT7_CHARS_H_
