#include "ai/output/json_extractor.h"

#include <algorithm>
#include <array>
#include <new>
#include <random>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace genkit::internal {
namespace {

/// What is found in `text`, cut into random pieces; the problem when nothing is.
std::string find(std::string_view text, const std::shared_ptr<const SchemaValidator>& validator, std::mt19937* random) {
  JsonExtractor extractor(validator);
  for (std::size_t end = 0; random != nullptr && end < text.size();) {
    end = std::min(text.size(), end + 1 + (*random)() % 9);
    extractor.advance(text.substr(0, end));
  }
  extractor.finish(text);
  if (extractor.found()) return to_text(extractor.value() != nullptr ? *extractor.value() : Json());
  return "problem " + std::to_string(static_cast<int>(extractor.problem())) +
         (extractor.failure() ? " at " + std::to_string(extractor.failure()->offset) : "");
}

TEST(JsonExtractorPropertyTest, AnySplitFindsTheSame) {
  const std::array<std::string_view, 18> pieces = {"{",  "}",     "[",    "]",   "\"",      ",",    ":",       " prose ", "\n",
                                                   "{}", "[1,2]", "true", "'a'", "{\"a\":", "null", "```json", "\\",      "3.5"};
  const std::array validators = {std::shared_ptr<const SchemaValidator>(),
                                 SchemaValidator::compile(parse_json(R"({"type":"object"})")),
                                 SchemaValidator::compile(parse_json(R"({"type":"array","minItems":1})")),
                                 SchemaValidator::compile(parse_json(R"({"type":["boolean","number","string"]})"))};
  for (unsigned seed = 0; seed < 10'000; ++seed) {
    std::mt19937 random(seed);
    std::string text;
    for (std::size_t i = 1 + random() % 20; i > 0; --i) text += pieces[random() % pieces.size()];
    const auto& validator = validators[random() % validators.size()];

    const std::string whole = find(text, validator, nullptr);

    ASSERT_EQ(find(text, validator, &random), whole) << text;
  }
}

TEST(JsonExtractorTest, HostileTextIsReadInLinearTime) {
  // Each would take very long if every bracket were tried to the end.
  for (const char* piece : {"[", "{", "{'", "[\"", "{\"a\":", "[/*", "[1,", "{a", "\\\"{"}) {
    std::string text;
    while (text.size() < 100'000) text += piece;
    JsonExtractor extractor;
    extractor.finish(text);
    EXPECT_FALSE(extractor.found()) << piece;
  }
}

TEST(JsonExtractorTest, WhatIsNotTheValueDoesNotShow) {
  JsonExtractor extractor(SchemaValidator::compile(parse_json(R"({"type":"object"})")));
  const std::string text = "as in [1, 2] so {\"a\": 1}";

  extractor.advance(std::string_view(text).substr(0, 9));
  EXPECT_EQ(extractor.value(), nullptr);
  extractor.advance(std::string_view(text).substr(0, 17));
  ASSERT_NE(extractor.value(), nullptr);
  EXPECT_EQ(to_text(*extractor.value()), "{}");
  extractor.finish(text);
  EXPECT_EQ(to_text(*extractor.value()), R"({"a":1})");
}

/// Knows how much was in use at most.
class CountingMemory final : public boost::json::memory_resource {
 public:
  std::size_t peak() const { return peak_; }

 private:
  void* do_allocate(std::size_t size, std::size_t) override {
    used_ += size;
    peak_ = std::max(peak_, used_);
    return ::operator new(size);
  }
  void do_deallocate(void* place, std::size_t size, std::size_t) override {
    used_ -= size;
    ::operator delete(place);
  }
  bool do_is_equal(const memory_resource& other) const noexcept override { return this == &other; }

  std::size_t used_ = 0;
  std::size_t peak_ = 0;
};

TEST(JsonExtractorTest, WhatWasReadInVainTakesNoMemory) {
  CountingMemory counting;
  JsonMemory memory(&counting);
  JsonExtractor extractor(nullptr, nullptr, &memory);
  std::string text;
  for (int i = 0; i < 2'000; ++i) text += "[[[ ";

  extractor.finish(text + "} {\"a\":[1,2]}");

  EXPECT_EQ(to_text(*extractor.value()), R"({"a":[1,2]})");
  EXPECT_LT(counting.peak(), 64u * 1024);
}

TEST(RootTypesTest, AreReadFromTheSchema) {
  EXPECT_EQ(root_types(parse_json(R"({"type":"object"})")), RootTypes{kRootObject});
  EXPECT_EQ(root_types(parse_json(R"({"type":["string","null"]})")), kRootString | kRootNull);
  EXPECT_EQ(root_types(parse_json(R"({"anyOf":[{"enum":["a",1]},{"const":true}]})")), kRootString | kRootNumber | kRootBoolean);
  EXPECT_EQ(root_types(parse_json(R"({"$ref":"#"})")), RootTypes{kRootAny});
  EXPECT_EQ(root_types(parse_json("{}")), RootTypes{kRootAny});
  // Would be followed for ever, a million times over.
  EXPECT_EQ(root_types(parse_json(R"({"anyOf":[{"$ref":"#"},{"$ref":"#"},{"$ref":"#"},{"type":"null"}]})")), RootTypes{kRootAny});
}

}  // namespace
}  // namespace genkit::internal
