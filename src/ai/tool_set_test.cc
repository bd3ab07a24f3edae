#include "ai/tool_set.h"

#include "ai/tool_test_support.h"

namespace genkit {
namespace {

TEST(ToolSetTest, FindsEachOfTwentyThousandTools) {
  TracedRegistry fixture;
  std::vector<ToolReference> references;
  for (int i = 0; i < 20'000; ++i) {
    references.push_back(tool({.name = "group/tool_" + std::to_string(i), .description = "d"}, [] {}));
  }

  const internal::ToolSet tools(*fixture.registry, references);

  EXPECT_EQ(tools.size(), references.size());
  for (int i = 0; i < 20'000; ++i) {
    const std::string name = "tool_" + std::to_string(i);
    const internal::BoundTool* found = tools.find(name);
    ASSERT_NE(found, nullptr);
    ASSERT_EQ(found->action.name(), "group/" + name);
  }
  EXPECT_EQ(tools.find("tool_20000"), nullptr);
}

}  // namespace
}  // namespace genkit
