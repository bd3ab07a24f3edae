#ifndef GENKIT_SRC_AI_OUTPUT_DELTA_RECORDER_H_
#define GENKIT_SRC_AI_OUTPUT_DELTA_RECORDER_H_

#include <string>
#include <string_view>
#include <vector>

#include <genkit/ai/response_stream.h>

#include "base/json_stream.h"

namespace genkit::internal {

/// Writes down what changes in a value that is still arriving. Changes that together are much larger than the text they come
/// from, such as many items below a long path, are given up for one: the value as it is.
class DeltaRecorder final : public JsonListener {
 public:
  const std::vector<OutputDelta>& deltas();
  void clear();
  /// One change in place of all so far: the value as it is.
  void replace_all(const Json& value);

  void restart() override;
  void begin(const Step& step, const Json& value, std::size_t offset) override;
  void grow(const Json& value, std::string_view added, std::size_t offset) override;
  void change(const Json& value) override { set(value); }
  void end(const Json& value, std::size_t offset) override;

 private:
  void set(const Json& value);
  void add(OutputDelta::Kind kind, const Json& value);
  bool is_last() const { return !deltas_.empty() && deltas_.back().path == path_; }

  std::vector<OutputDelta> deltas_;
  std::string path_;                // of the innermost open value
  std::vector<std::size_t> sizes_;  // of the paths around it
  std::size_t bytes_ = 0;           // of the changes
  std::size_t offset_ = 0;          // in the text
  const Json* root_ = nullptr;
  bool is_too_much_ = false;  // what changed is not known
};

}  // namespace genkit::internal

#endif  // GENKIT_SRC_AI_OUTPUT_DELTA_RECORDER_H_
