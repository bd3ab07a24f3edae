#include <genkit/core/flow.h>

#include "core/core_test_support.h"

#include <vector>

namespace genkit {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

struct Topic {
  std::string name;
};
struct ChatSetup {
  std::string language;
};

std::string plain_function(const Topic& topic) {
  return topic.name;
}

TEST(FlowTest, TakesTheTypesFromAnySignature) {
  TracedRegistry registry;

  EXPECT_EQ(registry.define("none", [] { return 1; })(), 1);
  EXPECT_EQ(registry.define("by value", [](Topic topic) { return topic.name; })({.name = "fox"}), "fox");
  EXPECT_EQ(registry.define("function", &plain_function)({.name = "fox"}), "fox");
  EXPECT_EQ(registry.define("context only", [](FlowContext<int>& flow) { return flow.streaming(); })(), false);
  registry.define("void", [](const Topic&) {})({.name = "fox"});
}

TEST(FlowTest, IsListedWithTheSchemasOfItsTypes) {
  TracedRegistry registry;
  registry.define({.name = "story", .description = "Tells a story", .metadata = {{"owner", "team"}}},
                  [](const Topic&, FlowContext<std::string>&) { return 1; });

  const auto infos = registry.registry->list();

  ASSERT_EQ(infos.size(), 1u);
  EXPECT_EQ(infos[0].key, "/flow/story");
  EXPECT_EQ(infos[0].description, "Tells a story");
  EXPECT_EQ(to_text(infos[0].metadata), R"({"owner":"team"})");
  EXPECT_THAT(to_text(*infos[0].input_schema), HasSubstr(R"("name":{"type":"string"})"));
  EXPECT_THAT(to_text(*infos[0].output_schema), HasSubstr(R"("type":"integer")"));
  EXPECT_THAT(to_text(*infos[0].stream_schema), HasSubstr(R"("type":"string")"));
}

TEST(FlowTest, TakesItsInputAsAStream) {
  TracedRegistry registry;
  const auto chat = bidi_flow("chat", [](BidiContext<Topic, std::string, ChatSetup>& chat) {
    int count = 0;
    while (const auto topic = chat.receive()) {
      chat.send(chat.init().language + ":" + topic->name);
      ++count;
    }
    return count;
  });
  const BidiFlow<Topic, int, std::string, ChatSetup> bound(registry.registry->add(chat.action()));

  auto session = bound.connect({.language = "en"});
  session.send({.name = "fox"});
  session.send({.name = "owl"});
  session.close();

  std::vector<std::string> chunks;
  for (const std::string& chunk : session) chunks.push_back(chunk);
  EXPECT_THAT(chunks, ElementsAre("en:fox", "en:owl"));
  EXPECT_EQ(session.output(), 2);
}

TEST(FlowTest, AStreamedItemThatDoesNotFitEndsTheFlow) {
  TracedRegistry registry;
  const auto chat = bidi_flow("chat", [](BidiContext<Topic>& chat) {
    while (chat.receive()) {
    }
  });
  const auto input = std::make_shared<InputStream>();
  input->send(7);
  input->close();

  const auto error = error_of([&] { chat.action().run_json(nullptr, {.input_stream = input}); });

  EXPECT_THAT(error, HasStatus(Status::kInvalidArgument));
}

TEST(FlowTest, FeedingAFlowThatHasEndedDoesNotWait) {
  TracedRegistry registry;
  const auto deaf = bidi_flow("deaf", [](BidiContext<Topic>&) { return 1; });
  const ScopedContext at_most(Context().with_timeout(std::chrono::seconds(30)));

  auto session = deaf.connect();
  bool listens = true;
  for (int i = 0; i < 1000 && listens; ++i) listens = session.send({.name = "fox"});

  EXPECT_FALSE(listens);
  EXPECT_EQ(session.output(), 1);
}

TEST(FlowTest, FeedingAFlowThatWasCancelledDoesNotWait) {
  const auto chat = bidi_flow("chat", [](BidiContext<Topic>& chat) {
    while (chat.receive()) {
    }
  });
  const ScopedContext at_most(Context().with_timeout(std::chrono::seconds(30)));

  for (int round = 0; round < 50; ++round) {
    auto session = chat.connect();
    session.cancel();
    bool listens = true;
    while (listens) listens = session.send({.name = "fox"});
    ASSERT_THAT(error_of([&] { session.output(); }), HasStatus(Status::kCancelled));
  }
}

TEST(FlowTest, AFlowThatTakesOneInputGetsItAlsoWhenAStreamIsThere) {
  TracedRegistry registry;
  const auto greet = registry.define("greet", [](const Topic& topic) { return topic.name; });

  EXPECT_EQ(greet({.name = "fox"}, {.input_stream = std::make_shared<InputStream>()}), "fox");
}

TEST(FlowTest, AnInputStreamHoldsAtLeastOneItem) {
  EXPECT_THAT(error_of([] { InputStream(0); }), HasStatus(Status::kInvalidArgument));
}

TEST(FlowTest, AMissingInitIsRefused) {
  const auto chat = bidi_flow("chat", [](BidiContext<Topic, std::string, ChatSetup>&) {});

  EXPECT_THAT(error_of([&] { chat.action().run_json({{"name", "fox"}}); }), HasMessage(HasSubstr("init")));
}

TEST(FlowTest, ASingleInputIsAStreamOfOne) {
  TracedRegistry registry;
  const auto count = bidi_flow("count", [](BidiContext<Topic>& chat) {
    int count = 0;
    while (chat.receive()) ++count;
    return count;
  });

  EXPECT_EQ(count.action().run_json({{"name", "fox"}}), Json(1));
}

}  // namespace
}  // namespace genkit
