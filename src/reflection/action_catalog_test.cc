#include "reflection/action_catalog.h"

#include <gmock/gmock.h>

#include "reflection/reflection_test_support.h"

namespace genkit::internal {
namespace {

using testing::IsNull;
using testing::NotNull;

Json listed(const ActionInfo& info) {
  std::string text = "{";
  ActionListWriter(text).add(info);
  return parse_json(text + "}").at(info.key);
}

ActionInfo info_of(std::string name, Json metadata = nullptr) {
  ActionInfo info;
  info.kind = ActionKind::kFlow;
  info.name = std::move(name);
  info.key = "/flow/" + info.name;
  info.metadata = std::move(metadata);
  return info;
}

class Advertiser final : public Plugin {
 public:
  std::string_view name() const override { return "shop"; }
  std::vector<Action> init() override {
    ++initialised;
    return {flow("sell", [] { return 1; }).action()};
  }
  std::vector<ActionInfo> list_actions() override { return {info_of("sell"), info_of("buy")}; }
  int initialised = 0;
};

TEST(ActionListWriter, WritesWhatToolsExpect) {
  ActionInfo info = info_of("a\"b", {{"type", "flow"}});
  info.description = "Says \"hello\"";
  info.input_schema = std::make_shared<const Json>(JsonObject{{"type", "object"}});

  EXPECT_EQ(
      to_text(listed(info)),
      R"({"key":"/flow/a\"b","name":"a\"b","description":"Says \"hello\"","metadata":{"type":"flow"},"inputSchema":{"type":"object"}})");
}

TEST(ActionListWriter, LeavesOutWhatIsNotThere) {
  EXPECT_EQ(to_text(listed(info_of("x"))), R"({"key":"/flow/x","name":"x"})");
}

TEST(ActionListWriter, WritesNoNullsIntoMetadata) {
  const Json json = listed(info_of("x", {{"a", nullptr}, {"b", {1, nullptr, 2}}, {"c", {{"deep", nullptr}}}}));

  EXPECT_EQ(to_text(json.at("metadata")), R"({"b":[1,2],"c":{"deep":null}})");
}

TEST(ActionListWriter, WritesNoArraysDirectlyInArraysOfMetadata) {
  const Json json = listed(info_of("x", {{"matrix", JsonArray{JsonArray{1, 2}, JsonArray{3}}}}));

  EXPECT_EQ(to_text(json.at("metadata")), R"({"matrix":["[1,2]","[3]"]})");
}

TEST(ActionListWriter, RepeatsSharedSchemasExactly) {
  ActionInfo a = info_of("a");
  a.input_schema = a.output_schema = std::make_shared<const Json>(JsonObject{{"type", "string"}});
  ActionInfo b = info_of("b");
  b.input_schema = a.input_schema;
  std::string text = "{";
  ActionListWriter writer(text);

  writer.add(a);
  writer.add(b);

  const Json json = parse_json(text + "}");
  EXPECT_EQ(json.at("/flow/a").at("outputSchema"), *a.input_schema);
  EXPECT_EQ(json.at("/flow/b").at("inputSchema"), *a.input_schema);
}

TEST(ActionCatalog, ListsAnEmptyRegistry) {
  ActionCatalog catalog(Registry::create());

  EXPECT_EQ(*catalog.text(), "{}");
}

TEST(ActionCatalog, KeepsTheTextUntilSomethingIsRegistered) {
  const auto registry = Registry::create();
  registry->add(flow("one", [] { return 1; }).action());
  ActionCatalog catalog(registry);

  const auto first = catalog.text();
  EXPECT_EQ(catalog.text(), first);
  registry->add(flow("two", [] { return 2; }).action());

  EXPECT_THAT(find_member(parse_json(*first), "/flow/two"), IsNull());
  EXPECT_THAT(find_member(parse_json(*catalog.text()), "/flow/two"), NotNull());
}

TEST(ActionCatalog, ListsWhatPluginsCouldMakeWithoutInitialisingThem) {
  const auto plugin = std::make_shared<Advertiser>();
  const auto registry = Registry::create();
  registry->add_plugin(plugin);
  registry->add(flow("mine", [] { return 1; }).action());
  ActionCatalog catalog(registry);

  const Json json = parse_json(*catalog.text());

  EXPECT_EQ(json.get_object().size(), 3U);
  EXPECT_THAT(find_member(json, "/flow/shop/buy"), NotNull());
  EXPECT_EQ(plugin->initialised, 0);
}

TEST(ActionCatalog, ListsAnActionOnceWhenItIsAdvertisedAndRegistered) {
  const auto registry = Registry::create();
  registry->add_plugin(std::make_shared<Advertiser>());
  registry->find("/flow/shop/sell");
  ActionCatalog catalog(registry);

  const std::string text = *catalog.text();

  EXPECT_EQ(text.find("\"/flow/shop/sell\":"), text.rfind("\"/flow/shop/sell\":"));
  EXPECT_THAT(find_member(parse_json(text).at("/flow/shop/sell"), "outputSchema"), NotNull());
}

TEST(ActionCatalog, ListsWhatDynamicProvidersHave) {
  const auto registry = Registry::create();
  DynamicProviderOptions options;
  options.name = "remote";
  options.fetch = [] { return std::vector<Action>{flow("far", [] { return 1; }).action()}; };
  registry->add_dynamic_provider(options);
  ActionCatalog catalog(registry);

  const Json json = parse_json(*catalog.text());

  EXPECT_THAT(find_member(json, "/dynamic-action-provider/remote"), NotNull());
  EXPECT_THAT(find_member(json, "/dynamic-action-provider/remote:flow/far"), NotNull());
}

}  // namespace
}  // namespace genkit::internal
