#include <algorithm>
#include <array>
#include <bit>
#include <charconv>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

#include <genkit/base/json.h>

#include "base/json_sink.h"

namespace genkit::internal {
namespace {

// What follows the backslash for each control character, the quote and the backslash; 'u' is the \u00xx form, 0 needs no escape.
constexpr std::array<char, 128> kEscapes = [] {
  std::array<char, 128> table{};
  for (int c = 0; c < 0x20; ++c) table[c] = 'u';
  table['\b'] = 'b';
  table['\f'] = 'f';
  table['\n'] = 'n';
  table['\r'] = 'r';
  table['\t'] = 't';
  table['"'] = '"';
  table['\\'] = '\\';
  return table;
}();

constexpr std::uint64_t kOnes = 0x0101010101010101u;

/// Marks the bytes of `word` that need a look: controls, quotes, backslashes and what is not ASCII. A borrow may mark a byte
/// wrongly, but only one above a byte that is marked rightly.
std::uint64_t mark_special(std::uint64_t word) {
  std::uint64_t quote = word ^ (kOnes * '"');
  std::uint64_t backslash = word ^ (kOnes * '\\');
  return (word | (word - kOnes * 0x20) | (quote - kOnes) | (backslash - kOnes)) & (kOnes * 0x80);
}

template <class Word>
std::uint64_t load(const char* from) {
  Word word;
  std::memcpy(&word, from, sizeof word);
  return word;
}

/// The `size` bytes (1 to 7) at `from`, the first one lowest, filled up with letters.
std::uint64_t load_tail(const char* from, std::size_t size) {
  std::uint64_t word = 0;
  if (size >= 4) {
    word = load<std::uint32_t>(from) | load<std::uint32_t>(from + size - 4) << (8 * (size - 4));
  } else if (size >= 2) {
    word = load<std::uint16_t>(from) | load<std::uint16_t>(from + size - 2) << (8 * (size - 2));
  } else {
    word = static_cast<unsigned char>(*from);
  }
  return word | (kOnes * 'a') << (8 * size);
}

#if defined(__SSE2__)
/// As mark_special, a bit for each of sixteen bytes, and exact.
unsigned mark_special(__m128i bytes) {
  const __m128i control = _mm_cmpeq_epi8(_mm_min_epu8(bytes, _mm_set1_epi8(0x1f)), bytes);
  const __m128i quote = _mm_cmpeq_epi8(bytes, _mm_set1_epi8('"'));
  const __m128i backslash = _mm_cmpeq_epi8(bytes, _mm_set1_epi8('\\'));
  return static_cast<unsigned>(_mm_movemask_epi8(_mm_or_si128(_mm_or_si128(bytes, control), _mm_or_si128(quote, backslash))));
}
#endif

/// Whether any of eight bytes is special.
inline bool has_special(std::uint64_t word) {
#if defined(__SSE2__)
  // The upper half repeats the lower one: all zero would be special.
  return mark_special(_mm_set1_epi64x(static_cast<long long>(word))) != 0;
#else
  return mark_special(word) != 0;
#endif
}

/// Copies the bytes at the front of `from` that are printed as they are (ASCII without controls, quotes and backslashes) and
/// returns their number. Up to 16 bytes beyond them are overwritten in `to`.
[[gnu::always_inline]] inline std::size_t copy_plain(char* to, const char* from, std::size_t size) {
  std::size_t i = 0;
  if constexpr (std::endian::native == std::endian::little) {
#if defined(__SSE2__)
    constexpr std::size_t kBlock = 16;
    if (size >= kBlock) {
      // The last block overlaps the one before.
      for (;; i = std::min(i + kBlock, size - kBlock)) {
        const __m128i bytes = _mm_loadu_si128(reinterpret_cast<const __m128i*>(from + i));
        _mm_storeu_si128(reinterpret_cast<__m128i*>(to + i), bytes);
        if (const unsigned marks = mark_special(bytes); marks != 0) return i + static_cast<std::size_t>(std::countr_zero(marks));
        if (i == size - kBlock) return size;
      }
    }
    if (size >= kBlock / 2) {
      const std::size_t half = size - kBlock / 2;
      const auto low = load<std::uint64_t>(from);
      const auto high = load<std::uint64_t>(from + half);
      std::memcpy(to, &low, sizeof low);
      std::memcpy(to + half, &high, sizeof high);
      const unsigned marks = mark_special(_mm_set_epi64x(static_cast<long long>(high), static_cast<long long>(low)));
      if (marks == 0) return size;
      const auto first = static_cast<std::size_t>(std::countr_zero(marks));
      return first < kBlock / 2 ? first : half + first - kBlock / 2;
    }
#endif
    while (i < size) {
      std::uint64_t word = size - i >= 8 ? load<std::uint64_t>(from + i) : load_tail(from + i, size - i);
      std::memcpy(to + i, &word, sizeof word);
      std::uint64_t marks = mark_special(word);
      if (marks != 0) return i + static_cast<std::size_t>(std::countr_zero(marks)) / 8;
      i += 8;
    }
    return size;
  }
  for (; i < size; ++i) {
    auto c = static_cast<unsigned char>(from[i]);
    if (c >= 0x80 || kEscapes[c] != 0) break;
    to[i] = from[i];
  }
  return i;
}

/// Copies 1 to 16 bytes if all of them are printed as they are; otherwise `to` holds anything. The two halves overlap.
[[gnu::always_inline]] inline bool copy_short(char* to, const char* from, std::size_t size) {
  const auto halves = [&]<class Word>(Word) {
    const char* const high = from + size - sizeof(Word);
    const auto words = std::pair(load<Word>(from), load<Word>(high));
    std::memcpy(to, from, sizeof(Word));
    std::memcpy(to + size - sizeof(Word), high, sizeof(Word));
    return words;
  };
  constexpr std::uint64_t kLetters = kOnes * 'a';
  if (size >= 8) {
    const auto [low, high] = halves(std::uint64_t());
#if defined(__SSE2__)
    return mark_special(_mm_set_epi64x(static_cast<long long>(high), static_cast<long long>(low))) == 0;
#else
    return (mark_special(low) | mark_special(high)) == 0;
#endif
  }
  if (size >= 4) {
    const auto [low, high] = halves(std::uint32_t());
    return !has_special(low | high << 32);
  }
  if (size >= 2) {
    const auto [low, high] = halves(std::uint16_t());
    return !has_special(low | high << 16 | kLetters << 32);
  }
  *to = *from;
  return !has_special(static_cast<unsigned char>(*from) | kLetters << 8);
}

struct Utf8Step {
  std::size_t length;  ///< bytes of the character, or of the maximal subpart that U+FFFD replaces
  bool valid;
};

/// Looks at the sequence that begins with a byte >= 0x80, by table 3-7 of the Unicode standard.
Utf8Step step_utf8(const unsigned char* text, std::size_t size) {
  unsigned char lead = text[0];
  std::size_t length = 0;
  unsigned char low = 0x80;
  unsigned char high = 0xBF;
  if (lead >= 0xC2 && lead <= 0xDF) {
    length = 2;
  } else if (lead >= 0xE0 && lead <= 0xEF) {
    length = 3;
    if (lead == 0xE0) low = 0xA0;
    if (lead == 0xED) high = 0x9F;
  } else if (lead >= 0xF0 && lead <= 0xF4) {
    length = 4;
    if (lead == 0xF0) low = 0x90;
    if (lead == 0xF4) high = 0x8F;
  } else {
    return {1, false};
  }
  for (std::size_t i = 1; i < length; ++i) {
    if (i == size || text[i] < low || text[i] > high) return {i, false};
    low = 0x80;
    high = 0xBF;
  }
  return {length, true};
}

void put_hex_escape(JsonSink& sink, unsigned char c) {
  constexpr char kHex[] = "0123456789abcdef";
  sink.put("\\u00");
  sink.put(kHex[c >> 4]);
  sink.put(kHex[c & 15]);
}

#if defined(__SSE2__)
/// Copies what comes before the first byte that takes more than a backslash, and puts backslashes where they belong; stops within
/// 32 bytes of the end. At most twice as much is written as is read, and 16 bytes that do not count.
void copy_escaped(char*& to, const char*& from, const char* end) {
  constexpr std::ptrdiff_t kBytes = 16;
  while (end - from >= 2 * kBytes) {
    const __m128i bytes = _mm_loadu_si128(reinterpret_cast<const __m128i*>(from));
    _mm_storeu_si128(reinterpret_cast<__m128i*>(to), bytes);
    const char* const next = from + kBytes;
    // JSON in a string has a quote every few bytes: what stands between two is copied again to where it belongs.
    for (unsigned marks = mark_special(bytes); marks != 0; marks &= marks - 1) {
      const char* const at = next - kBytes + std::countr_zero(marks);
      to += at - from;
      from = at;
      const auto c = static_cast<unsigned char>(*at);
      if (c >= 0x80 || kEscapes[c] == 'u') return;
      *to++ = '\\';
      *to++ = kEscapes[c];
      ++from;
      _mm_storeu_si128(reinterpret_cast<__m128i*>(to), _mm_loadu_si128(reinterpret_cast<const __m128i*>(from)));
    }
    to += next - from;
    from = next;
  }
}
#endif

/// Text that begins with what needs an escape, or is longer than the sink.
void put_rest(JsonSink& sink, std::string_view text) {
  constexpr std::size_t kBlock = 512;
  while (!text.empty()) {
    // JSON in a string is full of quotes: what takes one or two bytes goes on without a look at the sink.
    char* const begin = sink.reserve(2 * kBlock);
    char* to = begin;
    const char* from = text.data();
    const char* const end = from + std::min(text.size(), kBlock);
#if defined(__SSE2__)
    copy_escaped(to, from, end);
#endif
    for (;;) {
      const std::size_t plain = copy_plain(to, from, static_cast<std::size_t>(end - from));
      to += plain;
      from += plain;
      if (from == end) break;
      const auto c = static_cast<unsigned char>(*from);
      if (c >= 0x80 || kEscapes[c] == 'u') break;
      *to++ = '\\';
      *to++ = kEscapes[c];
      ++from;
    }
    sink.advance(static_cast<std::size_t>(to - begin));
    text.remove_prefix(static_cast<std::size_t>(from - text.data()));
    if (from == end) continue;

    const auto c = static_cast<unsigned char>(text.front());
    std::size_t length = 1;
    if (c >= 0x80) {
      Utf8Step step = step_utf8(reinterpret_cast<const unsigned char*>(text.data()), text.size());
      length = step.length;
      sink.put(step.valid ? text.substr(0, length) : "\xEF\xBF\xBD");
    } else {
      put_hex_escape(sink, c);
    }
    text.remove_prefix(length);
  }
}

[[gnu::noinline]] void put_any_string(JsonSink& sink, std::string_view text) {
  constexpr std::size_t kMost = 1024;
  const std::size_t size = std::min(text.size(), kMost);
  char* to = sink.reserve(size + 2);
  to[0] = '"';
  const std::size_t plain = copy_plain(to + 1, text.data(), size);
  sink.advance(1 + plain);
  if (plain < text.size()) put_rest(sink, text.substr(plain));
  sink.put('"');
}

}  // namespace

void put_string(JsonSink& sink, std::string_view text) {
  constexpr std::size_t kShort = 16;
  if (text.empty() || text.size() > kShort || sink.room() < kShort + 2) return put_any_string(sink, text);
  char* const to = sink.reserve(kShort + 2);
  if (!copy_short(to + 1, text.data(), text.size())) return put_any_string(sink, text);
  to[0] = to[text.size() + 1] = '"';
  sink.advance(text.size() + 2);
}

namespace {

/// Prints `value`, which is no integer, when it is a decimal of at most 15 digits, six of them after the point: prices, scores,
/// temperatures. Two different decimals of so few digits are never the same double, so no shorter one reads back as `value`.
bool put_short_decimal(JsonSink& sink, double value) {
  constexpr double kScale = 1e6;
  constexpr double kLimit = 1e9;
  if (!(std::abs(value) < kLimit)) return false;
  double scaled = std::nearbyint(value * kScale);
  // Both operands are exact, so the division rounds once: to the double nearest to the decimal.
  if (scaled / kScale != value) return false;

  auto units = static_cast<std::int64_t>(scaled);
  if (units < 0) sink.put('-');
  std::uint64_t magnitude = static_cast<std::uint64_t>(units < 0 ? -units : units);
  std::uint64_t fraction = magnitude % 1'000'000;
  put_integer(sink, magnitude / 1'000'000);
  char digits[7] = {'.'};
  std::size_t length = 0;
  for (std::size_t i = 6; i > 0; --i, fraction /= 10) {
    digits[i] = static_cast<char>('0' + fraction % 10);
    if (length == 0 && digits[i] != '0') length = i + 1;
  }
  sink.put({digits, length});
  return true;
}

}  // namespace

/// Number::toString of ECMA-262 for radix 10: the shortest digits that read back as `value`, laid out by the size of the
/// exponent.
void put_double(JsonSink& sink, double value) {
  if (!std::isfinite(value)) {
    sink.put("null");
    return;
  }
  constexpr double kExactIntegers = 9007199254740992.0;  // 2^53
  if (std::abs(value) < kExactIntegers && value == std::trunc(value)) {
    put_integer(sink, static_cast<std::int64_t>(value));  // also turns -0 into 0
    return;
  }
  if (put_short_decimal(sink, value)) return;

  char text[32];  // d.ddddddddddddddddde-308
  const char* end = std::to_chars(text, text + sizeof text, std::abs(value), std::chars_format::scientific).ptr;
  char digits[20];
  std::size_t count = 0;
  const char* at = text;
  for (; *at != 'e'; ++at) {
    if (*at != '.') digits[count++] = *at;
  }
  ++at;
  if (*at == '+') ++at;
  int exponent = 0;
  std::from_chars(at, end, exponent);
  int point = exponent + 1;  // the value is 0.digits * 10^point
  auto whole = static_cast<std::size_t>(std::max(point, 0));

  if (value < 0) sink.put('-');
  if (point > 21 || point < -5) {
    sink.put(digits[0]);
    if (count > 1) {
      sink.put('.');
      sink.put({digits + 1, count - 1});
    }
    sink.put(point > 0 ? "e+" : "e-");
    put_integer(sink, std::abs(exponent));
  } else if (point <= 0) {
    sink.put("0.");
    sink.put(static_cast<std::size_t>(-point), '0');
    sink.put({digits, count});
  } else if (count <= whole) {
    sink.put({digits, count});
    sink.put(whole - count, '0');
  } else {
    sink.put({digits, whole});
    sink.put('.');
    sink.put({digits + whole, count - whole});
  }
}

namespace {

/// Walks a value with a stack of its own, so that a value of any depth can be written on the small stack of a fiber.
template <bool kIndents>
class TreeWriter {
 public:
  explicit TreeWriter(JsonSink& sink, std::size_t indent = 0) : sink_(sink), indent_(indent) {}

  void write(const Json& value) {
    if (!begin(value)) return;
    for (;;) {
      if (level_.left == 0) {
        if (!finish()) return;
        continue;
      }
      if (!level_.is_first) sink_.put(',');
      level_.is_first = false;
      --level_.left;
      new_line();
      if (level_.array != nullptr) {
        begin(*level_.array++);
      } else {
        const auto& member = *level_.members++;
        put_string(sink_, member.key());
        sink_.put(':');
        if constexpr (kIndents) sink_.put(' ');
        begin(member.value());
      }
    }
  }

 private:
  /// An array or an object that is being written, and what is left of it.
  struct Level {
    const Json* array;
    const boost::json::key_value_pair* members;
    std::size_t left;
    bool is_first;
  };

  /// Writes a value, or what comes before its elements. False when there are none.
  bool begin(const Json& value) {
    switch (value.kind()) {
      case boost::json::kind::null:
        sink_.put("null");
        return false;
      case boost::json::kind::bool_:
        sink_.put(value.get_bool() ? "true" : "false");
        return false;
      case boost::json::kind::int64:
        put_integer(sink_, value.get_int64());
        return false;
      case boost::json::kind::uint64:
        put_integer(sink_, value.get_uint64());
        return false;
      case boost::json::kind::double_:
        put_double(sink_, value.get_double());
        return false;
      case boost::json::kind::string:
        put_string(sink_, value.get_string());
        return false;
      case boost::json::kind::array: {
        const JsonArray& array = value.get_array();
        if (array.empty()) {
          sink_.put("[]");
          return false;
        }
        sink_.put('[');
        push({array.data(), nullptr, array.size(), true});
        return true;
      }
      case boost::json::kind::object: {
        const JsonObject& object = value.get_object();
        if (object.empty()) {
          sink_.put("{}");
          return false;
        }
        sink_.put('{');
        push({nullptr, object.begin(), object.size(), true});
        return true;
      }
    }
    return false;
  }

  /// Ends the innermost level. False when it was the outermost.
  bool finish() {
    const char bracket = level_.array != nullptr ? ']' : '}';
    pop();
    new_line();
    sink_.put(bracket);
    return depth_ > 0;
  }

  void new_line() {
    if constexpr (kIndents) {
      sink_.put('\n');
      sink_.put(depth_ * indent_, ' ');
    }
  }

  void push(Level level) {
    if (depth_ < kInlineLevels) {
      outer_[depth_] = level_;
    } else {
      deep_.push_back(level_);
    }
    ++depth_;
    level_ = level;
  }
  void pop() {
    --depth_;
    if (depth_ < kInlineLevels) {
      level_ = outer_[depth_];
    } else {
      level_ = deep_.back();
      deep_.pop_back();
    }
  }

  static constexpr std::size_t kInlineLevels = 32;

  JsonSink& sink_;
  const std::size_t indent_;
  std::size_t depth_ = 0;
  Level level_{};
  Level outer_[kInlineLevels];
  std::vector<Level> deep_;
};

}  // namespace

void put_json(JsonSink& sink, const Json& value) {
  TreeWriter<false>(sink).write(value);
}

}  // namespace genkit::internal

namespace genkit {

using internal::JsonSink;

void append_text(std::string& out, const Json& value, int indent) {
  JsonSink sink(out);
  if (indent > 0) {
    internal::TreeWriter<true>(sink, static_cast<std::size_t>(indent)).write(value);
  } else {
    internal::put_json(sink, value);
  }
  sink.flush();
}

std::string to_text(const Json& value, int indent) {
  std::string out;
  append_text(out, value, indent);
  return out;
}

void append_json_string(std::string& out, std::string_view text) {
  JsonSink sink(out);
  internal::put_string(sink, text);
  sink.flush();
}

void append_json_number(std::string& out, double value) {
  JsonSink sink(out);
  internal::put_double(sink, value);
  sink.flush();
}

const Json* find_member(const Json& value, std::string_view name) noexcept {
  const JsonObject* object = value.if_object();
  return object == nullptr ? nullptr : object->if_contains(name);
}

}  // namespace genkit
