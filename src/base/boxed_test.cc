#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include <genkit/base/boxed.h>
#include <genkit/base/json.h>

namespace genkit {
namespace {

TEST(BoxedTest, IsEmptyUntilItIsGivenAValue) {
  Boxed<std::string> box;
  EXPECT_FALSE(box);
  EXPECT_FALSE(box.has_value());
  EXPECT_EQ(box, std::nullopt);
  EXPECT_EQ(box.value_or("none"), "none");
  EXPECT_THROW(box.value(), std::bad_optional_access);
  box = "text";
  ASSERT_TRUE(box);
  EXPECT_EQ(*box, "text");
  EXPECT_EQ(box->size(), 4u);
  EXPECT_EQ(box.value_or("none"), "text");
  box = std::nullopt;
  EXPECT_FALSE(box);
}

TEST(BoxedTest, TakesNoMoreRoomThanAPointer) {
  struct Large {
    char bytes[1000];
  };
  EXPECT_EQ(sizeof(Boxed<Large>), sizeof(void*));
}

TEST(BoxedTest, CopiesAreDeep) {
  Boxed<std::vector<int>> first = std::vector<int>{1, 2};
  Boxed<std::vector<int>> second = first;
  second->push_back(3);
  EXPECT_EQ(first->size(), 2u);
  first = second;
  EXPECT_EQ(first, second);
  EXPECT_NE(&*first, &*second);
  first = *&first;
  EXPECT_EQ(first->size(), 3u);
}

TEST(BoxedTest, AMoveTakesTheValueAlong) {
  Boxed<std::unique_ptr<int>> first = std::make_unique<int>(7);
  const std::unique_ptr<int>* const at = &*first;
  Boxed<std::unique_ptr<int>> second = std::move(first);
  EXPECT_EQ(&*second, at);
  EXPECT_FALSE(first);
  first = std::move(second);
  EXPECT_EQ(**first, 7);
  first = std::move(*&first);
  EXPECT_EQ(**first, 7);
}

TEST(BoxedTest, ConvertsFromAndToOptional) {
  std::optional<std::string> some = "text";
  const std::optional<std::string> none;
  Boxed<std::string> box = some;
  EXPECT_EQ(*box, "text");
  box = none;
  EXPECT_FALSE(box);
  box = std::move(some);
  const std::optional<std::string> back = box;
  EXPECT_EQ(back, "text");
  const std::optional<std::string> moved = std::move(box);
  EXPECT_EQ(moved, "text");
}

TEST(BoxedTest, EmplaceReplacesTheValueAndMayTakeItsParts) {
  Boxed<std::string> box = "text";
  EXPECT_EQ(box.emplace(*box + "s"), "texts");
  EXPECT_EQ(box.emplace(), "");
  EXPECT_EQ(box.emplace(3, 'x'), "xxx");
  Boxed<Json> json;
  EXPECT_EQ(json.emplace(Json("a")), "a");
}

TEST(BoxedTest, MayContainItself) {
  struct Tree {
    int value = 0;
    Boxed<Tree> left = {};
  };
  Tree tree{1, Tree{2, Tree{3}}};
  const Tree copy = tree;
  tree = Tree(*tree.left);  // a part of itself
  EXPECT_EQ(tree.value, 2);
  EXPECT_EQ(copy.left->left->value, 3);
}

TEST(BoxedTest, HoldsAnExplicitNull) {
  Boxed<Json> box = nullptr;
  ASSERT_TRUE(box);
  EXPECT_TRUE(box->is_null());
  box = JsonObject{{"a", 1}};
  EXPECT_EQ(box->at("a"), 1);
  box = {{"a", 1}, {"b", 2}};
  EXPECT_EQ(box->at("b"), 2);
  box = {};
  EXPECT_FALSE(box);
}

}  // namespace
}  // namespace genkit
