#include <genkit/prompt/prompt.h>

#include <algorithm>
#include <atomic>
#include <string>
#include <thread>
#include <vector>

#include "prompt/prompt_test_support.h"

namespace genkit {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

struct Guest {
  std::string name;
  int visits = 0;
};
constexpr auto describe(Type<Guest>) {
  return fields(field<&Guest::visits>().minimum(0));
}
struct Joke {
  std::string setup;
  std::string punchline;
};

TEST(Prompt, RendersItsTemplatesAndAsksTheModel) {
  PromptFixture fixture;
  auto greet = fixture.define<Guest>(
      {.name = "greet", .description = "Greets a guest", .system = "You are a butler.", .prompt = "Welcome {{name}}!"});

  const Response response = greet({.name = "Ann"});

  EXPECT_EQ(response.text(), "Welcome Ann!");
  EXPECT_EQ(fixture.asked(), R"([{"role":"system","content":[{"text":"You are a butler."}]},)"
                             R"({"role":"user","content":[{"text":"Welcome Ann!"}]}])");
}

TEST(Prompt, TakesPartsAndFunctions) {
  PromptFixture fixture;
  auto describe_picture =
      fixture.define<Guest>({.name = "describe",
                             .system = {text("{{not a template}}")},
                             .prompt =
                                 [](const Guest& guest, const PromptContext& context) {
                                   return guest.name + std::to_string(guest.visits) + to_text(context.context);
                                 },
                             .messages =
                                 [](const Guest&, const PromptContext& context) {
                                   std::vector<Message> messages = context.history;
                                   messages.push_back(Message::model("noted"));
                                   return messages;
                                 },
                             .docs = [](const Guest& guest) { return std::vector{Document::of_text("About " + guest.name)}; }});

  const GenerateOptions options =
      describe_picture.render({.name = "Ann", .visits = 2}, {.messages = {Message::user("before")}, .context = {{"who", "u"}}});

  EXPECT_EQ(text_of(options), R"([{"role":"system","content":[{"text":"{{not a template}}"}]},)"
                              R"({"role":"user","content":[{"text":"before"}]},)"
                              R"({"role":"model","content":[{"text":"noted"}]},)"
                              R"({"role":"user","content":[{"text":"Ann2{\"who\":\"u\"}"}]}])");
  ASSERT_EQ(options.docs.size(), 1u);
  EXPECT_EQ(options.docs[0].text(), "About Ann");
}

TEST(Prompt, PutsTheConversationWhereItBelongs) {
  PromptFixture fixture;
  const std::vector<Message> history = {Message::user("q"), Message::model("a")};
  auto plain = fixture.define({.name = "plain", .system = "s", .prompt = "p"});
  auto fixed = fixture.define({.name = "fixed", .prompt = "p", .messages = {Message::user("example")}});
  auto templated = fixture.define({.name = "templated", .messages = "{{role \"system\"}}s{{history}}{{role \"user\"}}{{x}}"});

  const auto roles = [&](const Prompt<>& prompt) {
    std::string text;
    for (const Message& message : prompt.render({{"x", "p"}}, {.messages = history}).messages) text += message.text() + " ";
    return text;
  };

  EXPECT_EQ(roles(plain), "s q a p ");
  EXPECT_EQ(roles(fixed), "example q a p ");
  EXPECT_EQ(roles(templated), "s q a p ");
}

TEST(Prompt, ShowsTheConversationToTemplatesAndFunctions) {
  PromptFixture fixture;
  auto prompt = fixture.define(
      {.name = "p",
       .prompt = [](const Json&, const PromptContext& context) { return std::to_string(context.history.size()); },
       .messages = "{{#with @metadata}}{{messages.length}} {{messages.[1].content.[0].text}}{{/with}}{{history}}{{history}}"});

  const GenerateOptions options = prompt.render(nullptr, {.messages = {Message::user("q"), Message::model("a")}});

  EXPECT_EQ(text_of(options), R"([{"role":"user","content":[{"text":"2 a"}]},)"
                              R"({"role":"user","content":[{"text":"q"}],"metadata":{"purpose":"history"}},)"
                              R"({"role":"model","content":[{"text":"a"}],"metadata":{"purpose":"history"}},)"
                              R"({"role":"user","content":[{"text":"q"}],"metadata":{"purpose":"history"}},)"
                              R"({"role":"model","content":[{"text":"a"}],"metadata":{"purpose":"history"}},)"
                              R"({"role":"user","content":[{"text":"2"}]}])");
}

TEST(Prompt, LetsACallReplaceWhatItSays) {
  PromptFixture fixture;
  auto prompt = fixture.define({.name = "p",
                                .model = "echo",
                                .prompt = "x",
                                .tool_choice = ToolChoice::kRequired,
                                .config = {{"temperature", 1.0}, {"topK", 3}},
                                .max_turns = 7});

  const GenerateOptions kept = prompt.render();
  const GenerateOptions replaced = prompt.render(
      nullptr, {.model = "other", .tool_choice = ToolChoice::kNone, .config = {{"temperature", 0.5}}, .max_turns = 1});

  EXPECT_EQ(kept.model.name, "echo");
  EXPECT_EQ(kept.max_turns, 7);
  EXPECT_EQ(replaced.model.name, "other");
  EXPECT_EQ(to_text(replaced.config), R"({"temperature":0.5,"topK":3})");
  EXPECT_EQ(replaced.max_turns, 1);
  EXPECT_EQ(replaced.tool_choice, ToolChoice::kNone);
  EXPECT_THAT(error_of([&] { prompt(nullptr, {.prompt = "y"}); }), HasStatus(Status::kInvalidArgument));
}

TEST(Prompt, StreamsItsAnswer) {
  PromptFixture fixture;
  auto greet = fixture.define<Guest>({.name = "greet", .prompt = "Welcome {{name}}!"});
  std::vector<std::string> chunks;

  auto stream = greet.stream({.name = "Ann"});
  for (const auto& chunk : stream) chunks.push_back(chunk.text());

  EXPECT_THAT(chunks, ElementsAre("Welcome ", "Ann!"));
  EXPECT_EQ(stream.response().text(), "Welcome Ann!");
}

TEST(Prompt, ItsStreamSaysThatItWasMovedFrom) {
  PromptFixture fixture;
  auto greet = fixture.define<Guest>({.name = "greet", .prompt = "Welcome {{name}}!"});
  auto joke = fixture.define<Json, Joke>({.name = "joke", .prompt = R"({"setup":"?","punchline":"!"})"});
  auto stream = greet.stream({.name = "Ann"});
  auto typed = joke.stream({});
  const auto moved = [&] { return std::move(stream); }();
  const auto moved_typed = [&] { return std::move(typed); }();

  stream.cancel();
  typed.cancel();

  EXPECT_THAT(error_of([&] { stream.response(); }), HasStatus(Status::kFailedPrecondition));
  EXPECT_THAT(error_of([&] { stream.output(); }), HasMessage(HasSubstr("moved from")));
  EXPECT_THAT(error_of([&] { stream.begin(); }), HasStatus(Status::kFailedPrecondition));
  EXPECT_THAT(error_of([&] { typed.response(); }), HasStatus(Status::kFailedPrecondition));
  EXPECT_THAT(error_of([&] { typed.begin(); }), HasStatus(Status::kFailedPrecondition));
}

TEST(Prompt, StreamsChangesThatAreNotMuchLargerThanTheAnswer) {
  PromptFixture fixture;
  const std::string key(10'000, 'k');
  std::string answer = "{\"" + key + "\":[";
  for (int i = 0; i < 20'000; ++i) answer += "1,";
  answer += "1]}";
  auto tell = fixture.define<Json>({.name = "tell", .prompt = "{{x}}", .output = {.format = "json"}});
  std::size_t bytes = 0;
  Json told;

  auto stream = tell.stream({{"x", answer}});
  for (const auto& chunk : stream) {
    for (const OutputDelta& delta : chunk.deltas()) {
      bytes += delta.path.size() + to_text(delta.value).size();
      if (delta.path.empty()) told = delta.value;
    }
  }

  EXPECT_LT(bytes, 20 * answer.size());
  EXPECT_EQ(to_text(told), answer);
}

TEST(Prompt, GivesAStructWhenItIsAskedForOne) {
  PromptFixture fixture;
  auto tell = fixture.define<Json, Joke>({.name = "tell", .prompt = R"({"setup":"{{subject}}?","punchline":"!"})"});

  const Joke joke = tell({{"subject", "cats"}}).output();

  EXPECT_EQ(joke.setup, "cats?");
  EXPECT_EQ(tell.render({{"subject", "cats"}}).output.schema, schema_of<Joke>());
}

TEST(Prompt, StreamsAStruct) {
  PromptFixture fixture;
  auto tell = fixture.define<Json, Joke>({.name = "tell", .prompt = R"({"setup":"{{subject}} ?","punchline":"!"})"});
  std::vector<std::string> setups;

  auto stream = tell.stream({{"subject", "cats"}});
  for (const auto& chunk : stream) setups.push_back(chunk.output().setup);

  // More chunks follow: the model says its instructions, too.
  ASSERT_GE(setups.size(), 2u);
  EXPECT_EQ(setups[0], "cats ");
  EXPECT_EQ(setups[1], "cats ?");
  EXPECT_EQ(stream.output().punchline, "!");
}

TEST(Prompt, ReportsWhatIsWrongWhenItsStreamIsRead) {
  PromptFixture fixture;
  auto broken = fixture.define({.name = "broken", .prompt = "{{#if x}}"});

  auto stream = broken.stream({});

  EXPECT_THAT(error_of([&] { stream.response(); }), HasStatus(Status::kInvalidArgument));
}

TEST(Prompt, ShowsTheContextToTemplates) {
  PromptFixture fixture;
  auto prompt = fixture.define({.name = "p", .prompt = "{{@auth.uid}} {{@tenant}}"});

  prompt(nullptr, {.context = {{"auth", {{"uid", "u1"}}}, {"tenant", "t"}}});

  EXPECT_EQ(fixture.echo.last_request().last_text(), "u1 t");
  const ScopedContext scope(Context::current().with_user({{"auth", {{"uid", "u2"}}}}));
  EXPECT_EQ(prompt().text(), "u2 ");
}

TEST(Prompt, IsTracedAsInTheOtherLanguages) {
  PromptFixture fixture;
  auto greet = fixture.define<Guest>({.name = "greet", .prompt = "Welcome {{name}}!"});

  greet({.name = "Ann"});

  std::vector<std::string> paths;
  for (const auto& span : fixture.exporter->spans()) paths.push_back(span->path);
  EXPECT_THAT(paths, ElementsAre("/{greet,t:dotprompt}/{render,t:promptTemplate}",
                                 "/{greet,t:dotprompt}/{generate,t:util}/{echo,t:action,s:model}",
                                 "/{greet,t:dotprompt}/{generate,t:util}", "/{greet,t:dotprompt}"));
  const SpanData& render = *fixture.exporter->spans().front();
  EXPECT_EQ(render.input, R"({"name":"Ann","visits":0})");
  EXPECT_EQ(render.output, R"({"model":"echo","messages":[{"role":"user","content":[{"text":"Welcome Ann!"}]}]})");
  ASSERT_EQ(render.attributes.size(), 1u);
  EXPECT_EQ(render.attributes[0].name, "genkit:metadata:promptName");
}

TEST(Prompt, ItsSpanShowsTheWholeRequest) {
  PromptFixture fixture;
  auto greet = fixture.define<Guest, Joke>({.name = "greet",
                                            .prompt = "Welcome {{name}}!",
                                            .tools = {"getWeather"},
                                            .config = {{"temperature", 1}},
                                            .output = {.constrained = true}});

  const GenerateOptions options = greet.render({.name = "Ann"}, {.messages = {Message::user("before")}, .max_turns = 2});

  const std::string schema = to_text(schema_of<Joke>());
  EXPECT_EQ(fixture.exporter->spans().front()->output,
            R"({"model":"echo","messages":[{"role":"user","content":[{"text":"before"}]},)"
            R"({"role":"user","content":[{"text":"Welcome Ann!"}]}],"tools":["getWeather"],"config":{"temperature":1},)"
            R"("output":{"jsonSchema":)" +
                schema + R"(,"constrained":true},"maxTurns":2})");
  EXPECT_EQ(options.messages.size(), 2u);
  EXPECT_EQ(to_text(options.output.schema), schema);
}

TEST(Prompt, RefusesInputThatDoesNotFit) {
  PromptFixture fixture;
  auto greet = fixture.define<Guest>({.name = "greet", .prompt = "Welcome {{name}}!"});

  const auto error = error_of([&] { greet({.name = "Ann", .visits = -1}); });

  EXPECT_THAT(error, HasStatus(Status::kInvalidArgument));
  EXPECT_THAT(error, HasMessage(AllOf(HasSubstr("prompt \"greet\", input visits: must be >= 0"))));
  EXPECT_EQ(fixture.echo.calls(), 0u);
}

TEST(Prompt, FillsInDefaults) {
  PromptFixture fixture;
  auto prompt = fixture.define({.name = "p",
                                .prompt = "{{name}} {{style}}",
                                .input_schema = parse_json(R"({"type":"object","properties":{"name":{"type":"string"},
                                  "style":{"type":"string"}},"required":["name","style"]})"),
                                .input_default = {{"style", "kind"}}});

  EXPECT_EQ(prompt({{"name", "Ann"}}).text(), "Ann kind");
  EXPECT_EQ(prompt({{"name", "Ann"}, {"style", "odd"}}).text(), "Ann odd");
  EXPECT_THAT(error_of([&] { prompt(); }), HasMessage(HasSubstr("must have required property 'name'")));
  EXPECT_EQ(to_text(fixture.registry->find("/prompt/p")->info().input_schema->at("required")), R"(["name"])");
}

TEST(Prompt, SaysWhereATemplateIsWrong) {
  PromptFixture fixture;
  auto broken = fixture.define({.name = "broken", .system = "fine", .prompt = "{{#if x}}\nno end"});
  auto unknown = fixture.define({.name = "unknown", .prompt = "{{shout name}}"});
  auto many = fixture.define({.name = "many", .prompt = "a{{role \"model\"}}b"});

  EXPECT_THAT(error_of([&] { broken(); }), HasMessage(HasSubstr("\"broken (prompt)\", line")));
  EXPECT_THAT(error_of([&] { unknown(); }), HasMessage(HasSubstr("shout")));
  EXPECT_THAT(error_of([&] { many(); }), HasMessage(HasSubstr("makes 2 messages")));

  fixture.define_helper("shout", [](std::string_view text) { return std::string(text) + "!"; });

  EXPECT_EQ(unknown({{"name", "Ann"}}).text(), "Ann!");
}

TEST(Prompt, IsDefinedOnce) {
  PromptFixture fixture;
  fixture.define({.name = "p", .prompt = "1"});
  fixture.define({.name = "p", .variant = "v", .prompt = "2"});

  EXPECT_THAT(error_of([&] { fixture.define({.name = "p", .prompt = "3"}); }), HasStatus(Status::kAlreadyExists));
  EXPECT_EQ(fixture.prompt("p").render().messages[0].text(), "1");
  EXPECT_EQ(fixture.prompt("p", {.variant = "v"}).render().messages[0].text(), "2");
}

TEST(Prompt, IsListedAndRunAsActions) {
  PromptFixture fixture;
  fixture.registry->add(tool({.name = "getWeather", .description = "Weather"}, [](const Guest&) { return 1; }));
  fixture.define<Guest>({.name = "greet",
                         .variant = "short",
                         .description = "Greets",
                         .model = "echo",
                         .system = "s",
                         .prompt = "Hi {{name}}",
                         .tools = {"getWeather"},
                         .config = {{"temperature", 1}},
                         .metadata = {{"owner", "me"}}});

  const auto rendering = fixture.registry->find("/prompt/greet.short");
  const auto executable = fixture.registry->find("/executable-prompt/greet.short");

  ASSERT_TRUE(rendering && executable);
  EXPECT_EQ(executable->info().description, "Greets");
  EXPECT_EQ(to_text(executable->info().metadata),
            R"({"owner":"me","prompt":{"config":{"temperature":1},"input":{"schema":)" + to_text(schema_of<Guest>()) +
                R"(},"name":"greet","variant":"short","model":"echo","tools":["getWeather"],"use":[]},"type":"prompt"})");
  EXPECT_EQ(
      to_text(executable->run_json({{"name", "Ann"}, {"visits", 0}})),
      R"({"model":"echo","messages":[{"role":"system","content":[{"text":"s"}]},{"role":"user","content":[{"text":"Hi Ann"}]}],)"
      R"("tools":["getWeather"],"config":{"temperature":1}})");
  const Json request = rendering->run_json({{"name", "Ann"}, {"visits", 0}});
  EXPECT_EQ(to_text(request.at("config")), R"({"temperature":1})");
  EXPECT_EQ(request.at("tools").at(0).at("name"), "getWeather");
}

TEST(Prompt, IsAToolForAnotherOne) {
  PromptFixture fixture;
  auto joke = fixture.define<Guest>({.name = "jokes.about", .description = "Tells a joke", .prompt = "A joke about {{name}}"});
  ScriptedModel model({.script = {ScriptedTurn().tool_request("jokes_about", {{"name", "cats"}, {"visits", 1}}), "Done"}});
  fixture.registry->add(model);
  auto host = fixture.define({.name = "host", .model = "scripted", .prompt = "Entertain me", .tools = {joke.as_tool()}});

  EXPECT_EQ(host().text(), "Done");
  const auto request = model.last_request();
  EXPECT_EQ(to_text(*request.messages.back().content[0].tool_response->output), R"("A joke about cats")");
  EXPECT_EQ(request.tools->at(0).description, "Tells a joke");
}

TEST(Prompt, StaysInItsOwnLibrary) {
  PromptFixture first;
  PromptFixture second;
  constexpr int kRounds = 300;
  std::atomic<int> wrong = 0;
  const auto work = [&](PromptFixture& fixture, const std::string& mark) {
    fixture.define_helper("mark", [mark] { return mark; });
    fixture.library->dotprompt().environment().define_partial("signature", "{{mark}}" + mark);
    for (int i = 0; i < kRounds; ++i) {
      auto prompt = fixture.define({.name = "p" + std::to_string(i), .prompt = "{{mark}} {{>signature}}"});
      const std::string text = prompt.render().messages[0].text();
      if (text != mark + " " + mark + mark) ++wrong;
    }
  };

  std::thread one([&] { work(first, "a"); });
  std::thread two([&] { work(second, "b"); });
  one.join();
  two.join();

  EXPECT_EQ(wrong, 0);
}

TEST(Prompt, EndsWithTheCallersTime) {
  PromptFixture fixture;
  ScriptedModel slow({.script = {ScriptedTurn().hang()}});
  fixture.registry->add(slow);
  auto prompt = fixture.define({.name = "p", .model = "scripted", .prompt = "x"});

  EXPECT_THAT(error_of([&] { prompt(nullptr, {.timeout = std::chrono::milliseconds(20)}); }),
              HasStatus(Status::kDeadlineExceeded));
}

}  // namespace
}  // namespace genkit
