#ifndef GENKIT_LLAMACPP_GRAMMAR_CHAR_SET_H_
#define GENKIT_LLAMACPP_GRAMMAR_CHAR_SET_H_

#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

namespace genkit::llama {

using CodePoint = std::uint32_t;

/// From `low` to `high`, both included.
struct CharRange {
  CodePoint low;
  CodePoint high;

  bool operator==(const CharRange&) const = default;
};

/// A set of characters: sorted ranges that do not touch.
class CharSet {
 public:
  CharSet() = default;
  CharSet(std::initializer_list<CharRange> ranges);

  static CharSet of(CodePoint low, CodePoint high) {
    CharSet set;
    set.ranges_.push_back({low, high});
    return set;
  }
  static CharSet any() { return of(0, 0x10FFFF); }
  /// All that a JSON string of valid UTF-8 can hold without an escape by number: no halves of surrogate pairs, and of the control
  /// characters only those that have a short escape.
  static const CharSet& writable();

  void add(const CharSet& other);
  CharSet complement() const;
  CharSet intersect(const CharSet& other) const;

  bool empty() const noexcept { return ranges_.empty(); }
  bool contains(CodePoint c) const noexcept;
  const std::vector<CharRange>& ranges() const noexcept { return ranges_; }

  bool operator==(const CharSet&) const = default;

 private:
  void normalize();

  std::vector<CharRange> ranges_;
};

/// The characters of valid UTF-8.
std::vector<CodePoint> code_points(std::string_view utf8);
void append_utf8(std::string& out, CodePoint c);

}  // namespace genkit::llama

#endif  // GENKIT_LLAMACPP_GRAMMAR_CHAR_SET_H_
