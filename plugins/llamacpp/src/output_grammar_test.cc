#include "output_grammar.h"

#include <functional>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <genkit/base/error.h>

namespace genkit::llama {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

ModelRequest request_of(std::string_view members) {
  return from_json<ModelRequest>(parse_json("{\"messages\": [], " + std::string(members) + "}"));
}

std::string gbnf_of(std::string_view members) {
  return output_grammar("m", request_of(members)).gbnf;
}

std::string problem_of(std::string_view members) {
  try {
    gbnf_of(members);
    return {};
  } catch (const Error& error) {
    EXPECT_EQ(error.status(), Status::kInvalidArgument);
    return error.message();
  }
}

constexpr const char* kTools = R"("tools": [{"name": "add", "description": "", "inputSchema": {"type": "object",
    "properties": {"a": {"type": "boolean"}, "b": {"const": 1}}, "required": ["a", "b"]}}, {"name": "now", "description": ""}])";

TEST(OutputGrammar, IsEmptyForFreeAnswers) {
  EXPECT_EQ(gbnf_of(R"("config": {})"), "");
  EXPECT_EQ(gbnf_of(R"("output": {"format": "json", "schema": {"type": "boolean"}})"), "");
  EXPECT_EQ(gbnf_of(R"("output": {"format": "json", "schema": {"type": "boolean"}, "constrained": false})"), "");
  EXPECT_EQ(gbnf_of(R"("output": {"format": "text", "constrained": true})"), "");
}

TEST(OutputGrammar, FollowsTheSchema) {
  EXPECT_EQ(gbnf_of(R"("output": {"format": "json", "schema": {"type": "boolean"}, "constrained": true})"),
            "root ::= boolean\nboolean ::= \"true\" | \"false\"\n");
}

TEST(OutputGrammar, AllowsAnyJsonWithoutASchema) {
  EXPECT_THAT(gbnf_of(R"("output": {"format": "json", "constrained": true})"), HasSubstr("\"null\""));
}

TEST(OutputGrammar, WritesArraysAsArrays) {
  EXPECT_THAT(
      gbnf_of(R"("output": {"format": "array", "schema": {"type": "array", "items": {"type": "boolean"}}, "constrained": true})"),
      HasSubstr("\"[\""));
}

TEST(OutputGrammar, WritesValuesOfEnumsWithoutQuotes) {
  EXPECT_EQ(gbnf_of(R"("output": {"format": "enum", "schema": {"type": "string", "enum": ["yes", "no"]}, "constrained": true})"),
            "root ::= value\nvalue ::= \"no\" | \"yes\"\n");
}

TEST(OutputGrammar, WritesLinesOfJson) {
  EXPECT_EQ(gbnf_of(R"("output": {"format": "jsonl", "constrained": true, "schema": {"type": "array", "items": {"type": "object",
                        "properties": {"n": {"type": "boolean"}}, "required": ["n"]}, "minItems": 1, "maxItems": 3}})"),
            R"(root ::= item line{0,2}
boolean ::= "true" | "false"
item ::= "{\"n\":" " "? boolean "}"
line ::= "\n" item
)");
  EXPECT_THAT(problem_of(R"("output": {"format": "jsonl", "constrained": true, "schema": {"type": "object"}})"),
              HasSubstr("array"));
}

TEST(OutputGrammar, MakesTheModelChooseATool) {
  EXPECT_EQ(gbnf_of(kTools), R"(root ::= "{\"tool\":\"" choice
boolean ::= "true" | "false"
add ::= "{\"a\":" boolean ",\"b\":1}"
text ::= [\x01-\uD7FF\uE000-\U0010FFFF] text | ""
choice ::= "add\",\"input\":" add "}" | "now\",\"input\":{}}" | "none\"}\n" text
)");
}

TEST(OutputGrammar, HonoursTheChoiceOfTools) {
  EXPECT_THAT(gbnf_of(std::string(kTools) + R"(, "toolChoice": "required")"), AllOf(HasSubstr("now"), Not(HasSubstr("none"))));
  EXPECT_EQ(gbnf_of(std::string(kTools) + R"(, "toolChoice": "none")"), "");
}

TEST(OutputGrammar, DoesNotOfferAToolAgainWhoseResultIsThere) {
  const auto grammar_after = [](std::string_view last, std::string_view choice) {
    return output_grammar(
               "m", from_json<ModelRequest>(parse_json(std::string(R"({"messages": [{"role": "user", "content": [{"text": "Hi"}]},
        {"role": "model", "content": [{"toolRequest": {"name": "add", "input": {}}}]},
        {"role": "tool", "content": [{"toolResponse": {"name": "add", "output": 3}}]})") +
                                                       std::string(last) + "], " + kTools + std::string(choice) + "}")))
        .gbnf;
  };

  EXPECT_THAT(grammar_after("", ""), AllOf(Not(HasSubstr("add\\\"")), HasSubstr("now\\\""), HasSubstr("none\\\"")));
  EXPECT_THAT(grammar_after("", R"(, "toolChoice": "required")"), HasSubstr("add\\\""));
  EXPECT_THAT(grammar_after(R"(, {"role": "user", "content": [{"text": "Again"}]})", ""), HasSubstr("add\\\""));
}

TEST(OutputGrammar, ConstrainsTheAnswerBesideTools) {
  EXPECT_THAT(gbnf_of(std::string(kTools) + R"(, "output": {"constrained": true, "schema": {"const": "ok"}})"),
              HasSubstr(R"("none\"}\n\"ok\"")"));
}

TEST(OutputGrammar, NamesTheToolOrOutputThatCannotBeGuaranteed) {
  EXPECT_THAT(
      problem_of(R"("tools": [{"name": "paint", "description": "", "inputSchema": {"type": "string", "format": "color"}}])"),
      AllOf(HasSubstr("model \"m\""), HasSubstr("tool \"paint\""), HasSubstr("color")));
  EXPECT_THAT(problem_of(R"("output": {"constrained": true, "schema": {"type": "string", "format": "color"}})"),
              AllOf(HasSubstr("output.schema"), HasSubstr("color")));
}

TEST(OutputGrammar, TellsWhatRemainsToBeChecked) {
  const auto request = request_of(R"("output": {"constrained": true, "schema": {"type": "array", "uniqueItems": true}})");

  EXPECT_THAT(output_grammar("m", request).checked, ElementsAre("/uniqueItems"));
}

}  // namespace
}  // namespace genkit::llama
