#include "schema/schema_watch.h"

#include <array>
#include <optional>
#include <random>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace genkit::internal {
namespace {

std::optional<SchemaWatch::Refusal> watch(const std::shared_ptr<const SchemaValidator>& validator, std::string_view text,
                                          std::size_t size) {
  SchemaWatch watch(validator);
  JsonStream stream(&watch);
  for (std::size_t i = 0; i < text.size() && stream.state() == JsonStream::State::kOpen; i += size) {
    stream.feed(text.substr(i, size));
    if (watch.refusal() != nullptr) return *watch.refusal();
  }
  stream.finish();
  return watch.refusal() != nullptr ? std::optional(*watch.refusal()) : std::nullopt;
}

struct Case {
  std::string_view schema;
  std::string_view text;
  std::optional<std::size_t> offset;  ///< nothing: must not be refused
  std::string_view path = {};
};

constexpr std::string_view kRecipe = R"({"type":"object","additionalProperties":false,"required":["title"],"properties":{
  "title":{"type":"string","maxLength":5},"kind":{"enum":["sweet","salty","sweetish"]},"count":{"type":"integer","minimum":0},
  "steps":{"type":"array","maxItems":2,"items":{"type":"string","minLength":1}}}})";

TEST(SchemaWatchTest, TellsAtWhichByteNothingFitsAnyMoreAtEverySplit) {
  const Case cases[] = {
      {kRecipe, R"({"title":"Crepe","kind":"sweetish","count":0,"steps":["a","b"]})", std::nullopt},
      {kRecipe, R"([)", 0, "(root)"},
      {kRecipe, R"({"title":7})", 9, "title"},
      {kRecipe, R"({"titel":"x"})", 9, "titel"},
      {kRecipe, R"({"title":"Pancakes"})", 15, "title"},
      {kRecipe, R"({"kind":"sour"})", 10, "kind"},
      {kRecipe, R"({"kind":"sweeties"})", 15, "kind"},
      {kRecipe, R"({"kind":"sweet"})", 15, "(root)"},
      {kRecipe, R"({"kind":"swe"})", 12, "kind"},
      {kRecipe, R"({"count":1.50,"title":"x"})", 13, "count"},
      {kRecipe, R"({"count":1.0,"title":"x"})", std::nullopt},
      {kRecipe, R"({"count":-1})", 11, "count"},
      {kRecipe, R"({"count":-0,"title":"x"})", std::nullopt},
      {kRecipe, R"({"steps":["a","b","c"]})", 18, "steps.2"},
      {kRecipe, R"({"steps":[""]})", 11, "steps.0"},
      {R"({"const":"ab"})", R"("ac")", 2, "(root)"},
      {R"({"const":1})", R"("x)", 0, "(root)"},
      {R"({"anyOf":[{"type":"string"},{"type":"object","required":["a"]}]})", R"({"b":1})", 6, "(root)"},
      {R"({"anyOf":[{"type":"string"},{"type":"number"}]})", R"(true)", 0, "(root)"},
      {R"({"oneOf":[{"properties":{"t":{"const":"x"},"v":{"type":"number"}}},{"properties":{"t":{"const":"y"},"v":{"type":"string"}}}]})",
       R"({"t":"y","v":1})", 13, "v"},
      {R"({"oneOf":[{"properties":{"t":{"const":"x"}}},{"properties":{"t":{"const":"y"}}}]})", R"({"t":"y"})", std::nullopt},
      {R"({"allOf":[{"type":"array"},{"minItems":2}]})", R"([1])", 2, "(root)"},
      {R"({"$ref":"#/definitions/n","definitions":{"n":{"type":"object","properties":{"next":{"$ref":"#/definitions/n"}}}}})",
       R"({"next":{"next":{"next":3}}})", 24, "next.next.next"},
      {R"({"items":[{"type":"number"}],"additionalItems":false})", R"([1,2])", 3, "1"},
      {R"({"uniqueItems":true})", R"([1,2,1])", 6, "(root)"},
      {R"({"not":{"type":"object"}})", R"({"a":1})", std::nullopt},
      {R"({"patternProperties":{"^x":{"type":"string"}},"additionalProperties":false})", R"({"x1":"a","y":1})", 14, "y"},
      {R"({"propertyNames":{"maxLength":2}})", R"({"abc":1})", 7, "abc"},
      {R"({"maxProperties":1})", R"({"a":1,"b":2})", 11, "b"},
      {"false", "1 ", 0, "(root)"},
      {"true", "{}", std::nullopt},
  };
  for (const Case& test : cases) {
    const auto validator = SchemaValidator::compile(parse_json(test.schema));
    for (std::size_t size = 1; size <= test.text.size(); ++size) {
      const auto refusal = watch(validator, test.text, size);
      EXPECT_EQ(refusal ? std::optional(refusal->offset) : std::nullopt, test.offset) << test.text << " by " << size;
      EXPECT_EQ(refusal ? refusal->path : std::string(), test.path) << test.text;
    }
  }
}

/// Random schemas and random values that often nearly fit.
class RandomPair {
 public:
  explicit RandomPair(unsigned seed) : random_(seed) {}

  std::size_t pick(std::size_t count) { return random_() % count; }

  Json schema(int depth = 0) {
    switch (pick(depth > 2 ? 5 : 9)) {
      case 0:
        return {{"type", "integer"}, {"minimum", pick(3)}};
      case 1:
        return {{"type", "string"}, {"maxLength", pick(3)}};
      case 2:
        return {{"enum", {"a", "ab", 1, nullptr}}};
      case 3:
        return {{"const", pick(2) == 0 ? Json("b") : Json(true)}};
      case 4:
        return JsonObject();
      case 5:
        return {{"type", "array"}, {"items", schema(depth + 1)}, {"minItems", pick(2)}, {"maxItems", 2}};
      case 6:
        return {{pick(2) == 0 ? "anyOf" : "oneOf", {schema(depth + 1), schema(depth + 1)}}};
      case 7:
        return {{"not", schema(depth + 1)}};
      default:
        return {{"type", "object"},
                {"properties", {{"p", schema(depth + 1)}, {"q", schema(depth + 1)}}},
                {"required", JsonArray{"p"}},
                {"additionalProperties", pick(2) == 0}};
    }
  }
  Json value(int depth = 0) {
    switch (pick(depth > 2 ? 5 : 7)) {
      case 0:
        return pick(4);
      case 1:
        return std::array{"", "a", "ab", "b"}[pick(4)];
      case 2:
        return nullptr;
      case 3:
        return pick(2) == 0;
      case 4:
        return static_cast<double>(pick(8)) / 2;
      case 5: {
        JsonArray array;
        for (std::size_t i = pick(4); i > 0; --i) array.push_back(value(depth + 1));
        return array;
      }
      default: {
        JsonObject object;
        for (std::size_t i = pick(4); i > 0; --i) object[std::array{"p", "q", "r"}[pick(3)]] = value(depth + 1);
        return object;
      }
    }
  }

 private:
  std::mt19937 random_;
};

TEST(SchemaWatchPropertyTest, NeverRefusesWhatIsValid) {
  std::size_t refused = 0;
  for (unsigned seed = 0; seed < 10'000; ++seed) {
    RandomPair random(seed);
    const Json schema = random.schema();
    const Json value = random.value();
    const auto validator = SchemaValidator::compile(schema);
    const std::string text = to_text(value) + " ";

    const auto refusal = watch(validator, text, 1 + random.pick(8));

    if (!refusal) continue;
    ++refused;
    ASSERT_FALSE(validator->validate(value)) << to_text(schema) << " " << text << " refused at " << refusal->offset;
  }
  EXPECT_GT(refused, 2'000u);
}

}  // namespace
}  // namespace genkit::internal
