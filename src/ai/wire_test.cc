#include <genkit/ai/embedder.h>
#include <genkit/ai/model_types.h>

#include <fstream>
#include <sstream>

#include <genkit/schema/validator.h>

#include "ai/ai_test_support.h"

namespace genkit {
namespace {

/// Struct → JSON → struct → JSON gives the same text again.
template <class T>
void expect_round_trip(const std::string& text) {
  EXPECT_EQ(to_text(to_json(from_json<T>(parse_json(text)))), text);
}

TEST(WireTest, UnknownMembersSurviveARoundTrip) {
  expect_round_trip<Message>(
      R"({"role":"model","content":[{"reasoning":"hm","metadata":{"thoughtSignature":"AbC="},"encrypted":{"b":[1,2.5]}}],"vendor":null})");
  expect_round_trip<ModelResponse>(
      R"({"message":{"role":"model","content":[{"toolRequest":{"name":"t","ref":"1","input":{"a":1},"sig":"x"}}]},)"
      R"("finishReason":"stop","usage":{"inputTokens":5,"cachedContentTokens":2,"vendorTokens":1},"custom":{"a":null}})");
  expect_round_trip<ModelRequest>(
      R"({"messages":[],"config":{"temperature":0.2},"tools":[{"name":"t","description":"d"}],"toolChoice":"auto","output":{}})");
}

TEST(WireTest, FalsyValuesAreValues) {
  expect_round_trip<Part>(R"({"text":""})");
  expect_round_trip<Part>(R"({"data":null})");
  expect_round_trip<Part>(R"({"toolResponse":{"name":"t","output":false}})");
}

class SchemaFileTest : public testing::Test {
 protected:
  /// The upstream schema of one wire type.
  std::shared_ptr<const SchemaValidator> validator(const std::string& name) {
    std::ifstream file(GENKIT_CONFORMANCE_DIR "/genkit/genkit-schema.json");
    std::stringstream text;
    text << file.rdbuf();
    Json schema = parse_json(text.str());
    schema.get_object()["$ref"] = "#/$defs/" + name;
    return SchemaValidator::compile(schema);
  }
  template <class T>
  void expect_valid(const std::string& name, const T& value) {
    std::vector<ValidationIssue> issues;
    const Json json = to_json(value);
    EXPECT_TRUE(validator(name)->validate(json, &issues)) << name << ": " << to_text(json) << "\n"
                                                          << (issues.empty() ? "" : issues[0].path + " " + issues[0].message);
  }
};

TEST_F(SchemaFileTest, WhatWeEmitIsValid) {
  Message message = Message::user({text("hi"), media("data:image/png;base64,AA==", "image/png"), data({{"a", 1}})});
  message.metadata = Json{{"purpose", "history"}};
  ModelRequest request;
  request.messages = {Message::system("Be brief."), message};
  request.config = Json{{"temperature", 0.2}};
  request.tools = {ToolDefinition{.name = "t", .description = "d", .input_schema = Json{{"type", "object"}}}};
  request.tool_choice = ToolChoice::kRequired;
  request.output = OutputConfig{.format = "json", .constrained = true};
  request.docs = {Document::of_text("doc", {{"id", 1}})};
  ModelResponse response = ModelResponse::of_text("hello");
  response.usage = GenerationUsage{.input_tokens = 1, .output_tokens = 2, .custom = {{{"x", 1.5}}}};
  response.latency_ms = 1.5;
  Chunk chunk = Chunk::of_text("he");
  chunk.role = Role::kModel;
  chunk.index = 0;

  expect_valid("Message", message);
  expect_valid("ModelRequest", request);
  expect_valid("ModelResponse", response);
  expect_valid("ModelResponseChunk", chunk);
  expect_valid("EmbedRequest", EmbedRequest{.input = {Document::of_text("doc")}});
  expect_valid("EmbedResponse", EmbedResponse{.embeddings = {{.embedding = {0.5f, 1.0f}}}});
}

}  // namespace
}  // namespace genkit
