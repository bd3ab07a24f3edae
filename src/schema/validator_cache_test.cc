#include <string>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

#include <genkit/schema/validator.h>

namespace genkit {
namespace {

Json schema_with_limit(int limit) {
  return Json{{"type", "integer"}, {"maximum", limit}};
}

TEST(SchemaCache, GivesEqualSchemasOneValidator) {
  SchemaCache cache;

  EXPECT_EQ(cache.get(schema_with_limit(1)), cache.get(schema_with_limit(1)));
  EXPECT_NE(cache.get(schema_with_limit(1)), cache.get(schema_with_limit(2)));
  EXPECT_EQ(cache.size(), 2u);
}

TEST(SchemaCache, TellsSchemasApartThatDifferOnlyInAnnotations) {
  SchemaCache cache;

  EXPECT_NE(cache.get(Json{{"title", "a"}}), cache.get(Json{{"title", "b"}}));
}

TEST(SchemaCache, DropsTheLeastRecentlyUsed) {
  SchemaCache cache({.max_schemas = 2});
  auto first = cache.get(schema_with_limit(1));
  auto second = cache.get(schema_with_limit(2));
  cache.get(schema_with_limit(1));

  cache.get(schema_with_limit(3));

  EXPECT_EQ(cache.size(), 2u);
  EXPECT_EQ(cache.get(schema_with_limit(1)), first);
  EXPECT_NE(cache.get(schema_with_limit(2)), second);
}

TEST(SchemaCache, BoundsTheMemoryOfAllSchemasTogether) {
  SchemaCache cache({.max_subschemas = 10});
  JsonObject properties;
  for (int i = 0; i < 20; ++i) properties["p" + std::to_string(i)] = true;

  EXPECT_NE(cache.get(Json{{"properties", properties}}), nullptr);
  EXPECT_EQ(cache.size(), 0u);
  for (int i = 0; i < 50; ++i) cache.get(schema_with_limit(i));
  EXPECT_EQ(cache.size(), 10u);
}

TEST(SchemaCache, ThrowsForBadSchemasAndKeepsNothing) {
  SchemaCache cache;

  EXPECT_THROW(cache.get(Json{{"type", "text"}}), Error);
  EXPECT_EQ(cache.size(), 0u);
}

TEST(SchemaCache, ServesManyThreads) {
  SchemaCache cache({.max_schemas = 8});
  std::vector<std::thread> threads;
  for (int thread = 0; thread < 4; ++thread) {
    threads.emplace_back([&cache, thread] {
      for (int i = 0; i < 500; ++i) {
        int limit = (i + thread) % 12;
        EXPECT_TRUE(cache.get(schema_with_limit(limit))->validate(limit));
        EXPECT_FALSE(cache.get(schema_with_limit(limit))->validate(limit + 1));
      }
    });
  }
  for (std::thread& thread : threads) thread.join();

  EXPECT_EQ(cache.size(), 8u);
}

}  // namespace
}  // namespace genkit
