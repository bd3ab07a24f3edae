#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "schema/testing_zoo.h"

namespace genkit {
namespace {

using ::testing::Eq;

template <class T>
std::string schema_text() {
  return to_text(schema_of<T>());
}

TEST(SchemaOf, ShowsFieldsDescriptionsLimitsAndInitialisers) {
  EXPECT_THAT(schema_text<zoo::JokeRequest>(),
              Eq(R"({"type":"object","properties":{"subject":{"type":"string","description":"What the joke is about"},)"
                 R"("max_words":{"type":"integer","minimum":1,"description":"Upper bound on length","default":50}},)"
                 R"("required":["subject"],"additionalProperties":false})"));
}

TEST(SchemaOf, NestsStructsWhereTheyOccur) {
  EXPECT_THAT(schema_text<zoo::Recipe>(),
              Eq(R"({"type":"object","properties":{"title":{"type":"string"},"ingredients":{"type":"array","items":)"
                 R"({"type":"object","properties":{"name":{"type":"string"},"quantity":{"type":"number"}},)"
                 R"("required":["name","quantity"],"additionalProperties":false}}},)"
                 R"("required":["title","ingredients"],"additionalProperties":false})"));
}

TEST(SchemaOf, GivesBoundsOnlyWhereTheySaySomething) {
  EXPECT_THAT(to_text(schema_of<zoo::Numbers>().at("properties")),
              Eq(R"({"i8":{"type":"integer","minimum":-128,"maximum":127},"u8":{"type":"integer","minimum":0,"maximum":255},)"
                 R"("i16":{"type":"integer","minimum":-32768,"maximum":32767},)"
                 R"("u16":{"type":"integer","minimum":0,"maximum":65535},"i32":{"type":"integer"},)"
                 R"("u32":{"type":"integer","minimum":0},"i64":{"type":"integer"},"u64":{"type":"integer","minimum":0},)"
                 R"("f":{"type":"number"},"d":{"type":"number"}})"));
}

TEST(SchemaOf, KnowsEveryContainer) {
  EXPECT_THAT(to_text(schema_of<zoo::Containers>().at("properties")),
              Eq(R"({"vector":{"type":"array","items":{"type":"integer"}},"bits":{"type":"array","items":{"type":"boolean"}},)"
                 R"("array":{"type":"array","items":{"type":"integer"},"minItems":2,"maxItems":2},)"
                 R"("c_array":{"type":"array","items":{"type":"integer"},"minItems":2,"maxItems":2},)"
                 R"("list":{"type":"array","items":{"type":"string"}},)"
                 R"("set":{"type":"array","items":{"type":"integer"},"uniqueItems":true},)"
                 R"("map":{"type":"object","additionalProperties":{"type":"number"}},)"
                 R"("unordered_map":{"type":"object","additionalProperties":{"type":"object","properties":)"
                 R"({"name":{"type":"string"},"quantity":{"type":"number"}},"required":["name","quantity"],)"
                 R"("additionalProperties":false}},)"
                 R"("pair":{"type":"array","items":[{"type":"integer"},{"type":"string"}],"minItems":2,"maxItems":2},)"
                 R"("tuple":{"type":"array","items":[{"type":"boolean"},{"type":"number"},)"
                 R"({"type":"string","enum":["kRed","kGreen","kBlue"]}],"minItems":3,"maxItems":3},)"
                 R"("variant":{"anyOf":[{"type":"integer"},{"type":"string"},{"type":"object","properties":)"
                 R"({"name":{"type":"string"},"quantity":{"type":"number"}},"required":["name","quantity"],)"
                 R"("additionalProperties":false}]}})"));
}

TEST(SchemaOf, OptionalMembersAreNotRequiredAndOptionalElementsMayBeNull) {
  EXPECT_THAT(schema_text<zoo::Absent>(),
              Eq(R"({"type":"object","properties":{"number":{"type":"integer"},"unique":{"type":"string"},)"
                 R"("shared":{"type":"object","properties":{"name":{"type":"string"},"quantity":{"type":"number"}},)"
                 R"("required":["name","quantity"],"additionalProperties":false},"json":{}},"additionalProperties":false})"));
  EXPECT_THAT(schema_text<std::vector<std::optional<int>>>(),
              Eq(R"({"type":"array","items":{"anyOf":[{"type":"integer"},{"type":"null"}]}})"));
}

TEST(SchemaOf, PutsTypesThatContainThemselvesIntoDefinitions) {
  const std::string members = R"("type":"object","properties":{"name":{"type":"string"},)"
                              R"("children":{"type":"array","items":{"$ref":"#/definitions/Tree"}},)"
                              R"("twin":{"$ref":"#/definitions/Tree"}},"required":["name","children"],)"
                              R"("additionalProperties":false)";

  EXPECT_THAT(schema_text<zoo::Tree>(), Eq("{" + members + R"(,"definitions":{"Tree":{)" + members + "}}}"));
  EXPECT_THAT(schema_text<std::vector<zoo::Tree>>(),
              Eq(R"({"type":"array","items":{"$ref":"#/definitions/Tree"},"definitions":{"Tree":{)" + members + "}}}"));
}

TEST(SchemaOf, ShowsEverythingThatADescriptionSays) {
  EXPECT_THAT(schema_text<zoo::Limits>(),
              Eq(R"({"type":"object","properties":{"whole":{"type":"integer","minimum":1,"maximum":9,"default":5},)"
                 R"("real":{"type":"number","exclusiveMinimum":0,"exclusiveMaximum":1.5,"description":"A share"},)"
                 R"("text":{"type":"string","minLength":2,"maxLength":4,"pattern":"^[a-zé]+$"},)"
                 R"("items":{"type":"array","items":{"type":"integer"},"minItems":1,"maxItems":3,"uniqueItems":true},)"
                 R"("e-mail":{"type":"string","format":"email","examples":["a@b.c","d@e.f"]},)"
                 R"("flag":{"type":"boolean","default":true},"color":{"type":"string","enum":["kRed","kGreen","kBlue"]},)"
                 R"("step":{"type":"integer","multipleOf":5,"default":10},"tags":{"type":"array","items":{"type":"string"}},)"
                 R"("null_or_number":{"anyOf":[{"type":"integer"},{"type":"null"}]}},)"
                 R"("required":["text","items","color","null_or_number"],"additionalProperties":true,)"
                 R"("title":"All limits","description":"For tests"})"));
}

TEST(SchemaOf, DescribesClassesEnumsAndWireStructs) {
  EXPECT_THAT(schema_text<zoo::Account>(),
              Eq(R"({"type":"object","properties":{"owner":{"type":"string","minLength":1,"description":"Who has it"},)"
                 R"("balance":{"type":"integer","default":10}},"required":["owner"],"additionalProperties":false,)"
                 R"("description":"Money"})"));
  EXPECT_THAT(schema_text<zoo::Level>(), Eq(R"({"type":"string","enum":["low","high"],"description":"How much"})"));
  EXPECT_THAT(schema_text<zoo::ToolCall>(),
              Eq(R"({"type":"object","properties":{"toolName":{"type":"string"},"callRef":{"type":"string"}},)"
                 R"("required":["toolName"],"additionalProperties":true})"));
  EXPECT_THAT(schema_text<zoo::Figure>(),
              Eq(R"({"anyOf":[{"type":"object","properties":{"kind":{"type":"string","const":"circle"},)"
                 R"("radius":{"type":"number","exclusiveMinimum":0}},"required":["kind","radius"],)"
                 R"("additionalProperties":false},{"type":"object","properties":{"kind":{"type":"string","const":"square"},)"
                 R"("side":{"type":"number"}},"required":["kind","side"],"additionalProperties":false}]})"));
}

TEST(SchemaOf, TimesAreTextWithAFormatOrAPattern) {
  EXPECT_THAT(to_text(schema_of<zoo::Times>().at("properties")),
              Eq(R"({"seconds":{"type":"string","format":"duration"},"real":{"type":"string","pattern":)"
                 R"("^-?P([0-9]+W)?([0-9]+D)?(T([0-9]+H)?([0-9]+M)?([0-9]+([.][0-9]+)?S)?)?$"},)"
                 R"("at":{"type":"string","format":"date-time"},"day":{"type":"string","format":"date"},)"
                 R"("date":{"type":"string","format":"date"}})"));
}

TEST(SchemaOf, ScalarsAndAnythingStandAlone) {
  EXPECT_THAT(schema_text<bool>(), Eq(R"({"type":"boolean"})"));
  EXPECT_THAT(schema_text<Json>(), Eq("{}"));
  EXPECT_THAT(schema_text<JsonObject>(), Eq(R"({"type":"object"})"));
  EXPECT_THAT(schema_text<JsonArray>(), Eq(R"({"type":"array","items":{}})"));
  EXPECT_THAT(schema_text<std::monostate>(), Eq(R"({"type":"null"})"));
  EXPECT_TRUE(internal::type_info<Json>().is_json());
}

TEST(SchemaOf, IsBuiltOnceAndShared) {
  EXPECT_EQ(&schema_of<zoo::Tree>(), &schema_of<zoo::Tree>());
  EXPECT_EQ(internal::type_info<zoo::Tree>().shared_schema().get(), &schema_of<zoo::Tree>());
}

struct Twice {
  int a_b;
  int ab;
};
constexpr auto describe(Type<Twice>) {
  return fields(field<&Twice::ab>().key("a_b"));
}

TEST(SchemaOf, RefusesTwoMembersWithOneKey) {
  EXPECT_THAT(attempt([] { return schema_of<Twice>(); }).error().message(), Eq("two members of Twice have the JSON key \"a_b\""));
}

struct BadPattern {
  std::string text;
};
constexpr auto describe(Type<BadPattern>) {
  return fields(field<&BadPattern::text>().pattern("(?=a)"));
}

TEST(SchemaOf, RefusesAPatternThatNeedsBacktracking) {
  EXPECT_THAT(attempt([] { return schema_of<BadPattern>(); }).error().message(),
              ::testing::StartsWith("the pattern \"(?=a)\" of BadPattern.text is not one that RE2 takes: "));
}

}  // namespace
}  // namespace genkit
