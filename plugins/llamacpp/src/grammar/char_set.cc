#include "grammar/char_set.h"

#include <algorithm>
#include <cstddef>

namespace genkit::llama {

CharSet::CharSet(std::initializer_list<CharRange> ranges) : ranges_(ranges) {
  normalize();
}

const CharSet& CharSet::writable() {
  static const CharSet set{{'\b', '\n'}, {'\f', '\r'}, {0x20, 0xD7FF}, {0xE000, 0x10FFFF}};
  return set;
}

void CharSet::add(const CharSet& other) {
  ranges_.insert(ranges_.end(), other.ranges_.begin(), other.ranges_.end());
  normalize();
}

void CharSet::normalize() {
  std::sort(ranges_.begin(), ranges_.end(), [](const CharRange& a, const CharRange& b) { return a.low < b.low; });
  std::vector<CharRange> merged;
  for (const CharRange& range : ranges_) {
    if (!merged.empty() && range.low <= merged.back().high + 1) {
      merged.back().high = std::max(merged.back().high, range.high);
    } else {
      merged.push_back(range);
    }
  }
  ranges_ = std::move(merged);
}

CharSet CharSet::complement() const {
  CharSet result;
  CodePoint next = 0;
  for (const CharRange& range : ranges_) {
    if (range.low > next) result.ranges_.push_back({next, range.low - 1});
    next = range.high + 1;
  }
  if (next <= 0x10FFFF) result.ranges_.push_back({next, 0x10FFFF});
  return result;
}

CharSet CharSet::intersect(const CharSet& other) const {
  CharSet result;
  auto a = ranges_.begin();
  auto b = other.ranges_.begin();
  while (a != ranges_.end() && b != other.ranges_.end()) {
    const CodePoint low = std::max(a->low, b->low);
    const CodePoint high = std::min(a->high, b->high);
    if (low <= high) result.ranges_.push_back({low, high});
    a->high < b->high ? ++a : ++b;
  }
  return result;
}

bool CharSet::contains(CodePoint c) const noexcept {
  return std::any_of(ranges_.begin(), ranges_.end(), [c](const CharRange& range) { return range.low <= c && c <= range.high; });
}

std::vector<CodePoint> code_points(std::string_view utf8) {
  std::vector<CodePoint> result;
  result.reserve(utf8.size());
  for (std::size_t i = 0; i < utf8.size();) {
    const auto lead = static_cast<std::uint8_t>(utf8[i]);
    const std::size_t length = lead < 0x80 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
    CodePoint c = length == 1 ? lead : lead & (0x7FU >> length);
    for (std::size_t k = 1; k < length && i + k < utf8.size(); ++k)
      c = (c << 6) | (static_cast<std::uint8_t>(utf8[i + k]) & 0x3FU);
    result.push_back(c);
    i += length;
  }
  return result;
}

void append_utf8(std::string& out, CodePoint c) {
  if (c < 0x80) {
    out += static_cast<char>(c);
    return;
  }
  const int continuations = c < 0x800 ? 1 : c < 0x10000 ? 2 : 3;
  const CodePoint marker = continuations == 1 ? 0xC0 : continuations == 2 ? 0xE0 : 0xF0;
  out += static_cast<char>(marker | (c >> (6 * continuations)));
  for (int i = continuations - 1; i >= 0; --i) out += static_cast<char>(0x80U | ((c >> (6 * i)) & 0x3FU));
}

}  // namespace genkit::llama
