#ifndef GENKIT_LLAMACPP_UTF8_H_
#define GENKIT_LLAMACPP_UTF8_H_

#include <string>
#include <string_view>

namespace genkit::llama {

/// Turns the bytes of tokens, which may end in the middle of a character, into valid UTF-8. Bytes that can never become a
/// character are replaced by U+FFFD, one for each maximal ill-formed part, as the Unicode standard recommends.
class Utf8Joiner {
 public:
  /// Appends to `out` all characters that are complete, and keeps the rest for the next call.
  void push(std::string_view bytes, std::string& out);
  /// The end: what is still incomplete is replaced.
  void finish(std::string& out);

 private:
  std::string pending_;
};

/// True when valid UTF-8 can begin with `bytes`, which may end in the middle of a character.
bool may_begin_utf8(std::string_view bytes);
/// The bytes at the end of `bytes`, which `may_begin_utf8`, that are not a whole character yet.
std::string_view unfinished_utf8(std::string_view bytes);

}  // namespace genkit::llama

#endif  // GENKIT_LLAMACPP_UTF8_H_
