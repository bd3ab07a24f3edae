#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "schema/printed_names.h"
#include "schema/testing_zoo.h"

// What the compilers print differs, so this runs on each of them.
namespace elsewhere {
inline namespace v1 {
template <class T, class U>
struct Page {
  std::vector<T> rows;
  U next;
};
template <class T>
struct Holder {
  enum class Mode { kOff, kOn = 3 };
};
}  // namespace v1
}  // namespace elsewhere

namespace genkit {
namespace {

using ::testing::ElementsAre;

template <class T>
std::vector<std::string> keys_of() {
  std::vector<std::string> keys;
  for (const auto& property : schema_of<T>().at("properties").as_object()) keys.emplace_back(property.key());
  return keys;
}

template <class E>
std::vector<std::string> labels_of() {
  std::vector<std::string> labels;
  for (const Json& label : schema_of<E>().at("enum").as_array()) labels.emplace_back(label.as_string());
  return labels;
}

struct Hidden {
  int x;
  struct Inner {
    bool deep;
  } inner;
  int grid[2][3];
};

TEST(MemberNames, OfStructsWhereverTheyAreDeclared) {
  struct Local {
    int l1;
    double größe;
    Hidden hidden;
    const char* unused_name() const { return "x"; }
  };

  EXPECT_THAT(keys_of<zoo::Recipe>(), ElementsAre("title", "ingredients"));
  EXPECT_THAT(keys_of<Hidden>(), ElementsAre("x", "inner", "grid"));
  EXPECT_THAT(keys_of<Hidden::Inner>(), ElementsAre("deep"));
  EXPECT_THAT(keys_of<Local>(), ElementsAre("l1", "größe", "hidden"));
  EXPECT_THAT((keys_of<elsewhere::Page<std::pair<int, bool>, std::string>>()), ElementsAre("rows", "next"));
}

TEST(MemberNames, AnEmptyStructHasNone) {
  struct Empty {};

  EXPECT_EQ(to_text(schema_of<Empty>()), R"({"type":"object","properties":{},"additionalProperties":false})");
  EXPECT_EQ(to_text(to_json(from_json<Empty>(JsonObject()))), "{}");
}

struct Five {
  int a, b, c, d, e;
};
struct Sixteen {
  int m0, m1, m2, m3, m4, m5, m6, m7, m8, m9, m10, m11, m12, m13, m14, m15;
};
struct SixtyFour {
  int m0, m1, m2, m3, m4, m5, m6, m7, m8, m9, m10, m11, m12, m13, m14, m15, m16, m17, m18, m19, m20, m21, m22, m23, m24, m25, m26,
      m27, m28, m29, m30, m31, m32, m33, m34, m35, m36, m37, m38, m39, m40, m41, m42, m43, m44, m45, m46, m47, m48, m49, m50, m51,
      m52, m53, m54, m55, m56, m57, m58, m59, m60, m61, m62, m63;
};

TEST(MemberNames, ReachUpToSixtyFour) {
  EXPECT_THAT(keys_of<Five>(), ElementsAre("a", "b", "c", "d", "e"));
  EXPECT_EQ(keys_of<Sixteen>().size(), 16u);
  ASSERT_EQ(keys_of<SixtyFour>().size(), 64u);
  EXPECT_EQ(keys_of<SixtyFour>().at(63), "m63");

  SixtyFour value{};
  value.m0 = 1;
  value.m63 = 2;
  const SixtyFour back = from_json<SixtyFour>(to_json(value));
  EXPECT_EQ(back.m0, 1);
  EXPECT_EQ(back.m63, 2);
}

enum Plain { kPlainOne = 1, kPlainFour = 4 };
enum class Flag : bool { kNo, kYes };
enum class Byte : unsigned char { kZero, kMost = 127 };
enum class Below { kLeast = -16, kMinusOne = -1 };
enum class Same { kFirst = 1, kSecond = 1 };

TEST(EnumNames, OfEnumsWithAnyValuesAndUnderlyingTypes) {
  enum class Local { kHere, kThere = 2 };

  EXPECT_THAT(labels_of<zoo::Color>(), ElementsAre("kRed", "kGreen", "kBlue"));
  EXPECT_THAT(labels_of<Plain>(), ElementsAre("kPlainOne", "kPlainFour"));
  EXPECT_THAT(labels_of<Flag>(), ElementsAre("kNo", "kYes"));
  EXPECT_THAT(labels_of<Byte>(), ElementsAre("kZero", "kMost"));
  EXPECT_THAT(labels_of<Below>(), ElementsAre("kLeast", "kMinusOne"));
  EXPECT_THAT(labels_of<Local>(), ElementsAre("kHere", "kThere"));

  // clang makes the enumerators of a template's enum when the first of them is used.
  using Mode = elsewhere::Holder<std::pair<int, zoo::Color>>::Mode;
  EXPECT_EQ(to_json(Mode::kOn), Json("kOn"));
  EXPECT_THAT(labels_of<Mode>(), ElementsAre("kOff", "kOn"));
}

TEST(EnumNames, OfTwoNamesForOneValueTheCompilerPicksOne) {
  EXPECT_EQ(labels_of<Same>().size(), 1u);
}

TEST(EnumNames, AValueWithoutNameCannotBeWritten) {
  const Error error = attempt([] { return to_json(static_cast<zoo::Color>(5)); }).error();

  EXPECT_EQ(error.status(), Status::kInvalidArgument);
  EXPECT_EQ(error.message(),
            "enum Color has no name for the value 5; list its values with genkit::enum_values in a describe function");
}

TEST(TypeNames, KeepTheArgumentsOfTemplates) {
  using Page = elsewhere::Page<int, bool>;

  EXPECT_EQ(internal::type_info<Page>().name(), "Page_int_bool");
  EXPECT_EQ(internal::type_info<zoo::Tree>().name(), "Tree");
  EXPECT_EQ(internal::type_info<Hidden::Inner>().name(), "Inner");
}

TEST(CamelCase, DropsUnderscores) {
  EXPECT_EQ(internal::camel_case("max_output_tokens"), "maxOutputTokens");
  EXPECT_EQ(internal::camel_case("name"), "name");
  EXPECT_EQ(internal::camel_case("default_"), "default");
  EXPECT_EQ(internal::camel_case("top_k"), "topK");
  EXPECT_EQ(internal::camel_case("_private"), "_private");
}

}  // namespace
}  // namespace genkit
