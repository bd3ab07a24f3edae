#ifndef GENKIT_SRC_BASE_JSON_POINTER_H_
#define GENKIT_SRC_BASE_JSON_POINTER_H_

#include <string>
#include <string_view>

namespace genkit::internal {

/// One step of a JSON pointer (RFC 6901) without its slash.
inline void append_pointer_step(std::string& pointer, std::string_view name) {
  for (const char c : name) {
    if (c == '~') {
      pointer += "~0";
    } else if (c == '/') {
      pointer += "~1";
    } else {
      pointer += c;
    }
  }
}

}  // namespace genkit::internal

#endif  // GENKIT_SRC_BASE_JSON_POINTER_H_
