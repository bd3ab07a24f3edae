#include "ai/augment.h"

#include "ai/ai_test_support.h"

namespace genkit::internal {
namespace {

ModelRequest request_with_docs() {
  ModelRequest request;
  request.messages = {Message::system("Be brief."), Message::user("What is sweet?")};
  request.docs = {Document::of_text("Pancakes"), Document::of_text("Soup", {{"ref", "menu-2"}}),
                  Document::of_text("Bread", {{"id", 7}})};
  return request;
}

TEST(AugmentTest, WritesTheDocumentsIntoTheLastUserMessage) {
  const ModelRequest request = request_with_docs();

  const auto augmented = augment_with_context(request);

  ASSERT_TRUE(augmented);
  EXPECT_EQ(augmented->messages[1].text(),
            "What is sweet?\n\nUse the following information to complete your task:\n\n"
            "- [0]: Pancakes\n- [menu-2]: Soup\n- [7]: Bread\n\n");
  EXPECT_EQ(to_text(*augmented->messages[1].content[1].metadata), R"({"purpose":"context"})");
  EXPECT_EQ(request.messages[1].content.size(), 1u);
}

TEST(AugmentTest, ReplacesAPendingPart) {
  ModelRequest request = request_with_docs();
  Part pending;
  pending.metadata = Json{{"purpose", "context"}, {"pending", true}};
  request.messages[1].content.insert(request.messages[1].content.begin(), pending);

  const auto augmented = augment_with_context(request);

  ASSERT_TRUE(augmented);
  EXPECT_EQ(augmented->messages[1].content.size(), 2u);
  EXPECT_THAT(*augmented->messages[1].content[0].text, testing::HasSubstr("Pancakes"));
}

TEST(AugmentTest, LeavesARequestAloneThatHasItsContext) {
  ModelRequest request = request_with_docs();
  Part context = text("Pancakes are sweet.");
  context.metadata = Json{{"purpose", "context"}};
  request.messages[1].content.push_back(context);

  EXPECT_FALSE(augment_with_context(request));
}

TEST(AugmentTest, NeedsDocumentsAndAUserMessage) {
  ModelRequest without_docs = request_with_docs();
  without_docs.docs->clear();
  ModelRequest without_user = request_with_docs();
  without_user.messages.pop_back();

  EXPECT_FALSE(augment_with_context(without_docs));
  EXPECT_FALSE(augment_with_context(without_user));
}

}  // namespace
}  // namespace genkit::internal
