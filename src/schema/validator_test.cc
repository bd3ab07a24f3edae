#include <genkit/schema/validator.h>

#include <limits>
#include <ostream>
#include <string>
#include <string_view>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace genkit {

void PrintTo(const ValidationIssue& issue, std::ostream* out) {
  *out << issue.path << ": " << issue.message;
}

namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

/// "path: message" for each issue.
std::vector<std::string> issues_of_value(std::string_view schema, const Json& value) {
  std::vector<ValidationIssue> issues;
  auto validator = SchemaValidator::compile(parse_json(schema));
  EXPECT_EQ(validator->validate(value), validator->validate(value, &issues));
  std::vector<std::string> lines;
  for (const ValidationIssue& issue : issues) lines.push_back(issue.path + ": " + issue.message);
  return lines;
}

std::vector<std::string> issues_of(std::string_view schema, std::string_view value) {
  return issues_of_value(schema, parse_json(value));
}

TEST(SchemaValidator, AcceptsWhatMatches) {
  auto validator = SchemaValidator::compile(parse_json(R"({"type": "object", "properties": {"a": {"type": "integer"}}})"));
  std::vector<ValidationIssue> issues = {{"old", "issue"}};

  EXPECT_TRUE(validator->validate(Json{{"a", 1}}, &issues));
  EXPECT_THAT(issues, IsEmpty());
}

TEST(SchemaValidator, NamesTypes) {
  EXPECT_THAT(issues_of(R"({"type": "string"})", "1"), ElementsAre("(root): must be string"));
  EXPECT_THAT(issues_of(R"({"type": "integer"})", "1.5"), ElementsAre("(root): must be integer"));
  EXPECT_THAT(issues_of(R"({"type": ["null", "number"]})", "true"), ElementsAre("(root): must be number,null"));
  EXPECT_THAT(issues_of("false", "1"), ElementsAre("(root): boolean schema is false"));
}

TEST(SchemaValidator, TakesWholeDoublesForIntegersAndNaNForNoNumber) {
  EXPECT_THAT(issues_of(R"({"type": "integer"})", "1e300"), IsEmpty());
  EXPECT_THAT(issues_of_value(R"({"type": "integer"})", Json(-0.0)), IsEmpty());
  EXPECT_THAT(issues_of_value(R"({"type": "number"})", Json(std::numeric_limits<double>::quiet_NaN())),
              ElementsAre("(root): must be number"));
  EXPECT_THAT(issues_of_value("{}", Json(std::numeric_limits<double>::infinity())), IsEmpty());
}

TEST(SchemaValidator, NamesLimitsOfNumbers) {
  EXPECT_THAT(issues_of(R"({"minimum": 1})", "0"), ElementsAre("(root): must be >= 1"));
  EXPECT_THAT(issues_of(R"({"maximum": 1.5})", "2"), ElementsAre("(root): must be <= 1.5"));
  EXPECT_THAT(issues_of(R"({"exclusiveMinimum": 1})", "1"), ElementsAre("(root): must be > 1"));
  EXPECT_THAT(issues_of(R"({"exclusiveMaximum": 1})", "1"), ElementsAre("(root): must be < 1"));
  EXPECT_THAT(issues_of(R"({"multipleOf": 0.5})", "0.7"), ElementsAre("(root): must be multiple of 0.5"));
  EXPECT_THAT(issues_of(R"({"format": "int32"})", "2147483648"), ElementsAre("(root): must match format \"int32\""));
}

TEST(SchemaValidator, ComparesBigIntegersExactly) {
  EXPECT_THAT(issues_of(R"({"maximum": 9007199254740992})", "9007199254740993"), SizeIs(1));
  EXPECT_THAT(issues_of(R"({"const": 9007199254740993})", "9007199254740992.0"), SizeIs(1));
  EXPECT_THAT(issues_of(R"({"minimum": 18446744073709551615})", "18446744073709551614"), SizeIs(1));
}

TEST(SchemaValidator, NamesLimitsOfStrings) {
  EXPECT_THAT(issues_of(R"({"minLength": 2})", R"("a")"), ElementsAre("(root): must NOT have fewer than 2 characters"));
  EXPECT_THAT(issues_of(R"({"maxLength": 2})", R"("abc")"), ElementsAre("(root): must NOT have more than 2 characters"));
  EXPECT_THAT(issues_of(R"({"pattern": "^a"})", R"("b")"), ElementsAre("(root): must match pattern \"^a\""));
  EXPECT_THAT(issues_of(R"({"format": "email"})", R"("b")"), ElementsAre("(root): must match format \"email\""));
}

TEST(SchemaValidator, CountsCharactersNotBytes) {
  EXPECT_THAT(issues_of(R"({"minLength": 3, "maxLength": 3})", R"("äß😀")"), IsEmpty());
  EXPECT_THAT(issues_of(R"({"minLength": 4})", R"("äß😀")"), SizeIs(1));
  EXPECT_THAT(issues_of(R"({"maxLength": 2})", R"("äß😀")"), SizeIs(1));
}

TEST(SchemaValidator, TreatsUnknownFormatsAndKeywordsAsAnnotations) {
  EXPECT_THAT(issues_of(R"({"format": "no-such-format", "x-genkit-ui-widget": 7})", R"("b")"), IsEmpty());
}

TEST(SchemaValidator, NamesMismatchesOfArrays) {
  EXPECT_THAT(issues_of(R"({"minItems": 1})", "[]"), ElementsAre("(root): must NOT have fewer than 1 items"));
  EXPECT_THAT(issues_of(R"({"maxItems": 1})", "[1, 2]"), ElementsAre("(root): must NOT have more than 1 items"));
  EXPECT_THAT(issues_of(R"({"uniqueItems": true})", "[1, 2, 1.0]"),
              ElementsAre("(root): must NOT have duplicate items (items ## 2 and 0 are identical)"));
  EXPECT_THAT(issues_of(R"({"contains": {"type": "null"}})", "[1]"),
              ElementsAre("(root): must contain at least 1 valid item(s)"));
  EXPECT_THAT(issues_of(R"({"items": [true], "additionalItems": false})", "[1, 2]"),
              ElementsAre("(root): must NOT have more than 1 items"));
}

TEST(SchemaValidator, NamesMismatchesOfObjects) {
  EXPECT_THAT(issues_of(R"({"required": ["a", "b"]})", R"({"b": 1})"), ElementsAre("(root): must have required property 'a'"));
  EXPECT_THAT(issues_of(R"({"properties": {"a": true}, "additionalProperties": false})", R"({"a": 1, "b": 2})"),
              ElementsAre("(root): must NOT have additional properties: 'b'"));
  EXPECT_THAT(issues_of(R"({"minProperties": 1})", "{}"), ElementsAre("(root): must NOT have fewer than 1 properties"));
  EXPECT_THAT(issues_of(R"({"maxProperties": 0})", R"({"a": 1})"), ElementsAre("(root): must NOT have more than 0 properties"));
  EXPECT_THAT(issues_of(R"({"propertyNames": {"maxLength": 1}})", R"({"ab": 1})"),
              ElementsAre("(root): property name must be valid: 'ab'"));
  EXPECT_THAT(issues_of(R"({"dependencies": {"a": ["b"]}})", R"({"a": 1})"),
              ElementsAre("(root): must have property b when property a is present"));
}

TEST(SchemaValidator, NamesMismatchesOfCombinations) {
  EXPECT_THAT(issues_of(R"({"enum": ["a", 1]})", R"("b")"),
              ElementsAre("(root): must be equal to one of the allowed values: \"a\", 1"));
  EXPECT_THAT(issues_of(R"({"const": {"a": 1}})", "{}"), ElementsAre("(root): must be equal to constant: {\"a\":1}"));
  EXPECT_THAT(issues_of(R"({"not": {"type": "null"}})", "null"), ElementsAre("(root): must NOT be valid"));
  EXPECT_THAT(issues_of(R"({"anyOf": [{"type": "null"}, {"minimum": 3}]})", "1"),
              ElementsAre("(root): must be null", "(root): must be >= 3", "(root): must match a schema in anyOf"));
  EXPECT_THAT(issues_of(R"({"oneOf": [{"minimum": 1}, {"minimum": 3}]})", "5"),
              ElementsAre("(root): must match exactly one schema in oneOf"));
  EXPECT_THAT(issues_of(R"({"if": {"minimum": 3}, "then": {"multipleOf": 2}, "else": {"multipleOf": 3}})", "5"),
              ElementsAre("(root): must be multiple of 2", "(root): must match \"then\" schema"));
}

TEST(SchemaValidator, ComparesEnumValuesByValue) {
  const std::string_view schema = R"({"enum": [{"a": 1, "b": [2]}, 0, "x", null, false, "c", "d", "e", "f", 10]})";

  EXPECT_THAT(issues_of(schema, R"({"b": [2.0], "a": 1})"), IsEmpty());
  EXPECT_THAT(issues_of(schema, "10.0"), IsEmpty());
  EXPECT_THAT(issues_of_value(schema, Json(-0.0)), IsEmpty());
  EXPECT_THAT(issues_of(schema, R"("g")"), SizeIs(1));
  EXPECT_THAT(issues_of(schema, "true"), SizeIs(1));
}

TEST(SchemaValidator, ReportsAllIssuesWithTheirPaths) {
  const std::string_view schema = R"({
    "type": "object",
    "properties": {
      "title": {"type": "string"},
      "ingredients": {"type": "array", "items": {"properties": {"quantity": {"type": "number"}}, "required": ["name"]}}
    },
    "required": ["title", "course"]
  })";

  EXPECT_THAT(issues_of(schema, R"({"title": 1, "ingredients": [{"name": "flour"}, {"quantity": "lots"}]})"),
              ElementsAre("title: must be string", "ingredients.1.quantity: must be number",
                          "ingredients.1: must have required property 'name'", "(root): must have required property 'course'"));
}

TEST(SchemaValidator, StopsReportingAfterAHundredIssues) {
  EXPECT_THAT(issues_of_value(R"({"items": {"type": "string"}})", Json(JsonArray(1'000, Json(1)))), SizeIs(100));
}

TEST(SchemaValidator, LooksUpManyPropertiesInAnyOrder) {
  JsonObject properties;
  JsonArray required;
  JsonObject value;
  for (int i = 0; i < 200; ++i) {
    std::string name = "property" + std::to_string(i);
    properties[name] = Json{{"const", i}};
    required.emplace_back(name);
    value["property" + std::to_string(199 - i)] = 199 - i;
  }
  auto validator =
      SchemaValidator::compile(Json{{"properties", properties}, {"required", required}, {"additionalProperties", false}});

  EXPECT_TRUE(validator->validate(value));
  value["property7"] = 8;
  EXPECT_FALSE(validator->validate(value));
  value.erase("property7");
  EXPECT_FALSE(validator->validate(value));
}

TEST(SchemaValidator, FollowsRecursiveReferences) {
  const std::string_view schema = R"({
    "definitions": {"tree": {
      "type": "object",
      "properties": {"value": {"type": "integer"}, "children": {"type": "array", "items": {"$ref": "#/definitions/tree"}}},
      "required": ["value"]
    }},
    "$ref": "#/definitions/tree"
  })";

  EXPECT_THAT(issues_of(schema, R"({"value": 1, "children": [{"value": 2, "children": []}]})"), IsEmpty());
  EXPECT_THAT(issues_of(schema, R"({"value": 1, "children": [{"value": 2, "children": [{}]}]})"),
              ElementsAre("children.0.children.0: must have required property 'value'"));
}

TEST(SchemaValidator, ThrowsTheErrorOfGenkit) {
  auto validator = SchemaValidator::compile(parse_json(R"({"type": "object", "properties": {"a": {"type": "string"}}})"));

  try {
    validator->validate_or_throw(Json{{"a", 5}});
    FAIL() << "accepted";
  } catch (const Error& error) {
    EXPECT_EQ(error.status(), Status::kInvalidArgument);
    EXPECT_EQ(error.message(), R"(Schema validation failed. Parse Errors:

- a: must be string

Provided data:

{
  "a": 5
}

Required JSON schema:

{
  "type": "object",
  "properties": {
    "a": {
      "type": "string"
    }
  }
})");
    EXPECT_EQ(to_text(error.details()), R"({"errors":[{"path":"a","message":"must be string"}],)"
                                        R"("schema":{"type":"object","properties":{"a":{"type":"string"}}}})");
  }
}

TEST(SchemaValidator, CutsOffHugeValuesInErrors) {
  const Json value(std::string(1'000'000, 'x'));

  Error error = validation_error({{"(root)", "must be number"}}, value, Json{{"type", "number"}});

  EXPECT_LT(error.message().size(), 20'000u);
  EXPECT_THAT(error.message(), HasSubstr("more bytes)"));
  EXPECT_THAT(error.message(), HasSubstr("Required JSON schema:"));
}

}  // namespace
}  // namespace genkit
