#include <functional>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <genkit/genkit.h>
#include <genkit/plugins/llamacpp.h>

namespace genkit {
namespace {

using testing::HasSubstr;

Error error_of(const std::function<void()>& work) {
  try {
    work();
  } catch (const Error& error) {
    return error;
  }
  return Error(Status::kOk, "nothing was thrown");
}

TEST(LlamaCppPlugin, ListsItsModelsWithoutLookingAtTheirFiles) {
  const auto plugin = llamacpp({.models = {{.name = "tiny", .file = "/nonexistent.gguf", .label = "Tiny"}},
                                .embedders = {{.name = "vectors", .file = "/nonexistent.gguf", .dimensions = 384}}});

  const std::vector<ActionInfo> infos = plugin->list_actions();

  ASSERT_EQ(infos.size(), 2U);
  EXPECT_EQ(infos[0].name, "tiny");
  EXPECT_EQ(infos[0].kind, ActionKind::kModel);
  EXPECT_EQ(infos[1].name, "vectors");
  EXPECT_EQ(infos[1].kind, ActionKind::kEmbedder);
}

TEST(LlamaCppPlugin, TellsWhatItsModelsCanDo) {
  const auto plugin = llamacpp({.models = {{.name = "tiny", .file = "/nonexistent.gguf", .label = "Tiny"}}});

  const Json model = plugin->list_actions().at(0).metadata.at("model");

  EXPECT_EQ(model.at("label"), "Tiny");
  EXPECT_EQ(model.at("supports").at("multiturn"), true);
  EXPECT_EQ(model.at("supports").at("systemRole"), true);
  EXPECT_EQ(model.at("supports").at("tools"), true);
  EXPECT_EQ(model.at("supports").at("toolChoice"), true);
  EXPECT_EQ(model.at("supports").at("constrained"), "all");
  EXPECT_EQ(model.at("supports").at("media"), false);
  EXPECT_EQ(model.at("customOptions").at("properties").at("topK").at("default"), 40);
}

TEST(LlamaCppPlugin, ListsWhatItMakes) {
  const auto plugin = llamacpp({.models = {{.name = "tiny", .file = "x.gguf"}}, .embedders = {{.name = "e", .file = "y.gguf"}}});

  const std::vector<ActionInfo> infos = plugin->list_actions();
  const std::vector<Action> actions = plugin->init();

  ASSERT_EQ(actions.size(), infos.size());
  for (std::size_t i = 0; i < infos.size(); ++i) {
    EXPECT_EQ(actions[i].info().name, infos[i].name);
    EXPECT_EQ(actions[i].info().metadata, infos[i].metadata);
    EXPECT_EQ(*actions[i].info().input_schema, *infos[i].input_schema);
    EXPECT_EQ(*actions[i].info().output_schema, *infos[i].output_schema);
  }
}

TEST(LlamaCppPlugin, RefusesOptionsThatMakeNoSense) {
  const auto refuses = [](LlamaCppModel model, const char* what) {
    const Error error = error_of([&] { llamacpp({.models = {std::move(model)}}); });
    EXPECT_EQ(error.status(), Status::kInvalidArgument);
    EXPECT_THAT(error.message(), HasSubstr(what));
  };

  refuses({.file = "x.gguf"}, "no name");
  refuses({.name = "m"}, "no file");
  refuses({.name = "m", .file = "x.gguf", .threads = 0}, "threads is 0");
  refuses({.name = "m", .file = "x.gguf", .context_size = -5}, "context_size is -5");
  refuses({.name = "m", .file = "x.gguf", .max_sequences = 300}, "max_sequences is 300");
  refuses({.name = "m", .file = "x.gguf", .max_sequences = 16, .batch_size = 8}, "batch_size is 8");
  refuses({.name = "m", .file = "x.gguf", .max_queue = 0}, "max_queue is 0");
}

TEST(LlamaCppPlugin, RefusesTwoModelsOfOneName) {
  const Error error = error_of([] { llamacpp({.models = {{.name = "m", .file = "x.gguf"}, {.name = "m", .file = "y.gguf"}}}); });

  EXPECT_EQ(error.status(), Status::kInvalidArgument);
  EXPECT_THAT(error.message(), HasSubstr("\"m\""));
}

TEST(LlamaCppPlugin, SaysWhichFileIsMissingWhenAModelIsFirstUsed) {
  Genkit ai({.plugins = {llamacpp({.models = {{.name = "tiny", .file = "/nonexistent/tiny.gguf"}}})}, .model = "llamacpp/tiny"});

  const Error error = error_of([&] { ai.generate("Hello"); });

  EXPECT_EQ(error.status(), Status::kNotFound);
  EXPECT_THAT(error.message(), HasSubstr("/nonexistent/tiny.gguf"));
}

TEST(LlamaCppPlugin, SaysWhichFileIsMissingWhenAnEmbedderIsFirstUsed) {
  Genkit ai({.plugins = {llamacpp({.embedders = {{.name = "e", .file = "/nonexistent/e.gguf"}}})}});

  const Error error = error_of([&] { ai.embed({.embedder = "llamacpp/e", .content = "text"}); });

  EXPECT_EQ(error.status(), Status::kNotFound);
}

}  // namespace
}  // namespace genkit
