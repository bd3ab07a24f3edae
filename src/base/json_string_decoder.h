#ifndef GENKIT_SRC_BASE_JSON_STRING_DECODER_H_
#define GENKIT_SRC_BASE_JSON_STRING_DECODER_H_

#include <cstdint>
#include <string>
#include <string_view>

namespace genkit::internal {

/// Reads what is between the quotes of a JSON5 string and arrives in pieces, cut anywhere. Characters that are cut off wait for
/// their rest; what is no UTF-8 becomes U+FFFD.
class JsonStringDecoder {
 public:
  enum class State : std::uint8_t { kOpen, kDone, kFailed };

  /// A string begins, after this quote.
  void begin(char quote);
  /// Takes of the bytes up to `end`, at least one, what goes together: plain characters and the end of the string or the
  /// backslash that may follow, or an escape. Returns the end of what was taken; on failure the byte that cannot be.
  const char* take(const char* at, const char* end);

  State state() const noexcept { return state_; }
  /// What was taken last stands for this text, which is valid until the next call and as long as the bytes.
  std::string_view text() const noexcept { return text_; }
  /// Whether the next byte belongs to an escape.
  bool in_escape() const noexcept { return escape_ != Escape::kNone; }
  /// After a failure: what should be there.
  std::string_view expected() const noexcept { return expected_; }

 private:
  enum class Escape : std::uint8_t { kNone, kStart, kHex, kCarriageReturn };

  const char* take_run(const char* at, const char* end);
  void decode_run(std::string_view run, bool is_cut_off, bool is_last);
  const char* take_escape(const char* at, const char* end);
  const char* take_hex_digits(const char* at, const char* end);
  void finish_code_unit();
  void flush_surrogate();
  const char* fail(const char* at, std::string_view expected);

  State state_ = State::kOpen;
  Escape escape_ = Escape::kNone;
  char quote_ = 0;
  std::uint8_t plain_ = 0;  // the class of characters that stand for themselves
  std::uint8_t hex_left_ = 0;
  std::uint32_t code_unit_ = 0;
  std::uint32_t high_surrogate_ = 0;
  std::string partial_;  // bytes of a character that is not complete
  std::string decoded_;
  std::string_view text_;  // `decoded_`, or the bytes themselves
  std::string_view expected_;
};

}  // namespace genkit::internal

#endif  // GENKIT_SRC_BASE_JSON_STRING_DECODER_H_
