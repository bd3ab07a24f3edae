#include <string>
#include <vector>

#include <genkit/ai/generate.h>
#include <genkit/core/registry.h>
#include <gmock/gmock.h>
#include <yaml-cpp/yaml.h>

namespace genkit {
namespace {

/// YAML as JSON: quoted scalars are text, plain ones what JSON makes of them.
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
  if (node.IsNull()) return nullptr;
  const auto plain = attempt([&] { return node.Tag() == "?" ? parse_json(node.Scalar()) : Json(node.Scalar()); });
  return plain ? plain.value() : Json(node.Scalar());
}

Action json_tool(const char* name, std::function<Json(const Json&, ToolContext&)> function) {
  internal::ActionDefinition definition = internal::tool_definition({.name = name, .description = "description"}, false);
  definition.input_type = &internal::type_info<Json>();
  definition.output_type = &internal::type_info<Json>();
  definition.body = [function = std::move(function)](internal::ValueRef input, internal::ActionCall& call) {
    ToolContext context(call);
    return internal::Value::of(function(*static_cast<const Json*>(input.object), context));
  };
  return internal::make_tool(std::move(definition), nullptr);
}

/// The tools that the cases speak of.
void add_tools(Registry& registry) {
  const auto add = [&](const char* name, std::function<Json(const Json&, ToolContext&)> function) {
    internal::add_tool(registry, json_tool(name, std::move(function)));
  };
  add("testTool", [](const Json&, ToolContext&) -> Json { return "tool called"; });
  add("echo", [](const Json& input, ToolContext&) -> Json { return input; });
  add("ask", [](const Json&, ToolContext& tool) -> Json { tool.interrupt({{"reason", "ask"}}); });
  add("approve", [](const Json& input, ToolContext& tool) -> Json {
    if (tool.resumed() == nullptr) tool.interrupt();
    JsonObject output{{"input", input}, {"resumed", *tool.resumed()}};
    if (tool.original_input() != nullptr) output["asked"] = *tool.original_input();
    return output;
  });
  add("again", [](const Json&, ToolContext& tool) -> Json { tool.interrupt({{"once", tool.resumed() == nullptr}}); });
  add("fail", [](const Json&, ToolContext&) -> Json { throw Error(Status::kUnavailable, "no line"); });
  internal::add_tool(registry, tool({.name = "camera", .description = "description"}, [](const Json& input) {
                                 return MultipartToolResponse{.output = input, .content = {text("seen")}};
                               }).action());
  internal::add_tool(registry, interrupt<Json, Json>({.name = "confirm", .description = "description"}).action());
}

/// A model that answers as the case says.
void add_model(Registry& registry, const Json& test) {
  auto calls = std::make_shared<std::size_t>(0);
  registry.add(model("programmableModel", {.supports = {.multiturn = true, .tools = true, .tool_choice = true}},
                     [calls, test](const ModelRequest&, ModelContext& context) {
                       const std::size_t call = (*calls)++;
                       if (const Json* chunks = find_member(test, "streamChunks"); chunks && call < chunks->get_array().size()) {
                         for (const Json& chunk : chunks->at(call).as_array()) context.send(from_json<Chunk>(chunk));
                       }
                       return from_json<ModelResponse>(test.at("modelResponses").as_array().at(call));
                     }));
}

/// The key of a tool, which the specification leaves out.
void remove_tool_keys(Json& response) {
  Json* request = response.is_object() ? response.get_object().if_contains("request") : nullptr;
  if (request == nullptr) return;
  for (Json& tool : request->at("tools").as_array()) tool.get_object().erase("key");
}

/// The conversation of a response, the answer included.
Json conversation(const Json& response) {
  JsonArray messages = response.at("request").at("messages").as_array();
  messages.push_back(response.at("message"));
  return messages;
}

std::vector<Json> load(const std::string& file) {
  const Json content = to_json_value(YAML::LoadFile(file));
  std::vector<Json> tests;
  for (const Json& test : content.at("tests").as_array()) tests.push_back(test);
  return tests;
}

std::vector<Json> all_tests() {
  std::vector<Json> tests = load(GENKIT_GENERATE_SPEC);
  for (const char* name : {"/requests.yaml", "/tools.yaml", "/resume.yaml"}) {
    for (Json& test : load(std::string(GENKIT_GENERATE_CASES) + name)) tests.push_back(std::move(test));
  }
  return tests;
}

class GenerateSpecTest : public testing::TestWithParam<Json> {};

TEST_P(GenerateSpecTest, AnswersAsTheSpecificationSays) {
  const Json& test = GetParam();
  const auto registry = Registry::create();
  add_tools(*registry);
  add_model(*registry, test);
  const Action util = registry->add(internal::generate_action());
  JsonArray chunks;
  std::function<void(Json)> on_chunk;
  if (find_member(test, "stream") != nullptr) on_chunk = [&](Json chunk) { chunks.push_back(std::move(chunk)); };

  Result<ActionResult> result = attempt([&] { return util.run_json(test.at("input"), {}, on_chunk); });

  if (const Json* error = find_member(test, "expectError")) {
    ASSERT_FALSE(result) << to_text(result.value().result);
    EXPECT_EQ(status_name(result.error().status()), error->at("status").as_string());
    EXPECT_THAT(result.error().message(), testing::HasSubstr(std::string(error->at("message").as_string())));
    return;
  }
  ASSERT_TRUE(result) << result.error().what();
  Json response = result.value().result;
  remove_tool_keys(response);
  if (const Json* expected = find_member(test, "expectResponse")) {
    EXPECT_EQ(response, *expected) << to_text(response, 2);
  }
  if (const Json* expected = find_member(test, "expectMessages")) {
    EXPECT_EQ(conversation(response), *expected) << to_text(conversation(response), 2);
  }
  if (const Json* expected = find_member(test, "expectRequest")) {
    for (const auto& member : expected->as_object()) EXPECT_EQ(response.at("request").at(member.key()), member.value());
  }
  if (const Json* expected = find_member(test, "expectFinishReason")) {
    EXPECT_EQ(response.at("finishReason"), *expected);
  }
  if (const Json* expected = find_member(test, "expectChunks")) {
    EXPECT_EQ(Json(chunks), *expected) << to_text(Json(chunks), 2);
  }
}

std::string test_name(const testing::TestParamInfo<Json>& info) {
  std::string name(info.param.at("name").as_string());
  for (char& c : name) {
    if (!std::isalnum(static_cast<unsigned char>(c))) c = '_';
  }
  return name;
}

INSTANTIATE_TEST_SUITE_P(Cases, GenerateSpecTest, testing::ValuesIn(all_tests()), test_name);

}  // namespace
}  // namespace genkit
