#ifndef GENKIT_SRC_AI_OUTPUT_DELTA_RECORDER_H_
#define GENKIT_SRC_AI_OUTPUT_DELTA_RECORDER_H_

#include <string>
#include <string_view>
#include <vector>

#include <genkit/ai/response_stream.h>

#include "base/json_stream.h"

namespace genkit::internal {

/// Writes down what changes in a value that is still arriving.
class DeltaRecorder final : public JsonListener {
 public:
  const std::vector<OutputDelta>& deltas() const noexcept { return deltas_; }
  void clear() { deltas_.clear(); }
  /// One change in place of all so far: the value as it is.
  void replace_all(const Json& value);

  void restart() override;
  void begin(const Step& step, const Json& value, std::size_t offset) override;
  void grow(const Json& value, std::string_view added, std::size_t offset) override;
  void change(const Json& value) override { set(value); }
  void end(const Json& value, std::size_t offset) override;

 private:
  void set(const Json& value);

  std::vector<OutputDelta> deltas_;
  std::string path_;                // of the innermost open value
  std::vector<std::size_t> sizes_;  // of the paths around it
  bool has_value_ = false;
};

}  // namespace genkit::internal

#endif  // GENKIT_SRC_AI_OUTPUT_DELTA_RECORDER_H_
