#include "schema/value_filler.h"

#include <string>

#include "schema/issues.h"

namespace genkit::internal {

void ValueFiller::restart() {
  frames_.clear();
  scalar_ = {};
  reset(root_);
}

void ValueFiller::reset(const FillTarget& target) {
  target.type->destroy(target.object);
  target.type->default_construct(target.object);
}

FillTarget ValueFiller::place_of(const Step& step) const {
  if (frames_.empty()) return root_;
  const Frame& around = frames_.back();
  if (around.filling == Filling::kItems) return around.target.type->fill_item(around.target.object, step.index);
  if (around.filling != Filling::kMembers) return {};
  const FillTarget target = around.target.type->fill_member(around.target.object, step.key, step.index);
  if (step.again && target.type != nullptr) reset(target);
  return target;
}

void ValueFiller::begin(const Step& step, const Json& value, std::size_t) {
  const FillTarget place = place_of(step);
  const TypeInfo* type = place.type;
  while (type != nullptr && type->is_optional()) type = type->child(0);
  const Filling filling = type != nullptr ? type->filling() : Filling::kWhole;
  const bool fits = value.is_string()   ? filling == Filling::kText
                    : value.is_object() ? filling == Filling::kMembers
                    : value.is_array()  ? filling == Filling::kItems || filling == Filling::kAddition
                                        : false;
  const FillTarget target = fits ? place.type->fill_target(place.object) : place;
  if (fits) target.type->fill_clear(target.object);

  if (value.is_structured()) {
    frames_.push_back({target, fits ? filling : Filling::kWhole});
    return;
  }
  scalar_ = target;
  scalar_is_text_ = fits;
  if (!value.is_string()) decode(scalar_, value);
}

void ValueFiller::grow(const Json&, std::string_view added, std::size_t) {
  if (scalar_is_text_) static_cast<std::string*>(scalar_.object)->append(added);
}

void ValueFiller::end(const Json& value, std::size_t) {
  if (!value.is_structured()) {
    if (!scalar_is_text_) decode(scalar_, value);
    scalar_ = {};
    scalar_is_text_ = false;
  } else {
    const Frame frame = frames_.back();
    frames_.pop_back();
    if (frame.filling == Filling::kWhole) {
      decode(frame.target, value);
    } else {
      frame.target.type->fill_end(frame.target.object, value);
    }
  }
  if (!frames_.empty() && frames_.back().filling == Filling::kAddition) {
    frames_.back().target.type->fill_add(frames_.back().target.object, value);
  }
}

void ValueFiller::decode(const FillTarget& target, const Json& value) {
  if (target.type == nullptr) return;
  std::vector<TypeIssue> ignored;
  Issues issues(ignored);
  target.type->decode_at(value, target.object, Place(), issues);
}

}  // namespace genkit::internal
