#ifndef GENKIT_SRC_AI_OUTPUT_CHUNK_READER_H_
#define GENKIT_SRC_AI_OUTPUT_CHUNK_READER_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <genkit/ai/response_stream.h>

#include "ai/output/turn_reader.h"

namespace genkit::internal {

/// What the chunks of a generation come to: the text of the turn, and the value in it. Reads when it is asked.
class ChunkReader {
 public:
  /// `type` (may be null) is that of the value in C++.
  ChunkReader(std::shared_ptr<Registry> registry, OutputOptions options, const TypeInfo* type);
  ChunkReader(const ChunkReader&) = delete;
  ChunkReader& operator=(const ChunkReader&) = delete;

  /// The next chunk; what the functions below gave before is no longer valid.
  void take(const Chunk& chunk);

  std::string_view text() const noexcept { return text_; }
  std::string_view previous_text() const noexcept { return std::string_view(text_).substr(0, previous_size_); }
  const Json& output();
  const JsonArray& items();
  const std::vector<OutputDelta>& deltas();
  /// The value as an object of the type; what has not come is default.
  const void* typed_output();

  /// Whether the chunks have shown a whole value of `form`, and `response` is just the text of them.
  bool has_read(const OutputForm& form, const ModelResponse& response);
  /// The value of the answer, when it was read from the chunks; else nullptr. It does not depend on this object.
  std::shared_ptr<const Json> value_of(const ModelResponse& response);

 private:
  std::string_view added_text() const noexcept { return std::string_view(text_).substr(previous_size_); }
  void replace(std::string whole);
  void restart_value();
  const Json* whole_value(const ModelResponse& response);
  void read();
  void make_output();
  bool lends_items() const noexcept { return form_->kind == FormatKind::kArray || form_->kind == FormatKind::kJsonl; }
  void make_typed_output();

  const std::shared_ptr<Registry> registry_;
  const OutputOptions options_;
  const TypeInfo* const type_;

  std::string text_;  // of this turn
  std::size_t previous_size_ = 0;
  std::optional<std::int64_t> turn_;  // the index of its message

  std::shared_ptr<const OutputForm> form_;  // made when it is needed
  std::shared_ptr<TurnReader> reader_;
  Value object_;  // of the type
  bool records_ = false;
  bool deltas_are_given_ = false;    // the caller has seen what was recorded
  bool is_value_withdrawn_ = false;  // what was recorded before counts for nothing, and the caller has not heard of it
  bool is_read_ = false;             // the reader has seen the current chunk
  bool has_output_ = false;
  bool has_items_ = false;
  bool has_typed_output_ = false;
  bool object_is_empty_ = false;  // made from no items
  bool are_lent_ = false;         // the items in `output_` belong to the reader
  bool is_value_shared_ = false;  // the reader's value is also the response's
  Json output_;                   // of formats whose value does not grow in place
  const Json* shown_ = nullptr;
  JsonArray items_;
};

}  // namespace genkit::internal

#endif  // GENKIT_SRC_AI_OUTPUT_CHUNK_READER_H_
