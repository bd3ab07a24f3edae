#include "schema/value_filler.h"

#include <array>
#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <random>
#include <set>
#include <variant>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <genkit/schema/schema.h>

namespace genkit::internal {
namespace {

enum class Unit { gram, piece };

struct Ingredient {
  std::string name;
  double amount = 1;
  std::optional<Unit> unit;
};

struct Recipe {
  std::string title = "untitled";
  std::vector<Ingredient> ingredients;
  std::optional<std::string> note;
  std::map<std::string, std::vector<int>> times;
  std::set<int> pages;
  std::array<int, 2> range{7, 8};
  std::pair<int, std::string> first;
  std::variant<int, Ingredient> choice;
  std::unique_ptr<Recipe> base;
  Json anything;
  std::vector<bool> flags;
  int servings = 4;
};

struct Open {
  int a = 0;
  int b = 0;
  ExtraMembers extra;
};
constexpr auto describe(Type<Open>) {
  return fields(field<&Open::b>().default_value(5));
}

/// What is there of a T after each piece.
template <class T>
struct Filled {
  T value{};
  ValueFiller filler{type_info<T>(), &value};
  JsonStream stream{&filler};

  Filled& feed(std::string_view text) {
    stream.feed(text);
    return *this;
  }
};

TEST(ValueFillerTest, PartsAreThereAsSoonAsTheyHaveCome) {
  Filled<Recipe> recipe;

  EXPECT_EQ(recipe.feed(R"({"title":"Pan)").value.title, "Pan");
  EXPECT_EQ(recipe.feed("cakes\\").value.title, "Pancakes");
  recipe.feed(R"(n","ingredients":[{"name":"fl)");
  ASSERT_EQ(recipe.value.ingredients.size(), 1u);
  EXPECT_EQ(recipe.value.ingredients[0].name, "fl");
  EXPECT_EQ(recipe.value.ingredients[0].amount, 1);
  recipe.feed(R"(our","amount":12)");
  EXPECT_EQ(recipe.value.ingredients[0].amount, 12);
  recipe.feed(R"(.5,"unit":"gra)");
  EXPECT_FALSE(recipe.value.ingredients[0].unit);
  recipe.feed(R"(m"},{)");
  EXPECT_EQ(recipe.value.ingredients[0].unit, Unit::gram);
  EXPECT_EQ(recipe.value.ingredients.size(), 2u);
  EXPECT_EQ(recipe.value.servings, 4);
  EXPECT_EQ(recipe.feed(R"(}],"base":{"base":{"title":"dee)").value.base->base->title, "dee");
}

TEST(ValueFillerTest, WhatDoesNotFitIsLeftOut) {
  Filled<Recipe> recipe;

  recipe.feed(R"({"title":7,"ingredients":{"name":"x"},"range":[1,2,3],"unknown":[[1]],"servings":"many","note":"ok"})");

  EXPECT_EQ(recipe.value.title, "untitled");
  EXPECT_TRUE(recipe.value.ingredients.empty());
  EXPECT_EQ(recipe.value.servings, 4);
  EXPECT_EQ(recipe.value.note, "ok");
}

TEST(ValueFillerTest, AMemberThatComesAgainReplacesTheFirst) {
  Filled<Recipe> recipe;

  recipe.feed(R"({"ingredients":[{"name":"a"},{"name":"b"}],"times":{"x":[1,2],"x":[3]},"ingredients":[{"amount":2}]})");

  ASSERT_EQ(recipe.value.ingredients.size(), 1u);
  EXPECT_EQ(recipe.value.ingredients[0].name, "");
  EXPECT_EQ(recipe.value.times["x"], std::vector<int>{3});
}

TEST(ValueFillerTest, DefaultsAndUnknownMembersComeWithTheEnd) {
  Filled<Open> open;

  EXPECT_EQ(open.feed(R"({"a":1,"c":[2])").value.b, 0);
  open.feed("}");

  EXPECT_EQ(open.value.b, 5);
  EXPECT_EQ(to_text(open.value.extra.members), R"({"c":[2]})");
}

TEST(ValueFillerTest, ARestartForgetsWhatCame) {
  Filled<Recipe> recipe;
  recipe.feed(R"({"title":"old","ingredients":[{"name":"a)");

  recipe.stream.restart(0);
  recipe.feed(R"({"servings":2})");

  EXPECT_EQ(recipe.value.title, "untitled");
  EXPECT_TRUE(recipe.value.ingredients.empty());
  EXPECT_EQ(recipe.value.servings, 2);
}

class RandomRecipes {
 public:
  explicit RandomRecipes(unsigned seed) : random_(seed) {}

  std::size_t pick(std::size_t count) { return random_() % count; }
  std::string word() {
    std::string text;
    for (std::size_t i = pick(6); i > 0; --i) text += std::array{"a", "\n", "\"", "\xC3\xA4", "\xF0\x9F\x98\x80", "/"}[pick(6)];
    return text;
  }
  Ingredient ingredient() {
    Ingredient made{.name = word(), .amount = static_cast<double>(pick(1000)) / 8, .unit = {}};
    if (pick(2) == 0) made.unit = pick(2) == 0 ? Unit::gram : Unit::piece;
    return made;
  }
  Recipe recipe(int depth = 0) {
    Recipe made;
    made.title = word();
    for (std::size_t i = pick(4); i > 0; --i) made.ingredients.push_back(ingredient());
    if (pick(2) == 0) made.note = word();
    for (std::size_t i = pick(3); i > 0; --i) made.times[word()] = {static_cast<int>(pick(9)), -1};
    for (std::size_t i = pick(3); i > 0; --i) made.pages.insert(static_cast<int>(pick(99)));
    made.range = {static_cast<int>(pick(9)), 2};
    made.first = {static_cast<int>(pick(9)), word()};
    if (pick(2) == 0) made.choice = ingredient();
    if (depth < 3 && pick(2) == 0) made.base = std::make_unique<Recipe>(recipe(depth + 1));
    made.anything = {{"x", {1, word()}}};
    for (std::size_t i = pick(3); i > 0; --i) made.flags.push_back(pick(2) == 0);
    made.servings = static_cast<int>(random_());
    return made;
  }

 private:
  std::mt19937 random_;
};

TEST(ValueFillerPropertyTest, AfterTheLastPieceItIsWhatDecodingGives) {
  for (unsigned seed = 0; seed < 3'000; ++seed) {
    RandomRecipes random(seed);
    const std::string text = to_text(to_json(random.recipe()));

    Filled<Recipe> filled;
    for (std::size_t i = 0; i < text.size();) {
      const std::size_t size = 1 + random.pick(20);
      filled.feed(std::string_view(text).substr(i, size));
      i += size;
    }

    ASSERT_EQ(to_text(to_json(filled.value)), text);
  }
}

}  // namespace
}  // namespace genkit::internal
