#include <genkit/genkit.h>

#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace genkit {
namespace {

using testing::ElementsAre;

// As a user would write it: the listings of the design, as far as they are there.

struct JokeRequest {
  std::string subject;
  int max_words = 50;
};
constexpr auto describe(genkit::Type<JokeRequest>) {
  return genkit::fields(genkit::field<&JokeRequest::subject>("What the joke is about"),
                        genkit::field<&JokeRequest::max_words>("Upper bound on length").minimum(1));
}
struct Joke {
  std::string setup;
  std::string punchline;
};
struct Topic {
  std::string name;
};

class Parrot final : public genkit::Plugin {
 public:
  std::string_view name() const override { return "parrot"; }
  std::vector<genkit::Action> init() override {
    return {genkit::model("echo", {.label = "Parrot", .supports = {.multiturn = true}},
                          [](const genkit::ModelRequest& request, genkit::ModelContext& context) {
                            context.send(genkit::Chunk::of_text(request.last_text()));
                            return genkit::ModelResponse::of_text(request.last_text());
                          })};
  }
};

TEST(GenkitTest, CallsAFlowLikeAFunction) {
  genkit::Genkit ai({.plugins = {Parrot()}, .model = "parrot/echo"});
  auto tell_joke = ai.define_flow("tellJoke", [&ai](const JokeRequest& request) -> Joke {
    auto facts = genkit::run("loadFacts", [&] { return request.subject + " have tails"; });
    return {.setup = facts, .punchline = ai.generate("A joke about " + request.subject).text()};
  });

  Joke joke = tell_joke({.subject = "cats"});

  EXPECT_EQ(joke.setup, "cats have tails");
  EXPECT_EQ(joke.punchline, "A joke about cats");
}

TEST(GenkitTest, AsksTheDefaultModel) {
  genkit::Genkit ai({.plugins = {std::make_shared<Parrot>()}, .model = "parrot/echo"});

  EXPECT_EQ(ai.generate("Why is the sky blue?").text(), "Why is the sky blue?");
}

TEST(GenkitTest, StreamsFromAModelThroughAFlow) {
  genkit::Genkit ai({.plugins = {Parrot()}, .model = "parrot/echo"});
  auto story = ai.define_flow("story", [&ai](const Topic& topic, genkit::FlowContext<std::string>& flow) {
    for (const auto& chunk : ai.generate_stream({.prompt = topic.name})) flow.send(std::string(chunk.text()));
  });

  auto chunks = story.stream({.name = "A fox"});
  std::vector<std::string> all;
  for (const std::string& chunk : chunks) all.push_back(chunk);
  chunks.output();

  EXPECT_THAT(all, ElementsAre("A fox"));
}

TEST(GenkitTest, ListsWhatPluginsAndUsersDefine) {
  genkit::Genkit ai({.plugins = {Parrot()}});
  ai.define_flow({.name = "one", .description = "The first"}, [] { return 1; });

  std::vector<std::string> keys;
  for (const genkit::ActionInfo& info : ai.registry().list()) keys.push_back(info.key);

  EXPECT_THAT(keys, ElementsAre("/util/generate", "/flow/one"));
}

TEST(GenkitTest, TwoObjectsDoNotMeet) {
  genkit::Genkit a;
  genkit::Genkit b;
  a.define_flow("same", [] { return 1; });
  b.define_flow("same", [] { return 2; });

  EXPECT_EQ(a.registry().find("/flow/same")->run_json(), genkit::Json(1));
  EXPECT_EQ(b.registry().find("/flow/same")->run_json(), genkit::Json(2));
}

TEST(GenkitTest, RunsInParallelAndStops) {
  genkit::Genkit ai({.plugins = {Parrot()}, .model = "parrot/echo"});
  auto a = genkit::async([&] { return ai.generate("One"); });
  auto b = genkit::async([&] { return ai.generate("Two"); });
  EXPECT_EQ(a.get().text() + b.get().text(), "OneTwo");

  auto slow = ai.define_flow("slow", [] { genkit::sleep_for(std::chrono::hours(1)); });
  auto later = genkit::async([&] { return slow(); });
  later.cancel();
  auto result = genkit::attempt([&] { later.get(); });
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().status(), genkit::Status::kCancelled);
}

class UnwillingExporter final : public genkit::SpanExporter {
 public:
  void on_end(std::shared_ptr<const genkit::SpanData>) override {}
  bool flush(std::chrono::steady_clock::time_point) override {
    genkit::sleep_for(std::chrono::microseconds(1));  // throws when the caller is cancelled
    throw std::runtime_error("disk full");
  }
};

TEST(GenkitTest, EndsQuietlyWhateverItsExportersDo) {
  genkit::CancelSource source;
  genkit::GenkitOptions options;
  options.exporters = {std::make_shared<UnwillingExporter>()};
  options.logger = genkit::Logger([](const genkit::LogRecord&) {});

  genkit::async([&] {
    const genkit::ScopedContext scope(source.context());
    genkit::Genkit ai(options);
    source.cancel();
  }).get();
}

struct Chapter {
  std::string title;
  std::vector<Chapter> chapters;
};

TEST(GenkitTest, TakesThePromptAsAnyText) {
  Genkit ai({.model = "yes"});
  ai.define_model("yes", {}, [](const ModelRequest&, ModelContext&) { return ModelResponse::of_text("yes"); });
  const std::string prompt = "Is it?";

  EXPECT_EQ(ai.generate(prompt).text(), "yes");
  EXPECT_EQ(ai.generate<std::string>(prompt).output(), "yes");
  EXPECT_EQ(ai.generate<std::string>("Is it?").output(), "yes");
  EXPECT_EQ(ai.generate_stream<std::string>(std::string_view(prompt)).output(), "yes");
}

TEST(GenkitTest, RefusesAtOnceWhatItsModelCannotBeTold) {
  Genkit ai({.model = "flat"});
  const auto answer = [](const ModelRequest&, ModelContext&) { return ModelResponse::of_text("{}"); };
  const auto read = [](const Chapter& chapter) { return chapter.title; };
  ai.define_tool({.name = "early", .description = "Defined before its model is known"}, read);
  ai.define_model("flat", {.dialect = SchemaDialect::kGemini}, answer);
  ai.define_model("deep", {.dialect = SchemaDialect::kJsonSchema}, answer);

  const auto expect_refused = [](const auto& define, const char* what) {
    try {
      define();
      ADD_FAILURE() << what;
    } catch (const Error& error) {
      EXPECT_EQ(error.status(), Status::kInvalidArgument);
      EXPECT_THAT(error.message(), testing::StartsWith(std::string(what) + " cannot be told to model \"flat\": "));
      EXPECT_EQ(error.details().at("path"), "#/definitions/Chapter/properties/chapters/items");
    }
  };
  expect_refused([&] { ai.define_tool({.name = "read", .description = "d"}, read); }, "the input of tool \"read\"");
  expect_refused([&] { ai.define_prompt({.name = "outline", .prompt = "p", .output = {.schema = schema_of<Chapter>()}}); },
                 "the output of prompt \"outline\"");

  ai.define_prompt({.name = "outline", .model = "deep", .prompt = "p", .output = {.schema = schema_of<Chapter>()}});
  ai.define_tool({.name = "list", .description = "d"}, [] { return 1; });
}

TEST(GenkitTest, MakesEmbeddings) {
  genkit::Genkit ai;
  ai.define_embedder("ones", {.dimensions = 2},
                     [](const genkit::EmbedRequest&) { return genkit::EmbedResponse{.embeddings = {{.embedding = {1, 1}}}}; });

  auto vectors = ai.embed({.embedder = "ones", .content = "some text"});

  ASSERT_EQ(vectors.size(), 1u);
  EXPECT_THAT(vectors[0].embedding, ElementsAre(1.0f, 1.0f));
}

}  // namespace
}  // namespace genkit
