#include "ai/output/delta_recorder.h"

#include <algorithm>
#include <utility>

#include "base/json_pointer.h"

namespace genkit::internal {
namespace {

// What the changes may take, more than some times the text.
constexpr std::size_t kBytesFree = std::size_t{64} << 10;
constexpr std::size_t kBytesPerByte = 16;

}  // namespace

const std::vector<OutputDelta>& DeltaRecorder::deltas() {
  if (is_too_much_ && root_ != nullptr) replace_all(*root_);
  return deltas_;
}

void DeltaRecorder::clear() {
  deltas_.clear();
  bytes_ = 0;
  is_too_much_ = false;
}

void DeltaRecorder::replace_all(const Json& value) {
  clear();
  deltas_.push_back({.kind = OutputDelta::Kind::kSet, .path = "", .value = Json(value, boost::json::storage_ptr())});
}

void DeltaRecorder::restart() {
  path_.clear();
  sizes_.clear();
  if (std::exchange(root_, nullptr) != nullptr) replace_all(nullptr);
}

void DeltaRecorder::begin(const Step& step, const Json& value, std::size_t offset) {
  offset_ = std::max(offset_, offset);
  sizes_.push_back(path_.size());
  if (step.kind == Step::Kind::kRoot) root_ = &value;
  if (step.kind != Step::Kind::kRoot) path_ += '/';
  if (step.kind == Step::Kind::kItem) path_ += std::to_string(step.index);
  if (step.kind == Step::Kind::kMember) append_pointer_step(path_, step.key);
  add(OutputDelta::Kind::kSet, value);
}

void DeltaRecorder::add(OutputDelta::Kind kind, const Json& value) {
  if (is_too_much_) return;
  bytes_ += sizeof(OutputDelta) + path_.size();
  if (bytes_ > kBytesFree + kBytesPerByte * offset_) {
    is_too_much_ = true;
    deltas_.clear();
  } else {
    deltas_.push_back({.kind = kind, .path = path_, .value = Json(value, boost::json::storage_ptr())});
  }
}

void DeltaRecorder::grow(const Json&, std::string_view added, std::size_t offset) {
  offset_ = std::max(offset_, offset);
  if (!is_last() || !deltas_.back().value.is_string()) add(OutputDelta::Kind::kAppend, "");
  if (!is_too_much_) deltas_.back().value.get_string().append(added);
}

void DeltaRecorder::set(const Json& value) {
  if (is_last()) {
    deltas_.back().value = value;
  } else {
    add(OutputDelta::Kind::kSet, value);
  }
}

void DeltaRecorder::end(const Json& value, std::size_t offset) {
  offset_ = std::max(offset_, offset);
  if (value.is_number()) set(value);
  path_.resize(sizes_.back());
  sizes_.pop_back();
}

}  // namespace genkit::internal
