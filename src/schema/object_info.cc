#include "schema/object_info.h"
#include "base/json_sink.h"

#include "schema/issues.h"
#include "schema/schema_builder.h"

namespace genkit::internal {

bool ObjectInfo::Member::check(const void* object, const Place& place, Issues& issues) const {
  bool ok = constraints == nullptr || constraints->check(in(object), place, issues);
  if (check_inside) ok &= type->check_at(in(object), place, issues);
  return ok;
}

void ObjectInfo::encode_at(const void* object, Json& json, int depth) const {
  check_depth(depth);
  const Compiled& type = compiled();
  JsonObject& result = json.emplace_object();
  result.reserve(type.members.size());
  for (const Member& member : type.members) {
    if (member.is_left_out(object)) continue;
    Json& value = result.emplace(member.key, nullptr).first->value();
    member.type->encode_at(member.in(object), value, depth + 1);
  }
  if (!type.extra_offset) return;
  for (const auto& extra : type.extra_in(object)) result.emplace(extra.key(), extra.value());
}

void ObjectInfo::append_at(const void* object, JsonSink& sink, int depth) const {
  check_depth(depth);
  const Compiled& type = compiled();
  sink.put('{');
  bool first = true;
  for (const Member& member : type.members) {
    if (member.is_left_out(object)) continue;
    sink.put_any(std::string_view(member.prefix).substr(first ? 1 : 0));
    first = false;
    member.type->append_at(member.in(object), sink, depth + 1);
  }
  if (type.extra_offset && !type.extra_in(object).empty()) append_extra(object, sink, first);
  sink.put('}');
}

void ObjectInfo::append_extra(const void* object, JsonSink& sink, bool first) const {
  const Compiled& type = compiled();
  for (const auto& extra : type.extra_in(object)) {
    // As in a tree: a member of the struct wins over an extra one of the same name, should someone have put one there.
    const std::size_t index = type.find(extra.key(), 0);
    if (index != Compiled::kNone && !type.members[index].is_left_out(object)) continue;
    if (!first) sink.put(',');
    first = false;
    put_string(sink, extra.key());
    sink.put(':');
    put_json(sink, extra.value());
  }
}

bool ObjectInfo::decode_at(const Json& json, void* object, const Place& place, Issues& issues) const {
  const JsonObject* members = json.if_object();
  if (members == nullptr) return issues.add_unexpected(place, "object", json);
  if (!issues.admit(place)) return false;

  const Compiled& type = compiled();
  if (issues.is_trial() && type.has_constants) {
    // Of tagged alternatives, which may contain each other, only the one that is meant is read.
    for (const Member& member : type.members) {
      if (member.constraints == nullptr || !member.constraints->has_constant()) continue;
      const Json* value = members->if_contains(member.key);
      if (value != nullptr && !decode_member(member, *value, object, place, issues)) return false;
    }
  }
  if (type.extra_offset) type.extra_in(object).clear();
  bool ok = true;
  std::uint64_t seen = 0;
  std::size_t expected = 0;
  for (const auto& entry : *members) {
    const std::string_view key = entry.key();
    const std::size_t index = type.find(key, expected);
    if (index == Compiled::kNone) {
      ok &= take_unknown(key, entry.value(), object, place, issues);
      continue;
    }
    expected = index + 1;
    seen |= std::uint64_t{1} << index;
    ok &= decode_member(type.members[index], entry.value(), object, place, issues);
    if (issues.full()) return false;
  }
  return fill_missing(seen, object, place, issues) && ok;
}

bool ObjectInfo::decode_member(const Member& member, const Json& json, void* object, const Place& place, Issues& issues) const {
  const Place here(place, member.key);
  if (!member.type->decode_at(json, member.in(object), here, issues)) return false;
  return member.constraints == nullptr || member.constraints->check(member.in(object), here, issues);
}

bool ObjectInfo::take_unknown(std::string_view key, const Json& json, void* object, const Place& place, Issues& issues) const {
  const Compiled& type = compiled();
  if (type.extra_offset) {
    type.extra_in(object).emplace(key, json);
    return true;
  }
  if (type.open || issues.full()) return type.open;
  std::string message = "must NOT have additional properties, got ";
  append_json_string(message, key.substr(0, 100));
  return issues.add(place, std::move(message));
}

bool ObjectInfo::fill_missing(std::uint64_t seen, void* object, const Place& place, Issues& issues) const {
  const Compiled& type = compiled();
  bool ok = true;
  for (std::size_t i = 0; i < type.members.size(); ++i) {
    const Member& member = type.members[i];
    if ((seen >> i & 1) != 0 || !(member.required || member.default_is_described)) continue;
    const Place here(place, member.key);
    if (member.required) {
      ok = issues.add(here, "is required");
    } else {
      ok &= member.type->decode_at(*member.default_value, member.in(object), here, issues);
    }
  }
  return ok;
}

void ObjectInfo::copy_at(const void* from, void* to) const {
  const Compiled& type = compiled();
  for (const Member& member : type.members) member.type->copy_at(member.in(from), member.in(to));
  if (type.extra_offset) type.extra_in(to) = type.extra_in(from);
}

bool ObjectInfo::check_at(const void* object, const Place& place, Issues& issues) const {
  const Compiled& type = compiled();
  if (!type.has_constraints) return true;
  bool ok = true;
  for (const Member& member : type.members) {
    if (member.constraints == nullptr && !member.check_inside) continue;
    if (issues.full()) return false;
    if (!member.is_left_out(object)) ok &= member.check(object, Place(place, member.key), issues);
  }
  return ok;
}

FillTarget ObjectInfo::fill_member(void* object, std::string_view key, std::size_t index) const {
  const Compiled& type = compiled();
  const std::size_t found = type.find(key, index);
  if (found == Compiled::kNone) return {};
  return {type.members[found].type, type.members[found].in(object)};
}

void ObjectInfo::fill_end(void* object, const Json& json) const {
  const Compiled& type = compiled();
  const JsonObject& members = json.get_object();
  std::vector<TypeIssue> ignored;
  Issues issues(ignored);
  for (const Member& member : type.members) {
    if (!member.default_is_described || members.contains(member.key)) continue;
    member.type->decode_at(*member.default_value, member.in(object), Place(), issues);
  }
  if (!type.extra_offset) return;
  type.extra_in(object).clear();
  for (const auto& member : members) {
    if (type.find(member.key(), 0) == Compiled::kNone) type.extra_in(object).emplace(member.key(), member.value());
  }
}

void ObjectInfo::write_schema(SchemaBuilder& builder, JsonObject& schema) const {
  const Compiled& type = compiled();
  JsonObject properties;
  JsonArray required;
  for (const Member& member : type.members) {
    properties[member.key] = member_schema(member, builder);
    if (member.required) required.emplace_back(member.key);
  }
  schema["type"] = "object";
  schema["properties"] = std::move(properties);
  if (!required.empty()) schema["required"] = std::move(required);
  schema["additionalProperties"] = type.open;
  if (!type.title.empty()) schema["title"] = type.title;
  if (!type.description.empty()) schema["description"] = type.description;
}

Json ObjectInfo::member_schema(const Member& member, SchemaBuilder& builder) {
  const TypeInfo* type = member.type;
  // An optional member that is empty is left out, so null need not be mentioned.
  if (!member.required) {
    while (type->is_optional()) type = type->child(0);
  }
  JsonObject schema = builder.schema_of(*type);
  JsonObject notes;
  if (member.constraints != nullptr) member.constraints->write_schema(notes);
  if (!member.format.empty()) notes["format"] = member.format;
  if (!member.description.empty()) notes["description"] = member.description;
  if (member.default_value) notes["default"] = *member.default_value;
  if (!member.examples.empty()) notes["examples"] = member.examples;
  if (notes.empty()) return schema;

  // Beside "$ref", draft-07 ignores everything.
  if (schema.contains("$ref")) {
    JsonArray all;
    all.emplace_back(std::move(schema));
    schema = JsonObject();
    schema["allOf"] = std::move(all);
  }
  for (auto& note : notes) schema[note.key()] = std::move(note.value());
  return schema;
}

bool ObjectInfo::is_empty(const void* object) const {
  const Compiled& type = compiled();
  for (const Member& member : type.members) {
    if (!member.is_left_out(object)) return false;
  }
  return !type.extra_offset || type.extra_in(object).empty();
}

}  // namespace genkit::internal
