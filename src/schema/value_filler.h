#ifndef GENKIT_SRC_SCHEMA_VALUE_FILLER_H_
#define GENKIT_SRC_SCHEMA_VALUE_FILLER_H_

#include <cstddef>
#include <string_view>
#include <vector>

#include <genkit/schema/type_info.h>

#include "base/json_stream.h"

namespace genkit::internal {

/// Fills an object of C++ with a value that is still arriving: each part as soon as it is there, and each part once. What has not
/// come is as it was constructed; what does not fit is left out, without a complaint, as whoever reads the whole value will
/// complain.
class ValueFiller final : public JsonListener {
 public:
  /// `object` is of this type, default-constructed, and outlives the filler in its place.
  ValueFiller(const TypeInfo& type, void* object) : root_{&type, object} {}

  void restart() override;
  void begin(const Step& step, const Json& value, std::size_t offset) override;
  void grow(const Json& value, std::string_view added, std::size_t offset) override;
  void change(const Json& value) override { decode(scalar_, value); }
  void end(const Json& value, std::size_t offset) override;

 private:
  /// An open array or object.
  struct Frame {
    FillTarget target;  ///< what is filled, or what is decoded when it is complete
    Filling filling = Filling::kWhole;
  };

  FillTarget place_of(const Step& step) const;
  static void decode(const FillTarget& target, const Json& value);
  static void reset(const FillTarget& target);

  FillTarget root_;
  std::vector<Frame> frames_;
  FillTarget scalar_;  // of the open string, number or literal
  bool scalar_is_text_ = false;
};

}  // namespace genkit::internal

#endif  // GENKIT_SRC_SCHEMA_VALUE_FILLER_H_
