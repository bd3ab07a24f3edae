#ifndef GENKIT_SRC_BASE_JSON_SINK_H_
#define GENKIT_SRC_BASE_JSON_SINK_H_

#include <charconv>
#include <cstddef>
#include <cstring>
#include <string>
#include <string_view>

#include <genkit/base/json.h>

/// The writer of JSON text in pieces, for code that writes values without a tree of Json.
namespace genkit::internal {

/// Collects small pieces before they go to the string, whose own append is a call with a capacity check each time.
class JsonSink {
 public:
  explicit JsonSink(std::string& out) : out_(out) {}
  JsonSink(const JsonSink&) = delete;
  JsonSink& operator=(const JsonSink&) = delete;

  /// Where the next bytes go; at least `room` of them fit, and at most kCapacity can be asked for.
  char* reserve(std::size_t room) {
    if (room > kCapacity - size_) flush();
    return buffer_ + size_;
  }
  std::size_t room() const { return kCapacity - size_; }
  void advance(std::size_t count) { size_ += count; }

  void put(char c) {
    *reserve(1) = c;
    ++size_;
  }

  /// For texts that surely fit into the buffer; `put_any` takes all.
  void put(std::string_view text) {
    copy_few(reserve(text.size()), text.data(), text.size());
    size_ += text.size();
  }

  void put_any(std::string_view text) {
    if (text.size() <= kCapacity) {
      put(text);
    } else {
      flush();
      out_.append(text);
    }
  }

  void put(std::size_t count, char c) {
    for (; count > 0; --count) put(c);
  }

  /// The last call; not in the destructor because it may throw.
  void flush() {
    out_.append(buffer_, size_);
    size_ = 0;
  }

 private:
  static constexpr std::size_t kCapacity = 4096;
  static constexpr std::size_t kSlack = 16;  // what copy_plain may write too much

  /// What is put is mostly a word or two: two overlapping halves take less than a call.
  static void copy_few(char* to, const char* from, std::size_t size) {
    if (size > 32 || size < 4) {
      std::memcpy(to, from, size);
    } else if (size > 16) {
      copy_halves<16>(to, from, size);
    } else if (size >= 8) {
      copy_halves<8>(to, from, size);
    } else {
      copy_halves<4>(to, from, size);
    }
  }
  template <std::size_t kHalf>
  static void copy_halves(char* to, const char* from, std::size_t size) {
    char low[kHalf];
    char high[kHalf];
    std::memcpy(low, from, kHalf);
    std::memcpy(high, from + size - kHalf, kHalf);
    std::memcpy(to, low, kHalf);
    std::memcpy(to + size - kHalf, high, kHalf);
  }

  std::string& out_;
  std::size_t size_ = 0;
  char buffer_[kCapacity + kSlack];
};

void put_string(JsonSink& sink, std::string_view text);  ///< quoted and escaped
void put_double(JsonSink& sink, double value);           ///< JavaScript's form; `null` unless finite
void put_json(JsonSink& sink, const Json& value);

template <class Integer>
void put_integer(JsonSink& sink, Integer value) {
  constexpr std::size_t kLongest = 20;
  char* to = sink.reserve(kLongest);
  sink.advance(static_cast<std::size_t>(std::to_chars(to, to + kLongest, value).ptr - to));
}

}  // namespace genkit::internal

#endif  // GENKIT_SRC_BASE_JSON_SINK_H_
