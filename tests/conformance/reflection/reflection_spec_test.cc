#include <string>
#include <vector>

#include <genkit/ai/model.h>
#include <gmock/gmock.h>
#include <yaml-cpp/yaml.h>

#include "http/test_client.h"
#include "reflection/reflection_server.h"
#include "reflection/reflection_test_support.h"

namespace genkit::internal {
namespace {

/// The YAML of the specification as JSON: quoted scalars are text, plain ones are numbers where they can be.
Json to_json_value(const YAML::Node& node) {
  if (node.IsMap()) {
    JsonObject object;
    for (const auto& member : node) object[member.first.as<std::string>()] = to_json_value(member.second);
    return object;
  }
  if (node.IsSequence()) {
    JsonArray array;
    for (const auto& item : node) array.push_back(to_json_value(item));
    return array;
  }
  if (double number = 0; node.Tag() == "?" && YAML::convert<double>::decode(node, number)) return parse_json(node.Scalar());
  return Json(node.Scalar());
}

/// Adds a line for everything of `expected` that `actual` does not have. Text that holds JSON is compared as JSON: the order of
/// members is each language's own.
void compare(const Json& expected, const Json& actual, const std::string& path, std::vector<std::string>& differences) {
  if (expected.is_object() && actual.is_object()) {
    for (const auto& [name, value] : expected.get_object()) {
      const Json* member = find_member(actual, name);
      if (member == nullptr) {
        differences.push_back(path + "/" + std::string(name) + " is missing");
      } else {
        compare(value, *member, path + "/" + std::string(name), differences);
      }
    }
  } else if (expected.is_array() && actual.is_array() && expected.get_array().size() == actual.get_array().size()) {
    for (std::size_t i = 0; i < expected.get_array().size(); ++i) {
      compare(expected.at(i), actual.at(i), path + "/" + std::to_string(i), differences);
    }
  } else if (expected.is_string() && actual.is_string() && expected.get_string().starts_with('{')) {
    compare(parse_json(expected.get_string()), parse_json(actual.get_string()), path, differences);
  } else if (expected != actual) {
    differences.push_back(path + " is " + to_text(actual) + ", not " + to_text(expected));
  }
}

/// The application that the specification speaks of.
std::shared_ptr<Registry> test_app() {
  auto registry = Registry::create();
  registry->add(model("customReflector", {.label = "Reflector"}, [](const ModelRequest& request, ModelContext&) {
    ModelResponse response = ModelResponse::of_text(to_text(to_json(request)));
    response.finish_reason = FinishReason::kStop;
    response.usage = GenerationUsage{.input_characters = static_cast<std::int64_t>(request.last_text().size()),
                                     .output_characters = static_cast<std::int64_t>(response.text().size())};
    return response;
  }));
  return registry;
}

TEST(ReflectionSpec, AnswersHaveWhatTheSpecificationSays) {
  const TemporaryFolder folder;
  ReflectionEnvironment environment;
  environment.dev = true;
  environment.working_directory = folder.path();
  const auto server =
      ReflectionServer::start(environment, test_app(), {.name = "test_app", .exporter = nullptr, .logger = silent()});
  const Json specification = to_json_value(YAML::LoadFile(GENKIT_REFLECTION_SPEC));
  ASSERT_FALSE(specification.at("tests").get_array().empty());

  for (const Json& test : specification.at("tests").get_array()) {
    const TestResponse response =
        fetch(server->port(), "POST", std::string_view(test.at("path").get_string()), to_text(test.at("post")));

    std::vector<std::string> differences;
    compare(test.at("body"), response.json(), "", differences);
    EXPECT_THAT(differences, testing::IsEmpty()) << response.body;
  }
}

}  // namespace
}  // namespace genkit::internal
