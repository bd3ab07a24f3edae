// Schemas and values of people who mean harm: linear, or refused.

#include <pthread.h>

#include <cstddef>
#include <functional>
#include <memory>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <genkit/schema/validator.h>

namespace genkit {
namespace {

using ::testing::HasSubstr;
using ::testing::SizeIs;

/// Definitions d0 to d<count>, each made from the reference to the next one; the last is `end`.
Json chain(int count, const std::function<Json(const Json& next)>& link, const Json& end) {
  JsonObject definitions;
  for (int i = 0; i < count; ++i) {
    definitions["d" + std::to_string(i)] = link(Json{{"$ref", "#/definitions/d" + std::to_string(i + 1)}});
  }
  definitions["d" + std::to_string(count)] = end;
  return Json{{"definitions", definitions}, {"$ref", "#/definitions/d0"}};
}

Json nested(std::size_t depth, const std::function<Json(Json inner)>& wrap, Json value = nullptr) {
  for (std::size_t i = 0; i < depth; ++i) value = wrap(std::move(value));
  return value;
}

Json in_object(Json inner) {
  return JsonObject{{"a", std::move(inner)}};
}
Json in_array(Json inner) {
  JsonArray array;
  array.push_back(std::move(inner));
  return array;
}

// What the parser reads; frames without optimisation or with a sanitizer leave room for less.
#if defined(__OPTIMIZE__) && !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
constexpr std::size_t kDeepest = 256;
#else
constexpr std::size_t kDeepest = 30;
#endif

Status failure_of(const SchemaValidator& validator, const Json& value) {
  try {
    validator.validate(value);
  } catch (const Error& error) {
    return error.status();
  }
  return Status::kOk;
}

#if defined(__SANITIZE_THREAD__)
constexpr std::size_t kStackSize = 1024 * 1024;  // of which the sanitizer takes most for itself
#else
constexpr std::size_t kStackSize = 256 * 1024;
#endif

/// Runs `body` on a thread with the stack of a fiber.
void run_on_fiber_stack(const std::function<void()>& body) {
  pthread_attr_t attributes;
  ASSERT_EQ(pthread_attr_init(&attributes), 0);
  ASSERT_EQ(pthread_attr_setstacksize(&attributes, kStackSize), 0);
  pthread_t thread;
  auto start = [](void* argument) -> void* {
    (*static_cast<const std::function<void()>*>(argument))();
    return nullptr;
  };
  ASSERT_EQ(pthread_create(&thread, &attributes, start, const_cast<std::function<void()>*>(&body)), 0);
  ASSERT_EQ(pthread_join(thread, nullptr), 0);
  pthread_attr_destroy(&attributes);
}

TEST(SchemaLimits, StopsExponentialAnyOf) {
  auto doubled = [](const Json& next) { return Json{{"anyOf", {next, next}}}; };
  auto validator = SchemaValidator::compile(chain(60, doubled, Json{{"type", "null"}}));

  EXPECT_EQ(failure_of(*validator, 1), Status::kResourceExhausted);
  EXPECT_EQ(failure_of(*validator, nullptr), Status::kOk);
}

TEST(SchemaLimits, StopsExponentialRecursionIntoTheValue) {
  auto validator = SchemaValidator::compile(parse_json(
      R"({"anyOf": [{"type": "null"}, {"properties": {"a": {"$ref": "#"}}, "required": ["b"]},
                    {"properties": {"a": {"$ref": "#"}}, "required": ["c"]}]})"));

  EXPECT_EQ(failure_of(*validator, nested(200, in_object)), Status::kResourceExhausted);
}

TEST(SchemaLimits, StillNamesAnIssueWhenCollectingThemTakesTooLong) {
  // Refused at once by its first keyword; the second one can only be stopped.
  auto doubled = [](const Json& next) { return Json{{"anyOf", {next, next}}}; };
  Json schema = chain(60, doubled, Json{{"type", "null"}});
  schema.as_object().erase("$ref");
  schema.as_object()["allOf"] = {Json{{"type", "string"}}, Json{{"$ref", "#/definitions/d0"}}};
  std::vector<ValidationIssue> issues;

  EXPECT_FALSE(SchemaValidator::compile(schema)->validate(1, &issues));

  ASSERT_THAT(issues, SizeIs(1));
  EXPECT_EQ(issues[0].message, "must be string");
}

TEST(SchemaLimits, GivesLargeValuesTheWorkTheyNeed) {
  auto validator = SchemaValidator::compile(parse_json(
      R"({"items": {"anyOf": [{"type": "null"}, {"type": "string"}, {"type": "integer", "minimum": 0}], "not": {"const": 7.5}}})"));
  JsonArray array(1'000'000, Json(3));

  EXPECT_TRUE(validator->validate(array));
}

TEST(SchemaLimits, FindsDuplicatesInLinearTime) {
  auto validator = SchemaValidator::compile(parse_json(R"({"uniqueItems": true})"));
  JsonArray array;
  for (int i = 0; i < 200'000; ++i) array.push_back(Json{{"id", i}});

  EXPECT_TRUE(validator->validate(array));
  array.push_back(Json{{"id", 5.0}});
  EXPECT_FALSE(validator->validate(array));
}

TEST(SchemaLimits, LooksUpHugeEnumsByHash) {
  JsonArray values;
  for (int i = 0; i < 100'000; ++i) values.push_back(Json("value" + std::to_string(i)));
  auto validator = SchemaValidator::compile(Json{{"items", {{"enum", values}}}});

  EXPECT_TRUE(validator->validate(values));
  EXPECT_FALSE(validator->validate(JsonArray{"value100000"}));
}

TEST(SchemaLimits, CompilesDeeplyNestedSchemasOnASmallStack) {
  // Stays here: to destroy it takes stack.
  const auto schema =
      std::make_shared<const Json>(nested(5'000, [](Json inner) { return Json(JsonObject{{"not", std::move(inner)}}); }, true));

  run_on_fiber_stack([&] { EXPECT_EQ(SchemaValidator::compile(schema)->size(), 5'001u); });
}

TEST(SchemaLimits, NamesTheDepthOfADeepSchemaThatIsBad) {
  Json schema = nested(1'000, [](Json inner) { return Json(JsonObject{{"items", std::move(inner)}}); }, 5);

  try {
    SchemaValidator::compile(schema);
    FAIL() << "compiled";
  } catch (const Error& error) {
    EXPECT_THAT(error.message(), HasSubstr("/items/items/items\": must be an object, true or false, but is 5"));
  }
}

TEST(SchemaLimits, ChecksValuesAsDeepAsTheParserReadsOnASmallStack) {
  auto validator = SchemaValidator::compile(parse_json(
      R"({"anyOf": [{"type": "null"}, {"type": "object", "properties": {"a": {"$ref": "#"}}, "additionalProperties": false}]})"));
  Json good = nested(kDeepest, in_object);
  Json bad = nested(kDeepest - 1, in_object, Json(1));

  run_on_fiber_stack([&] {
    EXPECT_TRUE(validator->validate(good));
    std::vector<ValidationIssue> issues;
    EXPECT_FALSE(validator->validate(bad, &issues));
    EXPECT_FALSE(issues.empty());
  });
}

TEST(SchemaLimits, RefusesDeeperValues) {
  auto validator = SchemaValidator::compile(parse_json(R"({"properties": {"a": {"$ref": "#"}}, "items": {"$ref": "#"}})"));

  const Json objects = nested(2'000, in_object);
  const Json arrays = nested(2'000, in_array);

  run_on_fiber_stack([&] {
    EXPECT_EQ(failure_of(*validator, objects), Status::kResourceExhausted);
    EXPECT_EQ(failure_of(*validator, arrays), Status::kResourceExhausted);
  });
}

TEST(SchemaLimits, RefusesLongChainsOfChecksOfOneValue) {
  auto validator =
      SchemaValidator::compile(chain(5'000, [](const Json& next) { return Json{{"allOf", JsonArray{next}}}; }, true));

  run_on_fiber_stack([&] { EXPECT_EQ(failure_of(*validator, 1), Status::kResourceExhausted); });
}

TEST(SchemaLimits, ComparesDeepValuesOnASmallStackOrRefuses) {
  auto validator = SchemaValidator::compile(parse_json(R"({"uniqueItems": true})"));

  const Json twins = JsonArray(2, nested(300, in_array));
  const Json deep_twins = JsonArray(2, nested(2'000, in_array));
  const Json many_deep = JsonArray(20, nested(2'000, in_object));

  run_on_fiber_stack([&] {
    EXPECT_FALSE(validator->validate(twins));
    EXPECT_EQ(failure_of(*validator, deep_twins), Status::kResourceExhausted);
    EXPECT_EQ(failure_of(*validator, many_deep), Status::kResourceExhausted);
  });
}

TEST(SchemaLimits, FollowsLongChainsOfReferencesInLinearTime) {
  auto validator = SchemaValidator::compile(chain(50'000, [](const Json& next) { return next; }, Json{{"type", "null"}}));

  EXPECT_TRUE(validator->validate(nullptr));
  EXPECT_FALSE(validator->validate(1));
}

}  // namespace
}  // namespace genkit
