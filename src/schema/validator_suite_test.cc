// The official tests of draft-07, read from Debian's package json-schema-test-suite.

#include <algorithm>
#include <cctype>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <ostream>
#include <string>
#include <string_view>
#include <vector>

#include <gtest/gtest.h>

#include <genkit/schema/validator.h>

namespace genkit {
namespace {

struct SuiteFile {
  std::string path;
  std::string name;
};

void PrintTo(const SuiteFile& file, std::ostream* out) {
  *out << file.path;
}

// What a library that fetches nothing and sees doubles cannot pass.
constexpr std::string_view kLeftOut[] = {
    "refRemote",     // needs schemas from http://localhost:1234
    "idn_hostname",  // an annotation here
    "content",       // contentMediaType and contentEncoding, annotations here
};

std::vector<SuiteFile> suite_files() {
  const std::filesystem::path root = std::filesystem::path(GENKIT_JSON_SCHEMA_SUITE) / "draft7";
  std::vector<SuiteFile> files;
  std::error_code none;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(root, none)) {
    if (entry.path().extension() != ".json") continue;
    std::string name = entry.path().stem().string();
    std::replace_if(name.begin(), name.end(), [](char c) { return std::isalnum(static_cast<unsigned char>(c)) == 0; }, '_');
    if (std::find(std::begin(kLeftOut), std::end(kLeftOut), name) != std::end(kLeftOut)) continue;
    files.push_back({entry.path().string(), name});
  }
  std::sort(files.begin(), files.end(), [](const SuiteFile& a, const SuiteFile& b) { return a.name < b.name; });
  return files;
}

Json read_json(const std::string& path) {
  std::ifstream file(path);
  return parse_json(std::string(std::istreambuf_iterator<char>(file), {}));
}

class Draft7Suite : public ::testing::TestWithParam<SuiteFile> {};

TEST_P(Draft7Suite, AgreesOnEveryValue) {
  const Json groups = read_json(GetParam().path);
  for (const Json& group : groups.as_array()) {
    auto validator = SchemaValidator::compile(group.at("schema"));
    for (const Json& test : group.at("tests").as_array()) {
      std::vector<ValidationIssue> issues;

      bool valid = validator->validate(test.at("data"), &issues);

      EXPECT_EQ(valid, test.at("valid").as_bool()) << to_text(group.at("description")) << " / " << to_text(test);
      EXPECT_EQ(valid, issues.empty());
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Files, Draft7Suite, ::testing::ValuesIn(suite_files()),
                         [](const auto& info) { return info.param.name; });
GTEST_ALLOW_UNINSTANTIATED_PARAMETERIZED_TEST(Draft7Suite);

TEST(Draft7SuiteFiles, AreThere) {
  if (std::string_view(GENKIT_JSON_SCHEMA_SUITE).ends_with("NOTFOUND")) GTEST_SKIP() << "json-schema-test-suite is not installed";

  EXPECT_GE(suite_files().size(), 50u);
}

}  // namespace
}  // namespace genkit
