#include "schema/draft7/value_set.h"

#include <algorithm>
#include <bit>
#include <string>
#include <string_view>

#include <genkit/base/error.h>

#include "schema/draft7/numbers.h"

namespace genkit::internal {
namespace {

// Up to so many values are compared one by one.
constexpr std::size_t kFewValues = 8;

void check_depth(int depth) {
  if (depth > kMaxComparedDepth) {
    throw Error(Status::kResourceExhausted,
                "JSON value nested deeper than " + std::to_string(kMaxComparedDepth) + " levels cannot be compared");
  }
}

std::uint64_t mix(std::uint64_t value) {
  // The finalizer of splitmix64.
  value += 0x9E3779B97F4A7C15u;
  value = (value ^ (value >> 30)) * 0xBF58476D1CE4E5B9u;
  value = (value ^ (value >> 27)) * 0x94D049BB133111EBu;
  return value ^ (value >> 31);
}

std::uint64_t hash_text(std::string_view text) {
  return mix(std::hash<std::string_view>{}(text) ^ 3);
}

std::uint64_t hash_number(const Json& value) {
  double number = value.is_double()  ? value.get_double()
                  : value.is_int64() ? static_cast<double>(value.get_int64())
                                     : static_cast<double>(value.get_uint64());
  if (number == 0) number = 0;  // -0 equals 0
  return mix(std::bit_cast<std::uint64_t>(number) ^ 2);
}

std::uint64_t hash_at(const Json& value, StepBudget& budget, int depth);

std::uint64_t hash_array(const JsonArray& array, StepBudget& budget, int depth) {
  std::uint64_t hash = 4;
  for (const Json& element : array) hash = mix(hash ^ hash_at(element, budget, depth + 1));
  return mix(hash);
}

std::uint64_t hash_object(const JsonObject& object, StepBudget& budget, int depth) {
  std::uint64_t hash = 5;
  for (const auto& member : object) {
    hash += mix(hash_text(member.key()) + 31 * hash_at(member.value(), budget, depth + 1));  // any order, same sum
  }
  return mix(hash);
}

std::uint64_t hash_at(const Json& value, StepBudget& budget, int depth) {
  budget.spend(1);
  check_depth(depth);
  switch (value.kind()) {
    case boost::json::kind::null:
      return mix(0);
    case boost::json::kind::bool_:
      return mix(value.get_bool() ? 7 : 1);
    case boost::json::kind::string:
      budget.spend_text(value.get_string().size());
      return hash_text(value.get_string());
    case boost::json::kind::array:
      return hash_array(value.get_array(), budget, depth);
    case boost::json::kind::object:
      return hash_object(value.get_object(), budget, depth);
    default:
      return hash_number(value);
  }
}

bool equal_at(const Json& a, const Json& b, StepBudget& budget, int depth);

bool equal_arrays(const JsonArray& a, const JsonArray& b, StepBudget& budget, int depth) {
  if (a.size() != b.size()) return false;
  for (std::size_t i = 0; i < a.size(); ++i) {
    if (!equal_at(a[i], b[i], budget, depth + 1)) return false;
  }
  return true;
}

bool equal_objects(const JsonObject& a, const JsonObject& b, StepBudget& budget, int depth) {
  if (a.size() != b.size()) return false;
  for (const auto& member : a) {
    const Json* other = b.if_contains(member.key());
    if (other == nullptr || !equal_at(member.value(), *other, budget, depth + 1)) return false;
  }
  return true;
}

bool equal_at(const Json& a, const Json& b, StepBudget& budget, int depth) {
  budget.spend(1);
  check_depth(depth);
  if (a.is_number() && b.is_number()) return compare_numbers(a, b) == std::partial_ordering::equivalent;
  if (a.kind() != b.kind()) return false;
  switch (a.kind()) {
    case boost::json::kind::bool_:
      return a.get_bool() == b.get_bool();
    case boost::json::kind::string:
      budget.spend_text(a.get_string().size());
      return a.get_string() == b.get_string();
    case boost::json::kind::array:
      return equal_arrays(a.get_array(), b.get_array(), budget, depth);
    case boost::json::kind::object:
      return equal_objects(a.get_object(), b.get_object(), budget, depth);
    default:
      return true;  // null
  }
}

bool find_duplicate_one_by_one(const JsonArray& array, StepBudget& budget, DuplicatePair* found) {
  for (std::size_t second = 1; second < array.size(); ++second) {
    for (std::size_t first = 0; first < second; ++first) {
      if (!equal_json(array[first], array[second], budget)) continue;
      *found = {first, second};
      return true;
    }
  }
  return false;
}

}  // namespace

bool equal_json(const Json& a, const Json& b, StepBudget& budget) {
  return equal_at(a, b, budget, 0);
}

std::uint64_t hash_json(const Json& value, StepBudget& budget) {
  return hash_at(value, budget, 0);
}

ValueSet::ValueSet(std::vector<const Json*> values) : values_(std::move(values)) {
  for (const Json* value : values_) only_strings_ = only_strings_ && value->is_string();
  if (values_.size() <= kFewValues) return;
  by_hash_.reserve(values_.size());
  for (const Json* value : values_) {
    StepBudget budget(*value);
    by_hash_.emplace_back(hash_json(*value, budget), value);
  }
  std::sort(by_hash_.begin(), by_hash_.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
}

bool ValueSet::contains(const Json& value, StepBudget& budget) const {
  if (only_strings_ && !value.is_string()) return false;
  if (by_hash_.empty()) {
    return std::any_of(values_.begin(), values_.end(),
                       [&](const Json* candidate) { return equal_json(*candidate, value, budget); });
  }
  std::uint64_t hash = hash_json(value, budget);
  auto at =
      std::lower_bound(by_hash_.begin(), by_hash_.end(), hash, [](const auto& entry, auto key) { return entry.first < key; });
  for (; at != by_hash_.end() && at->first == hash; ++at) {
    if (equal_json(*at->second, value, budget)) return true;
  }
  return false;
}

bool find_duplicate(const JsonArray& array, StepBudget& budget, DuplicatePair* found) {
  if (array.size() <= kFewValues) return find_duplicate_one_by_one(array, budget, found);

  std::vector<std::pair<std::uint64_t, std::size_t>> hashes;
  hashes.reserve(array.size());
  for (std::size_t i = 0; i < array.size(); ++i) hashes.emplace_back(hash_json(array[i], budget), i);
  std::sort(hashes.begin(), hashes.end());
  for (std::size_t i = 1; i < hashes.size(); ++i) {
    for (std::size_t j = i; j > 0 && hashes[j - 1].first == hashes[i].first; --j) {
      if (!equal_json(array[hashes[j - 1].second], array[hashes[i].second], budget)) continue;
      *found = {hashes[j - 1].second, hashes[i].second};
      return true;
    }
  }
  return false;
}

}  // namespace genkit::internal
