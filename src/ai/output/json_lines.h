#ifndef GENKIT_SRC_AI_OUTPUT_JSON_LINES_H_
#define GENKIT_SRC_AI_OUTPUT_JSON_LINES_H_

#include <cstddef>
#include <optional>
#include <string_view>
#include <utility>

#include "base/json_memory.h"
#include "base/json_stream.h"

namespace genkit::internal {

/// Reads JSON objects, one on each line that begins with a brace; the other lines are prose and fences, and so is what follows an
/// object on its line. The text may arrive in pieces.
class JsonLines {
 public:
  /// `listener` may be null; it hears of the objects as the items of an array. The objects live in `memory` unless
  /// that is null.
  explicit JsonLines(JsonListener* listener = nullptr, JsonMemory* memory = nullptr)
      : as_items_(listener),
        stream_(listener != nullptr ? &as_items_ : nullptr, JsonMemory::storage_of(memory)),
        value_(JsonArray(JsonMemory::storage_of(memory))) {}

  /// `text` is everything up to now: what was given before, and more.
  void advance(std::string_view text);

  /// The objects that are complete, in an array.
  const Json& value() const noexcept { return value_; }
  const JsonArray& items() const noexcept { return value_.get_array(); }
  JsonArray& items() noexcept { return value_.get_array(); }
  Json release() { return std::move(value_); }
  /// The first line that is no JSON.
  const std::optional<JsonStream::Failure>& failure() const noexcept { return failure_; }
  /// Where the object begins that is not complete; nothing when all are.
  std::optional<std::size_t> open_offset() const noexcept;

 private:
  enum class Mode { kLineStart, kObject, kRestOfLine };

  /// Passes on what it hears of single objects as if they were in an array.
  class AsItems final : public JsonListener {
   public:
    explicit AsItems(JsonListener* to) : to_(to) {}
    void restart() override {}
    void begin(const Step& step, const Json& value, std::size_t offset) override;
    void grow(const Json& value, std::string_view added, std::size_t offset) override { to_->grow(value, added, offset); }
    void change(const Json& value) override { to_->change(value); }
    void end(const Json& value, std::size_t offset) override { to_->end(value, offset); }

   private:
    JsonListener* to_;
    bool has_begun_ = false;
    std::size_t index_ = 0;
    Json array_ = JsonArray();
  };

  void read_object(std::string_view text);

  AsItems as_items_;
  JsonStream stream_;
  Json value_;
  std::optional<JsonStream::Failure> failure_;
  Mode mode_ = Mode::kLineStart;
  std::size_t begin_ = 0;
  std::size_t at_ = 0;
};

}  // namespace genkit::internal

#endif  // GENKIT_SRC_AI_OUTPUT_JSON_LINES_H_
