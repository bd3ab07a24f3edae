#include "testing/json_difference.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace genkit::internal {
namespace {

TEST(CanonicalTextTest, SortsMembersAndKeepsItems) {
  EXPECT_EQ(canonical_text(parse_json(R"({"b":[2,1,{"d":1.0,"c":""}],"a":{}})")), R"({"a":{},"b":[2,1,{"c":"","d":1}]})");
}

TEST(JsonDifferenceTest, ValuesThatMeanTheSameDoNotDiffer) {
  EXPECT_EQ(json_difference(parse_json(R"({"a":1,"b":[true]})"), parse_json(R"({"b":[true],"a":1.0})")).places, 0u);
}

struct Case {
  std::string name;
  std::string left;
  std::string right;
  std::size_t places;
  std::string pointer;
  std::string sides;
};

class JsonDifferenceCaseTest : public testing::TestWithParam<Case> {};

TEST_P(JsonDifferenceCaseTest, NamesTheFirstPlace) {
  const auto difference = json_difference(parse_json(GetParam().left), parse_json(GetParam().right));

  EXPECT_EQ(difference.places, GetParam().places);
  EXPECT_EQ(difference.pointer, GetParam().pointer);
  EXPECT_EQ(describe_sides(difference, "L", "R"), GetParam().sides);
}

INSTANTIATE_TEST_SUITE_P(Values, JsonDifferenceCaseTest,
                         testing::Values(Case{"scalar", "1", "2", 1, "", "L 1, R 2"},
                                         Case{"kind", R"({"a":1})", R"({"a":"1"})", 1, "/a", R"(L 1, R "1")"},
                                         Case{"missing", R"({"a":1,"b":2})", R"({"a":1})", 1, "/b", "L 2, R nothing"},
                                         Case{"added", R"({"a":1})", R"({"a":1,"c/d":null})", 1, "/c~1d", "L nothing, R null"},
                                         Case{"shorter", "[1,2,3]", "[1]", 2, "/1", "L 2, R nothing"},
                                         Case{"several", R"([{"a":1},{"b":2}])", R"([{"a":2},{"b":3}])", 2, "/0/a", "L 1, R 2"}),
                         [](const auto& info) { return info.param.name; });

TEST(JsonDifferenceTest, CutsLongTextsToWhereTheyDiffer) {
  const std::string start(200, 'x');
  const std::string end(200, 'y');

  const auto difference = json_difference(Json(start + "é" + end), Json(start + "è" + end));

  EXPECT_EQ(describe_sides(difference, "L", "R"), "L \"…" + std::string(19, 'x') + "é" + std::string(39, 'y') + "…\", R \"…" +
                                                      std::string(19, 'x') + "è" + std::string(39, 'y') + "…\"");
}

}  // namespace
}  // namespace genkit::internal
