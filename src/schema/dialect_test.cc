#include <genkit/schema/dialect.h>

#include <optional>
#include <string>
#include <variant>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <genkit/schema/schema.h>

namespace genkit {
namespace {

constexpr auto kPlain = SchemaDialect::kJsonSchema;
constexpr auto kStrict = SchemaDialect::kOpenAiStrict;
constexpr auto kGemini = SchemaDialect::kGemini;
constexpr auto kTool = SchemaDialect::kAnthropicTool;

struct Golden {
  SchemaDialect dialect;
  std::string_view schema;
  std::string_view lowered;  ///< or the path of what is refused, in front of a '!'
};

std::string lower(std::string_view schema, SchemaDialect dialect) {
  try {
    return to_text(lower_schema(parse_json(schema), dialect));
  } catch (const Error& error) {
    EXPECT_EQ(error.status(), Status::kInvalidArgument);
    return "!" + std::string(error.details().at("path").as_string());
  }
}

constexpr std::string_view kRecipe =
    R"({"type":"object","properties":{"title":{"type":"string","minLength":1,"description":"t"},"n":{"type":"integer","default":4},)"
    R"("unit":{"type":"string","enum":["g","ml"]}},"required":["title"],"additionalProperties":false})";
constexpr std::string_view kTree =
    R"({"type":"object","properties":{"next":{"$ref":"#/definitions/n"}},"required":["next"],"additionalProperties":false,)"
    R"("definitions":{"n":{"type":"object","properties":{"next":{"$ref":"#/definitions/n"}},"additionalProperties":false}}})";
constexpr std::string_view kUnion =
    R"({"type":"object","properties":{"v":{"oneOf":[{"type":"string"},{"type":"null"}]},"w":{"type":["number","null"]}},)"
    R"("required":["v","w"],"additionalProperties":false})";
constexpr std::string_view kMap =
    R"({"type":"object","properties":{"m":{"type":"object","additionalProperties":{"type":"string"}}}})";
constexpr std::string_view kTuple = R"({"type":"object","properties":{"t":{"type":"array","items":[{"type":"string"}]}}})";

TEST(SchemaDialectTest, GoldenSchemas) {
  const Golden goldens[] = {
      {kPlain, R"({"$schema":"x","type":"array","items":{"$ref":"#"}})", R"({"type":"array","items":{"$ref":"#"}})"},
      {kPlain, R"({"items":{"$ref":"#/definitions/none"}})", "!#/items"},
      {kTool, kRecipe, kRecipe},
      {kTool, R"({"type":"array"})", "!#"},
      {kTool, R"({"$ref":"#/definitions/n","definitions":{"n":{"type":"object"}}})",
       R"({"definitions":{"n":{"type":"object"}},"type":"object"})"},
      {kStrict, kRecipe,
       R"({"type":"object","properties":{"title":{"type":"string","description":"t"},"n":{"type":["integer","null"]},)"
       R"("unit":{"anyOf":[{"type":"string","enum":["g","ml"]},{"type":"null"}]}},"required":["title","n","unit"],)"
       R"("additionalProperties":false})"},
      {kStrict, kTree,
       R"({"type":"object","properties":{"next":{"$ref":"#/$defs/n"}},"required":["next"],"additionalProperties":false,)"
       R"("$defs":{"n":{"type":"object","properties":{"next":{"anyOf":[{"$ref":"#/$defs/n"},{"type":"null"}]}},)"
       R"("required":["next"],"additionalProperties":false}}})"},
      {kStrict, kUnion,
       R"({"type":"object","properties":{"v":{"anyOf":[{"type":"string"},{"type":"null"}]},"w":{"type":["number","null"]}},)"
       R"("required":["v","w"],"additionalProperties":false})"},
      {kStrict, kMap, "!#/properties/m"},
      {kStrict, kTuple, "!#/properties/t/items"},
      {kStrict, R"({"type":"array","items":{"type":"string"}})", "!#"},
      {kStrict, R"({"type":"object","properties":{"x":{}}})", "!#/properties/x"},
      {kStrict, R"({"type":"object","properties":{"x":{"not":{}}}})", "!#/properties/x"},
      {kGemini, kRecipe,
       R"({"properties":{"title":{"description":"t","minLength":1,"type":"STRING"},"n":{"type":"INTEGER"},)"
       R"("unit":{"enum":["g","ml"],"type":"STRING"}},"required":["title"],"propertyOrdering":["title","n","unit"],"type":"OBJECT"})"},
      {kGemini, kTree, "!#/definitions/n/properties/next"},
      {kGemini, kUnion,
       R"({"properties":{"v":{"nullable":true,"type":"STRING"},"w":{"nullable":true,"type":"NUMBER"}},"required":["v","w"],)"
       R"("propertyOrdering":["v","w"],"type":"OBJECT"})"},
      {kGemini,
       R"({"anyOf":[{"type":"string"},{"$ref":"#/definitions/d"}],"definitions":{"d":{"type":"string","format":"date"}}})",
       R"({"anyOf":[{"type":"STRING"},{"format":"date","type":"STRING"}]})"},
      {kGemini, R"({"const":"x"})", R"({"enum":["x"],"type":"STRING"})"},
      {kGemini, R"({"type":"integer","exclusiveMinimum":0,"maximum":9})", R"({"maximum":9,"minimum":1,"type":"INTEGER"})"},
      {kGemini, R"({"enum":[1,2]})", "!#"},
      {kGemini, kMap, "!#/properties/m"},
      {kGemini, kTuple, "!#/properties/t/items"},
  };
  for (const Golden& golden : goldens) EXPECT_EQ(lower(golden.schema, golden.dialect), golden.lowered) << golden.schema;
}

TEST(SchemaDialectTest, AnErrorNamesTheDialectThePlaceAndTheWayOut) {
  try {
    lower_schema(parse_json(kMap), kStrict);
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(
        error.message(),
        "schema for OpenAI strict at \"#/properties/m\": objects with any members (maps) cannot be expressed: use an array of "
        "pairs");
  }
}

TEST(SchemaDialectTest, ASchemaThatExplodesWithoutReferencesIsRefused) {
  Json schema = {{"type", "object"}, {"properties", {{"x", {{"$ref", "#/definitions/d0"}}}}}};
  JsonObject definitions;
  for (int i = 0; i < 40; ++i) {
    const Json next = i == 39 ? Json({{"type", "string"}}) : Json({{"$ref", "#/definitions/d" + std::to_string(i + 1)}});
    definitions["d" + std::to_string(i)] = {{"type", "object"}, {"properties", {{"a", next}, {"b", next}}}};
  }
  schema.as_object()["definitions"] = std::move(definitions);

  EXPECT_THROW(lower_schema(schema, kGemini), Error);
  EXPECT_NO_THROW(lower_schema(schema, kStrict));
}

enum class Color { red, green };
struct Line {
  std::string text;
  std::optional<int> size;
  std::optional<Color> color;
};
struct Page {
  std::vector<Line> lines;
  std::variant<int, std::string> key;
  std::optional<std::string> note;
};

TEST(SchemaDialectTest, StructsCanBeSaidInEveryDialect) {
  for (const SchemaDialect dialect : {kPlain, kStrict, kGemini, kTool}) EXPECT_NO_THROW(lower_schema(schema_of<Page>(), dialect));
}

TEST(SchemaDialectTest, NullsThatStrictSchemasAddAreTakenOut) {
  Json answer =
      parse_json(R"({"lines":[{"text":"a","size":null,"color":null},{"text":"b","size":1,"color":"red"}],"key":1,"note":null})");

  remove_added_nulls(answer, schema_of<Page>());

  EXPECT_EQ(to_text(answer), R"({"lines":[{"text":"a"},{"text":"b","size":1,"color":"red"}],"key":1})");
}

TEST(SchemaDialectTest, AlternativesThatMultiplyAreNotFollowedForEver) {
  Json answer = parse_json(R"({"a":{}})");

  remove_added_nulls(answer, parse_json(R"({"anyOf":[{"$ref":"#"},{"$ref":"#"}]})"));

  EXPECT_EQ(to_text(answer), R"({"a":{}})");
}

}  // namespace
}  // namespace genkit
