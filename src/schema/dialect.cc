#include <genkit/schema/dialect.h>

#include <algorithm>
#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

#include <genkit/base/error.h>

#include "base/json_pointer.h"

namespace genkit {
namespace {

constexpr std::size_t kMostSchemas = 20'000;    // a schema without references can be exponentially larger than one with
constexpr std::size_t kMostSteps = 10'000'000;  // of a schema whose alternatives multiply
constexpr int kMostLevels = 64;
constexpr int kMostStrictLevels = 10;  // OpenAI's limit

const char* name_of(SchemaDialect dialect) {
  switch (dialect) {
    case SchemaDialect::kOpenAiStrict:
      return "OpenAI strict";
    case SchemaDialect::kGemini:
      return "Gemini";
    case SchemaDialect::kAnthropicTool:
      return "Anthropic tool input";
    case SchemaDialect::kJsonSchema:
      break;
  }
  return "JSON Schema";
}

/// A place in the schema, "#/properties/a".
class Path {
 public:
  Path() : text_("#") {}
  /// What a local reference names.
  static Path of_reference(std::string_view reference) {
    Path path;
    path.text_ = reference;
    return path;
  }
  Path below(std::string_view step) const {
    Path path(*this);
    path.text_ += '/';
    internal::append_pointer_step(path.text_, step);
    return path;
  }
  Path below(std::size_t index) const { return below(std::to_string(index)); }
  const std::string& text() const { return text_; }

 private:
  std::string text_;
};

const Json* find(const JsonObject& schema, std::string_view keyword) {
  return schema.if_contains(keyword);
}

bool is_null_schema(const Json& schema) {
  const Json* type = find_member(schema, "type");
  return type != nullptr && *type == "null";
}

std::string definition_name(const Json& reference, std::string_view prefix) {
  const auto* text = reference.if_string();
  if (text == nullptr || !std::string_view(*text).starts_with(prefix)) return {};
  return std::string(std::string_view(*text).substr(prefix.size()));
}

class Lowering {
 public:
  Lowering(const Json& root, SchemaDialect dialect) : root_(root), dialect_(dialect) {}

  [[noreturn]] void refuse(const Path& path, const std::string& what) const {
    throw Error(Status::kInvalidArgument, "schema for " + std::string(name_of(dialect_)) + " at \"" + path.text() + "\": " + what,
                {{"path", path.text()}, {"dialect", name_of(dialect_)}});
  }

 protected:
  const JsonObject& object_at(const Json& schema, const Path& path) const {
    if (schema.is_bool()) refuse(path, "true and false are no schemas here: say which type the value has");
    if (!schema.is_object()) refuse(path, "a schema must be an object");
    return schema.get_object();
  }
  void refuse_keywords(const JsonObject& schema, const Path& path, std::initializer_list<const char*> keywords) const {
    for (const char* keyword : keywords) {
      if (schema.contains(keyword)) refuse(path, "\"" + std::string(keyword) + "\" cannot be expressed");
    }
  }
  const Json& resolve(const Json& reference, const Path& path) const {
    const auto* text = reference.if_string();
    if (text == nullptr || text->empty() || (*text)[0] != '#') refuse(path, "only references within the schema can be followed");
    boost::json::error_code error;
    const Json* found = root_.find_pointer(std::string_view(*text).substr(1), error);
    if (error || found == nullptr) refuse(path, "reference " + to_text(reference) + " leads nowhere");
    return *found;
  }
  static void copy(const JsonObject& from, JsonObject& to, std::initializer_list<const char*> keywords) {
    for (const char* keyword : keywords) {
      if (const Json* value = find(from, keyword)) to[keyword] = *value;
    }
  }
  static bool requires_member(const JsonObject& schema, std::string_view name) {
    const Json* required = find(schema, "required");
    if (required == nullptr || !required->is_array()) return false;
    const JsonArray& names = required->get_array();
    return std::any_of(names.begin(), names.end(),
                       [&](const Json& item) { return item.is_string() && item.get_string() == name; });
  }
  /// The one schema of an allOf that only carries notes beside a reference; nullptr without an allOf.
  const Json* only_part(const JsonObject& schema, const Path& path) const {
    const Json* all = find(schema, "allOf");
    if (all == nullptr) return nullptr;
    if (!all->is_array() || all->get_array().size() != 1 || schema.contains("properties") || schema.contains("type")) {
      refuse(path, "\"allOf\" cannot be expressed");
    }
    return &all->get_array()[0];
  }
  static const Json* alternatives_of(const JsonObject& schema) {
    const Json* any = find(schema, "anyOf");
    return any != nullptr ? any : find(schema, "oneOf");
  }

  const Json& root_;
  const SchemaDialect dialect_;
};

class OpenAiLowering : public Lowering {
 public:
  explicit OpenAiLowering(const Json& root) : Lowering(root, SchemaDialect::kOpenAiStrict) {}

  Json run() {
    const JsonObject& schema = object_at(root_, Path());
    const Json* type = find(schema, "type");
    if (type == nullptr || *type != "object") refuse(Path(), "the root must be an object: put the value into a struct");
    Json lowered = lower(root_, Path(), 0);
    for (const char* keyword : {"definitions", "$defs"}) {
      const Json* definitions = find(schema, keyword);
      if (definitions == nullptr || !definitions->is_object()) continue;
      JsonObject& defs = lowered.get_object()["$defs"].is_object() ? lowered.get_object()["$defs"].get_object()
                                                                   : lowered.get_object()["$defs"].emplace_object();
      for (const auto& definition : definitions->get_object()) {
        defs[definition.key()] = lower(definition.value(), Path().below(keyword).below(definition.key()), 0);
      }
    }
    return lowered;
  }

 private:
  Json lower(const Json& json, const Path& path, int level) {
    const JsonObject& schema = object_at(json, path);
    if (level > kMostStrictLevels) refuse(path, "objects are nested deeper than 10 levels");
    refuse_keywords(schema, path, {"not", "if", "dependencies", "patternProperties", "propertyNames", "contains"});
    if (const Json* reference = find(schema, "$ref")) return lower_reference(*reference, path);
    if (const Json* part = only_part(schema, path)) return lower(*part, path.below("allOf").below(std::size_t{0}), level);

    JsonObject lowered;
    copy(schema, lowered,
         {"type", "description", "enum", "const", "pattern", "format", "minimum", "maximum", "exclusiveMinimum",
          "exclusiveMaximum", "multipleOf", "minItems", "maxItems"});
    if (const Json* alternatives = alternatives_of(schema)) {
      lowered["anyOf"] = lower_all(*alternatives, path.below(schema.contains("anyOf") ? "anyOf" : "oneOf"), level);
      return lowered;
    }
    const Json* type = find(schema, "type");
    if (type == nullptr && !schema.contains("enum") && !schema.contains("const")) {
      refuse(path, "the type of the value must be said: any value at all cannot be expressed");
    }
    if (type != nullptr && *type == "object") lower_object(schema, lowered, path, level);
    if (type != nullptr && *type == "array") lower_array(schema, lowered, path, level);
    return lowered;
  }

  Json lower_reference(const Json& reference, const Path& path) const {
    resolve(reference, path);
    if (reference == "#") return {{"$ref", "#"}};
    for (const char* prefix : {"#/definitions/", "#/$defs/"}) {
      const std::string name = definition_name(reference, prefix);
      if (!name.empty() && name.find('/') == std::string::npos) return {{"$ref", "#/$defs/" + name}};
    }
    refuse(path, "references can only name definitions");
  }

  Json lower_all(const Json& schemas, const Path& path, int level) {
    JsonArray lowered;
    if (!schemas.is_array()) refuse(path, "must be an array");
    for (std::size_t i = 0; i < schemas.get_array().size(); ++i) {
      lowered.push_back(lower(schemas.get_array()[i], path.below(i), level));
    }
    return lowered;
  }

  void lower_object(const JsonObject& schema, JsonObject& lowered, const Path& path, int level) {
    const Json* additional = find(schema, "additionalProperties");
    const Json* properties = find(schema, "properties");
    const bool has_properties = properties != nullptr && properties->is_object() && !properties->get_object().empty();
    if ((additional != nullptr && *additional != false) || (additional == nullptr && !has_properties)) {
      refuse(path, "objects with any members (maps) cannot be expressed: use an array of pairs");
    }
    JsonObject lowered_properties;
    JsonArray required;
    if (has_properties) {
      for (const auto& property : properties->get_object()) {
        Json member = lower(property.value(), path.below("properties").below(property.key()), level + 1);
        if (!requires_member(schema, property.key())) make_nullable(member);
        lowered_properties[property.key()] = std::move(member);
        required.emplace_back(property.key());
      }
    }
    lowered["properties"] = std::move(lowered_properties);
    lowered["required"] = std::move(required);
    lowered["additionalProperties"] = false;
  }

  void lower_array(const JsonObject& schema, JsonObject& lowered, const Path& path, int level) {
    const Json* items = find(schema, "items");
    if (items == nullptr) refuse(path, "the type of the items must be said");
    if (items->is_array()) refuse(path.below("items"), "tuples cannot be expressed: use a struct");
    lowered["items"] = lower(*items, path.below("items"), level + 1);
  }

  static void make_nullable(Json& schema) {
    JsonObject& members = schema.get_object();
    if (Json* alternatives = members.if_contains("anyOf")) {
      const JsonArray& array = alternatives->get_array();
      if (std::none_of(array.begin(), array.end(), is_null_schema))
        alternatives->get_array().push_back(JsonObject{{"type", "null"}});
      return;
    }
    Json* type = members.if_contains("type");
    if (type != nullptr && type->is_string() && !members.contains("enum") && !members.contains("const")) {
      if (*type != "null") *type = JsonArray{*type, "null"};
      return;
    }
    if (type != nullptr && type->is_array() && !members.contains("enum")) {
      const JsonArray& names = type->get_array();
      if (std::find(names.begin(), names.end(), Json("null")) == names.end()) type->get_array().emplace_back("null");
      return;
    }
    Json plain = std::move(schema);
    schema = JsonObject{{"anyOf", JsonArray{std::move(plain), JsonObject{{"type", "null"}}}}};
  }
};

class GeminiLowering : public Lowering {
 public:
  explicit GeminiLowering(const Json& root) : Lowering(root, SchemaDialect::kGemini) {}

  Json run() { return lower(root_, Path(), 0); }

 private:
  Json lower(const Json& json, const Path& path, int level) {
    const JsonObject& schema = object_at(json, path);
    if (++count_ > kMostSchemas || level > kMostLevels) {
      refuse(path, "too large without references: " + std::to_string(kMostSchemas) + " schemas or " +
                       std::to_string(kMostLevels) + " levels");
    }
    refuse_keywords(schema, path, {"not", "if", "dependencies", "patternProperties", "propertyNames", "contains"});
    if (const Json* reference = find(schema, "$ref")) return lower_reference(*reference, path, level);
    if (const Json* part = only_part(schema, path)) {
      Json lowered = lower(*part, path.below("allOf").below(std::size_t{0}), level + 1);
      copy(schema, lowered.get_object(), {"title", "description"});
      return lowered;
    }
    JsonObject lowered;
    copy(schema, lowered, {"title", "description", "minItems", "maxItems", "minLength", "maxLength", "minimum", "maximum"});
    if (const Json* alternatives = alternatives_of(schema)) {
      lower_alternatives(*alternatives, lowered, path.below(schema.contains("anyOf") ? "anyOf" : "oneOf"), level);
      return lowered;
    }
    lower_type(schema, lowered, path, level);
    return lowered;
  }

  Json lower_reference(const Json& reference, const Path& path, int level) {
    const Json& target = resolve(reference, path);
    if (&target == &root_ || std::find(open_.begin(), open_.end(), &target) != open_.end()) {
      refuse(path, "recursion (" + to_text(reference) + ") cannot be expressed");
    }
    open_.push_back(&target);
    Json lowered = lower(target, Path::of_reference(reference.get_string()), level + 1);
    open_.pop_back();
    return lowered;
  }

  void lower_alternatives(const Json& alternatives, JsonObject& lowered, const Path& path, int level) {
    if (!alternatives.is_array()) refuse(path, "must be an array");
    JsonArray others;
    for (std::size_t i = 0; i < alternatives.get_array().size(); ++i) {
      const Json& alternative = alternatives.get_array()[i];
      if (is_null_schema(alternative)) {
        lowered["nullable"] = true;
      } else {
        others.push_back(lower(alternative, path.below(i), level + 1));
      }
    }
    if (others.size() != 1) {
      lowered["anyOf"] = std::move(others);
      return;
    }
    for (auto& member : others[0].get_object()) lowered.emplace(member.key(), std::move(member.value()));
  }

  void lower_type(const JsonObject& schema, JsonObject& lowered, const Path& path, int level) {
    std::string type = single_type(schema, lowered, path);
    const Json* constant = find(schema, "const");
    const Json* values = find(schema, "enum");
    if (constant != nullptr || values != nullptr) {
      lower_enum(constant != nullptr ? Json(JsonArray{*constant}) : *values, lowered, path);
      type = "string";
    }
    if (type.empty()) refuse(path, "the type of the value must be said: any value at all cannot be expressed");
    if (type == "object") lower_object(schema, lowered, path, level);
    if (type == "array") lower_array(schema, lowered, path, level);
    if (type == "integer") lower_exclusive_limits(schema, lowered);
    const Json* format = find(schema, "format");
    if (format != nullptr && (*format == "date-time" || *format == "date" || *format == "time" || *format == "duration")) {
      lowered["format"] = *format;
    }
    std::transform(type.begin(), type.end(), type.begin(),
                   [](char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c; });
    lowered["type"] = type;
  }

  /// The type; of a type and null it makes the type and `nullable`.
  std::string single_type(const JsonObject& schema, JsonObject& lowered, const Path& path) const {
    const Json* type = find(schema, "type");
    if (type == nullptr) return {};
    if (type->is_string()) return std::string(type->get_string());
    std::string single;
    for (const Json& name : type->as_array()) {
      if (name == "null") {
        lowered["nullable"] = true;
      } else if (single.empty()) {
        single = std::string(name.as_string());
      } else {
        refuse(path.below("type"), "several types cannot be expressed: use anyOf");
      }
    }
    return single;
  }

  void lower_enum(const Json& values, JsonObject& lowered, const Path& path) const {
    JsonArray texts;
    for (const Json& value : values.as_array()) {
      if (value.is_null()) {
        lowered["nullable"] = true;
      } else if (value.is_string()) {
        texts.push_back(value);
      } else {
        refuse(path, "only texts can be enumerated, not " + to_text(value));
      }
    }
    lowered["enum"] = std::move(texts);
  }

  void lower_object(const JsonObject& schema, JsonObject& lowered, const Path& path, int level) {
    const Json* additional = find(schema, "additionalProperties");
    const Json* properties = find(schema, "properties");
    const bool has_properties = properties != nullptr && properties->is_object() && !properties->get_object().empty();
    if ((additional != nullptr && additional->is_object()) || !has_properties) {
      refuse(path, "objects with any members (maps), or with none, cannot be expressed: use an array of pairs");
    }
    JsonObject lowered_properties;
    JsonArray ordering;
    for (const auto& property : properties->get_object()) {
      lowered_properties[property.key()] = lower(property.value(), path.below("properties").below(property.key()), level + 1);
      ordering.emplace_back(property.key());
    }
    lowered["properties"] = std::move(lowered_properties);
    copy(schema, lowered, {"required"});
    lowered["propertyOrdering"] = std::move(ordering);
  }

  void lower_array(const JsonObject& schema, JsonObject& lowered, const Path& path, int level) {
    const Json* items = find(schema, "items");
    if (items == nullptr) refuse(path, "the type of the items must be said");
    if (items->is_array()) refuse(path.below("items"), "tuples cannot be expressed: use a struct");
    lowered["items"] = lower(*items, path.below("items"), level + 1);
  }

  static void lower_exclusive_limits(const JsonObject& schema, JsonObject& lowered) {
    const Json* low = find(schema, "exclusiveMinimum");
    if (low != nullptr && low->is_int64() && !lowered.contains("minimum")) lowered["minimum"] = low->get_int64() + 1;
    const Json* high = find(schema, "exclusiveMaximum");
    if (high != nullptr && high->is_int64() && !lowered.contains("maximum")) lowered["maximum"] = high->get_int64() - 1;
  }

  std::vector<const Json*> open_;
  std::size_t count_ = 0;
};

/// JSON Schema stays JSON Schema; what is checked is that references can be followed.
class PlainLowering : public Lowering {
 public:
  PlainLowering(const Json& root, SchemaDialect dialect) : Lowering(root, dialect) {}

  Json run() {
    if (!root_.is_object()) refuse(Path(), "a schema must be an object");
    check_references(root_, Path());
    JsonObject lowered = root_.get_object();
    const Json* reference = find(lowered, "$ref");
    if (dialect_ == SchemaDialect::kAnthropicTool && reference != nullptr) {
      // The root has to be an object in words: what it refers to stands there, and the definitions stay.
      const Json& target = resolve(*reference, Path());
      lowered.erase("$ref");
      for (const auto& member : object_at(target, Path())) lowered[member.key()] = member.value();
    }
    lowered.stable_erase("$schema");
    const Json* type = find(lowered, "type");
    if (dialect_ == SchemaDialect::kAnthropicTool && (type == nullptr || *type != "object")) {
      refuse(Path(), "the root must be an object: put the value into a struct");
    }
    return lowered;
  }

 private:
  void check_references(const Json& json, const Path& path) const {
    if (const JsonArray* array = json.if_array()) {
      for (std::size_t i = 0; i < array->size(); ++i) check_references((*array)[i], path.below(i));
      return;
    }
    const JsonObject* object = json.if_object();
    if (object == nullptr) return;
    for (const auto& member : *object) {
      // What stands in these is data, or maps names to schemas.
      if (member.key() == "enum" || member.key() == "const" || member.key() == "default" || member.key() == "examples") continue;
      if (member.key() == "$ref" && member.value().is_string()) resolve(member.value(), path);
      check_references(member.value(), path.below(member.key()));
    }
  }
};

bool takes_null(const Json& schema) {
  const Json* type = find_member(schema, "type");
  if (type != nullptr && type->is_string()) return *type == "null";
  if (type != nullptr && type->is_array()) {
    return std::any_of(type->get_array().begin(), type->get_array().end(), [](const Json& name) { return name == "null"; });
  }
  for (const char* keyword : {"anyOf", "oneOf"}) {
    const Json* alternatives = find_member(schema, keyword);
    if (alternatives == nullptr || !alternatives->is_array()) continue;
    return std::any_of(alternatives->get_array().begin(), alternatives->get_array().end(), takes_null);
  }
  return find_member(schema, "$ref") == nullptr && find_member(schema, "enum") == nullptr &&
         find_member(schema, "allOf") == nullptr;
}

void remove_nulls(Json& value, const Json& schema, const Json& root, int level, std::size_t& steps);

void remove_nulls_of_members(JsonObject& object, const Json& schema, const Json& root, int level, std::size_t& steps) {
  const Json* properties = find_member(schema, "properties");
  if (properties == nullptr || !properties->is_object()) return;
  const Json* required = find_member(schema, "required");
  const auto is_required = [&](std::string_view name) {
    return required != nullptr && required->is_array() &&
           std::any_of(required->get_array().begin(), required->get_array().end(),
                       [&](const Json& item) { return item.is_string() && item.get_string() == name; });
  };
  std::vector<std::string> added;
  for (auto& member : object) {
    const Json* of_member = properties->get_object().if_contains(member.key());
    if (of_member == nullptr) continue;
    if (member.value().is_null()) {
      if (!is_required(member.key()) && !takes_null(*of_member)) added.emplace_back(member.key());
    } else {
      remove_nulls(member.value(), *of_member, root, level + 1, steps);
    }
  }
  for (const std::string& name : added) object.stable_erase(name);
}

void remove_nulls(Json& value, const Json& schema, const Json& root, int level, std::size_t& steps) {
  if (++steps > kMostSteps || level > kMostLevels || !value.is_structured() || !schema.is_object()) return;
  if (const Json* reference = find_member(schema, "$ref"); reference != nullptr && reference->is_string()) {
    boost::json::error_code error;
    const std::string_view text = reference->get_string();
    const Json* target = text.starts_with('#') ? root.find_pointer(text.substr(1), error) : nullptr;
    if (target != nullptr && !error) remove_nulls(value, *target, root, level + 1, steps);
    return;
  }
  for (const char* keyword : {"allOf", "anyOf", "oneOf"}) {
    const Json* parts = find_member(schema, keyword);
    if (parts == nullptr || !parts->is_array()) continue;
    for (const Json& part : parts->get_array()) remove_nulls(value, part, root, level + 1, steps);
  }
  if (JsonObject* object = value.if_object()) return remove_nulls_of_members(*object, schema, root, level, steps);
  const Json* items = find_member(schema, "items");
  if (items == nullptr) return;
  for (Json& item : value.get_array()) remove_nulls(item, *items, root, level + 1, steps);
}

}  // namespace

Json lower_schema(const Json& schema, SchemaDialect dialect) {
  switch (dialect) {
    case SchemaDialect::kOpenAiStrict:
      return OpenAiLowering(schema).run();
    case SchemaDialect::kGemini:
      return GeminiLowering(schema).run();
    default:
      return PlainLowering(schema, dialect).run();
  }
}

void remove_added_nulls(Json& value, const Json& schema) {
  std::size_t steps = 0;
  remove_nulls(value, schema, schema, 0, steps);
}

}  // namespace genkit
