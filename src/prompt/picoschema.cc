#include <genkit/prompt/picoschema.h>

#include <algorithm>
#include <string>
#include <utility>

#include <genkit/base/error.h>

#include "base/json_pointer.h"
#include "prompt/source.h"

namespace genkit {
namespace {

constexpr std::size_t kMaxDepth = 64;
// Of schemas that are given by name.
constexpr std::size_t kMaxReferenceDepth = 256;
constexpr std::string_view kScalarTypes[] = {"any", "boolean", "integer", "null", "number", "string"};

bool is_scalar_type(std::string_view type) {
  return std::find(std::begin(kScalarTypes), std::end(kScalarTypes), type) != std::end(kScalarTypes);
}

/// Members of JSON Schema that hold schemas by names of the author's.
bool has_named_schemas(std::string_view key) {
  return key == "properties" || key == "patternProperties" || key == "definitions" || key == "$defs" || key == "dependencies";
}

/// Members of JSON Schema that hold values, in which "$ref" means nothing.
bool holds_data(std::string_view key) {
  return key == "const" || key == "default" || key == "enum" || key == "examples";
}

bool is_empty_value(const Json& value) {
  return value.is_null() || (value.is_string() && value.get_string().empty());
}

/// "string, the name of it" in its two parts.
struct Described {
  std::string_view type;
  std::string_view description;

  explicit Described(std::string_view text) {
    const std::size_t comma = text.find(',');
    type = internal::trim_space(text.substr(0, comma));
    if (comma != std::string_view::npos) description = internal::trim_space(text.substr(comma + 1));
  }
};

/// "name?(type, description)" in its parts.
struct Key {
  std::string_view name;
  bool optional = false;
  bool has_type = false;
  bool closed = true;
  std::string_view type;

  explicit Key(std::string_view text) {
    const std::size_t paren = text.find('(');
    name = internal::trim_space(text.substr(0, paren));
    optional = !name.empty() && name.back() == '?';
    if (optional) name.remove_suffix(1);
    if (paren == std::string_view::npos) return;
    const std::string_view rest = internal::trim_space(text.substr(paren + 1));
    closed = !rest.empty() && rest.back() == ')';
    has_type = true;
    type = rest.substr(0, rest.size() - (closed ? 1 : 0));
  }
};

class Parser {
 public:
  explicit Parser(const SchemaResolver& resolver) : resolver_(resolver) {}

  /// A whole schema, which may be JSON Schema already.
  Json parse(const Json& schema) {
    if (is_empty_value(schema)) return nullptr;
    if (schema.is_string()) return named(schema.get_string());
    const JsonObject* object = schema.if_object();
    if (!object) fail(Status::kInvalidArgument, "only consists of objects and strings. Got: " + to_text(schema));
    if (const Json* type = object->if_contains("type"); type && type->is_string()) {
      const std::string_view name = type->get_string();
      if (name == "object" || name == "array" || is_scalar_type(name)) return schema;
    }
    if (const Json* properties = object->if_contains("properties"); properties && properties->is_object()) {
      JsonObject result = *object;
      result["type"] = "object";
      return result;
    }
    Json result = members(*object);
    if (!definitions_.empty()) result.get_object()["definitions"] = std::move(definitions_);
    return result;
  }

 private:
  [[noreturn]] void fail(Status status, const std::string& message) const {
    std::string text = "Picoschema: ";
    if (!path_.empty()) text += path_ + ": ";
    throw Error(status, text + message, {{"path", path_}});
  }

  /// A type or the name of a schema, with a description perhaps.
  Json named(std::string_view text) {
    const Described described(text);
    Json result(boost::json::object_kind);
    if (!is_scalar_type(described.type)) {
      result = resolve(described.type);
      if (!result.is_object() && !described.description.empty()) result = JsonObject();
    } else if (described.type != "any") {
      result.get_object()["type"] = described.type;
    }
    if (!described.description.empty()) result.get_object()["description"] = described.description;
    return result;
  }

  Json resolve(std::string_view name) {
    const std::string quoted = "'" + std::string(name) + "'";
    if (!resolver_) {
      fail(Status::kInvalidArgument, "unsupported scalar type " + quoted +
                                         ". Use any, boolean, integer, null, number, string, or the name of a defined schema");
    }
    std::optional<Json> schema = resolver_(name);
    if (!schema || schema->is_null()) {
      fail(Status::kNotFound,
           "could not find schema with name " + quoted + ". Define it, or use any, boolean, integer, null, number, string");
    }
    if (!path_.empty()) keep_references(name, *schema);
    return std::move(*schema);
  }

  /// A schema that refers to itself, or to its own definitions, refers to its root, which here it is not any more: the whole of
  /// it goes to the definitions of the schema around it, and its references go there.
  void keep_references(std::string_view name, Json& schema) {
    std::string target = "#/definitions/";
    internal::append_pointer_step(target, name);
    if (!redirect_references(schema, target, 0)) return;
    definitions_[name] = schema;
    if (JsonObject* object = schema.if_object()) object->stable_erase("definitions");
  }

  /// Puts `target` before all references into the document; false when there are none.
  bool redirect_references(Json& schema, const std::string& target, std::size_t depth) {
    if (depth > kMaxReferenceDepth) {
      fail(Status::kInvalidArgument, "the schema is nested more than " + std::to_string(kMaxReferenceDepth) + " deep");
    }
    bool found = false;
    if (JsonArray* array = schema.if_array()) {
      for (Json& item : *array) found |= redirect_references(item, target, depth + 1);
    }
    JsonObject* object = schema.if_object();
    if (object == nullptr) return found;
    // What has an address of its own is what the references in it begin at.
    if (const Json* id = object->if_contains("$id"); id && id->is_string() && !id->get_string().starts_with('#')) return false;
    for (auto& member : *object) {
      const std::string_view key = member.key();
      if (key == "$ref" && member.value().is_string()) {
        const std::string reference(member.value().get_string());
        if (reference != "#" && !reference.starts_with("#/")) continue;
        member.value() = (reference == "#" ? target : target + reference.substr(1));
        found = true;
      } else if (has_named_schemas(key) && member.value().is_object()) {
        for (auto& named : member.value().get_object()) found |= redirect_references(named.value(), target, depth + 1);
      } else if (!holds_data(key)) {
        found |= redirect_references(member.value(), target, depth + 1);
      }
    }
    return found;
  }

  Json value(const Json& value) {
    if (value.is_string()) return named(value.get_string());
    if (value.is_null()) return members({});
    if (!value.is_object()) fail(Status::kInvalidArgument, "only consists of objects and strings. Got: " + to_text(value));
    return members(value.get_object());
  }

  Json members(const JsonObject& object) {
    if (++depth_ > kMaxDepth)
      fail(Status::kInvalidArgument, "objects are nested more than " + std::to_string(kMaxDepth) + " deep");
    JsonObject properties;
    JsonArray required;
    Json additional = false;
    for (const auto& member : object) {
      const std::size_t path_size = path_.size();
      path_.append("/").append(member.key());
      if (member.key() == "(*)") {
        additional = value(member.value());
      } else {
        const Key key(member.key());
        if (!key.optional) required.emplace_back(key.name);
        properties[key.name] = property(key, member.value());
      }
      path_.resize(path_size);
    }
    --depth_;
    JsonObject schema;
    schema["type"] = "object";
    schema["properties"] = std::move(properties);
    if (!required.empty()) schema["required"] = std::move(required);
    schema["additionalProperties"] = std::move(additional);
    return schema;
  }

  Json property(const Key& key, const Json& definition) {
    if (!key.has_type) {
      Json result = value(definition);
      if (key.optional) allow_null(result);
      return result;
    }
    if (!key.closed) fail(Status::kInvalidArgument, "a parenthesis is not closed");
    const Described described(key.type);
    Json result;
    if (described.type == "array") {
      result = JsonObject{{"type", "array"}};
      if (key.optional) allow_null(result);
      result.get_object()["items"] = value(definition);
    } else if (described.type == "object") {
      result = value(definition);
      if (key.optional) allow_null(result);
    } else if (described.type == "enum") {
      result = enumeration(definition, key.optional);
    } else {
      fail(Status::kInvalidArgument,
           "parenthetical types must be 'object', 'array' or 'enum', got: " + std::string(described.type));
    }
    if (!described.description.empty() && result.is_object()) result.get_object()["description"] = described.description;
    return result;
  }

  Json enumeration(const Json& definition, bool optional) {
    if (!definition.is_array()) fail(Status::kInvalidArgument, "an enum is a list of values. Got: " + to_text(definition));
    JsonArray values = definition.get_array();
    const bool has_null = std::any_of(values.begin(), values.end(), [](const Json& value) { return value.is_null(); });
    if (optional && !has_null) values.push_back(nullptr);
    return JsonObject{{"enum", std::move(values)}};
  }

  /// What is optional may also be null.
  static void allow_null(Json& schema) {
    JsonObject* object = schema.if_object();
    Json* type = object ? object->if_contains("type") : nullptr;
    if (type && type->is_string()) *type = JsonArray{*type, "null"};
  }

  const SchemaResolver& resolver_;
  std::string path_;
  std::size_t depth_ = 0;
  JsonObject definitions_;
};

}  // namespace

Json picoschema(const Json& schema, const SchemaResolver& resolver) {
  return Parser(resolver).parse(schema);
}

}  // namespace genkit
