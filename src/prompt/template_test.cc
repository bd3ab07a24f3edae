#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include <genkit/prompt/template.h>

namespace genkit {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

std::string render(std::string_view source, const Json& context = JsonObject(), const Json& data = nullptr) {
  return Template(source).render(context, data);
}

/// The error of compiling and rendering `source`.
Error error_of(std::string_view source, const TemplateOptions& options = {}, const Json& context = JsonObject()) {
  const auto result = attempt([&] { return Template(source, options).render(context); });
  if (result) throw std::logic_error("no error: " + std::string(source));
  return result.error();
}

TEST(Template, IsWhatTheListingInTheDocumentationSays) {
  const Template page("Dear {{name}},{{#each items}} {{@index}}:{{this}}{{/each}}");

  EXPECT_EQ(page.render({{"name", "Ann"}, {"items", {"a", "b"}}}), "Dear Ann, 0:a 1:b");
}

TEST(Template, PrintsValuesAsJavaScriptDoes) {
  EXPECT_EQ(render("{{a}}", {{"a", 0}}), "0");
  EXPECT_EQ(render("{{a}}", {{"a", false}}), "false");
  EXPECT_EQ(render("{{a}}", {{"a", nullptr}}), "");
  EXPECT_EQ(render("{{a}}", {{"a", 21.5}}), "21.5");
  EXPECT_EQ(render("{{a}}", {{"a", 1e21}}), "1e+21");
  EXPECT_EQ(render("{{a}}", {{"a", JsonArray{1, nullptr, "x", JsonArray{2, 3}}}}), "1,,x,2,3");
  EXPECT_EQ(render("{{a}}", {{"a", JsonObject()}}), "[object Object]");
}

TEST(Template, FollowsPaths) {
  const Json data = {{"a", {{"b", {{"c d", "x"}}}}}, {"list", JsonArray{"zero", "one"}}, {"text", "héllo😀"}};

  EXPECT_EQ(render("{{a.b.[c d]}} {{a/b/[c d]}} {{list.[1]}} {{list.length}} {{text.length}} {{./list}}", data),
            "x x one 2 7 zero,one");
  EXPECT_EQ(render("{{#with a}}{{#with b}}{{../../text}}{{@root.text.[1]}}{{/with}}{{/with}}", data), "héllo😀é");
}

TEST(Template, SeesNothingOfJavaScriptsPrototypes) {
  EXPECT_EQ(render("{{constructor}}{{__proto__}}{{toString}}{{a.constructor.name}}", {{"a", JsonObject()}}), "");
  EXPECT_EQ(render("{{lookup a 'constructor'}}", {{"a", JsonObject()}}), "");
}

TEST(Template, LoopsWithData) {
  EXPECT_EQ(render("{{#each o}}{{@key}}={{this}}{{#unless @last}};{{/unless}}{{/each}}", {{"o", {{"x", 1}, {"y", 2}}}}),
            "x=1;y=2");
  EXPECT_EQ(render("{{#each a}}{{#each this}}{{@../index}}{{@index}}{{@first}} {{/each}}{{/each}}",
                   {{"a", JsonArray{JsonArray{1}, JsonArray{2, 3}}}}),
            "00true 10true 11false ");
  EXPECT_EQ(render("{{#each a as |x i|}}{{i}}{{x}}{{else}}none{{/each}}", {{"a", JsonArray{}}}), "none");
  EXPECT_EQ(
      render("{{#each a as |x i|}}{{#each ../b as |y|}}{{i}}{{x}}{{y}} {{/each}}{{/each}}", {{"a", {"p", "q"}}, {"b", {"r"}}}),
      "0pr 1qr ");
}

TEST(Template, ChainsConditions) {
  const Template page("{{#if a}}A{{else if b}}B{{else unless c}}not C{{else}}rest{{/if}}");

  EXPECT_EQ(page.render({{"a", 1}}), "A");
  EXPECT_EQ(page.render({{"b", "x"}}), "B");
  EXPECT_EQ(page.render(JsonObject()), "not C");
  EXPECT_EQ(page.render({{"c", true}}), "rest");
}

TEST(Template, TakesEmptyListsForFalseAndZeroOnRequestForTrue) {
  EXPECT_EQ(render("{{#if a}}yes{{else}}no{{/if}}", {{"a", JsonArray()}}), "no");
  EXPECT_EQ(render("{{#if a}}yes{{else}}no{{/if}}", {{"a", JsonObject()}}), "yes");
  EXPECT_EQ(render("{{#if a}}yes{{else}}no{{/if}}", {{"a", 0}}), "no");
  EXPECT_EQ(render("{{#if a includeZero=true}}yes{{else}}no{{/if}}", {{"a", 0}}), "yes");
}

TEST(Template, KeepsTagsOutOfLinesOfTheirOwn) {
  EXPECT_EQ(render("a\n  {{#if x}}\n  b\n  {{else}}\n  c\n  {{/if}}\nd\n", {{"x", 1}}), "a\n  b\nd\n");
  EXPECT_EQ(render("a\n{{! note }}\nb"), "a\nb");
  EXPECT_EQ(render("a {{~x~}}  b", {{"x", "-"}}), "a-b");
}

TEST(Template, LeavesEscapedTagsAndRawBlocksAlone) {
  TemplateEnvironment environment;
  environment.define_helper("raw", [](const HelperCall& call) { return call.fn(); });

  EXPECT_EQ(render("\\{{a}} \\\\{{a}}", {{"a", 1}}), "{{a}} \\1");
  EXPECT_EQ(Template("{{{{raw}}}}{{a}} {{#if}}{{{{/raw}}}}", environment).render(JsonObject()), "{{a}} {{#if}}");
}

TEST(Template, EscapesHtmlOnlyWhenAsked) {
  const Json data = {{"a", "<b a='1'>&\"`"}};

  EXPECT_EQ(render("{{a}}", data), "<b a='1'>&\"`");
  EXPECT_EQ(Template("{{a}}|{{{a}}}|{{&a}}", {.escape_html = true}).render(data),
            "&lt;b a&#x3D;&#x27;1&#x27;&gt;&amp;&quot;&#x60;|<b a='1'>&\"`|<b a='1'>&\"`");
}

TEST(TemplatePartials, TakeContextsParametersAndIndentation) {
  TemplateEnvironment environment;
  environment.define_partial("item", "- {{name}} {{kind}}\n  more\n");

  EXPECT_EQ(Template("{{#each list}}\n    {{> item kind=../kind}}\n{{/each}}end", environment)
                .render({{"list", JsonArray{{{"name", "a"}}, {{"name", "b"}}}}, {"kind", "K"}}),
            "    - a K\n      more\n    - b K\n      more\nend");
  EXPECT_EQ(Template("{{> (lookup . 'which') other}}", environment).render({{"which", "item"}, {"other", {{"name", "o"}}}}),
            "- o \n  more\n");
}

TEST(TemplatePartials, WrapBlocksAndDefineThemselvesInline) {
  TemplateEnvironment environment;
  environment.define_partial("layout", "<{{> @partial-block}}|{{> footer}}>");

  EXPECT_EQ(
      Template("{{#> layout}}{{#*inline \"footer\"}}F{{name}}{{/inline}}body{{/layout}}", environment).render({{"name", "n"}}),
      "<body|Fn>");
  EXPECT_EQ(Template("{{#> nothing}}fallback{{/nothing}}", environment).render(JsonObject()), "fallback");
}

TEST(TemplatePartials, AreSeenAsTheyAreWhenRenderingBegins) {
  TemplateEnvironment environment;
  const Template page("{{> late}}", environment);

  environment.define_partial("late", "one");
  const std::string first = page.render(JsonObject());
  environment.define_partial("late", "two");

  EXPECT_EQ(first, "one");
  EXPECT_EQ(page.render(JsonObject()), "two");
}

TEST(TemplatePartials, ComeFromTheResolverWhenTheyAreNotDefined) {
  TemplateEnvironment environment;
  environment.set_partial_resolver([](std::string_view name) -> std::optional<std::string> {
    if (name != "known") return std::nullopt;
    return "from the resolver";
  });

  EXPECT_EQ(Template("{{> known}}", environment).render(JsonObject()), "from the resolver");
  EXPECT_THAT(attempt([&] { return Template("{{> unknown}}", environment).render(JsonObject()); }).error().message(),
              HasSubstr("the partial \"unknown\" is not defined"));
}

TEST(TemplatePartials, AreListedByName) {
  EXPECT_THAT(Template("{{> a}}{{#if x}}{{> b/c k=1}}{{/if}}{{> a}}{{#> d}}{{/d}}{{> (lookup . 'x')}}").partial_names(),
              ElementsAre("b/c", "a", "d"));
}

TEST(TemplateErrors, NameTemplateLineColumnAndShowTheLine) {
  const Error error = error_of("fine\n  {{#if x}} {{name}\nmore", {.name = "greet.prompt"});

  EXPECT_EQ(error.status(), Status::kInvalidArgument);
  EXPECT_EQ(
      error.message(),
      "template \"greet.prompt\", line 2, column 19: unexpected '}' in a tag; a name with such characters is written [name]\n"
      "      {{#if x}} {{name}\n"
      "                      ^");
  EXPECT_EQ(error.details().at("line"), 2);
  EXPECT_EQ(error.details().at("column"), 19);
}

TEST(TemplateErrors, CountLinesFromWhereTheTemplateStartsInItsFile) {
  EXPECT_THAT(error_of("\n{{#if}}{{/if}}", {.name = "f", .first_line = 10}).message(), HasSubstr("\"f\", line 11, column 1"));
}

struct Mistake {
  const char* source;
  const char* message;
};

class TemplateMistakes : public testing::TestWithParam<Mistake> {};

TEST_P(TemplateMistakes, AreToldWithAWayOut) {
  const Error error = error_of(GetParam().source);

  EXPECT_EQ(error.status(), Status::kInvalidArgument);
  EXPECT_THAT(error.message(), HasSubstr(GetParam().message));
}

INSTANTIATE_TEST_SUITE_P(
    Mistakes, TemplateMistakes,
    testing::Values(Mistake{"{{#if a}}", "this block is never closed; add {{/if}}"},
                    Mistake{"{{#if a}}{{/unless}}", "{{/unless}} does not match {{#if}}"},
                    Mistake{"{{/if}}", "there is no block to close"}, Mistake{"{{a", "a name must be followed by"},
                    Mistake{"{{", "this tag is never closed"},
                    Mistake{"{{!-- a }}", "this comment is never closed; end it with --}}"},
                    Mistake{"{{a \"b}}", "this text is never closed"}, Mistake{"{{[a}}", "this name is never closed"},
                    Mistake{"{{else}}", "{{else}} outside of a block"},
                    Mistake{"{{#if a}}{{else}}{{else}}{{/if}}", "a second {{else}}"},
                    Mistake{"{{a.b/../c}}", "invalid path \"a.b/..\""}, Mistake{"{{shout 1}}", "missing helper \"shout\""},
                    Mistake{"{{> nobody}}", "the partial \"nobody\" is not defined"},
                    Mistake{"{{#if}}x{{/if}}", "\"if\" takes 1 argument, not 0"}, Mistake{"{{if a}}", "\"if\" needs a block"},
                    Mistake{"{{#*deco \"x\"}}{{/deco}}", "unknown decorator"},
                    Mistake{"{{{{raw}}}} text", "this raw block is never closed"}, Mistake{"a\xff", "this is not UTF-8"},
                    Mistake{"a\xe2\x82", "this is not UTF-8"}, Mistake{"{{> a b c}}", "a partial takes one context"}));

TEST(TemplateErrors, ListTheHelpersThatThereAreWhenOnlyThoseMayBeUsed) {
  EXPECT_THAT(
      error_of("{{shout name}}", {.known_helpers_only = true}).message(),
      HasSubstr("unknown helper \"shout\"; define it before the template is compiled. Known: each if log lookup unless with"));
}

TEST(TemplateErrors, SayThatAValueIsNoHelper) {
  EXPECT_THAT(error_of("{{name 1}}", {}, {{"name", "Ann"}}).message(), HasSubstr("\"name\" is a value, not a helper"));
}

TEST(TemplateLimits, StopPartialsThatCallEachOtherWithoutEnd) {
  TemplateEnvironment environment;
  environment.define_partial("a", "{{> b}}");
  environment.define_partial("b", "{{> a}}");

  const Error error = attempt([&] { return Template("{{> a}}", environment).render(JsonObject()); }).error();

  EXPECT_EQ(error.status(), Status::kResourceExhausted);
  EXPECT_THAT(error.message(), HasSubstr("does a partial call itself without end? The calls were: … > \"a\" > \"b\" > \"a\""));
}

TEST(TemplateLimits, LetPartialsCallThemselvesAsLongAsTheDataGoes) {
  TemplateEnvironment environment;
  environment.define_partial("tree", "({{name}}{{#each children}}{{> tree}}{{/each}})");
  Json tree = {{"name", "leaf"}};
  for (int i = 0; i < 100; ++i) tree = {{"name", "n"}, {"children", JsonArray{tree}}};

  const std::string text = Template("{{> tree}}", environment).render(tree);

  EXPECT_EQ(text.size(), 100 * std::string("(n)").size() + std::string("(leaf)").size());
}

TEST(TemplateLimits, StopDeepTemplatesBeforeTheStackDoes) {
  std::string blocks;
  for (int i = 0; i < 100'000; ++i) blocks += "{{#if a}}";
  std::string expressions = "{{a ";
  for (int i = 0; i < 100'000; ++i) expressions += "(a ";

  EXPECT_EQ(error_of(blocks).status(), Status::kResourceExhausted);
  EXPECT_EQ(error_of(expressions).status(), Status::kResourceExhausted);
}

TEST(TemplateLimits, StopOutputAndWorkWithoutEnd) {
  TemplateEnvironment environment;
  environment.define_partial("p0", "x");
  for (int i = 1; i < 40; ++i) {
    const std::string call = "{{> p" + std::to_string(i - 1) + "}}";
    environment.define_partial("p" + std::to_string(i), call + call);
  }
  const Template output("{{> p39}}", environment, {.limits = {.output = 1000}});
  const Template steps("{{> p39}}", environment, {.limits = {.steps = 1000}});

  EXPECT_THAT(attempt([&] { return output.render(JsonObject()); }).error().message(), HasSubstr("larger than 1000 bytes"));
  EXPECT_THAT(attempt([&] { return steps.render(JsonObject()); }).error().message(), HasSubstr("more than 1000 steps"));
}

TEST(Template, CompilesTenMegabytes) {
  std::string source;
  while (source.size() < 10'000'000) source += "text {{name}} {{#if name}}\n more {{! note }}\n{{/if}}\n";

  const std::string text = Template(source).render({{"name", "n"}});

  EXPECT_EQ(text.substr(0, 15), "text n \n more \n");
}

TEST(Template, CompilesAPathOfAMillionNames) {
  std::string source = "{{a";
  for (int i = 1; i < 1'000'000; ++i) source += ".a";

  EXPECT_EQ(Template(source + "}}").render({{"a", 1}}), "");
  EXPECT_THAT(error_of("{{a.b/}}").message(), HasSubstr("expected a name after \"a.b/\""));
}

TEST(Template, IsRenderedByManyThreadsAtOnce) {
  TemplateEnvironment environment;
  environment.define_partial("p", "{{#each list}}{{this}},{{/each}}");
  const Template page("{{> p}}{{n}}", environment);
  std::vector<std::string> results(4);

  std::vector<std::thread> threads;
  for (std::size_t i = 0; i < results.size(); ++i) {
    threads.emplace_back([&, i] {
      for (int k = 0; k < 200; ++k) {
        if (i == 0) environment.define_helper("h" + std::to_string(k), [] { return "x"; });
        results[i] = page.render({{"list", {1, 2, 3}}, {"n", i}});
      }
    });
  }
  for (std::thread& thread : threads) thread.join();

  EXPECT_THAT(results, ElementsAre("1,2,3,0", "1,2,3,1", "1,2,3,2", "1,2,3,3"));
}

}  // namespace
}  // namespace genkit
