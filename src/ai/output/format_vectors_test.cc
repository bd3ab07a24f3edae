#include <fstream>
#include <map>
#include <sstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <genkit/ai/response_stream.h>

#include "ai/output/json_extractor.h"
#include "ai/output/output_reader.h"
#include "core/core_test_support.h"

namespace genkit::internal {
namespace {

const Json& read_vectors(const std::string& name) {
  static std::map<std::string, Json> files;
  if (const auto known = files.find(name); known != files.end()) return known->second;
  std::ifstream file(GENKIT_AI_TESTDATA "/" + name);
  std::stringstream text;
  text << file.rdbuf();
  return files[name] = parse_json(text.str());
}

Json schema_of_case(const Json& test) {
  const Json* schema = find_member(test, "schema");
  return schema != nullptr ? *schema : Json();
}

ModelResponse answer(std::string text) {
  ModelResponse response = ModelResponse::of_text(std::move(text));
  return response;
}

/// The value, or the reason why there is none.
Json outcome(const std::string& format, const Json& test) {
  try {
    return read_output(*make_form(nullptr, format, schema_of_case(test)), answer(std::string(test.at("text").as_string())));
  } catch (const Error& error) {
    return {{"problem", error.details().at("reason")}};
  }
}

Json expected_outcome(const Json& test) {
  if (const Json* problem = find_member(test, "problem")) return {{"problem", *problem}};
  return test.at("value");
}

/// A stream that sends the texts of `steps`.
AnswerProducer producer_of(std::vector<std::string> texts) {
  return [texts = std::move(texts)](const ChunkSink& sink, AnswerReader&) {
    std::string all;
    for (const std::string& text : texts) {
      all += text;
      sink(ValueRef::of(Chunk::of_text(text)));
    }
    return Value::of(ModelResponse::of_text(all));
  };
}

void expect_steps(const std::string& format, const Json& test) {
  std::vector<std::string> texts;
  for (const Json& step : test.at("steps").as_array()) texts.emplace_back(step.at(0).as_string());
  ResponseStream stream(producer_of(texts), nullptr, {.format = format, .schema = schema_of_case(test)});
  std::size_t index = 0;
  for (const StreamedChunk& chunk : stream) {
    EXPECT_EQ(to_text(chunk.output()), to_text(test.at("steps").at(index).at(1)))
        << format << ", " << test.at("name") << ", step " << index;
    ++index;
  }
  EXPECT_EQ(index, texts.size());
}

TEST(ExtractVectorsTest, JsonIsFoundInText) {
  for (const Json& test : read_vectors("extract.json").at("json").as_array()) {
    EXPECT_EQ(to_text(outcome("json", test)), to_text(expected_outcome(test))) << test.at("name");
  }
}

TEST(ExtractVectorsTest, ItemsComeOneByOne) {
  for (const Json& test : read_vectors("extract.json").at("items").as_array()) expect_steps("array", test);
}

TEST(ExtractVectorsTest, PartialValues) {
  for (const Json& test : read_vectors("extract.json").at("partial").as_array()) {
    JsonStream stream;
    stream.feed(test.at("text").as_string());
    EXPECT_EQ(to_text(stream.value()), to_text(test.at("value"))) << test.at("name");
  }
}

TEST(FormatVectorsTest, Chunks) {
  for (const auto& format : read_vectors("formats.json").as_object()) {
    if (format.key() == "about") continue;
    for (const Json& test : format.value().at("chunks").as_array()) expect_steps(format.key(), test);
  }
}

TEST(FormatVectorsTest, Answers) {
  for (const auto& format : read_vectors("formats.json").as_object()) {
    if (format.key() == "about") continue;
    for (const Json& test : format.value().at("answers").as_array()) {
      EXPECT_EQ(to_text(outcome(format.key(), test)), to_text(expected_outcome(test))) << format.key() << ", " << test.at("name");
    }
  }
}

TEST(FormatVectorsTest, SchemasThatDoNotGoWithTheFormatAreRefused) {
  for (const auto& format : read_vectors("formats.json").as_object()) {
    if (format.key() == "about") continue;
    for (const Json& test : format.value().at("refused").as_array()) {
      const auto error = error_of([&] { make_form(nullptr, format.key(), test.at("schema")); });
      EXPECT_THAT(error, HasStatus(Status::kInvalidArgument));
      EXPECT_THAT(error, HasMessage(testing::HasSubstr(std::string(test.at("message").as_string()))));
    }
  }
}

}  // namespace
}  // namespace genkit::internal
