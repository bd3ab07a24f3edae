#ifndef GENKIT_SRC_BASE_JSON_STREAM_H_
#define GENKIT_SRC_BASE_JSON_STREAM_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include <genkit/base/json.h>

#include "base/json_string_decoder.h"

namespace genkit::internal {

/// Follows a value while it grows. Offsets count the bytes of the whole text.
class JsonListener {
 public:
  /// Where a value is in the one around it.
  struct Step {
    enum class Kind : std::uint8_t { kRoot, kItem, kMember };
    Kind kind = Kind::kRoot;
    bool again = false;  ///< a member of this name was there before and is replaced
    std::size_t index = 0;
    std::string_view key = {};
  };

  virtual ~JsonListener() = default;
  /// What came so far counts for nothing: another value begins.
  virtual void restart() = 0;
  /// A value begins. Containers and strings are still empty; numbers and literals are what is known of them.
  virtual void begin(const Step& step, const Json& value, std::size_t offset) = 0;
  /// The string that began last got longer.
  virtual void grow(const Json& value, std::string_view added, std::size_t offset) = 0;
  /// The number that began last is a longer one.
  virtual void change(const Json& value) = 0;
  /// The innermost open value is complete; `offset` is the end of it.
  virtual void end(const Json& value, std::size_t offset) = 0;
};

/// Reads one JSON5 value that arrives in pieces, cut anywhere, and builds it in place: after every piece `value` is what is there
/// so far. Each byte is looked at once. What is not complete shows as far as it is certain: a string up to its last whole
/// character, a number up to its last complete digits, a member as soon as its value has begun. Nothing that was shown is taken
/// back.
class JsonStream {
 public:
  enum class State : std::uint8_t { kOpen, kDone, kFailed };

  /// Why a text is no JSON.
  struct Failure {
    std::size_t offset = 0;
    std::string expected = {};  ///< "',' or ']'"
  };

  static constexpr std::size_t kMaxDepth = 256;

  /// `listener` may be nullptr and must outlive the stream. The value lives in `storage`.
  explicit JsonStream(JsonListener* listener = nullptr, boost::json::storage_ptr storage = {});
  JsonStream(const JsonStream&) = delete;
  JsonStream& operator=(const JsonStream&) = delete;

  /// Forgets everything; the next byte that is fed has this offset.
  void restart(std::size_t offset);
  /// Replaces the listener; it hears what comes from now on.
  void set_listener(JsonListener* listener) { listener_ = listener; }
  /// Takes the next bytes, up to the end of the value or the byte that cannot be; returns how many.
  std::size_t feed(std::string_view text);
  /// There are no more bytes: a number at the root is complete.
  void finish();

  State state() const noexcept { return state_; }
  const Failure& failure() const noexcept { return failure_; }
  /// Whether something of the value is there.
  bool has_value() const noexcept { return has_value_; }
  /// The value so far. The object stays the same one while it grows.
  const Json& value() const noexcept { return root_; }
  Json& value() noexcept { return root_; }
  Json release() { return std::move(root_); }
  /// How many values are complete, those inside of others included.
  std::size_t completed_values() const noexcept { return completed_values_; }
  /// How many items of an array at the root are complete.
  std::size_t completed_items() const noexcept { return completed_items_; }
  /// How many containers are open.
  std::size_t depth() const noexcept { return stack_.size(); }

 private:
  enum class Expect : std::uint8_t {
    kValue,
    kItemOrEnd,
    kKeyOrEnd,
    kColon,
    kCommaOrEnd,
    kKey,
    kBareKey,
    kString,
    kNumber,
    kWord,
  };
  enum class Comment : std::uint8_t { kNone, kSlash, kLine, kBlock, kBlockStar };

  const char* step(const char* at, const char* end);
  const char* skip_insignificant(const char* at, const char* end);
  const char* skip_comment(const char* at, const char* end);
  const char* skip_space(const char* at, const char* end);
  const char* take_structure(const char* at, const char* end);
  const char* take_key_start(const char* at, const char* end);
  const char* take_value_start(const char* at, const char* end, std::string_view expected);
  const char* take_string(const char* at, const char* end);
  const char* take_bare_key(const char* at, const char* end);
  const char* take_number(const char* at, const char* end);
  const char* take_word(const char* at, const char* end);

  const char* open_container(const char* at);
  const char* close_container(const char* at);
  void grow_string(std::string_view text, const char* at);
  void settle_number();
  const char* end_number(const char* at);
  Json& make_slot();
  void begin_value(std::size_t offset);
  void end_value(const char* at);
  const char* fail(const char* at, std::string_view expected);
  std::size_t offset_of(const char* at) const { return base_ + static_cast<std::size_t>(at - piece_); }

  JsonListener* listener_;
  Json root_;
  std::vector<Json*> stack_;  // the open containers; each is the last that was added to the one before, so that none moves
  Json* slot_ = nullptr;      // the open string, number or literal
  JsonListener::Step slot_step_;
  std::string key_;
  std::string number_;
  std::size_t number_offset_ = 0;
  Failure failure_;
  std::size_t completed_values_ = 0;
  std::size_t completed_items_ = 0;
  std::size_t base_ = 0;  // offset of the piece that is being read
  const char* piece_ = nullptr;

  State state_ = State::kOpen;
  Expect expect_ = Expect::kValue;
  Comment comment_ = Comment::kNone;
  bool has_value_ = false;
  JsonStringDecoder string_;
  std::string partial_;    // bytes of a character between values that is not complete
  std::string_view word_;  // true, false or null
  std::size_t word_size_ = 0;
};

/// The value of the longest prefix of `text` that is a JSON5 number; false when there is none.
bool read_number_prefix(std::string_view text, Json& value, bool& is_whole);

}  // namespace genkit::internal

#endif  // GENKIT_SRC_BASE_JSON_STREAM_H_
