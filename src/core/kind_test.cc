#include <genkit/core/kind.h>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace genkit {
namespace {

TEST(ActionKindTest, NamesAreThoseOfTheWire) {
  EXPECT_EQ(kind_name(ActionKind::kToolV2), "tool.v2");
  EXPECT_EQ(kind_name(ActionKind::kAgentAbort), "agent-abort");
  for (int i = 0; i <= static_cast<int>(ActionKind::kAgentAbort); ++i) {
    const auto kind = static_cast<ActionKind>(i);
    EXPECT_EQ(kind_from_name(kind_name(kind)), kind);
  }
  EXPECT_EQ(kind_from_name("chat"), std::nullopt);
}

struct KeyCase {
  std::string text;
  ActionKind kind;
  std::string name;
  std::string plugin;
  std::string host;
};

class ActionKeyTest : public testing::TestWithParam<KeyCase> {};

TEST_P(ActionKeyTest, IsTakenApart) {
  const auto key = ActionKey::parse(GetParam().text);

  ASSERT_TRUE(key);
  EXPECT_EQ(key->kind, GetParam().kind);
  EXPECT_EQ(key->name, GetParam().name);
  EXPECT_EQ(key->plugin, GetParam().plugin);
  EXPECT_EQ(key->host, GetParam().host);
}

INSTANTIATE_TEST_SUITE_P(
    Grammar, ActionKeyTest,
    testing::Values(KeyCase{"/flow/tellJoke", ActionKind::kFlow, "tellJoke", "", ""},
                    KeyCase{"/model/googleai/gemini-2.5-flash", ActionKind::kModel, "googleai/gemini-2.5-flash", "googleai", ""},
                    KeyCase{"/tool/a/b/c", ActionKind::kTool, "a/b/c", "a", ""},
                    KeyCase{"/dynamic-action-provider/mcp", ActionKind::kDynamicActionProvider, "mcp", "", ""},
                    KeyCase{"/dynamic-action-provider/mcp:tool/fs/read", ActionKind::kTool, "fs/read", "", "mcp"}));

TEST(ActionKeyTest, IsRefusedWhenItIsNone) {
  for (const char* text :
       {"", "flow/x", "/flow", "/flow/", "/chat/x", "/dynamic-action-provider/mcp:nope/x", "/dynamic-action-provider/:tool/x"}) {
    EXPECT_FALSE(ActionKey::parse(text)) << text;
  }
}

}  // namespace
}  // namespace genkit
