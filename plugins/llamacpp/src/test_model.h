#ifndef GENKIT_LLAMACPP_TEST_MODEL_H_
#define GENKIT_LLAMACPP_TEST_MODEL_H_

#include <cstdlib>
#include <filesystem>
#include <string>

#include <gtest/gtest.h>

#ifndef GENKIT_MODEL_FILE
#define GENKIT_MODEL_FILE ""
#endif
#ifndef GENKIT_EMBEDDING_FILE
#define GENKIT_EMBEDDING_FILE ""
#endif

namespace genkit::llama {

/// A file that tests need, from the environment or else from the build's configuration; empty when neither names one.
inline std::filesystem::path configured_file(const char* variable, const char* configured) {
  const char* value = std::getenv(variable);
  return value != nullptr && *value != '\0' ? value : configured;
}

inline std::filesystem::path test_model_file() {
  return configured_file("GENKIT_MODEL_FILE", GENKIT_MODEL_FILE);
}
inline std::filesystem::path test_embedder_file() {
  return configured_file("GENKIT_EMBEDDING_FILE", GENKIT_EMBEDDING_FILE);
}

/// Tests with a real model: skipped only where no model was ever asked for. One that was and is not there is a failure.
class WithModelFile : public testing::Test {
 protected:
  explicit WithModelFile(std::filesystem::path file) : file_(std::move(file)) {}

  void SetUp() override {
    if (file_.empty()) GTEST_SKIP() << "no model: set GENKIT_MODEL_FILE and GENKIT_EMBEDDING_FILE, or run ./dev test";
    ASSERT_TRUE(std::filesystem::exists(file_)) << file_;
  }

  const std::filesystem::path file_;
};

}  // namespace genkit::llama

#endif  // GENKIT_LLAMACPP_TEST_MODEL_H_
