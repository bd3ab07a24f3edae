// Runs the cases of the dotprompt specification, each through `render` and through `render_metadata`.
#include <gtest/gtest.h>

#include <cctype>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include <genkit/prompt/dotprompt.h>

#include "prompt/front_matter.h"

namespace genkit {
namespace {

namespace fs = std::filesystem;

struct SpecCase {
  std::string name;
  Json group;
  Json test;
};

std::vector<SpecCase> load_cases() {
  std::vector<SpecCase> cases;
  std::vector<fs::path> files;
  for (const auto& entry : fs::recursive_directory_iterator(GENKIT_DOTPROMPT_SPEC)) {
    if (entry.path().extension() == ".yaml") files.push_back(entry.path());
  }
  std::sort(files.begin(), files.end());
  for (const fs::path& file : files) {
    std::stringstream text;
    text << std::ifstream(file).rdbuf();
    const Json groups = internal::parse_yaml_document(text.str(), file.string(), 1);
    for (const Json& group : groups.get_array()) {
      int number = 0;
      for (const Json& test : group.at("tests").get_array()) {
        std::string name =
            file.stem().string() + "_" + std::string(group.at("name").get_string()) + "_" + std::to_string(number++);
        for (char& c : name) c = std::isalnum(static_cast<unsigned char>(c)) ? c : '_';
        cases.push_back({std::move(name), group, test});
      }
    }
  }
  return cases;
}

Json member_or(const Json& value, std::string_view name, Json fallback) {
  const Json* member = find_member(value, name);
  return member ? *member : fallback;
}

Dotprompt make_dotprompt(const Json& group) {
  const Json schemas = member_or(group, "resolverSchemas", JsonObject());
  const Json partials = member_or(group, "resolverPartials", JsonObject());
  DotpromptOptions options;
  options.schemas = member_or(group, "schemas", JsonObject()).get_object();
  options.tools = member_or(group, "tools", JsonObject()).get_object();
  options.schema_resolver = [schemas](std::string_view name) -> std::optional<Json> {
    const Json* schema = find_member(schemas, name);
    return schema ? std::optional(*schema) : std::nullopt;
  };
  options.partial_resolver = [partials](std::string_view name) -> std::optional<std::string> {
    const Json* partial = find_member(partials, name);
    return partial ? std::optional(std::string(partial->get_string())) : std::nullopt;
  };
  Dotprompt dotprompt(std::move(options));
  const Json defined = member_or(group, "partials", JsonObject());
  for (const auto& partial : defined.get_object()) {
    dotprompt.environment().define_partial(partial.key(), std::string(partial.value().get_string()));
  }
  return dotprompt;
}

/// What a case expects of the metadata: what it does not name is empty, and "raw" counts only where it is named.
JsonObject expected_metadata(const Json& expect, std::initializer_list<std::string_view> without) {
  JsonObject expected = expect.get_object();
  for (const std::string_view key : {"config", "ext", "metadata"}) expected.emplace(key, boost::json::object_kind);
  for (const std::string_view key : without) expected.erase(key);
  return expected;
}

JsonObject comparable(JsonObject actual, const Json& expect) {
  if (!find_member(expect, "raw")) actual.erase("raw");
  return actual;
}

class DotpromptSpec : public testing::TestWithParam<SpecCase> {};

TEST_P(DotpromptSpec, RendersAndResolvesAsTheSpecificationSays) {
  const auto& [name, group, test] = GetParam();
  const Dotprompt dotprompt = make_dotprompt(group);
  const std::string source(group.at("template").get_string());
  const Json options = member_or(test, "options", nullptr);
  const Json& expect = test.at("expect");
  Json given = member_or(group, "data", JsonObject());
  const Json own = member_or(test, "data", JsonObject());
  for (const auto& member : own.get_object()) given.get_object()[member.key()] = member.value();
  const PromptData data{member_or(given, "input", nullptr), member_or(given, "docs", nullptr),
                        member_or(given, "messages", nullptr), member_or(given, "context", nullptr)};
  const Json input_options = member_or(options, "input", nullptr);

  const RenderedPrompt rendered = dotprompt.render(source, data, member_or(input_options, "default", nullptr));
  const JsonObject metadata = dotprompt.render_metadata(parse_prompt(source), options);

  EXPECT_EQ(Json(rendered.messages), expect.at("messages"));
  EXPECT_EQ(Json(comparable(*rendered.metadata, expect)), Json(expected_metadata(expect, {"messages", "input"})));
  EXPECT_EQ(Json(comparable(metadata, expect)), Json(expected_metadata(expect, {"messages"})));
}

INSTANTIATE_TEST_SUITE_P(Spec, DotpromptSpec, testing::ValuesIn(load_cases()), [](const auto& info) { return info.param.name; });

TEST(DotpromptSpecCases, AreAllThere) {
  EXPECT_EQ(load_cases().size(), 117u);
}

}  // namespace
}  // namespace genkit
