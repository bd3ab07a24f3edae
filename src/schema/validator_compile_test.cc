#include <string>
#include <string_view>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <genkit/schema/validator.h>

namespace genkit {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;

std::string refusal(std::string_view schema) {
  try {
    SchemaValidator::compile(parse_json(schema));
  } catch (const Error& error) {
    EXPECT_EQ(error.status(), Status::kInvalidArgument);
    return error.message();
  }
  ADD_FAILURE() << "compiled: " << schema;
  return {};
}

TEST(SchemaCompile, NamesThePointerOfABadKeyword) {
  EXPECT_EQ(refusal(R"({"properties": {"a/b": {"minLength": -1}}})"),
            R"(JSON schema at "#/properties/a~1b/minLength": must be an integer that is not negative, but is -1)");
  EXPECT_EQ(refusal(R"({"items": [true, {"type": "text"}]})"),
            R"(JSON schema at "#/items/1/type": must be one of string, number, integer, boolean, array, object, null, )"
            R"(or an array of these, but is "text")");
  EXPECT_EQ(refusal(R"({"definitions": {"unused": {"required": "name"}}})"),
            R"(JSON schema at "#/definitions/unused/required": must be an array of strings, but is "name")");
}

TEST(SchemaCompile, RefusesExactlyWhatTheMetaschemaRefuses) {
  auto metaschema = SchemaValidator::compile(parse_json(R"({"$ref": "http://json-schema.org/draft-07/schema#"})"));
  const std::string_view bad[] = {
      "1",
      "null",
      R"("string")",
      R"({"type": "any"})",
      R"({"type": []})",
      R"({"type": 1})",
      R"({"type": ["string", 1]})",
      R"({"enum": "a"})",
      R"({"multipleOf": 0})",
      R"({"multipleOf": -0.5})",
      R"({"maximum": "1"})",
      R"({"exclusiveMinimum": true})",
      R"({"maxLength": 1.5})",
      R"({"minItems": "2"})",
      R"({"pattern": 1})",
      R"({"pattern": "("})",
      R"({"items": 1})",
      R"({"items": [1]})",
      R"({"additionalItems": "x"})",
      R"({"uniqueItems": "yes"})",
      R"({"contains": []})",
      R"({"maxProperties": -1})",
      R"({"required": true})",
      R"({"required": [1]})",
      R"({"properties": []})",
      R"({"properties": {"a": 1}})",
      R"({"patternProperties": {"(": true}})",
      R"({"additionalProperties": "no"})",
      R"({"dependencies": {"a": "b"}})",
      R"({"dependencies": {"a": [1]}})",
      R"({"propertyNames": 1})",
      R"({"if": 1})",
      R"({"then": 1})",
      R"({"else": 1})",
      R"({"allOf": []})",
      R"({"anyOf": {}})",
      R"({"oneOf": [1]})",
      R"({"not": []})",
      R"({"format": 1})",
      R"({"definitions": {"a": 1}})",
      R"({"$ref": 1})",
      R"({"$id": 1})",
  };
  for (std::string_view text : bad) {
    EXPECT_FALSE(metaschema->validate(parse_json(text))) << text;
    EXPECT_NE(refusal(text), "") << text;
  }
  const std::string_view good[] = {
      "true",
      "false",
      "{}",
      R"({"enum": []})",
      R"({"required": []})",
      R"({"maxLength": 2.0})",
      R"({"multipleOf": 0.01})",
      R"({"then": {}})",
      R"({"dependencies": {"a": [], "b": true}})",
  };
  for (std::string_view text : good) {
    EXPECT_TRUE(metaschema->validate(parse_json(text))) << text;
    EXPECT_NO_THROW(SchemaValidator::compile(parse_json(text))) << text;
  }
}

TEST(SchemaCompile, NamesThePatternThatNeedsBacktracking) {
  EXPECT_EQ(refusal(R"json({"properties": {"a": {"pattern": "^(?!x)"}}})json"),
            R"json(JSON schema at "#/properties/a/pattern": pattern "^(?!x)" is not supported: )json"
            "look-ahead and look-behind need backtracking");
}

TEST(SchemaCompile, FetchesNothing) {
  EXPECT_EQ(refusal(R"({"items": {"$ref": "https://example.com/item.json#/a"}})"),
            R"(JSON schema at "#/items/$ref": "https://example.com/item.json#/a" is not in this schema, and remote schemas are )"
            R"(not fetched; put it under "definitions" and refer to "#/definitions/...")");
}

TEST(SchemaCompile, NamesReferencesToNothing) {
  EXPECT_EQ(refusal(R"({"$ref": "#/definitions/missing"})"),
            R"(JSON schema at "#/$ref": "#/definitions/missing" names nothing in the schema)");
  EXPECT_THAT(refusal(R"({"$ref": "#anchor"})"), HasSubstr("names nothing"));
  EXPECT_THAT(refusal(R"({"$ref": "#/items/1", "items": [true]})"), HasSubstr("names nothing"));
  EXPECT_THAT(refusal(R"({"$ref": "#/items/00", "items": [true]})"), HasSubstr("names nothing"));
  EXPECT_THAT(refusal(R"({"$ref": "#/%zz"})"), HasSubstr("names nothing"));
  EXPECT_THAT(refusal(R"({"$ref": "#/title", "title": "no schema"})"), HasSubstr("must be an object, true or false"));
}

TEST(SchemaCompile, RefusesCirclesThatNeverReachTheValue) {
  EXPECT_THAT(refusal(R"({"$ref": "#"})"), AllOf(HasSubstr("#/$ref"), HasSubstr("circle")));
  EXPECT_THAT(refusal(R"({"definitions": {"a": {"$ref": "#/definitions/b"}, "b": {"$ref": "#/definitions/a"}}})"),
              HasSubstr("circle"));
  EXPECT_THAT(refusal(R"({"allOf": [{"$ref": "#"}]})"), HasSubstr("leads back to itself"));
  EXPECT_THAT(refusal(R"({"anyOf": [{"type": "null"}, {"not": {"$ref": "#"}}]})"), HasSubstr("leads back to itself"));
  EXPECT_THAT(refusal(R"({"dependencies": {"a": {"if": {"$ref": "#"}}}})"), HasSubstr("leads back to itself"));
}

TEST(SchemaCompile, AllowsRecursionThatGoesIntoTheValue) {
  EXPECT_NO_THROW(SchemaValidator::compile(parse_json(R"({"properties": {"a": {"$ref": "#"}}})")));
  EXPECT_NO_THROW(SchemaValidator::compile(parse_json(R"({"anyOf": [{"type": "null"}, {"items": {"$ref": "#"}}]})")));
  EXPECT_NO_THROW(SchemaValidator::compile(parse_json(R"({"propertyNames": {"$ref": "#"}})")));
}

TEST(SchemaCompile, FindsSchemasByIdAndAnchor) {
  auto validator = SchemaValidator::compile(parse_json(R"({
    "$id": "https://example.com/root.json",
    "properties": {
      "relative": {"$ref": "child.json"}, "anchored": {"$ref": "#text"}, "deep": {"$ref": "child.json#/properties/x"},
      "absolute": {"$ref": "https://example.com/root.json#/definitions/child"}
    },
    "definitions": {
      "child": {"$id": "child.json", "type": "object", "properties": {"x": {"type": "null"}}},
      "text": {"$id": "#text", "type": "string"}
    }
  })"));

  EXPECT_TRUE(validator->validate(parse_json(R"({"relative": {"x": null}, "anchored": "a", "deep": null, "absolute": {}})")));
  EXPECT_FALSE(validator->validate(parse_json(R"({"relative": 1})")));
  EXPECT_FALSE(validator->validate(parse_json(R"({"relative": {"x": 1}})")));
  EXPECT_FALSE(validator->validate(parse_json(R"({"anchored": 1})")));
  EXPECT_FALSE(validator->validate(parse_json(R"({"deep": 1})")));
  EXPECT_FALSE(validator->validate(parse_json(R"({"absolute": 1})")));
}

TEST(SchemaCompile, RefusesTwoSchemasWithOneId) {
  EXPECT_THAT(refusal(R"({"definitions": {"a": {"$id": "x", "type": "null"}, "b": {"$id": "x", "type": "string"}}})"),
              HasSubstr("is also the $id of another schema"));
}

TEST(SchemaCompile, ReachesSchemasOutsideOfTheKnownKeywords) {
  auto validator = SchemaValidator::compile(parse_json(R"({"$ref": "#/$defs/a", "$defs": {"a": {"$ref": "#/x-own/b"}},
                                                           "x-own": {"b": {"type": "null"}}})"));

  EXPECT_TRUE(validator->validate(nullptr));
  EXPECT_FALSE(validator->validate(1));
}

TEST(SchemaCompile, KeepsItsOwnCopyOfTheSchema) {
  auto schema = std::make_unique<Json>(parse_json(R"({"enum": ["a", {"b": 1}], "minimum": 3})"));
  auto validator = SchemaValidator::compile(*schema);
  schema.reset();

  EXPECT_TRUE(validator->validate("a"));
  EXPECT_EQ(to_text(validator->schema()), R"({"enum":["a",{"b":1}],"minimum":3})");
}

}  // namespace
}  // namespace genkit
