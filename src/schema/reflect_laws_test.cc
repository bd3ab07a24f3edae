#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <deque>
#include <limits>
#include <unordered_set>

#include <genkit/schema/validator.h>

#include "schema/testing_zoo.h"

// Laws that hold for every type: one object of each goes through all of them.
namespace genkit {
namespace {

using ::testing::Eq;

template <class T>
std::string text_of_object(const T& value) {
  std::string text;
  internal::type_info<T>().append_text(&value, text);
  return text;
}

template <class T>
void expect_laws(const T& value) {
  SCOPED_TRACE(internal::type_info<T>().name());
  const Json json = to_json(value);
  const std::string text = to_text(json);

  EXPECT_THAT(text_of_object(value), Eq(text)) << "the text without a tree is the text of the tree";
  EXPECT_THAT(to_text(to_json(from_json<T>(json))), Eq(text)) << "struct, JSON, struct";
  EXPECT_THAT(to_text(to_json(from_json<T>(parse_json(text)))), Eq(text)) << "struct, text, struct";

  std::vector<ValidationIssue> reasons;
  SchemaValidator::compile(schema_of<T>())->validate(json, &reasons);
  for (const ValidationIssue& reason : reasons) ADD_FAILURE() << reason.path << ": " << reason.message << " in " << text;

  const internal::TypeInfo& type = internal::type_info<T>();
  alignas(T) unsigned char storage[sizeof(T)];
  type.copy_construct(storage, &value);
  EXPECT_THAT(text_of_object(*reinterpret_cast<T*>(storage)), Eq(text)) << "copy";
  alignas(T) unsigned char moved[sizeof(T)];
  type.move_construct(moved, storage);
  EXPECT_THAT(text_of_object(*reinterpret_cast<T*>(moved)), Eq(text)) << "move";
  type.destroy(moved);
  type.destroy(storage);
}

zoo::Tree make_tree(int depth) {
  zoo::Tree tree;
  tree.name = "level " + std::to_string(depth);
  if (depth == 0) return tree;
  tree.children.push_back(make_tree(depth - 1));
  tree.children.push_back(make_tree(depth - 1));
  tree.twin = std::make_unique<zoo::Tree>(make_tree(depth - 1));
  return tree;
}

TEST(Laws, HoldForScalars) {
  expect_laws(true);
  expect_laws(-7);
  expect_laws(std::numeric_limits<std::int64_t>::min());
  expect_laws(std::numeric_limits<std::uint64_t>::max());
  expect_laws(0.1);
  expect_laws(1e21);
  expect_laws(-0.5f);
  expect_laws(std::string("quote \" slash \\ tab \t é \x01"));
  expect_laws(zoo::Color::kBlue);
  expect_laws(zoo::Level::kLow);
  expect_laws(std::monostate());
  expect_laws(Json{{"any", {1, 2.5, nullptr, "x"}}});
  expect_laws(JsonObject{{"a", 1}, {"b", JsonArray{1, 2}}});
  expect_laws(JsonArray{1, "x", JsonObject()});
}

TEST(Laws, HoldForStructs) {
  expect_laws(zoo::JokeRequest{"cats", 7});
  expect_laws(
      zoo::Numbers{-128, 255, -32768, 65535, -2147483647, 4294967295u, -9223372036854775807, 18446744073709551615u, 1.5f, 2.25});
  expect_laws(zoo::Recipe{"Pancakes", {{"flour", 0.5}, {"milk", 1}}});
  expect_laws(zoo::Account("Ada", -3));
  zoo::Limits limits;
  limits.real = 0.25;
  limits.text = "abé";
  limits.items = {1, 2};
  limits.mail = "a@b.c";
  limits.flag = true;
  limits.tags = {"x"};
  expect_laws(limits);
}

TEST(Laws, HoldForContainers) {
  zoo::Containers containers{};
  containers.vector = {1, 2, 3};
  containers.bits = {true, false};
  containers.array = {4, 5};
  containers.c_array[1] = 6;
  containers.list = {"a", "b"};
  containers.set = {3, 1, 2};
  containers.map = {{"x", 1.5}, {"a key", 2}};
  containers.unordered_map = {{"only", {"salt", 0.1}}};
  containers.pair = {1, "one"};
  containers.tuple = {true, 2.5, zoo::Color::kGreen};
  containers.variant = zoo::Ingredient{"pepper", 1};

  expect_laws(containers);
  expect_laws(std::vector<std::vector<int>>{{1}, {}, {2, 3}});
  expect_laws(std::deque<zoo::Ingredient>{{"a", 1}});
  expect_laws(std::unordered_set<std::string>{"one"});
  expect_laws(std::map<std::string, std::optional<zoo::Color>>{{"a", zoo::Color::kRed}, {"b", std::nullopt}});
  expect_laws(std::vector<zoo::Figure>{zoo::Circle{.radius = 2}, zoo::Square{.side = 3}});
}

TEST(Laws, HoldForWhatMayBeAbsent) {
  zoo::Absent absent;
  expect_laws(absent);
  absent.number = 1;
  absent.unique = std::make_unique<std::string>("u");
  absent.shared = std::make_shared<zoo::Ingredient>(zoo::Ingredient{"s", 2});
  absent.json = Json(nullptr);
  expect_laws(absent);
}

TEST(Laws, HoldForRecursiveTypesAndWireStructs) {
  expect_laws(make_tree(3));
  zoo::ToolCall call;
  call.tool_name = "t";
  call.call_ref = "1";
  call.extra.members = {{"unknown", {{"deep", true}}}, {"other", 1}};
  expect_laws(call);
}

TEST(Laws, HoldForTimes) {
  using namespace std::chrono;
  expect_laws(zoo::Times{90s, duration<double>(0.25), system_clock::time_point(1'767'225'600'123'456'789ns),
                         sys_days(2026y / 1 / 31), 2024y / 2 / 29});
  expect_laws(-1500ms);
  expect_laws(0s);
}

TEST(Copy, OfAUniquePointerIsDeep) {
  const zoo::Tree tree = make_tree(1);
  const internal::TypeInfo& type = internal::type_info<zoo::Tree>();
  alignas(zoo::Tree) unsigned char storage[sizeof(zoo::Tree)];

  type.copy_construct(storage, &tree);

  const auto& copy = *reinterpret_cast<const zoo::Tree*>(storage);
  EXPECT_NE(copy.twin.get(), tree.twin.get());
  EXPECT_EQ(copy.twin->name, "level 0");
  type.destroy(storage);
}

TEST(Encode, LeavesOutWhatIsAbsentOrDescribedAsEmpty) {
  zoo::Limits limits;
  limits.text = "ab";
  limits.items = {1};

  EXPECT_EQ(to_text(to_json(zoo::Absent())), "{}");
  EXPECT_EQ(to_text(to_json(limits)),
            R"({"whole":5,"text":"ab","items":[1],"e-mail":"","flag":false,"color":"kGreen","step":10,"null_or_number":null})");
}

TEST(Encode, RepairsTextThatIsNotUtf8) {
  EXPECT_EQ(text_of_object(std::string("a\xFF")), "\"a\xEF\xBF\xBD\"");
}

struct Defaults {
  bool on = true;
  zoo::Ingredient ingredient = {"salt", 1};
  std::vector<int> numbers = {1, 2};
  std::optional<int> maybe = 3;
  std::string empty = "";
};

TEST(Initialisers, AreDefaultsOfAnyType) {
  const Json schema = schema_of<Defaults>();

  EXPECT_EQ(to_text(schema.at("properties").at("ingredient").at("default")), R"({"name":"salt","quantity":1})");
  EXPECT_EQ(to_text(schema.at("properties").at("numbers").at("default")), "[1,2]");
  EXPECT_EQ(to_text(schema.at("properties").at("maybe").at("default")), "3");
  EXPECT_EQ(to_text(schema.at("required")), R"(["empty"])");
  EXPECT_EQ(to_text(to_json(from_json<Defaults>({{"empty", "x"}}))),
            R"({"on":true,"ingredient":{"name":"salt","quantity":1},"numbers":[1,2],"maybe":3,"empty":"x"})");
}

}  // namespace
}  // namespace genkit
