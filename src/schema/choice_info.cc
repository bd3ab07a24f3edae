#include <algorithm>
#include <array>
#include <vector>

#include <genkit/schema/type_kinds.h>

#include "base/json_sink.h"
#include "schema/constraints.h"
#include "schema/issues.h"
#include "schema/schema_builder.h"

namespace genkit::internal {

// --- pair, tuple

namespace {
using ElementList = std::array<const void*, TupleInfo::kCapacity>;
}

void TupleInfo::encode_at(const void* object, Json& json, int depth) const {
  check_depth(depth);
  ElementList elements;
  addresses_(object, elements.data());
  JsonArray& array = json.emplace_array();
  array.resize(count_);
  for (std::size_t i = 0; i < count_; ++i) types_[i]->encode_at(elements[i], array[i], depth + 1);
}

void TupleInfo::append_at(const void* object, JsonSink& sink, int depth) const {
  check_depth(depth);
  ElementList elements;
  addresses_(object, elements.data());
  sink.put('[');
  for (std::size_t i = 0; i < count_; ++i) {
    if (i > 0) sink.put(',');
    types_[i]->append_at(elements[i], sink, depth + 1);
  }
  sink.put(']');
}

bool TupleInfo::decode_at(const Json& json, void* object, const Place& place, Issues& issues) const {
  const JsonArray* array = json.if_array();
  if (array == nullptr) return issues.add_unexpected(place, "array", json);
  if (!issues.admit(place)) return false;
  if (array->size() != count_) {
    const char* relation = array->size() < count_ ? "fewer" : "more";
    return issues.add(place, "must NOT have " + std::string(relation) + " than " + std::to_string(count_) + " items");
  }
  ElementList elements;
  addresses_(object, elements.data());
  bool ok = true;
  for (std::size_t i = 0; i < count_; ++i) {
    ok &= types_[i]->decode_at((*array)[i], const_cast<void*>(elements[i]), Place(place, i), issues);
  }
  return ok;
}

void TupleInfo::copy_at(const void* from, void* to) const {
  ElementList sources;
  ElementList targets;
  addresses_(from, sources.data());
  addresses_(to, targets.data());
  for (std::size_t i = 0; i < count_; ++i) types_[i]->copy_at(sources[i], const_cast<void*>(targets[i]));
}

bool TupleInfo::check_at(const void* object, const Place& place, Issues& issues) const {
  ElementList elements;
  addresses_(object, elements.data());
  bool ok = true;
  for (std::size_t i = 0; i < count_; ++i) ok &= types_[i]->check_at(elements[i], Place(place, i), issues);
  return ok;
}

FillTarget TupleInfo::fill_item(void* object, std::size_t index) const {
  if (index >= count_) return {};
  ElementList elements;
  addresses_(object, elements.data());
  return {types_[index], const_cast<void*>(elements[index])};
}

void TupleInfo::write_schema(SchemaBuilder& builder, JsonObject& schema) const {
  schema["type"] = "array";
  JsonArray items;
  for (std::size_t i = 0; i < count_; ++i) items.emplace_back(builder.schema_of(*types_[i]));
  // An empty list of items is no valid schema.
  if (!items.empty()) schema["items"] = std::move(items);
  schema["minItems"] = count_;
  schema["maxItems"] = count_;
}

bool TupleInfo::has_constraints() const {
  return std::any_of(types_, types_ + count_, [](const TypeInfo* type) { return type->has_constraints(); });
}
bool TupleInfo::is_empty(const void*) const {
  return count_ == 0;
}
std::string TupleInfo::name() const {
  return "tuple";
}

// --- variant

void VariantInfo::encode_at(const void* object, Json& json, int depth) const {
  const Held held = get(object);
  types_[held.index]->encode_at(held.value, json, depth);
}

void VariantInfo::append_at(const void* object, JsonSink& sink, int depth) const {
  const Held held = get(object);
  types_[held.index]->append_at(held.value, sink, depth);
}

namespace {

/// How far an alternative was from fitting.
struct Attempt {
  std::vector<TypeIssue> issues;
  bool wrong_type = false;  // the JSON is of another type than the alternative
  bool ruled_out = false;   // a constant says that another alternative is meant
};

bool is_about_constant(const TypeIssue& issue) {
  return issue.message.rfind("must be equal to constant", 0) == 0;
}

/// The names of what was expected: "string or number".
std::string list_names(const TypeInfo* const* types, std::size_t count) {
  std::vector<std::string> names;
  for (std::size_t i = 0; i < count; ++i) {
    std::string name = types[i]->name();
    if (std::find(names.begin(), names.end(), name) == names.end()) names.push_back(std::move(name));
  }
  std::string text;
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (i > 0) text += i + 1 == names.size() ? " or " : ", ";
    text += names[i];
  }
  return text;
}

}  // namespace

bool VariantInfo::decode_at(const Json& json, void* object, const Place& place, Issues& issues) const {
  std::vector<Attempt> attempts(count_);
  const std::string here = place.pointer();
  for (std::size_t i = 0; i < count_; ++i) {
    Attempt& attempt = attempts[i];
    Issues trial(attempt.issues, issues);
    if (types_[i]->decode_at(json, access_(object, i).value, place, trial)) return true;
    for (const TypeIssue& issue : attempt.issues) {
      attempt.wrong_type |= issue.path == here && issue.message.rfind("expected ", 0) == 0;
      attempt.ruled_out |= is_about_constant(issue);
    }
  }
  access_(object, 0);  // what the failed attempts left is nobody's value

  // The reasons of the alternative that was most probably meant; without one, what would have been accepted.
  const Attempt* best = nullptr;
  std::size_t candidates = 0;
  for (const Attempt& attempt : attempts) {
    if (attempt.wrong_type || attempt.ruled_out) continue;
    ++candidates;
    if (best == nullptr || attempt.issues.size() < best->issues.size()) best = &attempt;
  }
  if (best == nullptr) {
    return issues.add_unexpected(place, list_names(types_, count_), json);
  }
  if (candidates > 1) {
    issues.add(place,
               "must match one of " + list_names(types_, count_) + "; nearest is " + types_[best - attempts.data()]->name());
  }
  for (const TypeIssue& issue : best->issues) issues.add_made(issue);
  return false;
}

void VariantInfo::copy_at(const void* from, void* to) const {
  const Held held = get(from);
  types_[held.index]->copy_at(held.value, access_(to, held.index).value);
}

bool VariantInfo::check_at(const void* object, const Place& place, Issues& issues) const {
  const Held held = get(object);
  return types_[held.index]->check_at(held.value, place, issues);
}

ConstraintView VariantInfo::constraint_view(const void* object) const {
  const Held held = get(object);
  return types_[held.index]->constraint_view(held.value);
}

void VariantInfo::write_schema(SchemaBuilder& builder, JsonObject& schema) const {
  JsonArray alternatives;
  for (std::size_t i = 0; i < count_; ++i) alternatives.emplace_back(builder.schema_of(*types_[i]));
  schema["anyOf"] = std::move(alternatives);
}

bool VariantInfo::has_constraints() const {
  return std::any_of(types_, types_ + count_, [](const TypeInfo* type) { return type->has_constraints(); });
}
bool VariantInfo::is_absent(const void* object) const {
  const Held held = get(object);
  return types_[held.index]->is_absent(held.value);
}
bool VariantInfo::is_empty(const void* object) const {
  const Held held = get(object);
  return types_[held.index]->is_empty(held.value);
}
std::string VariantInfo::name() const {
  return list_names(types_, count_);
}

}  // namespace genkit::internal
