#include "prompt/front_matter.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include <genkit/base/error.h>

namespace genkit::internal {
namespace {

using testing::HasSubstr;

std::string json_of(std::string_view yaml) {
  return to_text(parse_yaml_document(yaml, "f", 1));
}

Error error_of(std::string_view yaml) {
  return attempt([&] { return parse_front_matter(yaml, "f.prompt", 2); }).error();
}

TEST(FrontMatter, IsCutFromTheTemplate) {
  const PromptParts parts = split_prompt("# License\n\n---\nmodel: m\n---\n\n  Hello\nthere \n");

  EXPECT_EQ(parts.front_matter, "model: m\n");
  EXPECT_EQ(parts.front_matter_line, 4u);
  EXPECT_EQ(parts.body, "Hello\nthere");
  EXPECT_EQ(parts.body_line, 7u);
}

TEST(FrontMatter, MayBeEmptyOrEndTheFileOrBeMissing) {
  EXPECT_TRUE(split_prompt("---\n---\nHello").has_front_matter);
  EXPECT_EQ(split_prompt("---\r\nmodel: m\r\n---").front_matter, "model: m\r\n");
  EXPECT_EQ(split_prompt("  Hello\n---\na: b\n---\n").body, "  Hello\n---\na: b\n---\n");
  EXPECT_FALSE(split_prompt("---\nnot closed\n").has_front_matter);
}

TEST(FrontMatter, ReadsScalarsAsYaml12CoreDoes) {
  EXPECT_EQ(json_of("[no, yes, on, y, true, True, FALSE, tRue]"), R"(["no","yes","on","y",true,true,false,"tRue"])");
  EXPECT_EQ(json_of("[~, null, Null, '', '~', \"null\"]"), R"([null,null,null,"","~","null"])");
  EXPECT_EQ(json_of("[12, -3, +4, 012, 0o17, 0x1F, 1_000, 12e3, 1.5, .5, 5., -.5e-2, 1.2.3, 0b1, '1', 1:30]"),
            R"([12,-3,4,12,15,31,"1_000",12000,1.5,0.5,5,-0.005,"1.2.3","0b1","1","1:30"])");
  EXPECT_EQ(json_of("[18446744073709551615, 99999999999999999999, 2001-01-01, e3, +, -, .]"),
            R"([18446744073709551615,100000000000000000000,"2001-01-01","e3","+","-","."])");
}

TEST(FrontMatter, HonoursTags) {
  EXPECT_EQ(json_of("[!!str 12, !!int 12, !!float 1, !!null '']"), R"(["12",12,1,null])");
  EXPECT_THAT(error_of("a: !!int x").message(), HasSubstr("\"x\" does not fit its tag"));
}

TEST(FrontMatter, ExpandsAliases) {
  EXPECT_EQ(json_of("a: &x {b: 1}\nc: *x\nd: [*x, *x]"), R"({"a":{"b":1},"c":{"b":1},"d":[{"b":1},{"b":1}]})");
}

TEST(FrontMatter, RefusesAliasBombs) {
  std::string bomb = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n";
  for (int i = 1; i < 9; ++i) {
    const std::string before = "*a" + std::to_string(i - 1);
    bomb += "a" + std::to_string(i) + ": &a" + std::to_string(i) + " [";
    for (int k = 0; k < 9; ++k) bomb += before + ", ";
    bomb += before + "]\n";
  }

  EXPECT_THAT(error_of(bomb).message(), HasSubstr("aliases expand to too much"));
}

TEST(FrontMatter, RefusesRepeatedAndComplexKeys) {
  EXPECT_EQ(error_of("a: 1\nb:\n  c: 1\n  c: 2\n").message(),
            "front matter of \"f.prompt\", line 5, column 3: the key \"c\" is there twice");
  EXPECT_THAT(error_of("? [a, b]\n: c").message(), HasSubstr("a key must be text"));
}

TEST(FrontMatter, NamesFileLineAndColumnOfWhatIsNoYaml) {
  const Error error = error_of("model: m\ntools: [a, b\n");

  EXPECT_EQ(error.status(), Status::kInvalidArgument);
  EXPECT_THAT(error.message(), HasSubstr("front matter of \"f.prompt\", line "));
  EXPECT_THAT(error_of("a: b: c").message(), HasSubstr("line 2, column"));
  EXPECT_THAT(error_of("- a").message(), HasSubstr("must be a mapping"));
  EXPECT_THAT(error_of("a: \xff").message(), HasSubstr("not UTF-8"));
}

TEST(FrontMatter, EndsAtDeepNesting) {
  EXPECT_THAT(error_of("a: " + std::string(10'000, '[') + std::string(10'000, ']')).message(), HasSubstr("more than 64 levels"));
  EXPECT_THAT(error_of("a:\n" +
                       [] {
                         std::string text;
                         for (int i = 1; i < 200; ++i) text += std::string(static_cast<std::size_t>(i), ' ') + "a:\n";
                         return text;
                       }())
                  .message(),
              HasSubstr("more than 64 levels"));
}

TEST(SimpleYaml, ReadsTheUsualAsYamlCppDoes) {
  for (const std::string_view text :
       {"a: 1\nb: text with words, and (signs)\nc?: 'x'  # note\n\n# comment\nd(array, list of x):\n  e: -1.5\n  (*): any\nf:\n",
        "list:\n- a\n- b: 1\n  c: [x, 'y z', {k: v, l: [1]}]\n-\n- - 1\n  - 2\nother:\n    - null\n    - {}\n    - []\n",
        "model: googleai/gemini-2.5-flash\r\nconfig:\r\n  temperature: 0.4\r\n  stopSequences: [\"</answer>\"]\r\n",
        "1: a\ntrue: b\n", "url: http://a/b#c\n", "", "# only a comment\n"}) {
    const std::optional<Json> simple = parse_simple_yaml(text);

    ASSERT_TRUE(simple) << text;
    EXPECT_EQ(to_text(*simple), json_of(text));
  }
}

TEST(SimpleYaml, LeavesTheRestToYamlCpp) {
  for (const std::string_view text :
       {"a: &x 1",     "a: *x",      "a: |\n  text", "a: b\n  goes on", "a: b: c",  "a: !!str 1", "a:\t1",  "a:\r",
        "a: \"x\\n\"", "a: 'it''s'", "? a",          "a: 1\na: 2",      "a: [1, 2", "a: [1,, 2]", "a: {b}", "a: 1\n b: 2",
        "--- a",       "a: - b",     "a : b",        "\"a\": b",        "just text"}) {
    EXPECT_FALSE(parse_simple_yaml(text)) << text;
  }
}

TEST(FrontMatter, FindsTheLineOfAValue) {
  EXPECT_EQ(find_yaml_line("model: m\ninput:\n  schema:\n    a: string\n    b: strng\n", "/input/schema/b", 2), 6u);
}

}  // namespace
}  // namespace genkit::internal
