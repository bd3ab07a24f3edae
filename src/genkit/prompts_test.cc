// The listing of prompts as a user writes it.
#include <genkit/genkit.h>

#include <filesystem>
#include <fstream>
#include <memory>
#include <string>
#include <tuple>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace {

using testing::ElementsAre;

struct JokeRequest {
  std::string subject;
};
struct Joke {
  std::string setup;
  std::string punchline;
};
struct Guest {
  std::string name;
};

/// Prompt files in a folder that is gone at the end, and a model that answers with the last message.
class PromptsTest : public testing::Test {
 protected:
  PromptsTest() {
    std::string path = (std::filesystem::temp_directory_path() / "genkit-prompts-XXXXXX").string();
    folder_ = ::mkdtemp(path.data());
    write("tell_joke.short.prompt",
          "---\ninput:\n  schema:\n    subject: string\noutput:\n  schema: Joke\n---\n"
          "{\"setup\":\"{{subject}}\",\"punchline\":\"ha\"}");
    write("_signature.prompt", "Yours, {{sender}}");
  }
  ~PromptsTest() override { std::filesystem::remove_all(folder_); }

  void write(const std::string& name, std::string_view text) { std::ofstream(folder_ + "/" + name) << text; }
  static void define_echo(genkit::Genkit& ai) {
    ai.define_model("echo", {.label = "Echo"}, [](const genkit::ModelRequest& request, genkit::ModelContext& context) {
      context.send(genkit::Chunk::of_text(request.last_text()));
      return genkit::ModelResponse::of_text(request.last_text());
    });
  }

  std::string folder_;
};

TEST_F(PromptsTest, CallsAPromptFile) {
  genkit::Genkit ai({.model = "echo", .prompt_dir = folder_});
  define_echo(ai);
  ai.define_schema<Joke>("Joke");
  auto prompt = ai.prompt<JokeRequest, Joke>("tell_joke", {.variant = "short"});

  Joke joke = prompt({.subject = "cats"}).output();
  std::string shown;
  for (const auto& chunk : prompt.stream({.subject = "cats"}, {.config = {{"temperature", 1.0}}})) shown += chunk.text();
  genkit::GenerateOptions rendered = prompt.render({.subject = "cats"});
  rendered.messages.front() = genkit::Message::user(R"({"setup":"dogs","punchline":"wuff"})");

  EXPECT_EQ(joke.setup, "cats");
  EXPECT_EQ(shown.substr(0, 33), R"({"setup":"cats","punchline":"ha"})");
  EXPECT_EQ(ai.generate<Joke>(rendered).output().setup, "dogs");
}

TEST_F(PromptsTest, CallsAPromptOfCode) {
  genkit::Genkit ai({.model = "echo", .prompt_dir = folder_});
  define_echo(ai);
  auto get_weather = ai.define_tool({.name = "getWeather", .description = "Weather"}, [](const Guest&) { return 21; });
  auto greet = ai.define_prompt<Guest>({.name = "greet",
                                        .description = "Greets a guest",
                                        .system = "You are a butler.",
                                        .prompt = "Welcome {{shout name}}! {{>signature sender=\"James\"}}",
                                        .tools = {get_weather}});
  ai.define_helper("shout", [](std::string_view text) { return std::string(text) + "!"; });

  EXPECT_EQ(greet({.name = "Ann"}).text(), "Welcome Ann!! Yours, James");
  ai.define_partial("signature", "{{sender}}");
  EXPECT_EQ(greet({.name = "Ann"}).text(), "Welcome Ann!! James");
}

TEST_F(PromptsTest, RefusesAConfigThatIsNoObjectThoughNoExporterListens) {
  genkit::Genkit ai({.model = "echo"});
  const auto prompt = ai.define_prompt({.name = "p", .prompt = "x"});

  try {
    static_cast<void>(prompt.render(nullptr, {.config = "hot"}));
    ADD_FAILURE();
  } catch (const genkit::Error& error) {
    EXPECT_EQ(error.status(), genkit::Status::kInvalidArgument);
  }
}

TEST_F(PromptsTest, NeedsNoFolderAndNoEnvironment) {
  genkit::Genkit ai({.prompt_dir = folder_ + "/missing"});

  const auto result = genkit::attempt([&] { return ai.prompt("nobody"); });

  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().status(), genkit::Status::kNotFound);
}

TEST_F(PromptsTest, SaysThatTheirGenkitObjectIsGone) {
  auto ai = std::make_unique<genkit::Genkit>(genkit::GenkitOptions{.model = "echo"});
  auto prompt = ai->define_prompt({.name = "p", .prompt = "Hi"});
  ai.reset();

  for (const auto& result : {genkit::attempt([&] { prompt().text(); }), genkit::attempt([&] { prompt.render(); }),
                             genkit::attempt([&] { std::ignore = prompt.stream(genkit::Json(genkit::JsonObject())); }),
                             genkit::attempt([&] { std::ignore = prompt.as_tool(); })}) {
    ASSERT_FALSE(result);
    EXPECT_EQ(result.error().status(), genkit::Status::kFailedPrecondition);
  }
}

TEST_F(PromptsTest, RendersATemplateAlone) {
  const genkit::Template page("Dear {{name}},{{#each items}} {{@index}}:{{this}}{{/each}}");

  EXPECT_EQ(page.render({{"name", "Ann"}, {"items", {"a", "b"}}}), "Dear Ann, 0:a 1:b");
}

TEST_F(PromptsTest, TwoObjectsHaveTheirOwnHelpers) {
  genkit::Genkit one({.model = "echo"});
  genkit::Genkit two({.model = "echo"});
  std::vector<std::string> texts;
  for (genkit::Genkit* ai : {&one, &two}) {
    define_echo(*ai);
    ai->define_helper("who", [name = ai == &one ? "one" : "two"] { return name; });
    texts.push_back(ai->define_prompt({.name = "p", .prompt = "{{who}}"})().text());
  }

  EXPECT_THAT(texts, ElementsAre("one", "two"));
}

}  // namespace
