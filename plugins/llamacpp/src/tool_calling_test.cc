#include "tool_calling.h"

#include <string>

#include <gtest/gtest.h>

namespace genkit::llama {
namespace {

std::vector<ToolDefinition> tools_of(std::string_view json) {
  return from_json<std::vector<ToolDefinition>>(parse_json(json));
}

TEST(ToolInstructions, DescribeToolsInAFewWords) {
  const std::string text = tool_instructions(tools_of(R"([
      {"name": "getWeather", "description": "The weather of a city", "inputSchema": {"type": "object", "properties": {
          "city": {"type": "string"}, "unit": {"enum": ["C", "F"]}}, "required": ["city"]}},
      {"name": "now", "description": "The time"}])"));

  EXPECT_EQ(text, R"(Choose what to do with the user's message:
Talks with the user: {"tool":"none"}
The weather of a city: {"tool":"getWeather","input":{city: string, unit?: "C"|"F"}}
The time: {"tool":"now","input":{}}
Tells the result of a tool: {"tool":"none"}
Everything else: {"tool":"none"})");
}

TEST(ToolInstructions, FindANameForNoToolThatNoToolHas) {
  EXPECT_EQ(no_tool_name(tools_of(R"([{"name": "none", "description": ""}])")), "none_");
}

TEST(SchemaOutline, ShowsTypesNestingAndAlternatives) {
  EXPECT_EQ(schema_outline(parse_json(R"({"type": "object", "properties": {
                "when": {"type": "object", "properties": {"day": {"type": "string", "description": "ISO 8601"}}, "required": ["day"]},
                "tags": {"type": "array", "items": {"type": "string"}}, "n": {"type": ["integer", "null"]}, "v": {"const": 1},
                "any": {}, "who is": {"anyOf": [{"type": "string"}, {"$ref": "#/definitions/P"}]}},
                "required": ["when", "tags", "n", "v"], "definitions": {"P": {"type": "boolean"}}})")),
            R"({when: {day: string (ISO 8601)}, tags: string[], n: integer|null, v: 1, any?: any, "who is"?: string|boolean})");
}

TEST(SchemaOutline, EndsWhereSchemasContainThemselves) {
  const std::string outline = schema_outline(parse_json(
      R"({"definitions": {"T": {"type": "object", "properties": {"a": {"$ref": "#/definitions/T"}}}}, "$ref": "#/definitions/T"})"));

  EXPECT_LT(outline.size(), 100U);
}

TEST(ToolCallText, IsWhatTheGrammarMakesTheModelWrite) {
  EXPECT_EQ(tool_call_text({.name = "add", .input = parse_json(R"({"a": 1, "b": [2.50]})")}),
            R"({"tool":"add","input":{"a":1,"b":[2.5]}})");
  EXPECT_EQ(tool_call_text({.name = "now"}), R"({"tool":"now","input":{}})");
}

TEST(ToolResponseText, ShowsTheOutput) {
  EXPECT_EQ(tool_response_text({.name = "add", .output = Json(3)}), "Result of add: 3");
  EXPECT_EQ(tool_response_text({.name = "say", .output = Json("Hi")}), "Result of say: Hi");
  EXPECT_EQ(tool_response_text({.name = "wait"}), "Result of wait: ");
}

TEST(ToolAnswer, PassesTextOnWithoutTheChoiceAtAnySplit) {
  const std::string whole = "{\"tool\":\"none\"}\nHello {world}";
  for (std::size_t i = 0; i <= whole.size(); ++i) {
    for (std::size_t k = i; k <= whole.size(); ++k) {
      ToolAnswer answer("{\"tool\":\"none\"}\n");
      std::string text = answer.push(whole.substr(0, i));
      text += answer.push(whole.substr(i, k - i));
      text += answer.push(whole.substr(k));

      ASSERT_EQ(text, "Hello {world}") << i << " " << k;
      ASSERT_FALSE(answer.finish().call.has_value());
      ASSERT_EQ(answer.finish().cut_off, "");
    }
  }
}

TEST(ToolAnswer, HoldsACallBackUntilItIsComplete) {
  ToolAnswer answer("{\"tool\":\"none\"}\n");

  EXPECT_EQ(answer.push(R"({"tool":"add","inp)"), "");
  EXPECT_EQ(answer.push(R"(ut":{"a":1}})"), "");

  const auto result = answer.finish();
  ASSERT_TRUE(result.call.has_value());
  EXPECT_EQ(result.call->name, "add");
  EXPECT_EQ(to_text(*result.call->input), R"({"a":1})");
}

TEST(ToolAnswer, TellsOfACallThatWasCutOff) {
  ToolAnswer answer("{\"tool\":\"none\"}\n");

  answer.push(R"({"tool":"add","input":{"a)");

  EXPECT_FALSE(answer.finish().call.has_value());
  EXPECT_EQ(answer.finish().cut_off, R"({"tool":"add","input":{"a)");
}

}  // namespace
}  // namespace genkit::llama
