#include "prompt/prompt_library.h"

#include <string>
#include <vector>

#include "prompt/prompt_test_support.h"
#include "test_prompts.h"

namespace genkit {
namespace {

using testing::AllOf;
using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

struct JokeRequest {
  std::string subject;
};

/// The files of testdata: those of Genkit JS's own tests, written again. From their folder, and as part of this program.
class UpstreamPrompts : public testing::TestWithParam<bool> {
 protected:
  PromptFixture fixture{false, GetParam() ? EmbeddedPrompts() : test_prompts(), GetParam() ? GENKIT_PROMPT_TESTDATA : ""};
};

INSTANTIATE_TEST_SUITE_P(PromptLibrary, UpstreamPrompts, testing::Bool(),
                         [](const auto& parameter) { return parameter.param ? "FromFiles" : "Embedded"; });

TEST_P(UpstreamPrompts, AreFoundInSubFoldersAndAsVariants) {
  EXPECT_EQ(fixture.prompt("test")().text(), "Hello from the prompt file");
  EXPECT_EQ(fixture.prompt("test", {.variant = "variant"})().text(), "Hello from a variant of the hello prompt");
  EXPECT_EQ(to_text(fixture.prompt("sub/test").render().config), R"({"temperature":12})");
  EXPECT_EQ(fixture.registry->list_offered().size(), 18u);
}

TEST_P(UpstreamPrompts, FindSchemasAndToolsByName) {
  fixture.registry->add_schema("myInputSchema", schema_of<JokeRequest>());
  fixture.registry->add_schema("myOutputSchema", {{"type", "object"}});

  EXPECT_EQ(to_text(fixture.prompt("schemaRef").render({{"subject", "x"}}).output.schema), R"({"type":"object"})");
  EXPECT_THAT(error_of([&] { fixture.prompt("badSchemaRef")(); }),
              HasMessage(AllOf(HasSubstr("badSchemaRef.prompt\", line 4"), HasSubstr("badSchemaRef1"))));
  const GenerateOptions options = fixture.prompt("toolPrompt").render({}, {.context = {{"tone", "!"}}});
  EXPECT_EQ(options.messages[0].text(), R"( toolPrompt prompt in a kind tone; "so" \ !)");
  ASSERT_EQ(options.tools.size(), 1u);
  EXPECT_EQ(options.tools[0].action()->run_json(JsonObject()), Json("I am agent A"));
}

TEST_P(UpstreamPrompts, MayHaveEverything) {
  const GenerateOptions options = fixture.prompt<JokeRequest>("kitchensink")
                                      .render({.subject = "cats"}, {.messages = {Message::user("q"), Message::model("a")}});

  EXPECT_EQ(options.model.name, "echo");
  EXPECT_EQ(to_text(options.config), R"({"temperature":11})");
  ASSERT_EQ(options.tools.size(), 2u);
  EXPECT_EQ(options.tools[1].name(), "toolB");
  EXPECT_TRUE(options.return_tool_requests);
  EXPECT_EQ(options.max_turns, 77);
  EXPECT_EQ(options.tool_choice, ToolChoice::kRequired);
  EXPECT_EQ(options.output.format, "json");
  EXPECT_EQ(options.output.schema.at("properties").at("arr").at("type"), "array");
  EXPECT_EQ(text_of(options), R"([{"role":"system","content":[{"text":" Hello "}]},)"
                              R"({"role":"user","content":[{"text":"q"}],"metadata":{"purpose":"history"}},)"
                              R"({"role":"model","content":[{"text":"a"}],"metadata":{"purpose":"history"}},)"
                              R"({"role":"model","content":[{"text":" from the prompt file cats"}]}])");
  EXPECT_THAT(fixture.log.lines(), IsEmpty());
}

TEST(PromptLibrary, ListsAFileWithTheMetadataOfTheOtherLanguages) {
  PromptFixture fixture;
  fixture.folder.write("sub/hello.pirate.prompt", R"(---
model: echo
description: Says hello
config: {temperature: 0.3}
input:
  schema: {name: 'string, who to greet'}
---
Arr, hail {{name}}!)");

  std::vector<std::string> keys;
  for (const ActionInfo& info : fixture.registry->list_offered()) keys.push_back(info.key);
  const ActionInfo info = fixture.registry->find("/executable-prompt/sub/hello.pirate")->info();

  EXPECT_THAT(keys, ElementsAre("/prompt/sub/hello.pirate", "/executable-prompt/sub/hello.pirate"));
  EXPECT_EQ(info.description, "Says hello");
  const std::string schema =
      R"({"type":"object","properties":{"name":{"type":"string","description":"who to greet"}},"required":["name"],)"
      R"("additionalProperties":false})";
  EXPECT_EQ(to_text(*info.input_schema), schema);
  EXPECT_EQ(to_text(info.metadata),
            R"({"type":"prompt","prompt":{"ext":{},"metadata":{},"config":{"temperature":0.3},"model":"echo",)"
            R"("description":"Says hello","input":{"schema":)" +
                schema +
                R"(},"raw":{"model":"echo","description":"Says hello",)"
                R"("config":{"temperature":0.3},"input":{"schema":{"name":"string, who to greet"}}},"variant":"pirate","use":[],)"
                R"("template":"Arr, hail {{name}}!","name":"sub/hello","tools":[]}})");
}

TEST(PromptLibrary, FindsVariants) {
  PromptFixture fixture;
  fixture.folder.write("test.prompt", "plain");
  fixture.folder.write("test.variant.prompt", "variant");

  EXPECT_EQ(fixture.prompt("test")().text(), "plain");
  EXPECT_EQ(fixture.prompt("test", {.variant = "variant"})().text(), "variant");
  EXPECT_EQ(fixture.prompt("test.variant")().text(), "variant");
  const auto error = error_of([&] { fixture.prompt("test", {.variant = "other"}); });
  EXPECT_THAT(error, HasStatus(Status::kNotFound));
  EXPECT_THAT(error, HasMessage(AllOf(HasSubstr("prompt \"test\" (variant other) not found"), HasSubstr("test.variant"))));
}

TEST(PromptLibrary, ResolvesSchemasByName) {
  PromptFixture fixture;
  fixture.folder.write("ref.prompt", "---\ninput:\n  schema: Request\noutput:\n  schema: Reply\n---\n{{subject}}");
  auto prompt = fixture.prompt("ref");

  const auto error = error_of([&] { prompt({{"subject", "cats"}}); });
  fixture.registry->add_schema("Request", schema_of<JokeRequest>());
  fixture.registry->add_schema("Reply", {{"type", "object"}});

  EXPECT_THAT(error, HasStatus(Status::kNotFound));
  EXPECT_THAT(error, HasMessage(AllOf(HasSubstr("ref.prompt\", line 3"), HasSubstr("Request"))));
  EXPECT_EQ(to_text(prompt.render({{"subject", "cats"}}).output.schema), R"({"type":"object"})");
  EXPECT_THAT(error_of([&] { prompt({{"subjekt", "cats"}}); }),
              HasMessage(AllOf(HasSubstr("ref.prompt\", line 3"), HasSubstr("must have required property 'subject'"))));
}

TEST(PromptLibrary, ChecksInputAgainstPicoschemaButLetsMoreIn) {
  PromptFixture fixture;
  fixture.folder.write(
      "a.prompt", "---\ninput:\n  schema:\n    name: string\n    guest(object):\n      age: integer\n---\n{{name}} {{extra}}");

  EXPECT_EQ(fixture.prompt("a")({{"name", "Ann"}, {"guest", {{"age", 1}}}, {"extra", "x"}}).text(), "Ann x");
  EXPECT_THAT(error_of([&] { fixture.prompt("a")({{"name", 1}, {"guest", {{"age", "old"}}}}); }),
              HasMessage(AllOf(HasSubstr("a.prompt\", line 3"), HasSubstr("name: must be string"),
                               HasSubstr("guest.age: must be integer"))));
}

TEST(PromptLibrary, ReportsABrokenFileWhenItIsUsed) {
  PromptFixture fixture;
  fixture.folder.write("yaml.prompt", "---\nmodel: echo\nmodel: twice\n---\nx");
  fixture.folder.write("turns.prompt", "---\nmodel: echo\nmaxTurns: many\n---\nx");
  fixture.folder.write("template.prompt", "---\nmodel: echo\n---\n\n{{#if x}}");
  fixture.folder.write("good.prompt", "x");

  const auto yaml = error_of([&, prompt = fixture.prompt("yaml")] { prompt(); });
  const auto turns = error_of([&, prompt = fixture.prompt("turns")] { prompt(); });
  const auto broken = error_of([&, prompt = fixture.prompt("template")] { prompt(); });

  EXPECT_THAT(yaml, HasMessage(AllOf(HasSubstr("yaml.prompt\", line 3"), HasSubstr("twice"))));
  EXPECT_THAT(turns, HasMessage(AllOf(HasSubstr("turns.prompt\", line 3"), HasSubstr("maxTurns"))));
  EXPECT_THAT(broken, HasMessage(HasSubstr("template.prompt\", line 5")));
  EXPECT_EQ(fixture.prompt("good")().text(), "x");
  // All are listed; those that cannot be used say why.
  EXPECT_EQ(fixture.registry->list_offered().size(), 8u);
  const auto action = fixture.registry->find("/prompt/yaml");
  EXPECT_THAT(action->info().description, HasSubstr("Cannot be used"));
  EXPECT_THAT(error_of([&] { action->run_json(JsonObject()); }), HasMessage(HasSubstr("line 3")));
}

TEST(PromptLibrary, SeesAChangedFileAtTheNextUse) {
  PromptFixture fixture(true);
  fixture.folder.write("a.prompt", "one {{>p}}");
  fixture.folder.write("_p.prompt", "partial");
  auto prompt = fixture.prompt("a");
  EXPECT_EQ(prompt().text(), "one partial");

  fixture.folder.write("a.prompt", "---\ndescription: new\n---\ntwo {{>p}}");
  fixture.folder.write("_p.prompt", "other");
  EXPECT_EQ(prompt().text(), "two other");
  EXPECT_EQ(fixture.registry->find("/prompt/a")->info().description, "new");

  // A broken file is reported; the last good one is not used in its place.
  fixture.folder.write("a.prompt", "---\nconfig: [\n---\nthree");
  EXPECT_THAT(error_of([&] { prompt(); }), HasMessage(HasSubstr("a.prompt")));
  EXPECT_THAT(fixture.log.lines(), Contains(HasSubstr("a.prompt")));

  fixture.folder.write("a.prompt", "four");
  EXPECT_EQ(prompt().text(), "four");

  fixture.folder.write("late.prompt", "late");
  EXPECT_EQ(fixture.prompt("late")().text(), "late");

  fixture.folder.remove("a.prompt");
  EXPECT_THAT(error_of([&] { prompt(); }), HasStatus(Status::kNotFound));
}

TEST(PromptLibrary, StaysAsItWasWhenItDoesNotReload) {
  PromptFixture fixture;
  fixture.folder.write("a.prompt", "one");
  auto prompt = fixture.prompt("a");
  EXPECT_EQ(prompt().text(), "one");

  fixture.folder.write("a.prompt", "two");

  EXPECT_EQ(prompt().text(), "one");
}

TEST(PromptLibrary, PrefersCodeToFiles) {
  PromptFixture fixture;
  fixture.folder.write("a.prompt", "file {{>p}}");
  fixture.folder.write("_p.prompt", "file partial");
  EXPECT_EQ(fixture.prompt("a")().text(), "file file partial");

  fixture.library->dotprompt().environment().define_partial("p", "code partial");
  EXPECT_EQ(fixture.prompt("a")().text(), "file code partial");
  fixture.define({.name = "a", .prompt = "code"});

  EXPECT_EQ(fixture.prompt("a")().text(), "code");
  EXPECT_THAT(fixture.registry->list_offered(), IsEmpty());
}

TEST(PromptLibrary, TakesAnotherPromptAsATool) {
  PromptFixture fixture;
  fixture.folder.write("toolPrompt.prompt", "---\ndescription: a prompt in a file\ntools: [agentA, getWeather]\n---\nAsk agentA");
  fixture.folder.write("agentA.prompt", "---\ndescription: agent A\n---\nI am agent A");
  fixture.registry->add(tool({.name = "getWeather", .description = "Weather"}, [](const JokeRequest&) { return 1; }));

  const GenerateOptions options = fixture.prompt("toolPrompt").render();

  ASSERT_EQ(options.tools.size(), 2u);
  ASSERT_TRUE(options.tools[0].action());
  EXPECT_EQ(options.tools[0].action()->info().description, "agent A");
  EXPECT_EQ(options.tools[0].action()->run_json(JsonObject()), Json("I am agent A"));
  EXPECT_FALSE(options.tools[1].action());
}

TEST(PromptLibrary, KnowsTheMiddlewareThatAFileAsksFor) {
  PromptFixture fixture;
  fixture.folder.write("m.prompt", "---\nmodel: echo\nuse:\n  - retry\n  - name: log\n    config: {level: 1}\n---\nx");

  const auto executable = fixture.registry->find("/executable-prompt/m");

  const std::string use = R"([{"name":"retry"},{"name":"log","config":{"level":1}}])";
  EXPECT_EQ(to_text(executable->info().metadata.at("prompt").at("use")), use);
  EXPECT_EQ(to_text(executable->run_json(JsonObject()).at("use")), use);
  EXPECT_THAT(error_of([&, prompt = fixture.prompt("m")] { prompt(); }),
              HasMessage(AllOf(HasSubstr("m.prompt\", line 3"), HasSubstr("middleware \"retry\" not found"))));
}

TEST(PromptLibrary, WarnsAboutKeysThatMeanNothing) {
  PromptFixture fixture;
  fixture.folder.write("typo.prompt", "---\nmodel: echo\nmaxturns: 3\nmyext.x: 1\n---\nx");

  EXPECT_EQ(fixture.prompt("typo")().text(), "x");

  EXPECT_THAT(fixture.log.lines(), ElementsAre(AllOf(HasSubstr("\"maxturns\" in line 3"), HasSubstr("means nothing"))));
}

TEST(PromptLibrary, WarnsAboutFrontMatterWithoutAnEnd) {
  PromptFixture fixture;
  fixture.folder.write("open.prompt", "---\nmodel: echo\nHello");
  fixture.folder.write("none.prompt", "Hello");
  fixture.folder.write("whole.prompt", "---\nmodel: echo\n---\nHello");
  for (const char* name : {"open", "none", "whole"}) fixture.prompt(name).render();
  EXPECT_THAT(fixture.log.lines(), ElementsAre(AllOf(HasSubstr("open.prompt"), HasSubstr("no second one"))));
}

TEST(PromptLibrary, WarnsAboutTheFirstOfManyKeysThatMeanNothing) {
  constexpr int kKeys = 20'000;
  PromptFixture fixture;
  std::string text = "---\nmodel: echo\n";
  for (int i = 0; i < kKeys; ++i) text += "key" + std::to_string(i) + ": 1\n";
  fixture.folder.write("many.prompt", text + "---\nx");

  EXPECT_EQ(fixture.prompt("many")().text(), "x");

  const std::vector<std::string> lines = fixture.log.lines();
  ASSERT_EQ(lines.size(), 11u);
  EXPECT_THAT(lines[9], HasSubstr("\"key9\" in line 12"));
  EXPECT_THAT(lines[10], HasSubstr("many.prompt\" has 19990 more keys that mean nothing"));
}

TEST(PromptLibrary, DoesNothingBeforeItIsUsed) {
  PromptFixture fixture;
  fixture.folder.write("broken.prompt", "---\n[\n---\nx");

  EXPECT_FALSE(fixture.registry->find("/model/nobody"));
  EXPECT_FALSE(fixture.registry->find("/flow/nobody"));

  EXPECT_THAT(fixture.log.lines(), IsEmpty());
}

TEST(PromptLibrary, SaysThatThereIsNoPromptDirectory) {
  const PromptFixture fixture;
  const auto library = std::make_shared<internal::PromptLibrary>(fixture.registry, internal::PromptFilesOptions{});

  EXPECT_THAT(error_of([&] { library->lookup("x", {}); }),
              HasMessage(HasSubstr("prompt \"x\" not found: it is not defined in code, and there is no prompt directory")));
}

TEST(PromptLibrary, CannotBeUsedWithoutItsGenkit) {
  auto prompt = [] {
    PromptFixture fixture;
    return fixture.define({.name = "p", .prompt = "x"});
  }();

  EXPECT_THAT(error_of([&] { prompt(); }), HasStatus(Status::kFailedPrecondition));
}

}  // namespace
}  // namespace genkit
