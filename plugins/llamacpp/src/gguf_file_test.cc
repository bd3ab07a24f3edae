#include "gguf_file.h"

#include <cstdint>
#include <functional>
#include <sstream>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <ggml.h>
#include <gguf.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <genkit/base/error.h>

namespace genkit::llama {
namespace {

using testing::HasSubstr;

template <class T>
std::string bytes_of(T value) {
  return std::string(reinterpret_cast<const char*>(&value), sizeof value);
}

std::string text(std::string_view value) {
  return bytes_of<std::uint64_t>(value.size()) + std::string(value);
}

/// The bytes of a small model file, of which a test changes what it is about.
struct ModelFile {
  std::uint32_t version = 3;
  std::vector<std::pair<std::string, std::string>> values;  ///< key, type and value
  std::vector<std::string> tensors;
  std::size_t data = 64 * 4;

  void set(const std::string& key, std::uint32_t value) { put(key, bytes_of<std::uint32_t>(GGUF_TYPE_UINT32) + bytes_of(value)); }
  void set(const std::string& key, std::string_view value) { put(key, bytes_of<std::uint32_t>(GGUF_TYPE_STRING) + text(value)); }
  void set(const std::string& key, const std::vector<std::string>& list) {
    std::string value = bytes_of<std::uint32_t>(GGUF_TYPE_ARRAY) + bytes_of<std::uint32_t>(GGUF_TYPE_STRING);
    value += bytes_of<std::uint64_t>(list.size());
    for (const std::string& item : list) value += text(item);
    put(key, value);
  }
  void put(const std::string& key, std::string value) {
    for (auto& [known, old] : values) {
      if (known == key) return void(old = std::move(value));
    }
    values.emplace_back(key, std::move(value));
  }

  void add_tensor(std::string_view name, const std::vector<std::uint64_t>& shape, std::uint32_t type, std::uint64_t offset) {
    std::string entry = text(name) + bytes_of(static_cast<std::uint32_t>(shape.size()));
    for (const std::uint64_t extent : shape) entry += bytes_of(extent);
    tensors.push_back(entry + bytes_of(type) + bytes_of(offset));
  }

  std::string bytes() const {
    std::string out =
        "GGUF" + bytes_of(version) + bytes_of<std::uint64_t>(tensors.size()) + bytes_of<std::uint64_t>(values.size());
    for (const auto& [key, value] : values) out += text(key) + value;
    for (const std::string& tensor : tensors) out += tensor;
    out.resize((out.size() + 31) / 32 * 32);
    return out + std::string(data, '\0');
  }
};

ModelFile small_model() {
  ModelFile file;
  file.set("general.architecture", "llama");
  file.set("llama.context_length", 2048U);
  file.set("llama.block_count", 2U);
  file.set("llama.embedding_length", 32U);
  file.set("llama.attention.head_count", 4U);
  file.set("llama.attention.head_count_kv", 2U);
  file.set("tokenizer.ggml.model", "gpt2");
  file.set("tokenizer.ggml.tokens", std::vector<std::string>{"a", "b", "c"});
  file.add_tensor("token_embd.weight", {32, 1}, GGML_TYPE_F32, 0);
  file.add_tensor("output_norm.weight", {32}, GGML_TYPE_F32, 128);
  return file;
}

GgufSummary check(const std::string& bytes) {
  std::istringstream in(bytes);
  return check_gguf(in, bytes.size());
}

/// The message with which the file is refused; empty when it is accepted.
std::string problem_of(const std::string& bytes) {
  try {
    check(bytes);
    return {};
  } catch (const Error& error) {
    EXPECT_EQ(error.status(), Status::kInvalidArgument);
    return error.message();
  }
}

std::string problem_after(const std::function<void(ModelFile&)>& change) {
  ModelFile file = small_model();
  change(file);
  return problem_of(file.bytes());
}

TEST(GgufFile, ReadsWhatAModelSaysAboutItself) {
  ModelFile file = small_model();
  file.set("llama.pooling_type", 1U);

  const GgufSummary summary = check(file.bytes());

  EXPECT_EQ(summary.architecture, "llama");
  EXPECT_EQ(summary.context_length, 2048U);
  EXPECT_EQ(summary.pooling, 1U);
  EXPECT_TRUE(summary.has_tokenizer);
}

TEST(GgufFile, RefusesEveryFileThatIsCutOff) {
  const std::string whole = small_model().bytes();
  ASSERT_EQ(problem_of(whole), "");

  for (std::size_t length = 0; length < whole.size(); ++length) {
    EXPECT_THAT(problem_of(whole.substr(0, length)), HasSubstr("cut off")) << length;
  }
}

TEST(GgufFile, SurvivesEveryChangeOfAByteInTheHeader) {
  const std::string whole = small_model().bytes();

  for (std::size_t at = 0; at < whole.size() - 256; ++at) {
    for (const unsigned char value : {0x00, 0x01, 0x7F, 0x80, 0xFF}) {
      std::string changed = whole;
      changed[at] = static_cast<char>(value);
      problem_of(changed);  // an answer or a typed error, checked there
    }
  }
}

TEST(GgufFile, RefusesWhatIsNoModelFile) {
  EXPECT_THAT(problem_of("#!/bin/sh\nrm -rf everything\n"), HasSubstr("not a GGUF model file"));
  EXPECT_THAT(problem_after([](ModelFile& file) { file.version = 1; }), HasSubstr("version 1"));
  EXPECT_THAT(problem_after([](ModelFile& file) { file.version = 99; }), HasSubstr("version 99"));
}

TEST(GgufFile, RefusesNumbersThatEndTheProcessInLlama) {
  const auto with = [](const std::string& key, std::uint32_t value) {
    return problem_after([&](ModelFile& file) { file.set(key, value); });
  };

  EXPECT_THAT(with("general.alignment", 24), HasSubstr("power of two"));
  EXPECT_THAT(with("llama.block_count", 0), HasSubstr("block_count"));
  EXPECT_THAT(with("llama.block_count", 513), HasSubstr("block_count"));
  EXPECT_THAT(with("llama.context_length", 0), HasSubstr("context_length"));
  EXPECT_THAT(with("llama.embedding_length", 0), HasSubstr("embedding_length"));
  EXPECT_THAT(with("llama.attention.head_count", 0), HasSubstr("head_count"));
  EXPECT_THAT(with("llama.attention.head_count_kv", 3), HasSubstr("head_count_kv"));
  EXPECT_THAT(with("llama.expert_used_count", 2), HasSubstr("experts"));
  EXPECT_THAT(with("llama.expert_count", 4), HasSubstr("experts"));
}

TEST(GgufFile, RefusesValuesOfTheWrongKind) {
  EXPECT_THAT(problem_after([](ModelFile& file) { file.set("general.architecture", 5U); }), HasSubstr("must be a text"));
  EXPECT_THAT(problem_after([](ModelFile& file) { file.set("llama.block_count", "two"); }), HasSubstr("unsigned number"));
  EXPECT_THAT(problem_after([](ModelFile& file) { file.set("tokenizer.ggml.tokens", "a b c"); }), HasSubstr("list of texts"));
  EXPECT_THAT(problem_after([](ModelFile& file) { file.set("llama.rope.scaling.type", "magic"); }), HasSubstr("magic"));
  EXPECT_THAT(problem_after([](ModelFile& file) { file.put("strange", bytes_of<std::uint32_t>(77)); }),
              HasSubstr("unknown type"));
}

TEST(GgufFile, RefusesTokensThatOccurTwice) {
  const std::string problem =
      problem_after([](ModelFile& file) { file.set("tokenizer.ggml.tokens", std::vector<std::string>{"a", "", "", "a"}); });

  EXPECT_THAT(problem, HasSubstr("token 3"));
}

TEST(GgufFile, RefusesListsThatAreShorterThanTheVocabulary) {
  const std::string scores = bytes_of<std::uint32_t>(GGUF_TYPE_ARRAY) + bytes_of<std::uint32_t>(GGUF_TYPE_FLOAT32) +
                             bytes_of<std::uint64_t>(1) + bytes_of(1.0F);

  EXPECT_THAT(problem_after([&](ModelFile& file) { file.put("tokenizer.ggml.scores", scores); }), HasSubstr("3 tokens"));
}

TEST(GgufFile, RefusesCountsThatTheFileHasNoRoomFor) {
  const auto huge_array = [](std::uint32_t type) {
    return bytes_of<std::uint32_t>(GGUF_TYPE_ARRAY) + bytes_of(type) + bytes_of<std::uint64_t>(std::uint64_t{1} << 62);
  };

  for (const std::uint32_t type : {GGUF_TYPE_STRING, GGUF_TYPE_FLOAT64, GGUF_TYPE_UINT8}) {
    EXPECT_THAT(problem_after([&](ModelFile& file) { file.put("huge", huge_array(type)); }), HasSubstr("cut off"));
  }
  EXPECT_THAT(problem_of("GGUF" + bytes_of<std::uint32_t>(3) + bytes_of(~std::uint64_t{0}) + bytes_of<std::uint64_t>(1)),
              HasSubstr("damaged"));
}

TEST(GgufFile, RefusesTensorsThatCannotBe) {
  const auto with = [](std::string_view name, const std::vector<std::uint64_t>& shape, std::uint32_t type, std::uint64_t offset) {
    return problem_after([&](ModelFile& file) { file.add_tensor(name, shape, type, offset); });
  };

  EXPECT_THAT(with("token_embd.weight", {32}, GGML_TYPE_F32, 256), HasSubstr("occurs twice"));
  EXPECT_THAT(with("x", {32}, GGML_TYPE_F32, 0), HasSubstr("offset 0 instead of 256"));
  EXPECT_THAT(with("x", {32}, GGML_TYPE_F32, 256), HasSubstr("cut off"));
  EXPECT_THAT(with("x", {}, GGML_TYPE_F32, 256), HasSubstr("0 dimensions"));
  EXPECT_THAT(with("x", {1, 1, 1, 1, 1}, GGML_TYPE_F32, 256), HasSubstr("5 dimensions"));
  EXPECT_THAT(with("x", {32, 0}, GGML_TYPE_F32, 256), HasSubstr("impossible shape"));
  EXPECT_THAT(with("x", {1 << 30, 1 << 30}, GGML_TYPE_F32, 256), HasSubstr("impossible shape"));
  EXPECT_THAT(with("x", {33, 2}, GGML_TYPE_Q4_0, 256), HasSubstr("whole number of blocks"));
  EXPECT_THAT(with("x", {32, 2}, 9999, 256), HasSubstr("type 9999"));
  EXPECT_THAT(with("x", {32, 2}, GGML_TYPE_F64, 256), HasSubstr("cannot compute"));
  EXPECT_THAT(with("x", {32}, GGML_TYPE_Q4_0, 256), HasSubstr("must be f32"));
  EXPECT_THAT(with(std::string(64, 'x'), {32}, GGML_TYPE_F32, 256), HasSubstr("64 bytes"));
}

TEST(GgufFile, NamesTheModelAndTheFileThatIsMissing) {
  try {
    check_gguf_file("tiny", "/nonexistent/tiny.gguf");
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.status(), Status::kNotFound);
    EXPECT_THAT(error.message(), HasSubstr("model \"tiny\": file \"/nonexistent/tiny.gguf\""));
  }
}

TEST(GgufFile, RefusesAFolder) {
  EXPECT_THROW(check_gguf_file("tiny", "/"), Error);
}

}  // namespace
}  // namespace genkit::llama
