#include <genkit/schema/type_kinds.h>

#include "base/json_sink.h"
#include "schema/constraints.h"
#include "schema/issues.h"
#include "schema/schema_builder.h"
#include "schema/temporary.h"

namespace genkit::internal {
namespace {

void* element_at(void* data, std::size_t index, const TypeInfo& element) {
  return static_cast<char*>(data) + index * element.size();
}

ConstraintView items_view(std::size_t count) {
  ConstraintView view;
  view.kind = ConstraintView::Kind::kItems;
  view.natural = count;
  return view;
}

}  // namespace

// --- optional, unique_ptr, shared_ptr

void OptionalInfo::encode_at(const void* object, Json& json, int depth) const {
  const void* value = get(object);
  if (value == nullptr) {
    json = nullptr;
  } else {
    value_.encode_at(value, json, depth);
  }
}

void OptionalInfo::append_at(const void* object, JsonSink& sink, int depth) const {
  const void* value = get(object);
  if (value == nullptr) {
    sink.put("null");
  } else {
    value_.append_at(value, sink, depth);
  }
}

bool OptionalInfo::decode_at(const Json& json, void* object, const Place& place, Issues& issues) const {
  // A Json can hold null itself, and an explicit null is kept apart from an absent one.
  if (json.is_null() && !value_.is_json()) {
    access_(Op::kReset, object);
    return true;
  }
  return value_.decode_at(json, access_(Op::kEmplace, object), place, issues);
}

void OptionalInfo::copy_at(const void* from, void* to) const {
  const void* value = get(from);
  if (value == nullptr) {
    access_(Op::kReset, to);
  } else {
    value_.copy_at(value, access_(Op::kEmplace, to));
  }
}

bool OptionalInfo::check_at(const void* object, const Place& place, Issues& issues) const {
  const void* value = get(object);
  return value == nullptr || value_.check_at(value, place, issues);
}

ConstraintView OptionalInfo::constraint_view(const void* object) const {
  const void* value = get(object);
  return value == nullptr ? ConstraintView() : value_.constraint_view(value);
}

FillTarget OptionalInfo::fill_target(void* object) const {
  return value_.fill_target(get(object) != nullptr ? access_(Op::kGet, object) : access_(Op::kEmplace, object));
}

void OptionalInfo::write_schema(SchemaBuilder& builder, JsonObject& schema) const {
  if (value_.is_json()) return;
  JsonArray alternatives;
  alternatives.emplace_back(builder.schema_of(value_));
  alternatives.emplace_back(JsonObject{{"type", "null"}});
  schema["anyOf"] = std::move(alternatives);
}

bool OptionalInfo::has_constraints() const {
  return value_.has_constraints();
}
bool OptionalInfo::is_empty(const void* object) const {
  return get(object) == nullptr;
}
std::string OptionalInfo::name() const {
  return value_.name();
}

// --- vector, array

void ArrayInfo::encode_at(const void* object, Json& json, int depth) const {
  check_depth(depth);
  const Slice slice = get(object);
  JsonArray& array = json.emplace_array();
  array.resize(slice.size);
  for (std::size_t i = 0; i < slice.size; ++i) element_.encode_at(element_at(slice.data, i, element_), array[i], depth + 1);
}

void ArrayInfo::append_at(const void* object, JsonSink& sink, int depth) const {
  check_depth(depth);
  const Slice slice = get(object);
  sink.put('[');
  for (std::size_t i = 0; i < slice.size; ++i) {
    if (i > 0) sink.put(',');
    element_.append_at(element_at(slice.data, i, element_), sink, depth + 1);
  }
  sink.put(']');
}

bool ArrayInfo::decode_at(const Json& json, void* object, const Place& place, Issues& issues) const {
  const JsonArray* array = json.if_array();
  if (array == nullptr) return issues.add_unexpected(place, "array", json);
  if (!issues.admit(place)) return false;
  if (is_fixed_ && array->size() != fixed_size_) {
    const char* relation = array->size() < fixed_size_ ? "fewer" : "more";
    return issues.add(place, "must NOT have " + std::string(relation) + " than " + std::to_string(fixed_size_) + " items");
  }
  const Slice slice = access_(object, array->size());
  bool ok = true;
  for (std::size_t i = 0; i < slice.size && !issues.full(); ++i) {
    ok &= element_.decode_at((*array)[i], element_at(slice.data, i, element_), Place(place, i), issues);
  }
  return ok;
}

void ArrayInfo::copy_at(const void* from, void* to) const {
  const Slice source = get(from);
  const Slice target = access_(to, source.size);
  for (std::size_t i = 0; i < source.size; ++i) {
    element_.copy_at(element_at(source.data, i, element_), element_at(target.data, i, element_));
  }
}

bool ArrayInfo::check_at(const void* object, const Place& place, Issues& issues) const {
  const Slice slice = get(object);
  bool ok = true;
  for (std::size_t i = 0; i < slice.size && !issues.full(); ++i) {
    ok &= element_.check_at(element_at(slice.data, i, element_), Place(place, i), issues);
  }
  return ok;
}

void ArrayInfo::fill_clear(void* object) const {
  if (!is_fixed_) access_(object, 0);
}

FillTarget ArrayInfo::fill_item(void* object, std::size_t index) const {
  if (is_fixed_ && index >= fixed_size_) return {};
  const Slice slice = access_(object, is_fixed_ ? kGet : index + 1);
  return {&element_, element_at(slice.data, index, element_)};
}

void ArrayInfo::write_schema(SchemaBuilder& builder, JsonObject& schema) const {
  schema["type"] = "array";
  schema["items"] = builder.schema_of(element_);
  if (is_fixed_) {
    schema["minItems"] = fixed_size_;
    schema["maxItems"] = fixed_size_;
  }
}

bool ArrayInfo::has_constraints() const {
  return element_.has_constraints();
}
ConstraintView ArrayInfo::constraint_view(const void* object) const {
  return items_view(get(object).size);
}
bool ArrayInfo::is_empty(const void* object) const {
  return get(object).size == 0;
}
std::string ArrayInfo::name() const {
  return element_.name() + "_array";
}

// --- set, list, vector<bool>

namespace {

/// What a visitor of elements or entries works with.
struct WriteContext {
  const TypeInfo& type;
  int depth;
  JsonSink* sink = nullptr;
  Json* json = nullptr;
  bool first = true;
};

struct CheckContext {
  const TypeInfo& type;
  const Place& place;
  Issues& issues;
  std::size_t index = 0;
  bool ok = true;
};

struct CopyContext {
  const TypeInfo& type;
  void* to;
  bool (*add)(void* collection, void* element) = nullptr;
  void* (*insert)(void* map, std::string_view key) = nullptr;
};

}  // namespace

void CollectionInfo::encode_at(const void* object, Json& json, int depth) const {
  check_depth(depth);
  json.emplace_array().reserve(table_.size(object));
  WriteContext context{element_, depth + 1, nullptr, &json};
  table_.visit(
      object,
      [](void* at, const void* element) {
        auto& writing = *static_cast<WriteContext*>(at);
        writing.type.encode_at(element, writing.json->get_array().emplace_back(nullptr), writing.depth);
      },
      &context);
}

void CollectionInfo::append_at(const void* object, JsonSink& sink, int depth) const {
  check_depth(depth);
  WriteContext context{element_, depth + 1, &sink};
  sink.put('[');
  table_.visit(
      object,
      [](void* at, const void* element) {
        auto& writing = *static_cast<WriteContext*>(at);
        if (!writing.first) writing.sink->put(',');
        writing.first = false;
        writing.type.append_at(element, *writing.sink, writing.depth);
      },
      &context);
  sink.put(']');
}

bool CollectionInfo::decode_at(const Json& json, void* object, const Place& place, Issues& issues) const {
  const JsonArray* array = json.if_array();
  if (array == nullptr) return issues.add_unexpected(place, "array", json);
  if (!issues.admit(place)) return false;
  table_.clear(object);
  bool ok = true;
  for (std::size_t i = 0; i < array->size() && !issues.full(); ++i) {
    const Place here(place, i);
    Temporary element(element_);
    if (!element_.decode_at((*array)[i], element.get(), here, issues)) {
      ok = false;
    } else if (!table_.add(object, element.get())) {
      ok = issues.add(here, "must NOT have duplicate items, got " + brief_text((*array)[i]) + " again");
    }
  }
  return ok;
}

void CollectionInfo::copy_at(const void* from, void* to) const {
  table_.clear(to);
  CopyContext context{element_, to, table_.add};
  table_.visit(
      from,
      [](void* at, const void* element) {
        auto& copying = *static_cast<CopyContext*>(at);
        Temporary copy(copying.type);
        copying.type.copy_at(element, copy.get());
        copying.add(copying.to, copy.get());
      },
      &context);
}

bool CollectionInfo::check_at(const void* object, const Place& place, Issues& issues) const {
  CheckContext context{element_, place, issues};
  table_.visit(
      object,
      [](void* at, const void* element) {
        auto& checking = *static_cast<CheckContext*>(at);
        if (!checking.issues.full()) {
          checking.ok &= checking.type.check_at(element, Place(checking.place, checking.index), checking.issues);
        }
        ++checking.index;
      },
      &context);
  return context.ok;
}

void CollectionInfo::fill_clear(void* object) const {
  table_.clear(object);
}

void CollectionInfo::fill_add(void* object, const Json& item) const {
  Temporary element(element_);
  std::vector<TypeIssue> ignored;
  Issues issues(ignored);
  if (element_.decode_at(item, element.get(), Place(), issues)) table_.add(object, element.get());
}

void CollectionInfo::write_schema(SchemaBuilder& builder, JsonObject& schema) const {
  schema["type"] = "array";
  schema["items"] = builder.schema_of(element_);
  if (table_.is_set) schema["uniqueItems"] = true;
}

bool CollectionInfo::has_constraints() const {
  return element_.has_constraints();
}
ConstraintView CollectionInfo::constraint_view(const void* object) const {
  return items_view(table_.size(object));
}
bool CollectionInfo::is_empty(const void* object) const {
  return table_.size(object) == 0;
}
std::string CollectionInfo::name() const {
  return element_.name() + "_array";
}

// --- map

void MapInfo::encode_at(const void* object, Json& json, int depth) const {
  check_depth(depth);
  json.emplace_object().reserve(table_.size(object));
  WriteContext context{value_, depth + 1, nullptr, &json};
  table_.visit(
      object,
      [](void* at, std::string_view key, const void* value) {
        auto& writing = *static_cast<WriteContext*>(at);
        writing.type.encode_at(value, writing.json->get_object()[key], writing.depth);
      },
      &context);
}

void MapInfo::append_at(const void* object, JsonSink& sink, int depth) const {
  check_depth(depth);
  WriteContext context{value_, depth + 1, &sink};
  sink.put('{');
  table_.visit(
      object,
      [](void* at, std::string_view key, const void* value) {
        auto& writing = *static_cast<WriteContext*>(at);
        if (!writing.first) writing.sink->put(',');
        writing.first = false;
        put_string(*writing.sink, key);
        writing.sink->put(':');
        writing.type.append_at(value, *writing.sink, writing.depth);
      },
      &context);
  sink.put('}');
}

bool MapInfo::decode_at(const Json& json, void* object, const Place& place, Issues& issues) const {
  const JsonObject* members = json.if_object();
  if (members == nullptr) return issues.add_unexpected(place, "object", json);
  if (!issues.admit(place)) return false;
  table_.clear(object);
  bool ok = true;
  for (const auto& member : *members) {
    if (issues.full()) break;
    const std::string_view key = member.key();
    ok &= value_.decode_at(member.value(), table_.insert(object, key), Place(place, key), issues);
  }
  return ok;
}

void MapInfo::copy_at(const void* from, void* to) const {
  table_.clear(to);
  CopyContext context{value_, to, nullptr, table_.insert};
  table_.visit(
      from,
      [](void* at, std::string_view key, const void* value) {
        auto& copying = *static_cast<CopyContext*>(at);
        copying.type.copy_at(value, copying.insert(copying.to, key));
      },
      &context);
}

bool MapInfo::check_at(const void* object, const Place& place, Issues& issues) const {
  CheckContext context{value_, place, issues};
  table_.visit(
      object,
      [](void* at, std::string_view key, const void* value) {
        auto& checking = *static_cast<CheckContext*>(at);
        if (!checking.issues.full()) {
          checking.ok &= checking.type.check_at(value, Place(checking.place, key), checking.issues);
        }
      },
      &context);
  return context.ok;
}

void MapInfo::fill_clear(void* object) const {
  table_.clear(object);
}

FillTarget MapInfo::fill_member(void* object, std::string_view key, std::size_t) const {
  return {&value_, table_.insert(object, key)};
}

void MapInfo::write_schema(SchemaBuilder& builder, JsonObject& schema) const {
  schema["type"] = "object";
  schema["additionalProperties"] = builder.schema_of(value_);
}

bool MapInfo::has_constraints() const {
  return value_.has_constraints();
}
bool MapInfo::is_empty(const void* object) const {
  return table_.size(object) == 0;
}
std::string MapInfo::name() const {
  return value_.name() + "_map";
}

}  // namespace genkit::internal
