#include <genkit/schema/reflect.h>

#include "base/json_sink.h"
#include "schema/constraints.h"
#include "schema/issues.h"

namespace genkit::internal {
namespace {

const JsonObject& object_in(const void* object) {
  return *static_cast<const JsonObject*>(object);
}
const JsonArray& array_in(const void* object) {
  return *static_cast<const JsonArray*>(object);
}
const SharedJson& shared_in(const void* object) {
  return *static_cast<const SharedJson*>(object);
}

/// The text of a container without putting it into a Json first.
template <class Container>
void append_items(const Container& items, char open, char close, JsonSink& sink) {
  sink.put(open);
  bool first = true;
  for (const auto& item : items) {
    if (!first) sink.put(',');
    first = false;
    if constexpr (std::is_same_v<Container, JsonObject>) {
      put_string(sink, item.key());
      sink.put(':');
      put_json(sink, item.value());
    } else {
      put_json(sink, item);
    }
  }
  sink.put(close);
}

}  // namespace

// --- Json

void JsonInfo::encode_at(const void* object, Json& json, int) const {
  json = *static_cast<const Json*>(object);
}
void JsonInfo::append_at(const void* object, JsonSink& sink, int) const {
  put_json(sink, *static_cast<const Json*>(object));
}
bool JsonInfo::decode_at(const Json& json, void* object, const Place&, Issues&) const {
  *static_cast<Json*>(object) = json;
  return true;
}
void JsonInfo::write_schema(SchemaBuilder&, JsonObject&) const {}
bool JsonInfo::is_absent(const void* object) const {
  return static_cast<const Json*>(object)->is_null();
}
bool JsonInfo::is_empty(const void* object) const {
  const Json& json = *static_cast<const Json*>(object);
  switch (json.kind()) {
    case boost::json::kind::null:
      return true;
    case boost::json::kind::bool_:
      return !json.get_bool();
    case boost::json::kind::int64:
      return json.get_int64() == 0;
    case boost::json::kind::uint64:
      return json.get_uint64() == 0;
    case boost::json::kind::double_:
      return json.get_double() == 0;
    case boost::json::kind::string:
      return json.get_string().empty();
    case boost::json::kind::array:
      return json.get_array().empty();
    case boost::json::kind::object:
      return json.get_object().empty();
  }
  return false;
}
std::string JsonInfo::name() const {
  return "any";
}

// --- JsonObject

void JsonObjectInfo::encode_at(const void* object, Json& json, int) const {
  json = object_in(object);
}
void JsonObjectInfo::append_at(const void* object, JsonSink& sink, int) const {
  append_items(object_in(object), '{', '}', sink);
}
bool JsonObjectInfo::decode_at(const Json& json, void* object, const Place& place, Issues& issues) const {
  const JsonObject* members = json.if_object();
  if (members == nullptr) return issues.add_unexpected(place, "object", json);
  *static_cast<JsonObject*>(object) = *members;
  return true;
}
void JsonObjectInfo::write_schema(SchemaBuilder&, JsonObject& schema) const {
  schema["type"] = "object";
}
bool JsonObjectInfo::is_empty(const void* object) const {
  return object_in(object).empty();
}
std::string JsonObjectInfo::name() const {
  return "object";
}

// --- JsonArray

void JsonArrayInfo::encode_at(const void* object, Json& json, int) const {
  json = array_in(object);
}
void JsonArrayInfo::append_at(const void* object, JsonSink& sink, int) const {
  append_items(array_in(object), '[', ']', sink);
}
bool JsonArrayInfo::decode_at(const Json& json, void* object, const Place& place, Issues& issues) const {
  const JsonArray* items = json.if_array();
  if (items == nullptr) return issues.add_unexpected(place, "array", json);
  *static_cast<JsonArray*>(object) = *items;
  return true;
}
void JsonArrayInfo::write_schema(SchemaBuilder&, JsonObject& schema) const {
  schema["type"] = "array";
  schema["items"] = JsonObject();
}
bool JsonArrayInfo::is_empty(const void* object) const {
  return array_in(object).empty();
}
std::string JsonArrayInfo::name() const {
  return "array";
}
ConstraintView JsonArrayInfo::constraint_view(const void* object) const {
  ConstraintView view;
  view.kind = ConstraintView::Kind::kItems;
  view.natural = array_in(object).size();
  return view;
}

// --- SharedJson

void SharedJsonInfo::encode_at(const void* object, Json& json, int) const {
  json = shared_in(object).get();
}
void SharedJsonInfo::append_at(const void* object, JsonSink& sink, int) const {
  sink.put_any(shared_in(object).text());
}
bool SharedJsonInfo::decode_at(const Json& json, void* object, const Place&, Issues&) const {
  *static_cast<SharedJson*>(object) = SharedJson(json);
  return true;
}
void SharedJsonInfo::write_schema(SchemaBuilder&, JsonObject&) const {}
bool SharedJsonInfo::is_absent(const void* object) const {
  return shared_in(object).is_null();
}
bool SharedJsonInfo::is_empty(const void* object) const {
  return Descriptor<Json>::value.is_empty(&shared_in(object).get());
}
std::string SharedJsonInfo::name() const {
  return Descriptor<Json>::value.name();
}

const JsonInfo Descriptor<Json>::value(kCopyableLife<Json>);
const JsonObjectInfo Descriptor<JsonObject>::value(kCopyableLife<JsonObject>);
const JsonArrayInfo Descriptor<JsonArray>::value(kCopyableLife<JsonArray>);
const SharedJsonInfo Descriptor<SharedJson>::value(kCopyableLife<SharedJson>);
const JsonObjectInfo Descriptor<ExtraMembers>::value(kCopyableLife<ExtraMembers>);

}  // namespace genkit::internal
