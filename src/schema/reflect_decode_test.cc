#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <limits>

#include "schema/testing_zoo.h"

namespace genkit {
namespace {

using ::testing::HasSubstr;
using ::testing::Optional;

/// What from_json complains about, or "" when it does not.
template <class T>
std::string complaint(std::string_view text) {
  const auto result = attempt([&] { return from_json<T>(parse_json(text)); });
  if (result) return "";
  EXPECT_EQ(result.error().status(), Status::kInvalidArgument);
  return result.error().message();
}

TEST(FromJson, FillsInWhatTheStructInitialises) {
  const auto request = from_json<zoo::JokeRequest>({{"subject", "cats"}});

  EXPECT_EQ(request.subject, "cats");
  EXPECT_EQ(request.max_words, 50);
}

TEST(FromJson, NamesThePathAndTheValueThatDoesNotFit) {
  EXPECT_EQ(complaint<zoo::Recipe>(R"({"title":"x","ingredients":[{"name":"a","quantity":1},{"name":"b","quantity":"lots"}]})"),
            R"(ingredients[1].quantity: expected number, got "lots")");
}

TEST(FromJson, ListsAllReasonsAtOnce) {
  const Error error =
      attempt([] { return from_json<zoo::JokeRequest>(parse_json(R"({"max_words":0,"tone":"dry","x":1})")); }).error();

  EXPECT_EQ(error.message(),
            "max_words: must be >= 1\n"
            "must NOT have additional properties, got \"tone\"\n"
            "must NOT have additional properties, got \"x\"\n"
            "subject: is required");
  EXPECT_EQ(to_text(error.details().at("errors").at(0)), R"({"path":"/max_words","message":"must be >= 1"})");
  EXPECT_EQ(to_text(error.details().at("errors").at(3)), R"({"path":"/subject","message":"is required"})");
}

TEST(FromJson, SaysWhatItExpectedOfEveryKind) {
  EXPECT_EQ(complaint<bool>("1"), "expected boolean, got 1");
  EXPECT_EQ(complaint<int>("3.5"), "expected integer, got 3.5");
  EXPECT_EQ(complaint<double>("null"), "expected number, got null");
  EXPECT_EQ(complaint<std::string>("{}"), "expected string, got an object");
  EXPECT_EQ(complaint<std::vector<int>>("{}"), "expected array, got an object");
  EXPECT_EQ(complaint<zoo::Recipe>("[1]"), "expected object, got an array");
  EXPECT_EQ((complaint<std::map<std::string, int>>(R"({"a":1,"b c":"x"})")), R"(["b c"]: expected integer, got "x")");
  EXPECT_EQ(complaint<zoo::Color>(R"("kPink")"),
            R"(must be equal to one of the allowed values ("kRed", "kGreen", "kBlue"), got "kPink")");
  EXPECT_EQ((complaint<std::array<int, 2>>("[1]")), "must NOT have fewer than 2 items");
  EXPECT_EQ((complaint<std::pair<int, int>>("[1,2,3]")), "must NOT have more than 2 items");
  EXPECT_EQ(complaint<std::set<int>>("[1,2,1]"), "[2]: must NOT have duplicate items, got 1 again");
  EXPECT_EQ(complaint<std::monostate>("0"), "expected null, got 0");
  EXPECT_EQ(complaint<JsonObject>("[]"), "expected object, got an array");
}

TEST(FromJson, IntegersAreExactAndBounded) {
  EXPECT_EQ(from_json<std::int64_t>(parse_json("9223372036854775807")), std::numeric_limits<std::int64_t>::max());
  EXPECT_EQ(from_json<std::int64_t>(parse_json("-9223372036854775808")), std::numeric_limits<std::int64_t>::min());
  EXPECT_EQ(from_json<std::uint64_t>(parse_json("18446744073709551615")), std::numeric_limits<std::uint64_t>::max());
  EXPECT_EQ(from_json<int>(parse_json("3.0")), 3);
  EXPECT_EQ(from_json<std::int64_t>(parse_json("-9.007199254740993e15")), -9007199254740992);
  EXPECT_EQ(from_json<std::uint64_t>(Json(9223372036854775808.0)), 9223372036854775808u);

  EXPECT_EQ(complaint<std::int8_t>("128"), "must be <= 127, got 128");
  EXPECT_EQ(complaint<std::int8_t>("-129"), "must be >= -128, got -129");
  EXPECT_EQ(complaint<std::uint8_t>("-1"), "must be >= 0, got -1");
  EXPECT_EQ(complaint<std::uint32_t>("4294967296"), "must be <= 4294967295, got 4294967296");
  EXPECT_EQ(complaint<std::int64_t>("9223372036854775808"), "must be <= 9223372036854775807, got 9223372036854775808");
  EXPECT_EQ(complaint<std::uint64_t>("1e20"), "must be <= 18446744073709551615, got 100000000000000000000");
  EXPECT_EQ(complaint<std::int64_t>("-1e19"), "must be >= -9223372036854775808, got -10000000000000000000");
  EXPECT_EQ(complaint<float>("1e39"), "must fit into a 32-bit float, got 1e+39");
  EXPECT_EQ(from_json<double>(parse_json("18446744073709551615")), 18446744073709551616.0);
}

TEST(FromJson, EveryLimitHasTheWordsOfAjv) {
  EXPECT_EQ(
      complaint<zoo::Limits>(R"({"text":"é","items":[],"color":"kRed","null_or_number":null,"whole":10,"real":1.5,"step":7})"),
      "text: must NOT have fewer than 2 characters\n"
      "items: must NOT have fewer than 1 items\n"
      "whole: must be <= 9\n"
      "real: must be < 1.5\n"
      "step: must be multiple of 5");
  EXPECT_EQ(complaint<zoo::Limits>(R"({"text":"ABCDE","items":[3,1,3,4],"color":"kRed","null_or_number":1,"real":0})"),
            "text: must NOT have more than 4 characters\n"
            "text: must match pattern \"^[a-zé]+$\"\n"
            "items: must NOT have more than 3 items\n"
            "items: must NOT have duplicate items (items ## 0 and 2 are identical)\n"
            "real: must be > 0");
  EXPECT_EQ(complaint<zoo::Limits>(R"({"text":"éé","items":[1,2,3],"color":"kRed","null_or_number":null})"), "");
}

TEST(FromJson, DescriptionsDecideWhatMayBeMissing) {
  EXPECT_EQ(complaint<zoo::Limits>("{}"),
            "text: is required\nitems: is required\ncolor: is required\nnull_or_number: is required");

  const auto limits =
      from_json<zoo::Limits>(parse_json(R"({"text":"ab","items":[1],"color":"kBlue","null_or_number":null,"unknown":1})"));
  EXPECT_TRUE(limits.flag) << "the described default";
  EXPECT_EQ(limits.whole, 5) << "the initialiser";
  EXPECT_EQ(limits.null_or_number, std::nullopt);
}

TEST(FromJson, NullIsAbsentForOptionalMembersAndKeptByJson) {
  const auto absent = from_json<zoo::Absent>(parse_json(R"({"number":null,"unique":null,"json":null})"));

  EXPECT_EQ(absent.number, std::nullopt);
  EXPECT_EQ(absent.unique, nullptr);
  EXPECT_THAT(absent.json, Optional(Json(nullptr)));
  EXPECT_EQ(to_text(to_json(absent)), R"({"json":null})");
}

TEST(FromJson, VariantsTakeTheFirstAlternativeThatFits) {
  EXPECT_EQ((from_json<std::variant<int, double>>(Json(2)).index()), 0u);
  EXPECT_EQ((from_json<std::variant<int, double>>(Json(2.5)).index()), 1u);
  EXPECT_EQ((from_json<std::variant<std::monostate, std::string>>(Json(nullptr)).index()), 0u);
  EXPECT_EQ(std::get<zoo::Square>(from_json<zoo::Figure>({{"kind", "square"}, {"side", 2}})).side, 2);
}

TEST(FromJson, VariantsReportTheAlternativeThatWasMeant) {
  EXPECT_EQ((complaint<std::variant<int, std::string>>("true")), "expected integer or string, got true");
  EXPECT_EQ((complaint<std::variant<int, std::string, zoo::Ingredient>>(R"({"name":"x"})")), "quantity: is required");
  EXPECT_EQ(complaint<zoo::Figure>(R"({"kind":"circle","radius":-1})"), "radius: must be > 0");
  EXPECT_EQ(complaint<zoo::Figure>(R"({"kind":"square","radius":1})"),
            "must NOT have additional properties, got \"radius\"\nside: is required");
  EXPECT_EQ(complaint<zoo::Figure>(R"({"kind":"hexagon"})"), "expected Circle or Square, got an object");
}

TEST(FromJson, NestedVariantsAreReadInLinearTime) {
  Json query = {{"is", {{"word", "fox"}}}};
  for (int i = 0; i < 50; ++i) query = {{"is", {{"of", JsonArray{std::move(query)}}, {"op", "any"}}}};

  const auto read = from_json<zoo::Query>(query);

  EXPECT_EQ(read.is.index(), 2u);
  EXPECT_EQ(to_json(read).at("is").at("of").as_array().size(), 1u);
}

TEST(FromJson, StopsWhenAlternativesMultiply) {
  Json side = {{"is", {{"of", JsonArray()}, {"right", 1}}}};
  for (int i = 0; i < 3; ++i) side = {{"is", {{"of", JsonArray{std::move(side)}}, {"right", 1}}}};
  EXPECT_EQ(from_json<zoo::Side>(side).is.index(), 1u);

  for (int i = 0; i < 60; ++i) side = {{"is", {{"of", JsonArray{std::move(side)}}, {"right", 1}}}};
  EXPECT_EQ(attempt([&] { return from_json<zoo::Side>(side); }).error().status(), Status::kResourceExhausted);
}

TEST(FromJson, OfManyReasonsTheFirstHundredAreListed) {
  const Error error = attempt([] { return from_json<std::vector<int>>(JsonArray(100'000, Json("x"))); }).error();

  EXPECT_EQ(error.details().at("errors").as_array().size(), 100u);
}

TEST(FromJson, ValuesThatAreNestedTooDeeplyAreRefusedBothWays) {
  Json deep = {{"name", "leaf"}, {"children", JsonArray()}};
  for (int i = 0; i < 1000; ++i) deep = {{"name", "node"}, {"children", JsonArray{std::move(deep)}}};
  EXPECT_THAT(attempt([&] { return from_json<zoo::Tree>(deep); }).error().message(),
              HasSubstr("is nested deeper than 256 levels"));

  zoo::Tree tree;
  for (int i = 0; i < 1000; ++i) {
    zoo::Tree parent;
    parent.children.push_back(std::move(tree));
    tree = std::move(parent);
  }
  EXPECT_THAT(attempt([&] { return to_json(tree); }).error().message(),
              "a value nested deeper than 256 levels cannot be written as JSON");
  std::string text;
  EXPECT_THROW(internal::type_info<zoo::Tree>().append_text(&tree, text), Error);
}

TEST(FormatIssues, WritesPointersAsPeopleWritePaths) {
  EXPECT_EQ(internal::format_issues({{"", "is bad"}, {"/a/b/1/c", "x"}, {"/3", "y"}, {"/a~1b/~0", "z"}}),
            "is bad\na.b[1].c: x\n[3]: y\n[\"a/b\"][\"~\"]: z");
}

TEST(Check, FindsOnlyWhatTypesDoNotGuarantee) {
  const internal::TypeInfo& type = internal::type_info<zoo::Limits>();
  zoo::Limits limits;
  limits.whole = 0;
  limits.text = "ok";
  limits.items = {1, 1};
  limits.real = 7;
  std::vector<internal::TypeIssue> issues;

  EXPECT_FALSE(type.check(&limits, issues));

  EXPECT_EQ(internal::format_issues(issues),
            "whole: must be >= 1\n"
            "real: must be < 1.5\n"
            "items: must NOT have duplicate items (items ## 0 and 1 are identical)");
}

TEST(Check, ReachesLimitsInsideOfContainersAndKnowsWhereThereAreNone) {
  const internal::TypeInfo& type = internal::type_info<std::map<std::string, std::vector<zoo::Figure>>>();
  const std::map<std::string, std::vector<zoo::Figure>> figures = {{"a", {zoo::Square{}, zoo::Circle{.radius = -1}}}};
  std::vector<internal::TypeIssue> issues;

  EXPECT_TRUE(type.has_constraints());
  EXPECT_FALSE(type.check(&figures, issues));
  EXPECT_EQ(internal::format_issues(issues), "a[1].radius: must be > 0");

  EXPECT_FALSE(internal::type_info<zoo::Tree>().has_constraints());
  EXPECT_FALSE(internal::type_info<zoo::Containers>().has_constraints());
}

TEST(ExtraMembers, CollectWhatIsUnknownAndWriteItBack) {
  const Json wire = parse_json(R"({"zeta":[1.50,{"b":null,"a":"é"}],"toolName":"t","alpha":18446744073709551615})");

  const auto call = from_json<zoo::ToolCall>(wire);

  EXPECT_EQ(call.tool_name, "t");
  EXPECT_EQ(to_text(to_json(call)), R"({"toolName":"t","zeta":[1.5,{"b":null,"a":"é"}],"alpha":18446744073709551615})");
}

TEST(Classes, AreReadAndWrittenThroughTheirPrivateMembers) {
  const auto account = from_json<zoo::Account>({{"owner", "Ada"}});

  EXPECT_EQ(account.owner(), "Ada");
  EXPECT_EQ(account.balance(), 10);
  EXPECT_EQ(to_text(to_json(account)), R"({"owner":"Ada","balance":10})");
  EXPECT_EQ(complaint<zoo::Account>(R"({"owner":""})"), "owner: must NOT have fewer than 1 characters");
}

}  // namespace
}  // namespace genkit
