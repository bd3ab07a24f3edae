#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <genkit/base/error.h>
#include <genkit/prompt/picoschema.h>
#include <genkit/schema/validator.h>

namespace genkit {
namespace {

using testing::HasSubstr;

std::string schema_of(std::string_view pico, const SchemaResolver& resolver = nullptr) {
  return to_text(picoschema(parse_json(pico), resolver));
}

Error error_of(std::string_view pico, const SchemaResolver& resolver = nullptr) {
  return attempt([&] { return picoschema(parse_json(pico), resolver); }).error();
}

TEST(Picoschema, KeepsTheOrderOfMembers) {
  EXPECT_EQ(
      schema_of(R"j({"z": "string, last letter", "a?": "integer", "m(array)": "number"})j"),
      R"j({"type":"object","properties":{"z":{"type":"string","description":"last letter"},"a":{"type":["integer","null"]},)j"
      R"j("m":{"type":"array","items":{"type":"number"}}},"required":["z","m"],"additionalProperties":false})j");
}

TEST(Picoschema, TakesParenthesesAndCommasInDescriptions) {
  EXPECT_EQ(
      schema_of(R"j({"a(array, list (of tags), short)": "string"})j"),
      R"j({"type":"object","properties":{"a":{"type":"array","items":{"type":"string"},"description":"list (of tags), short"}},)j"
      R"j("required":["a"],"additionalProperties":false})j");
}

TEST(Picoschema, LeavesJsonSchemaAlone) {
  EXPECT_EQ(schema_of(R"j({"type": "array", "items": {"type": "string"}})j"), R"j({"type":"array","items":{"type":"string"}})j");
  EXPECT_EQ(schema_of("null"), "null");
}

TEST(Picoschema, AllowsNullInOptionalEnumsOnce) {
  EXPECT_THAT(schema_of(R"j({"a?(enum)": ["X", null]})j"), HasSubstr(R"j({"enum":["X",null]})j"));
  EXPECT_THAT(schema_of(R"j({"a?(enum)": ["X"]})j"), HasSubstr(R"j({"enum":["X",null]})j"));
}

TEST(Picoschema, ResolvesNames) {
  const SchemaResolver resolver = [](std::string_view name) -> std::optional<Json> {
    if (name == "Foo") return Json{{"type", "number"}};
    return std::nullopt;
  };

  EXPECT_EQ(schema_of(R"j("Foo, a number")j", resolver), R"j({"type":"number","description":"a number"})j");
  EXPECT_EQ(error_of(R"j({"a": {"b": "Bar"}})j", resolver).status(), Status::kNotFound);
  EXPECT_THAT(error_of(R"j({"a": {"b": "Bar"}})j", resolver).message(), HasSubstr("/a/b: could not find schema with name 'Bar'"));
}

TEST(Picoschema, KeepsTheReferencesOfNamedSchemas) {
  const SchemaResolver resolver = [](std::string_view name) -> std::optional<Json> {
    if (name == "Node") {
      return parse_json(R"j({"type":"object","properties":{"value":{"type":"integer"},"next":{"$ref":"#"}},"required":["value"],
          "additionalProperties":false})j");
    }
    if (name == "a/Tree") {
      return parse_json(R"j({"type":"object","properties":{"$ref":{"$ref":"#/definitions/T"},"x":{"enum":[{"$ref":"#"}]}},
          "definitions":{"T":{"type":"array","items":{"$ref":"#/definitions/T"}}}})j");
    }
    return std::nullopt;
  };
  const Json schema = picoschema({{"list", "Node"}, {"again?", "Node"}, {"tree", "a/Tree"}}, resolver);
  const auto validator = SchemaValidator::compile(schema);
  const auto is_valid = [&](std::string_view text) { return validator->validate(parse_json(text)); };

  EXPECT_TRUE(is_valid(R"j({"list":{"value":1,"next":{"value":2,"next":{"value":3}}},"again":null,"tree":{"$ref":[[],[[]]]}})j"));
  EXPECT_TRUE(is_valid(R"j({"list":{"value":1},"again":{"value":1},"tree":{"x":{"$ref":"#"}}})j"));
  EXPECT_FALSE(is_valid(R"j({"list":{"value":1,"next":{"value":"2"}},"tree":{}})j"));
  EXPECT_FALSE(is_valid(R"j({"list":{"value":1},"tree":{"$ref":[1]}})j"));
  EXPECT_EQ(schema_of(R"j("Node")j", resolver), to_text(*resolver("Node")));
}

TEST(Picoschema, NamesTheMemberThatIsWrong) {
  EXPECT_THAT(error_of(R"j({"a": {"b": "strng"}})j").message(), HasSubstr("Picoschema: /a/b: unsupported scalar type 'strng'."));
  EXPECT_EQ(error_of(R"j({"a": {"b": "strng"}})j").details().at("path"), "/a/b");
  EXPECT_THAT(error_of(R"j({"a(list)": "string"})j").message(),
              HasSubstr("parenthetical types must be 'object', 'array' or 'enum', got: list"));
  EXPECT_THAT(error_of(R"j({"a(array": "string"})j").message(), HasSubstr("a parenthesis is not closed"));
  EXPECT_THAT(error_of(R"j({"a": 1})j").message(), HasSubstr("only consists of objects and strings. Got: 1"));
  EXPECT_THAT(error_of(R"j({"a(enum)": "X"})j").message(), HasSubstr("an enum is a list of values"));
}

TEST(Picoschema, EndsAtDeepNesting) {
  Json deep = "string";
  for (int i = 0; i < 100; ++i) deep = {{"a", deep}};

  EXPECT_THAT(attempt([&] { return picoschema(deep); }).error().message(), HasSubstr("nested more than 64 deep"));
}

}  // namespace
}  // namespace genkit
