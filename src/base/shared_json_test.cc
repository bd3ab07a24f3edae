#include <string>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

#include <genkit/base/shared_json.h>

namespace genkit {
namespace {

TEST(SharedJsonTest, IsNullUntilItIsGivenAValue) {
  const SharedJson none;
  EXPECT_TRUE(none.is_null());
  EXPECT_EQ(none.text(), "null");
  EXPECT_EQ(none, SharedJson(nullptr));
  EXPECT_EQ(none, nullptr);
}

TEST(SharedJsonTest, TakesWhatAJsonTakesAndReadsLikeOne) {
  const SharedJson list = {{"type", "array"}, {"items", {{"type", "string"}}}};
  EXPECT_EQ(list.at("items").at("type"), "string");
  EXPECT_EQ(list.text(), R"({"type":"array","items":{"type":"string"}})");
  const Json& as_json = list;
  EXPECT_EQ(&as_json, &list.get());
  EXPECT_EQ(find_member(list, "type")->as_string(), "array");
  EXPECT_EQ(SharedJson(JsonObject{{"a", 1}}), (Json{{"a", 1}}));
  EXPECT_EQ(SharedJson(true).text(), "true");
}

TEST(SharedJsonTest, CopiesShareTheValue) {
  SharedJson first = {{"a", 1}};
  const SharedJson second = first;
  EXPECT_EQ(&first.get(), &second.get());
  EXPECT_EQ(first.text().data(), second.text().data());
  first = Json{{"b", 2}};
  EXPECT_EQ(second.text(), R"({"a":1})");
  EXPECT_NE(first, second);
  EXPECT_EQ(SharedJson(Json{{"a", 1}}), second);
}

TEST(SharedJsonTest, ManyThreadsMayAskForTheTextAtOnce) {
  const SharedJson value = {{"text", std::string(1000, 'x')}};
  std::vector<std::thread> threads;
  std::vector<const char*> seen(8);
  for (const char*& text : seen) threads.emplace_back([&text, copy = value] { text = copy.text().data(); });
  for (std::thread& thread : threads) thread.join();
  for (const char* text : seen) EXPECT_EQ(text, value.text().data());
}

}  // namespace
}  // namespace genkit
