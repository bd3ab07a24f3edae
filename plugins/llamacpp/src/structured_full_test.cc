#include <future>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <genkit/base/json.h>
#include <genkit/schema/validator.h>

#include "engine.h"
#include "grammar/schema_grammar.h"
#include "structured_test_cases.h"
#include "test_model.h"

namespace genkit::llama {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;

struct Output {
  std::string text;
  std::promise<GenerationResult> promise;
  std::optional<GenerationResult> result;

  const GenerationResult& wait() {
    if (!result) result = promise.get_future().get();
    return *result;
  }
};

class StructuredOutput : public WithModelFile {
 protected:
  StructuredOutput() : WithModelFile(test_model_file()) {}

  void SetUp() override {
    WithModelFile::SetUp();
    if (IsSkipped() || HasFatalFailure()) return;
    engine_.emplace(EngineOptions{.source = {.name = "test", .file = file_}, .logger = Logger(LogLevel::kError)});
  }

  void start(Output& run, std::vector<ChatMessage> messages, GenerationParams params) {
    engine_->submit({.messages = std::move(messages),
                     .params = std::move(params),
                     .on_text = [&run](std::string_view piece) { run.text += piece; },
                     .on_done = [&run](const GenerationResult& result) { run.promise.set_value(result); }});
  }

  static GenerationParams params(const Json& schema, unsigned seed) {
    return {.sampling = {.temperature = seed == 0 ? 0.0F : 0.8F, .seed = seed},
            .max_tokens = 400,
            .grammar = schema_grammar(schema).gbnf};
  }

  static std::vector<ChatMessage> ask(const char* question) { return {{"user", std::string(question) + " Answer with JSON."}}; }

  std::optional<Engine> engine_;
};

class SchemasOfManyKinds : public StructuredOutput, public testing::WithParamInterface<std::size_t> {};

TEST_P(SchemasOfManyKinds, AreKeptToSideBySide) {
  const std::span cases = std::span(kStructuredCases).subspan(GetParam(), 5);
  std::vector<Output> runs(cases.size());

  for (std::size_t i = 0; i < runs.size(); ++i) {
    const StructuredCase& one = cases[i];
    start(runs[i], ask(one.prompt), params(parse_json(one.schema), static_cast<unsigned>(i)));
  }

  for (std::size_t i = 0; i < runs.size(); ++i) {
    const StructuredCase& one = cases[i];
    ASSERT_EQ(runs[i].wait().error, std::nullopt) << one.name << ": " << runs[i].wait().error->message();
    ASSERT_EQ(runs[i].wait().finish, FinishReason::kStop) << one.name << ": " << runs[i].text;
    std::vector<ValidationIssue> issues;
    EXPECT_TRUE(SchemaValidator::compile(parse_json(one.schema))->validate(parse_json(runs[i].text), &issues))
        << one.name << ": " << runs[i].text << ": " << issues[0].path << " " << issues[0].message;
  }
}
INSTANTIATE_TEST_SUITE_P(FiveAtATime, SchemasOfManyKinds, testing::Values(0, 5, 10, 15));

TEST_F(StructuredOutput, EndsWhenTheTextIsComplete) {
  Output run;
  start(run, ask("Yes or no?"), params(parse_json(R"({"const": "a"})"), 0));

  EXPECT_EQ(run.wait().finish, FinishReason::kStop);
  EXPECT_EQ(run.text, "\"a\"");
  EXPECT_LE(run.wait().usage.output_tokens, 3);
}

TEST_F(StructuredOutput, EndsWithLengthInTheMiddle) {
  GenerationParams limited = params(parse_json(R"({"type": "array", "items": {"type": "integer"}, "minItems": 20})"), 1);
  limited.max_tokens = 5;
  Output run;

  start(run, ask("Count."), limited);

  EXPECT_EQ(run.wait().finish, FinishReason::kLength);
  EXPECT_THAT(run.text, testing::StartsWith("["));
}

TEST_F(StructuredOutput, IsCutByAStopSequence) {
  GenerationParams stopped =
      params(parse_json(R"({"type": "object", "properties": {"first": {"const": 1}, "second": {"const": 2}},
                                                   "required": ["first", "second"]})"),
             1);
  stopped.stop_sequences = {"second"};
  Output run;

  start(run, ask("Count."), stopped);

  EXPECT_EQ(run.wait().finish, FinishReason::kStop);
  EXPECT_THAT(run.text, HasSubstr("first"));
  EXPECT_THAT(run.text, testing::Not(HasSubstr("second")));
}

TEST_F(StructuredOutput, HoldsCharactersThatTokensCutInTwo) {
  // Not in the vocabulary of small models as one token each.
  Output run;
  start(run, ask("Write."), params(parse_json(R"({"const": "\ud83e\udd8a\u1e9e\u0915\u093f"})"), 0));

  EXPECT_EQ(run.wait().error, std::nullopt);
  EXPECT_EQ(parse_json(run.text), Json("\xF0\x9F\xA6\x8A\xE1\xBA\x9E\xE0\xA4\x95\xE0\xA4\xBF"));
}

TEST_F(StructuredOutput, TellsOfAGrammarThatIsNone) {
  Output run;
  start(run, ask("Hi"), {.max_tokens = 5, .grammar = "root ::= missing"});

  ASSERT_TRUE(run.wait().error.has_value());
  EXPECT_EQ(run.wait().error->status(), Status::kInternal);
}

/// The tokens of a prompt that had to be computed.
int computed(const GenerationResult& result) {
  return result.usage.input_tokens - result.usage.cached_tokens;
}

TEST_F(StructuredOutput, IsNotComputedAgainInTheNextTurn) {
  // Written in tokens that nobody would cut it into: the grammar forces them.
  const Json schema = parse_json(
      R"({"type": "array", "items": {"type": "integer", "minimum": 100, "maximum": 999}, "minItems": 8, "maxItems": 8})");
  std::vector<ChatMessage> chat{{"system", "You are a calculator that likes numbers."}, {"user", "Give me numbers."}};
  Output first;
  start(first, chat, params(schema, 3));
  ASSERT_EQ(first.wait().finish, FinishReason::kStop);

  chat.push_back({"assistant", first.text});
  chat.push_back({"user", "More."});
  Output second;
  start(second, chat, params(schema, 4));

  const int all = first.wait().usage.input_tokens + first.wait().usage.output_tokens;
  // The last token of an answer is never computed, as nothing follows it.
  EXPECT_GE(second.wait().usage.cached_tokens, all - 1);
  EXPECT_LE(computed(second.wait()), 20);
}

TEST_F(StructuredOutput, IsSharedByForksOfAConversation) {
  const Json schema = parse_json(R"({"type": "boolean"})");
  std::vector<ChatMessage> chat{{"system", "You answer questions about a long story. " + std::string(600, 'x')}};
  Output first;
  start(first, {chat[0], {"user", "Is it long?"}}, params(schema, 0));
  ASSERT_EQ(first.wait().finish, FinishReason::kStop);

  std::vector<Output> forks(3);
  for (std::size_t i = 0; i < forks.size(); ++i) {
    start(forks[i], {chat[0], {"user", "Question " + std::to_string(i) + "?"}}, params(schema, 0));
  }

  for (Output& fork : forks) EXPECT_LE(computed(fork.wait()), 20) << fork.wait().usage.input_tokens;
}

}  // namespace
}  // namespace genkit::llama
