#include "ai/output/delta_recorder.h"

#include <utility>

#include "base/json_pointer.h"

namespace genkit::internal {

void DeltaRecorder::replace_all(const Json& value) {
  deltas_.clear();
  deltas_.push_back({.kind = OutputDelta::Kind::kSet, .path = "", .value = value});
}

void DeltaRecorder::restart() {
  path_.clear();
  sizes_.clear();
  if (std::exchange(has_value_, false)) deltas_.push_back({.kind = OutputDelta::Kind::kSet, .path = "", .value = nullptr});
}

void DeltaRecorder::begin(const Step& step, const Json& value, std::size_t) {
  has_value_ = true;
  sizes_.push_back(path_.size());
  if (step.kind != Step::Kind::kRoot) path_ += '/';
  if (step.kind == Step::Kind::kItem) path_ += std::to_string(step.index);
  if (step.kind == Step::Kind::kMember) append_pointer_step(path_, step.key);
  deltas_.push_back({.kind = OutputDelta::Kind::kSet, .path = path_, .value = value});
}

void DeltaRecorder::grow(const Json&, std::string_view added, std::size_t) {
  if (deltas_.empty() || deltas_.back().path != path_ || !deltas_.back().value.is_string()) {
    deltas_.push_back({.kind = OutputDelta::Kind::kAppend, .path = path_, .value = ""});
  }
  deltas_.back().value.get_string().append(added);
}

void DeltaRecorder::set(const Json& value) {
  if (deltas_.empty() || deltas_.back().path != path_) {
    deltas_.push_back({.kind = OutputDelta::Kind::kSet, .path = path_, .value = value});
  } else {
    deltas_.back().value = value;
  }
}

void DeltaRecorder::end(const Json& value, std::size_t) {
  if (value.is_number()) set(value);
  path_.resize(sizes_.back());
  sizes_.pop_back();
}

}  // namespace genkit::internal
