#include "schema/schema_watch.h"

#include <algorithm>

#include "schema/draft7/budget.h"
#include "schema/draft7/evaluate.h"
#include "schema/draft7/value_set.h"

namespace genkit::internal {
namespace {

// A schema can multiply its alternatives. What is beyond these is not watched, which refuses nothing.
constexpr std::size_t kMostDemands = 256;
constexpr int kMostLevels = 32;

/// The types that a value which begins like this can turn out to have.
TypeMask possible_types(const Json& value) {
  switch (value.kind()) {
    case boost::json::kind::null:
      return kNullType;
    case boost::json::kind::bool_:
      return kBooleanType;
    case boost::json::kind::string:
      return kStringType;
    case boost::json::kind::array:
      return kArrayType;
    case boost::json::kind::object:
      return kObjectType;
    default:
      return kIntegerType | kFractionType;
  }
}

bool has_value_of_type(const ValueSet& set, TypeMask types) {
  return std::any_of(set.values().begin(), set.values().end(),
                     [&](const Json* value) { return (possible_types(*value) & types) != 0; });
}

/// How much of `text` the values of a set have in common with it, at most: all of it when it can still become one of them.
std::size_t longest_prefix(const ValueSet& set, std::string_view text) {
  std::size_t longest = 0;
  for (const Json* value : set.values()) {
    if (!value->is_string()) continue;
    const std::string_view candidate = value->get_string();
    const std::size_t size = std::min(candidate.size(), text.size());
    const auto mismatch = std::mismatch(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(size), candidate.begin());
    longest = std::max(longest, static_cast<std::size_t>(mismatch.first - text.begin()));
  }
  return longest;
}

bool begins_code_point(char c) {
  return (static_cast<unsigned char>(c) & 0xC0) != 0x80;
}

}  // namespace

SchemaWatch::SchemaWatch(std::shared_ptr<const SchemaValidator> validator) : validator_(std::move(validator)) {}

void SchemaWatch::restart() {
  frames_.clear();
}

void SchemaWatch::begin(const Step& step, const Json& value, std::size_t offset) {
  if (is_refused_) return;
  offset_ = offset;
  Frame& frame = frames_.emplace_back();
  if (frames_.size() == 1) return expand(frame, *validator_->program().root, value, {.node = nullptr}, 0);
  frame.step = step.kind == Step::Kind::kItem ? std::to_string(step.index) : std::string(step.key);

  const std::size_t around = frames_.size() - 2;
  for (std::uint32_t outer = 0; outer < frames_[around].demands.size() && !is_refused_; ++outer) {
    if (!is_live(around, outer)) continue;
    const SchemaNode& node = *frames_[around].demands[outer].node;
    if (step.kind == Step::Kind::kMember && node.object) expand_member(frame, outer, *node.object, step, value);
    if (step.kind == Step::Kind::kItem && node.array) expand_item(frame, outer, *node.array, step, value);
  }
}

void SchemaWatch::expand_member(Frame& frame, std::uint32_t outer, const ObjectRules& rules, const Step& step,
                                const Json& value) {
  const std::size_t around = frames_.size() - 2;
  if (!step.again && step.index + 1 > rules.max_properties) {
    return kill(around, outer, "must NOT have more than " + std::to_string(rules.max_properties) + " properties");
  }
  if (rules.names != nullptr && !matches(*rules.names, Json(step.key))) {
    return kill(around, outer, "property name must be valid");
  }
  const std::size_t position = rules.find_property(step.key, step.index);
  const SchemaNode* declared = position < rules.properties.size() ? rules.properties[position].node : nullptr;
  bool is_known = declared != nullptr;
  if (declared != nullptr) expand(frame, *declared, value, {.node = nullptr, .outer = outer}, 0);
  for (const PatternRule& rule : rules.patterns) {
    if (!rule.pattern->matches(step.key)) continue;
    is_known = true;
    expand(frame, *rule.node, value, {.node = nullptr, .outer = outer}, 0);
  }
  if (is_known || rules.additional == nullptr) return;
  if (rules.additional->is_false) return kill(around, outer, "must NOT have additional properties");
  expand(frame, *rules.additional, value, {.node = nullptr, .outer = outer}, 0);
}

void SchemaWatch::expand_item(Frame& frame, std::uint32_t outer, const ArrayRules& rules, const Step& step, const Json& value) {
  const std::size_t around = frames_.size() - 2;
  if (step.index + 1 > rules.max_items) {
    return kill(around, outer, "must NOT have more than " + std::to_string(rules.max_items) + " items");
  }
  const SchemaNode* node = step.index < rules.tuple.size() ? rules.tuple[step.index] : rules.rest;
  if (node != nullptr) expand(frame, *node, value, {.node = nullptr, .outer = outer}, 0);
}

void SchemaWatch::expand(Frame& frame, const SchemaNode& node, const Json& value, Demand demand, int depth) {
  if (frame.demands.size() >= kMostDemands || depth > kMostLevels || is_refused_) return;
  const auto index = static_cast<std::uint32_t>(frame.demands.size());
  const std::size_t level = frames_.size() - 1;
  const std::uint32_t outer = demand.outer;
  demand.node = &node;
  frame.demands.push_back(demand);

  const TypeMask types = possible_types(value);
  if (node.is_false) return kill(level, index, "boolean schema is false");
  if ((node.types & types) == 0) return kill(level, index, "must be " + type_names(node.types));
  if (!node.general) return;
  const GeneralRules& rules = *node.general;
  if (rules.values && !has_value_of_type(*rules.values, types)) {
    return kill(level, index, "must be equal to one of the allowed values");
  }
  if (rules.constant && !has_value_of_type(*rules.constant, types)) return kill(level, index, "must be equal to constant");
  for (const SchemaNode* part : rules.all_of) {
    expand(frame, *part, value, {.node = nullptr, .owner = index, .outer = outer}, depth + 1);
  }
  for (const auto* alternatives : {&rules.any_of, &rules.one_of}) {
    if (alternatives->empty()) continue;
    const auto group = static_cast<std::uint32_t>(frame.groups.size());
    frame.groups.push_back({.owner = index, .alive = alternatives->size()});
    for (const SchemaNode* alternative : *alternatives) {
      expand(frame, *alternative, value, {.node = nullptr, .owner = index, .group = group, .outer = outer}, depth + 1);
    }
  }
}

void SchemaWatch::grow(const Json& value, std::string_view added, std::size_t offset) {
  if (is_refused_) return;
  Frame& frame = frames_.back();
  const std::string_view text = value.get_string();
  for (std::uint32_t i = 0; i < frame.demands.size() && !is_refused_; ++i) {
    if (!is_live(frames_.size() - 1, i)) continue;
    const SchemaNode& node = *frame.demands[i].node;
    std::size_t too_long_at = added.size();
    if (node.string && node.string->max_length < UINT64_MAX) {
      std::uint64_t count = frame.code_points;
      for (std::size_t at = 0; at < added.size(); ++at) {
        if (begins_code_point(added[at]) && ++count > node.string->max_length) {
          too_long_at = at;
          break;
        }
      }
    }
    check_text(i, text, added.size(), offset, too_long_at);
  }
  frame.code_points += static_cast<std::uint64_t>(std::count_if(added.begin(), added.end(), begins_code_point));
}

void SchemaWatch::check_text(std::uint32_t demand, std::string_view text, std::size_t added, std::size_t offset,
                             std::size_t too_long_at) {
  const std::size_t level = frames_.size() - 1;
  const SchemaNode& node = *frames_.back().demands[demand].node;
  const std::size_t before = text.size() - added;
  if (too_long_at < added) {
    offset_ = offset + too_long_at;
    return kill(level, demand, "must NOT have more than " + std::to_string(node.string->max_length) + " characters");
  }
  if (!node.general) return;
  for (const auto* set : {&node.general->values, &node.general->constant}) {
    if (!*set) continue;
    const std::size_t common = longest_prefix(**set, text);
    if (common == text.size()) continue;
    offset_ = offset + (common > before ? common - before : 0);
    return kill(level, demand, "must be equal to one of the allowed values");
  }
}

void SchemaWatch::end(const Json& value, std::size_t offset) {
  if (is_refused_) return;
  // The byte that ended it: brackets and quotes belong to the value, what ends a number does not.
  offset_ = value.is_structured() || value.is_string() ? offset - 1 : offset;
  const std::size_t level = frames_.size() - 1;
  for (std::uint32_t i = 0; i < frames_.back().demands.size() && !is_refused_; ++i) {
    if (!is_live(level, i)) continue;
    const Demand& demand = frames_.back().demands[i];
    const SchemaNode& node = *demand.node;
    if (!value.is_structured()) {
      // Parts of a demand are checked with it.
      if (demand.owner == kNone && !matches(node, value)) kill(level, i, "does not fit: " + to_text(value).substr(0, 100));
      continue;
    }
    if (node.object && value.is_object()) check_object(i, *node.object, value.get_object());
    if (node.array && value.is_array()) check_array(i, *node.array, value);
    if (!node.general) continue;
    StepBudget budget(value);
    for (const auto* set : {&node.general->values, &node.general->constant}) {
      if (*set && !(*set)->contains(value, budget)) kill(level, i, "must be equal to one of the allowed values");
    }
  }
  if (!is_refused_) frames_.pop_back();
}

void SchemaWatch::check_object(std::uint32_t demand, const ObjectRules& rules, const JsonObject& object) {
  const std::size_t level = frames_.size() - 1;
  if (object.size() < rules.min_properties) {
    return kill(level, demand, "must NOT have fewer than " + std::to_string(rules.min_properties) + " properties");
  }
  if (rules.required_count > 0) {
    for (const PropertyRule& property : rules.properties) {
      if (!property.required || object.contains(property.name)) continue;
      return kill(level, demand, "must have required property '" + property.name + "'");
    }
  }
  for (const DependencyRule& rule : rules.dependencies) {
    if (!object.contains(rule.property)) continue;
    for (const std::string& name : rule.required) {
      if (!object.contains(name)) return kill(level, demand, "must have property " + name);
    }
  }
}

void SchemaWatch::check_array(std::uint32_t demand, const ArrayRules& rules, const Json& value) {
  const std::size_t level = frames_.size() - 1;
  const JsonArray& array = value.get_array();
  if (array.size() < rules.min_items) {
    return kill(level, demand, "must NOT have fewer than " + std::to_string(rules.min_items) + " items");
  }
  DuplicatePair pair{};
  StepBudget budget(value);
  if (rules.unique && find_duplicate(array, budget, &pair)) kill(level, demand, "must NOT have duplicate items");
}

bool SchemaWatch::is_live(std::size_t level, std::uint32_t demand) const {
  for (; demand != kNone; demand = frames_[level].demands[demand].owner) {
    if (frames_[level].demands[demand].is_dead) return false;
  }
  return true;
}

/// Nothing that follows can meet the demand; neither, then, those that depend on it.
void SchemaWatch::kill(std::size_t level, std::uint32_t demand, const std::string& message) {
  for (;;) {
    Frame& frame = frames_[level];
    Demand& dead = frame.demands[demand];
    if (dead.is_dead) return;
    dead.is_dead = true;
    if (dead.group != kNone && --frame.groups[dead.group].alive > 0) return;
    if (dead.owner != kNone) {
      demand = dead.owner;
    } else if (level > 0) {
      demand = dead.outer;
      --level;
    } else {
      break;
    }
  }
  is_refused_ = true;
  refusal_ = {.offset = offset_, .path = path(), .message = message};
}

std::string SchemaWatch::path() const {
  std::string text;
  for (std::size_t i = 1; i < frames_.size(); ++i) text += (i > 1 ? "." : "") + frames_[i].step;
  return text.empty() ? "(root)" : text;
}

}  // namespace genkit::internal
