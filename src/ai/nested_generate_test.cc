#include <genkit/ai/generate.h>

#include <genkit/runtime/future.h>

#include "ai/tool_test_support.h"

namespace genkit {
namespace {

using testing::HasSubstr;

/// A registry with a tool "self" that begins a generation with the same tool, until `depth` of them are inside of each other.
struct NestingRegistry : TracedRegistry {
  explicit NestingRegistry(int depth) {
    registry->add(model("asks", {.supports = {.tools = true}}, [](const ModelRequest& request, ModelContext&) {
      if (request.messages.back().role == Role::kTool) return ModelResponse::of_text("done");
      ModelResponse response;
      response.message = Message{.role = Role::kModel, .content = {Part{.tool_request = ToolRequest{.name = "self"}}}};
      return response;
    }));
    const auto self = [this, depth] { return calls++ < depth ? generate() : std::string("bottom"); };
    internal::add_tool(*registry, tool({.name = "self", .description = "d"}, self).action());
  }

  std::string generate() {
    return Response(internal::generate(*registry, {.model = "asks", .prompt = "x", .tools = {"self"}}, nullptr), registry).text();
  }

  int calls = 0;
};

TEST(NestedGenerateTest, AToolThatIsItsOwnToolEndsWithAnError) {
  NestingRegistry fixture(1'000'000);

  const auto error = error_of([&] { fixture.generate(); });

  EXPECT_THAT(error, HasStatus(Status::kResourceExhausted));
  EXPECT_THAT(error,
              HasMessage(HasSubstr("tool \"self\": tool \"self\": generate: more than 32 generations inside of each other")));
  EXPECT_EQ(fixture.calls, 32);
}

TEST(NestedGenerateTest, TheSameOnTheStackOfAFiber) {
  NestingRegistry fixture(1'000'000);

  EXPECT_THAT(error_of([&] { async([&] { return fixture.generate(); }).get(); }), HasStatus(Status::kResourceExhausted));
}

TEST(NestedGenerateTest, ToolsMayGenerateUpToTheLimit) {
  NestingRegistry fixture(31);

  EXPECT_EQ(async([&] { return fixture.generate(); }).get(), "done");
  EXPECT_EQ(fixture.calls, 32);
}

TEST(NestedGenerateTest, AModelThatCallsItselfEndsWithAnError) {
  TracedRegistry fixture;
  fixture.registry->add(model("self", {}, [&](const ModelRequest&, ModelContext&) {
    return internal::generate(*fixture.registry, {.model = "self", .prompt = "x"}, nullptr);
  }));

  const auto error =
      error_of([&] { async([&] { internal::generate(*fixture.registry, {.model = "self", .prompt = "x"}, nullptr); }).get(); });

  EXPECT_THAT(error, HasStatus(Status::kResourceExhausted));
}

}  // namespace
}  // namespace genkit
