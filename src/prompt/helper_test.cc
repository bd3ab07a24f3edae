#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include <genkit/prompt/template.h>
#include <genkit/runtime/future.h>

namespace genkit {
namespace {

using testing::HasSubstr;

class Helpers : public testing::Test {
 protected:
  std::string render(std::string_view source, const Json& context = JsonObject()) {
    return Template(source, environment, {.name = "t"}).render(context);
  }
  Error error_of(std::string_view source, const Json& context = JsonObject()) {
    return attempt([&] { return render(source, context); }).error();
  }

  TemplateEnvironment environment;
};

std::string twice(std::string_view text) {
  return std::string(text) + std::string(text);
}

TEST_F(Helpers, TakeTheirParametersAsTheirTypesSay) {
  environment.define_helper("twice", twice);
  environment.define_helper("add", [](int a, double b) { return a + b; });
  environment.define_helper("not", [](bool value) { return !value; });
  environment.define_helper("size", [](const Json& value) { return value.is_array() ? value.get_array().size() : 0; });
  environment.define_helper(
      "greet", [](std::string name, std::optional<std::string> title) { return title.value_or("Dear") + " " + name; });

  EXPECT_EQ(render("{{twice name}} {{twice 1.50}} {{add 1 2.5}} {{not ''}} {{size list}} {{greet name}} {{greet name 'Dr'}}",
                   {{"name", "Ann"}, {"list", {1, 2}}}),
            "AnnAnn 1.51.5 3.5 true 2 Dear Ann Dr Ann");
}

TEST_F(Helpers, SayWhatIsWrongWithTheirArguments) {
  environment.define_helper("add", [](int a, int b) { return a + b; });
  environment.define_helper("byte", [](unsigned char value) { return static_cast<int>(value); });

  EXPECT_THAT(error_of("\n{{add 1}}").message(),
              HasSubstr("template \"t\", line 2, column 1: helper \"add\": takes 2 arguments, not 1"));
  EXPECT_THAT(error_of("{{add 1 'x'}}").message(), HasSubstr("argument 2 must be a number, not text"));
  EXPECT_THAT(error_of("{{add 1 1.5}}").message(), HasSubstr("argument 2 must be a whole number of 64 bits, not 1.5"));
  EXPECT_THAT(error_of("{{byte 300}}").message(), HasSubstr("argument 1 is out of range"));
}

TEST_F(Helpers, RenderTheirBlocks) {
  environment.define_helper("repeat", [](int times, const HelperCall& call) {
    std::string out;
    for (int i = 0; i < times; ++i) {
      const Json data = {{"turn", i}};
      const Json parameters = JsonArray{i * 10};
      out += call.fn(call.context(), {.data = &data, .block_params = &parameters});
    }
    return times > 0 ? out : call.inverse();
  });

  EXPECT_EQ(render("{{#repeat 2 as |ten|}}{{name}}{{@turn}}{{ten}} {{else}}none{{/repeat}}", {{"name", "n"}}), "n00 n110 ");
  EXPECT_EQ(render("{{#repeat 0}}x{{else}}none {{name}}{{/repeat}}", {{"name", "n"}}), "none n");
}

TEST_F(Helpers, SeeTheWholeCall) {
  environment.define_helper("call", [](const HelperCall& call) {
    std::string out = std::string(call.name()) + " " + std::to_string(call.size());
    for (const std::string_view key : call.hash_keys()) out += " " + std::string(key) + "=" + to_text(*call.hash(key));
    out += call.is_undefined(0) ? " undefined" : " defined";
    out += call.data("root") ? " root" : "";
    return out + (call.is_block() ? " block" : "");
  });

  EXPECT_EQ(render("{{call missing b=1 a=list}}", {{"list", {1, "x"}}}), "call 1 b=1 a=[1,\"x\"] undefined root");
  EXPECT_EQ(render("{{#call 1}}{{/call}}"), "call 1 defined root block");
}

TEST_F(Helpers, NestAsSubexpressions) {
  environment.define_helper("join", [](std::string_view a, std::string_view b) { return std::string(a) + "-" + std::string(b); });
  environment.define_helper("person", [](std::string_view name) { return Json{{"name", name}}; });

  EXPECT_EQ(render("{{join (join 'a' 'b') (join 1 2)}}{{#with (person 'Ann')}} {{name}}{{/with}}"), "a-b-1-2 Ann");
}

TEST_F(Helpers, MarkTextThatIsNotToBeEscaped) {
  environment.define_helper("plain", [] { return "<b>"; });
  environment.define_helper("safe", [] { return SafeText{"<b>"}; });

  EXPECT_EQ(Template("{{plain}}{{safe}}", environment, {.escape_html = true}).render(JsonObject()), "&lt;b&gt;<b>");
}

TEST_F(Helpers, TurnTheirExceptionsIntoErrorsOfTheTemplate) {
  environment.define_helper("throws", []() -> std::string { throw std::runtime_error("disk full"); });
  environment.define_helper("cancels", []() -> std::string { throw Error(Status::kCancelled, "stopped"); });

  EXPECT_EQ(error_of("{{throws}}").status(), Status::kInternal);
  EXPECT_THAT(error_of("{{throws}}").message(), HasSubstr("helper \"throws\": disk full"));
  EXPECT_EQ(error_of("{{cancels}}").status(), Status::kCancelled);
}

TEST_F(Helpers, GoOnAfterABlockThatFails) {
  environment.define_helper("try", [](const HelperCall& call) {
    const auto result = attempt([&] { return call.fn(); });
    return result ? *result : std::string("failed");
  });

  EXPECT_EQ(render("a{{#try}}b{{#each list}}{{> nobody}}{{/each}}{{/try}}c{{#try}}d{{/try}}", {{"list", {1}}}), "afailedcd");
}

TEST_F(Helpers, AreCalledForWhatIsMissing) {
  environment.define_helper("helperMissing", [](const HelperCall& call) { return "no " + std::string(call.name()); });
  environment.define_helper("blockHelperMissing", [](const HelperCall& call) { return "block " + to_text(call[0]); });

  EXPECT_EQ(render("{{nothing}}; {{nothing 1}}; {{#list}}x{{/list}}", {{"list", {1}}}), "no nothing; no nothing; block [1]");
}

TEST_F(Helpers, OfOneEnvironmentAreUnknownToAnother) {
  TemplateEnvironment other;
  environment.define_helper("who", [] { return "mine"; });
  other.define_helper("who", [] { return "theirs"; });

  EXPECT_EQ(render("{{who}}"), "mine");
  EXPECT_EQ(Template("{{who}}", other).render(JsonObject()), "theirs");
  EXPECT_EQ(Template("{{who}}").render({{"who", "data"}}), "data");
}

TEST_F(Helpers, DefinedLaterAreFoundByNameUnlessOnlyKnownOnesMayBeUsed) {
  const Template open("{{late}}", environment);
  environment.define_helper("late", [] { return "found"; });

  EXPECT_EQ(open.render({{"late", "value"}}), "found");
}

TEST_F(Helpers, StopNestingBeforeTheStackOfAFiberDoes) {
  environment.define_helper("block", [](const HelperCall& call) { return call.fn(); });
  environment.define_partial("again", "{{#block}}{{> again}}{{/block}}");

  auto status = async([&] { return error_of("{{> again}}").status(); });

  EXPECT_EQ(status.get(), Status::kResourceExhausted);
}

TEST_F(Helpers, LeaveNoTraceOfABlockThatWasTooDeep) {
  environment.define_helper("calm", [](const HelperCall& call) {
    try {
      return call.fn();
    } catch (const Error&) {
      return std::string("!");
    }
  });
  const std::string deep = "{{#calm}}{{> again}}{{/calm}}";
  std::string page;
  for (int i = 0; i < 19; ++i) page += deep;
  environment.define_partial("again", "{{> again}}");
  const Template compiled(page + "{{#if yes}}{{#if yes}}ok{{/if}}{{/if}}", environment, {.limits = {.nesting = 20}});

  EXPECT_EQ(compiled.render({{"yes", true}}), std::string(19, '!') + "ok");
}

TEST_F(Helpers, AreNotGivenObjectsOfObjectsWithoutEnd) {
  environment.define_helper("show", [](const Json& value) { return value.is_object(); });
  environment.define_partial("twice", "{{show this}}{{> twice a=this b=this}}");

  const Template page("{{> twice}}", environment, {.limits = {.steps = 100'000}});

  EXPECT_EQ(attempt([&] { return page.render(JsonObject()); }).error().status(), Status::kResourceExhausted);
}

TEST_F(Helpers, LogToTheLoggerOfTheEnvironment) {
  std::vector<std::string> lines;
  environment.set_logger(Logger([&](const LogRecord& record) {
    lines.push_back(std::to_string(static_cast<int>(record.level)) + " " + std::string(record.message));
  }));

  EXPECT_EQ(render("{{log 'a' list}}{{log 'b' level='warn'}}", {{"list", {1}}}), "");
  EXPECT_THAT(lines, testing::ElementsAre("1 a [1]", "2 b"));
}

}  // namespace
}  // namespace genkit
