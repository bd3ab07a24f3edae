// Random schemas and values: nothing crashes, and the laws of the keywords hold.

#include <cstddef>
#include <random>
#include <string>
#include <string_view>
#include <vector>

#include <gtest/gtest.h>

#include <genkit/schema/validator.h>

#include "schema/draft7/metaschema.h"

namespace genkit {
namespace {

/// Makes values and schemas from a small vocabulary, so that they meet.
class RandomJson {
 public:
  explicit RandomJson(unsigned seed) : random_(seed) {}

  Json value(int depth) {
    switch (below(depth > 0 ? 9 : 7)) {
      case 0:
        return nullptr;
      case 1:
        return below(2) == 0;
      case 2:
        return static_cast<int>(below(5)) - 1;
      case 3:
        return 0.5 * static_cast<double>(below(6));
      case 4:
        return std::uint64_t{1} << (60 + below(4));
      case 5:
      case 6:
        return Json(word());
      case 7:
        return array(depth);
      default:
        return object(depth);
    }
  }

  Json schema(int depth) {
    if (below(12) == 0) return below(2) == 0;
    if (below(10) == 0) return Json{{"$ref", reference()}};
    JsonObject schema;
    for (std::size_t i = below(4); i > 0; --i) add_keyword(schema, depth);
    return schema;
  }

  Json root_schema() {
    Json root = schema(3);
    if (root.is_object()) root.as_object()["definitions"] = {{"a", schema(2)}, {"b", schema(2)}};
    return root;
  }

  /// Keywords with values of any kind: mostly no schemas at all.
  Json broken_schema() {
    JsonObject schema;
    for (int i = 0; i < 3; ++i) schema[pick(kKeywords)] = below(3) == 0 ? this->schema(1) : value(2);
    return schema;
  }

 private:
  static constexpr std::string_view kWords[] = {"", "a", "b", "ab", "\xC3\xA4", "2024-01-01", "a.b@example.com"};
  static constexpr std::string_view kTypes[] = {"string", "number", "integer", "boolean", "array", "object", "null"};
  static constexpr std::string_view kPatterns[] = {"^a", "b$", "[^a]", "^$", "(a|b)+", "\\s?\\w{1,3}"};
  static constexpr std::string_view kFormats[] = {"date", "email", "uuid", "int32", "uri", "regex", "ipv6"};
  static constexpr std::string_view kKeywords[] = {"type",
                                                   "enum",
                                                   "const",
                                                   "multipleOf",
                                                   "maximum",
                                                   "exclusiveMaximum",
                                                   "minimum",
                                                   "maxLength",
                                                   "pattern",
                                                   "items",
                                                   "additionalItems",
                                                   "uniqueItems",
                                                   "contains",
                                                   "maxProperties",
                                                   "required",
                                                   "properties",
                                                   "patternProperties",
                                                   "additionalProperties",
                                                   "dependencies",
                                                   "propertyNames",
                                                   "if",
                                                   "then",
                                                   "else",
                                                   "allOf",
                                                   "anyOf",
                                                   "oneOf",
                                                   "not",
                                                   "format",
                                                   "$ref",
                                                   "$id",
                                                   "definitions"};

  std::size_t below(std::size_t limit) { return std::uniform_int_distribution<std::size_t>(0, limit - 1)(random_); }

  template <std::size_t kSize>
  std::string_view pick(const std::string_view (&words)[kSize]) {
    return words[below(kSize)];
  }

  std::string_view word() { return pick(kWords); }
  std::string reference() {
    constexpr std::string_view kTargets[] = {"#", "#/definitions/a", "#/definitions/b",
                                             "http://json-schema.org/draft-07/schema#"};
    return std::string(pick(kTargets));
  }

  JsonArray array(int depth) {
    JsonArray array;
    for (std::size_t i = below(4); i > 0; --i) array.push_back(value(depth - 1));
    return array;
  }

  JsonObject object(int depth) {
    JsonObject object;
    for (std::size_t i = below(4); i > 0; --i) object[word()] = value(depth - 1);
    return object;
  }

  JsonArray schemas(int depth) {
    JsonArray array;
    for (std::size_t i = 1 + below(2); i > 0; --i) array.push_back(schema(depth - 1));
    return array;
  }

  void add_keyword(JsonObject& schema, int depth) {
    switch (below(depth > 0 ? 26 : 14)) {
      case 0:
      case 1:
        schema["type"] = Json(pick(kTypes));
        break;
      case 2:
        schema["type"] = JsonArray{Json(pick(kTypes)), Json(pick(kTypes))};
        break;
      case 3:
        schema["enum"] = array(2);
        break;
      case 4:
        schema["const"] = value(1);
        break;
      case 5:
        schema["multipleOf"] = 0.25 * static_cast<double>(1 + below(4));
        break;
      case 6:
        schema["minimum"] = static_cast<int>(below(3));
        break;
      case 7:
        schema["exclusiveMaximum"] = 2.5;
        break;
      case 8:
        schema["minLength"] = below(3);
        break;
      case 9:
        schema["maxLength"] = below(4);
        break;
      case 10:
        schema["pattern"] = pick(kPatterns);
        break;
      case 11:
        schema["format"] = pick(kFormats);
        break;
      case 12:
        schema["required"] = JsonArray{Json(word())};
        break;
      case 13:
        schema["uniqueItems"] = true;
        break;
      case 14:
        schema["items"] = this->schema(depth - 1);
        break;
      case 15:
        schema["items"] = schemas(depth);
        schema["additionalItems"] = this->schema(depth - 1);
        break;
      case 16:
        schema["contains"] = this->schema(depth - 1);
        break;
      case 17:
        schema["properties"] = JsonObject{{word(), this->schema(depth - 1)}, {word(), this->schema(depth - 1)}};
        break;
      case 18:
        schema["patternProperties"] = JsonObject{{pick(kPatterns), this->schema(depth - 1)}};
        break;
      case 19:
        schema["additionalProperties"] = this->schema(depth - 1);
        break;
      case 20:
        schema["propertyNames"] = this->schema(depth - 1);
        break;
      case 21:
        schema["dependencies"] = JsonObject{{word(), this->schema(depth - 1)}, {word(), JsonArray{Json(word())}}};
        break;
      case 22:
        schema["allOf"] = schemas(depth);
        break;
      case 23:
        schema["anyOf"] = schemas(depth);
        break;
      case 24:
        schema["oneOf"] = schemas(depth);
        break;
      default:
        schema["if"] = this->schema(depth - 1);
        schema["then"] = this->schema(depth - 1);
        schema["else"] = this->schema(depth - 1);
    }
  }

  std::mt19937 random_;
};

/// The validator, or nullptr where the schema is refused.
std::shared_ptr<const SchemaValidator> compile_or_null(const Json& schema) {
  try {
    return SchemaValidator::compile(schema);
  } catch (const Error& error) {
    EXPECT_EQ(error.status(), Status::kInvalidArgument) << error.what();
    return nullptr;
  }
}

/// `schema` as a part of another one: its references still reach its definitions.
Json with_definitions(const Json& schema, JsonObject outer) {
  if (schema.is_object()) outer["definitions"] = schema.at("definitions");
  return outer;
}

TEST(RandomSchemas, KeepTheLawsOfTheKeywords) {
  int checked = 0;
  int valid_count = 0;
  for (unsigned seed = 0; seed < 1'500; ++seed) {
    RandomJson random(seed);
    Json root = random.root_schema();
    auto validator = compile_or_null(root);
    if (!validator) continue;
    auto negated = compile_or_null(with_definitions(root, {{"not", root}}));
    auto repeated =
        compile_or_null(with_definitions(root, {{"anyOf", JsonArray{false, root}}, {"allOf", JsonArray{true, root}}}));
    auto exclusive = compile_or_null(with_definitions(root, {{"oneOf", JsonArray{root, root}}}));
    if (!negated || !repeated || !exclusive) continue;  // "#" now means a circle
    bool closed = to_text(root).find("\"#\"") == std::string::npos;

    for (int i = 0; i < 8; ++i) {
      Json value = random.value(3);
      std::vector<ValidationIssue> issues;

      bool valid = validator->validate(value, &issues);

      EXPECT_EQ(valid, issues.empty()) << to_text(root) << " " << to_text(value);
      if (!closed) continue;
      EXPECT_EQ(negated->validate(value), !valid) << to_text(root) << " " << to_text(value);
      EXPECT_EQ(repeated->validate(value), valid) << to_text(root) << " " << to_text(value);
      EXPECT_FALSE(exclusive->validate(value)) << to_text(root) << " " << to_text(value);
      ++checked;
      valid_count += valid ? 1 : 0;
    }
  }
  EXPECT_GT(checked, 2'000);
  EXPECT_GT(valid_count, checked / 10);
  EXPECT_LT(valid_count, checked * 9 / 10);
}

/// The metaschema without its objections to what means something all the same: names and types listed twice, empty tuples.
Json lenient_metaschema() {
  Json schema = internal::draft7_metaschema();
  schema.as_object().erase("$id");
  schema.at("definitions").at("stringArray").as_object().erase("uniqueItems");
  schema.at("properties").at("type").at("anyOf").at(1).as_object().erase("uniqueItems");
  schema.at("properties").at("items").at("anyOf").at(1) = {{"type", "array"}, {"items", {{"$ref", "#"}}}};
  return schema;
}

TEST(RandomSchemas, AreRefusedWhenTheMetaschemaRefusesThem) {
  auto metaschema = SchemaValidator::compile(lenient_metaschema());
  int refused = 0;
  for (unsigned seed = 0; seed < 4'000; ++seed) {
    Json schema = RandomJson(seed).broken_schema();
    if (to_text(schema).find("$ref") != std::string::npos) continue;  // what stands beside it is ignored, mistakes included
    auto validator = compile_or_null(schema);
    if (!validator) {
      ++refused;
      continue;
    }
    std::vector<ValidationIssue> issues;
    EXPECT_TRUE(metaschema->validate(schema, &issues)) << to_text(schema) << " " << issues.front().message;
    validator->validate(schema);
  }
  EXPECT_GT(refused, 1'000);
}

}  // namespace
}  // namespace genkit
