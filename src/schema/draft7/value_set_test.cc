#include "schema/draft7/value_set.h"

#include <string>

#include <gtest/gtest.h>

#include <genkit/base/error.h>

namespace genkit::internal {
namespace {

bool equal(const Json& a, const Json& b) {
  StepBudget budget(a);
  return equal_json(a, b, budget);
}

std::uint64_t hash(const Json& value) {
  StepBudget budget(value);
  return hash_json(value, budget);
}

TEST(EqualJson, ComparesByValue) {
  EXPECT_TRUE(equal(parse_json(R"({"a": [1, {"b": null}], "c": "x"})"), parse_json(R"({"c": "x", "a": [1.0, {"b": null}]})")));
  EXPECT_FALSE(equal(parse_json("[1, 2]"), parse_json("[2, 1]")));
  EXPECT_FALSE(equal(parse_json(R"({"a": 1})"), parse_json(R"({"a": 1, "b": 2})")));
  EXPECT_FALSE(equal(parse_json(R"({"a": 1})"), parse_json(R"({"b": 1})")));
  EXPECT_FALSE(equal(0, false));
  EXPECT_FALSE(equal("", nullptr));
  EXPECT_FALSE(equal(true, false));
}

TEST(HashJson, IsEqualForEqualValues) {
  EXPECT_EQ(hash(parse_json(R"({"a": [1, -0.0], "c": "x"})")), hash(parse_json(R"({"c": "x", "a": [1.0, 0]})")));
  EXPECT_NE(hash(parse_json("[1, 2]")), hash(parse_json("[2, 1]")));
  EXPECT_NE(hash(parse_json("[[1], 2]")), hash(parse_json("[1, [2]]")));
  EXPECT_NE(hash(JsonArray{}), hash(JsonObject{}));
}

TEST(ValueSet, FindsWhatItHoldsWhetherSmallOrLarge) {
  for (int size : {0, 1, 8, 9, 1'000}) {
    JsonArray values;
    for (int i = 0; i < size; ++i) values.push_back(i % 2 == 0 ? Json(i) : Json(std::to_string(i)));
    std::vector<const Json*> pointers;
    for (const Json& value : values) pointers.push_back(&value);
    ValueSet set(pointers);
    const Json root = nullptr;
    StepBudget budget(root);

    for (const Json& value : values) EXPECT_TRUE(set.contains(value, budget));
    EXPECT_FALSE(set.contains(-1, budget));
    EXPECT_FALSE(set.contains("0", budget));
    EXPECT_FALSE(set.contains(JsonObject{}, budget));
  }
}

TEST(FindDuplicate, NamesThePairInSmallAndLargeArrays) {
  for (int size : {2, 8, 9, 500}) {
    JsonArray array;
    for (int i = 0; i < size; ++i) array.push_back(Json{{"i", i}});
    DuplicatePair pair{};
    const Json root = nullptr;
    StepBudget budget(root);

    EXPECT_FALSE(find_duplicate(array, budget, &pair));
    array.push_back(Json{{"i", 1.0}});
    ASSERT_TRUE(find_duplicate(array, budget, &pair));
    EXPECT_EQ(pair.first, 1u);
    EXPECT_EQ(pair.second, static_cast<std::size_t>(size));
  }
}

TEST(StepBudget, GrowsWithTheValueAndEnds) {
  const Json small = nullptr;
  StepBudget budget(small);
  budget.spend(10'000'000);

  EXPECT_NO_THROW(budget.spend(100));
  EXPECT_THROW(budget.spend(1'000), Error);

  const Json large = JsonArray(100'000, Json(1));
  StepBudget larger(large);
  EXPECT_NO_THROW(larger.spend(30'000'000));
  EXPECT_THROW(larger.spend(10'000'000), Error);
}

}  // namespace
}  // namespace genkit::internal
