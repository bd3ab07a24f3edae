#ifndef GENKIT_SRC_AI_OUTPUT_TURN_READER_H_
#define GENKIT_SRC_AI_OUTPUT_TURN_READER_H_

#include <cstddef>
#include <optional>
#include <string_view>

#include "ai/output/delta_recorder.h"
#include "ai/output/format_set.h"
#include "ai/output/json_extractor.h"
#include "ai/output/json_lines.h"
#include "schema/value_filler.h"

namespace genkit::internal {

/// Reads the value of one turn from its text, as far as it is there. What it shows of the value lives as long as the reader.
class TurnReader final : private JsonListener {
 public:
  /// `object` is a default-constructed one of `type`, or both are null.
  TurnReader(const OutputForm& form, const TypeInfo* type, void* object, bool records);

  /// `previous` and `text` are the text of the turn without and with the current chunk.
  void read(std::string_view previous, std::string_view text);

  /// What there is of the value of formats "json" and "array"; nullptr before it begins.
  const Json* value() const noexcept { return extractor_.value(); }
  /// nullptr unless it was asked for.
  DeltaRecorder* recorder() noexcept { return recorder_ ? &*recorder_ : nullptr; }
  /// Makes `items` copies of those that the last piece of text completed.
  void copy_new_items(JsonArray& items) const;
  /// Makes `items` those that the last piece of text completed. Until they are given back, or copies of them, nothing but
  /// `recorder` may be asked.
  void lend_new_items(JsonArray& items);
  void take_back(JsonArray& items);
  void take_copies(const JsonArray& items);
  /// The value of the turn when nothing more comes; nullptr when that is no value that fits the schema.
  const Json* whole_value() const;

 private:
  void restart() override;
  void begin(const Step& step, const Json& value, std::size_t offset) override;
  void grow(const Json& value, std::string_view added, std::size_t offset) override;
  void change(const Json& value) override;
  void end(const Json& value, std::size_t offset) override;

  bool are_lines() const noexcept { return form_.kind == FormatKind::kJsonl; }

  const OutputForm& form_;
  std::optional<ValueFiller> filler_;
  std::optional<DeltaRecorder> recorder_;
  JsonExtractor extractor_;
  JsonLines lines_;
  std::size_t done_ = 0;
  // Those of the value that the last piece completed; `items_` is nullptr when the value is no array.
  JsonArray* items_ = nullptr;
  std::size_t items_before_ = 0;
  std::size_t items_end_ = 0;
};

}  // namespace genkit::internal

#endif  // GENKIT_SRC_AI_OUTPUT_TURN_READER_H_
