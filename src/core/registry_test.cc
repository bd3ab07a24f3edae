#include <genkit/core/registry.h>

#include "core/core_test_support.h"

#include <atomic>
#include <latch>
#include <thread>
#include <vector>

#include <genkit/runtime/future.h>

namespace genkit {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

Action make_action(ActionKind kind, std::string name) {
  internal::ActionDefinition definition;
  definition.kind = kind;
  definition.name = std::move(name);
  definition.output_type = &internal::type_info<std::string>();
  definition.body = [](internal::ValueRef, internal::ActionCall& call) { return internal::Value::of(call.name()); };
  return Action(std::move(definition));
}

std::vector<std::string> keys(const std::vector<ActionInfo>& infos) {
  std::vector<std::string> keys;
  for (const ActionInfo& info : infos) keys.push_back(info.key);
  return keys;
}

/// Counts what the registry asks of it.
class Parrot final : public Plugin {
 public:
  explicit Parrot(std::string name = "parrot") : name_(std::move(name)) {}

  std::string_view name() const override { return name_; }
  std::vector<Action> init() override {
    ++inits;
    if (on_init) on_init();
    return {make_action(ActionKind::kModel, "echo")};
  }
  std::optional<Action> resolve(ActionKind kind, std::string_view name) override {
    ++resolves;
    if (name != "made") return std::nullopt;
    return make_action(kind, "made");
  }
  std::vector<ActionInfo> list_actions() override {
    ActionInfo info;
    info.kind = ActionKind::kModel;
    info.name = "advertised";
    return {info};
  }

  std::atomic<int> inits = 0;
  std::atomic<int> resolves = 0;
  std::function<void()> on_init;

 private:
  const std::string name_;
};

struct WithParrot {
  std::shared_ptr<Registry> registry = Registry::create();
  std::shared_ptr<Parrot> parrot = std::make_shared<Parrot>();
  WithParrot() { registry->add_plugin(parrot); }
};

TEST(RegistryTest, FindsWhatWasAdded) {
  const auto registry = Registry::create();
  registry->add(make_action(ActionKind::kFlow, "a"));

  ASSERT_TRUE(registry->find("/flow/a"));
  EXPECT_EQ(registry->find("/flow/a")->run_json(), Json("a"));
  EXPECT_FALSE(registry->find("/tool/a"));
  EXPECT_FALSE(registry->find("no key"));
}

TEST(RegistryTest, RefusesASecondActionOfTheSameKey) {
  const auto registry = Registry::create();
  registry->add(make_action(ActionKind::kFlow, "a"));
  registry->add(make_action(ActionKind::kTool, "a"));

  const auto error = error_of([&] { registry->add(make_action(ActionKind::kFlow, "a")); });

  EXPECT_THAT(error, HasStatus(Status::kAlreadyExists));
  EXPECT_THAT(error, HasMessage(HasSubstr("/flow/a")));
}

TEST(RegistryTest, KeepsTenThousandActionsFindable) {
  const auto registry = Registry::create();
  for (int i = 0; i < 10'000; ++i) registry->add(make_action(ActionKind::kFlow, "flow-" + std::to_string(i)));

  for (int i = 0; i < 10'000; ++i) ASSERT_TRUE(registry->find_registered("/flow/flow-" + std::to_string(i)));
  EXPECT_EQ(registry->list().size(), 10'000u);
}

TEST(RegistryTest, ReadersRunBesideWriters) {
  const auto registry = Registry::create();
  registry->add(make_action(ActionKind::kFlow, "first"));
  std::atomic<bool> stop = false;
  std::thread reader([&] {
    while (!stop) ASSERT_TRUE(registry->find_registered("/flow/first"));
  });
  for (int i = 0; i < 2'000; ++i) registry->add(make_action(ActionKind::kFlow, "flow-" + std::to_string(i)));
  stop = true;
  reader.join();
}

TEST(RegistryTest, GetSaysWhatIsMissing) {
  WithParrot fixture;

  const auto error = error_of([&] { fixture.registry->get(ActionKind::kModel, "parrot/gemini-9"); });

  EXPECT_THAT(error, HasStatus(Status::kNotFound));
  EXPECT_THAT(error, HasMessage("model \"parrot/gemini-9\" not found; plugins loaded: parrot"));
}

TEST(RegistryTest, GetRefusesAnActionOfTheWrongKind) {
  const auto registry = Registry::create();
  registry->add(make_action(ActionKind::kFlow, "a"));

  const auto error = error_of([&] { registry->get(ActionKind::kModel, "/flow/a"); });

  EXPECT_THAT(error, HasStatus(Status::kInvalidArgument));
  EXPECT_THAT(error, HasMessage("/flow/a is a flow, where a model is needed"));
}

TEST(PluginTest, RegistrationDoesNoWork) {
  WithParrot fixture;

  EXPECT_EQ(fixture.parrot->inits, 0);
}

TEST(PluginTest, TheFirstLookUpInitialisesOnce) {
  WithParrot fixture;

  ASSERT_TRUE(fixture.registry->find("/model/parrot/echo"));
  EXPECT_EQ(fixture.registry->find("/model/parrot/echo")->run_json(), Json("parrot/echo"));
  EXPECT_EQ(fixture.parrot->inits, 1);
}

TEST(PluginTest, ManyAtOnceInitialiseOnce) {
  WithParrot fixture;
  fixture.parrot->on_init = [] { sleep_for(std::chrono::milliseconds(5)); };
  std::vector<Future<bool>> finds;

  for (int i = 0; i < 50; ++i) {
    finds.push_back(async([&] { return fixture.registry->find("/model/parrot/echo").has_value(); }));
  }

  for (auto& found : finds) EXPECT_TRUE(found.get());
  EXPECT_EQ(fixture.parrot->inits, 1);
}

TEST(PluginTest, AFailedInitReachesAllWhoWaitAndIsTriedAgain) {
  WithParrot fixture;
  std::latch entered(1);
  std::latch leave(1);
  fixture.parrot->on_init = [&] {
    if (fixture.parrot->inits > 1) return;
    entered.count_down();
    blocking([&] { leave.wait(); });
    throw Error(Status::kUnauthenticated, "no key");
  };
  const auto find = [&] { return error_of([&] { fixture.registry->find("/model/parrot/echo"); }); };

  auto first = async(find);
  entered.wait();
  auto second = async(find);
  sleep_for(std::chrono::milliseconds(20));
  leave.count_down();

  EXPECT_THAT(first.get(), HasStatus(Status::kUnauthenticated));
  EXPECT_THAT(second.get(), HasStatus(Status::kUnauthenticated));
  EXPECT_TRUE(fixture.registry->find("/model/parrot/echo"));
}

TEST(PluginTest, WhatInitThrowsNamesThePlugin) {
  WithParrot fixture;
  fixture.parrot->on_init = [] { throw std::runtime_error("no key given"); };
  const auto error = error_of([&] { fixture.registry->find("/model/parrot/echo"); });
  ASSERT_THAT(error, HasStatus(Status::kInternal));
  EXPECT_EQ(error->message(), "plugin \"parrot\" could not start: no key given");
}

TEST(PluginTest, ResolvedActionsAreKept) {
  WithParrot fixture;

  EXPECT_TRUE(fixture.registry->find("/model/parrot/made"));
  EXPECT_TRUE(fixture.registry->find("/model/parrot/made"));
  EXPECT_EQ(fixture.parrot->resolves, 1);
  EXPECT_FALSE(fixture.registry->find("/model/parrot/unknown"));
}

TEST(PluginTest, ListingInitialisesNothing) {
  WithParrot fixture;

  EXPECT_THAT(keys(fixture.registry->list()), ElementsAre("/model/parrot/advertised"));
  EXPECT_EQ(fixture.parrot->inits, 0);
  EXPECT_THAT(keys(fixture.registry->list_initialized()), ElementsAre("/model/parrot/echo"));
}

class CannotList final : public Plugin {
 public:
  std::string_view name() const override { return "mute"; }
  std::vector<ActionInfo> list_actions() override { throw 7; }
};

TEST(PluginTest, OneThatCannotListItselfIsLeftOutWhateverItThrows) {
  WithParrot fixture;
  fixture.registry->add_plugin(CannotList());

  EXPECT_THAT(keys(fixture.registry->list()), ElementsAre("/model/parrot/advertised"));
  EXPECT_THAT(keys(fixture.registry->list_offered()), ElementsAre("/model/parrot/advertised"));
}

TEST(PluginTest, ABareModelNameFindsItsOnePlugin) {
  WithParrot fixture;

  const auto found = fixture.registry->find("/model/echo");

  ASSERT_TRUE(found);
  EXPECT_EQ(found->name(), "parrot/echo");
}

TEST(PluginTest, AnAmbiguousBareModelNameIsRefused) {
  WithParrot fixture;
  fixture.registry->add_plugin(std::make_shared<Parrot>("macaw"));

  const auto error = error_of([&] { fixture.registry->find("/model/echo"); });

  EXPECT_THAT(error, HasStatus(Status::kInvalidArgument));
  EXPECT_THAT(error, HasMessage(HasSubstr("parrot/echo, macaw/echo")));
}

TEST(PluginTest, ASecondPluginOfTheNameIsRefused) {
  WithParrot fixture;

  EXPECT_THAT(error_of([&] { fixture.registry->add_plugin(std::make_shared<Parrot>()); }), HasStatus(Status::kAlreadyExists));
  EXPECT_THAT(error_of([&] { fixture.registry->add_plugin(std::make_shared<Parrot>("a/b")); }),
              HasStatus(Status::kInvalidArgument));
}

TEST(PluginTest, LookingItselfUpDuringInitIsAnError) {
  WithParrot fixture;
  fixture.parrot->on_init = [&] { fixture.registry->find("/model/parrot/other"); };

  const auto error = error_of([&] { fixture.registry->find("/model/parrot/echo"); });

  EXPECT_THAT(error, HasStatus(Status::kFailedPrecondition));
  EXPECT_THAT(error, HasMessage(HasSubstr("during init")));
}

TEST(PluginTest, TwoThatWaitForEachOtherAreAnError) {
  const auto registry = Registry::create();
  const auto a = std::make_shared<Parrot>("a");
  const auto b = std::make_shared<Parrot>("b");
  registry->add_plugin(a);
  registry->add_plugin(b);
  a->on_init = [&] { registry->find("/model/b/echo"); };
  b->on_init = [&] { registry->find("/model/a/echo"); };

  EXPECT_THAT(error_of([&] { registry->find("/model/a/echo"); }), HasStatus(Status::kFailedPrecondition));
}

TEST(PluginTest, OneThatWaitsForSeveralOfWhichOneWaitsForItIsAnError) {
  const auto registry = Registry::create();
  const auto a = std::make_shared<Parrot>("a");
  const auto b = std::make_shared<Parrot>("b");
  const auto c = std::make_shared<Parrot>("c");
  for (const auto& plugin : {a, b, c}) registry->add_plugin(plugin);
  std::latch c_runs(1);
  std::latch b_may_look(1);
  a->on_init = [&] {
    auto find_b = async([&] { registry->find("/model/b/echo"); });
    auto find_c = async([&] { registry->find("/model/c/echo"); });
    find_b.get();
    find_c.get();
  };
  b->on_init = [&] {
    blocking([&] { b_may_look.wait(); });
    registry->find("/model/a/echo");
  };
  c->on_init = [&] {
    c_runs.count_down();
    sleep_for(std::chrono::milliseconds(1));
  };

  auto find = async([&] { return error_of([&] { registry->find("/model/a/echo"); }); });
  c_runs.wait();
  b_may_look.count_down();

  EXPECT_THAT(find.get(), HasStatus(Status::kFailedPrecondition));
}

TEST(PluginTest, InitIsNotEndedByTheCallerWhoHappensToBeFirst) {
  WithParrot fixture;
  fixture.parrot->on_init = [] { EXPECT_FALSE(Context::current().deadline()); };
  const ScopedContext scope(Context().with_timeout(std::chrono::hours(1)));

  EXPECT_TRUE(fixture.registry->find("/model/parrot/echo"));
}

TEST(PluginTest, ACallerThatIsCancelledDoesNotWaitForInit) {
  WithParrot fixture;
  std::latch leave(1);
  fixture.parrot->on_init = [&] { blocking([&] { leave.wait(); }); };

  {
    const ScopedContext scope(Context().with_timeout(std::chrono::milliseconds(1)));
    EXPECT_THAT(error_of([&] { fixture.registry->find("/model/parrot/echo"); }), HasStatus(Status::kDeadlineExceeded));
  }
  leave.count_down();

  EXPECT_TRUE(fixture.registry->find("/model/parrot/echo"));
  EXPECT_EQ(fixture.parrot->inits, 1);
}

TEST(PluginTest, ARegistryMayEndWhileAnInitRuns) {
  auto fixture = std::make_unique<WithParrot>();
  fixture->parrot->on_init = [] { sleep_for(std::chrono::hours(1)); };
  {
    const ScopedContext scope(Context().with_timeout(std::chrono::milliseconds(1)));
    EXPECT_THAT(error_of([&] { fixture->registry->find("/model/parrot/echo"); }), HasStatus(Status::kDeadlineExceeded));
  }

  fixture.reset();
}

class WrongKind final : public Plugin {
 public:
  std::string_view name() const override { return "wrong"; }
  std::optional<Action> resolve(ActionKind, std::string_view name) override {
    return make_action(ActionKind::kTool, std::string(name));
  }
};

TEST(PluginTest, ResolvingSomethingElseIsAnErrorThatNamesBoth) {
  const auto registry = Registry::create();
  registry->add_plugin(WrongKind());

  const auto error = error_of([&] { registry->find("/model/wrong/x"); });

  EXPECT_THAT(error, HasStatus(Status::kInternal));
  EXPECT_THAT(error, HasMessage(testing::AllOf(HasSubstr("/model/wrong/x"), HasSubstr("/tool/x"))));
}

TEST(ChildRegistryTest, SeesTheParentAndKeepsItsOwn) {
  const auto parent = Registry::create();
  parent->add(make_action(ActionKind::kTool, "shared"));
  const auto child = parent->make_child();
  child->add(make_action(ActionKind::kTool, "own"));

  EXPECT_TRUE(child->find("/tool/shared"));
  EXPECT_TRUE(child->find("/tool/own"));
  EXPECT_FALSE(parent->find("/tool/own"));
  EXPECT_THAT(keys(child->list()), ElementsAre("/tool/shared", "/tool/own"));
}

TEST(RegistryValueTest, AreFoundByTypeAndName) {
  const auto parent = Registry::create();
  parent->add_value("middleware", "retry", {{"name", "retry"}}, std::make_shared<const int>(7));
  const auto child = parent->make_child();

  EXPECT_EQ(child->find_value("middleware", "retry"), Json({{"name", "retry"}}));
  EXPECT_EQ(*child->find_object<int>("middleware", "retry"), 7);
  EXPECT_FALSE(child->find_value("format", "retry"));
  EXPECT_EQ(to_text(child->list_values("middleware")), R"({"retry":{"name":"retry"}})");
  EXPECT_THAT(error_of([&] { parent->add_value("middleware", "retry", nullptr); }), HasStatus(Status::kAlreadyExists));
}

TEST(RegistrySchemaTest, AreCompiledOnce) {
  const auto parent = Registry::create();
  const auto child = parent->make_child();

  EXPECT_EQ(parent->validator({{"type", "string"}}), child->validator({{"type", "string"}}));
  EXPECT_NE(parent->validator({{"type", "string"}}), parent->validator({{"type", "null"}}));
}

TEST(RegistrySchemaTest, AreFoundByName) {
  const auto registry = Registry::create();
  registry->add_schema("Joke", {{"type", "object"}});

  EXPECT_EQ(to_text(*registry->make_child()->find_schema("Joke")), R"({"type":"object"})");
  EXPECT_EQ(registry->find_schema("Poem"), nullptr);
  EXPECT_THAT(error_of([&] { registry->add_schema("Joke", true); }), HasStatus(Status::kAlreadyExists));
  EXPECT_THAT(error_of([&] { registry->add_schema("Bad", {{"type", 7}}); }), HasStatus(Status::kInvalidArgument));
}

struct WithProvider {
  std::shared_ptr<Registry> registry = Registry::create();
  std::atomic<int> fetches = 0;
  std::function<void()> on_fetch;
  explicit WithProvider(std::chrono::milliseconds time_to_live = std::chrono::hours(1)) {
    registry->add_dynamic_provider({.name = "mcp",
                                    .description = "Tools of a server",
                                    .fetch =
                                        [this] {
                                          ++fetches;
                                          if (on_fetch) on_fetch();
                                          return std::vector{make_action(ActionKind::kTool, "fs/read")};
                                        },
                                    .time_to_live = time_to_live});
  }
};

TEST(DynamicProviderTest, GivesActionsUnderTheirLongKey) {
  WithProvider fixture;

  const auto found = fixture.registry->find("/dynamic-action-provider/mcp:tool/fs/read");

  ASSERT_TRUE(found);
  EXPECT_EQ(found->kind(), ActionKind::kTool);
  EXPECT_EQ(found->run_json(), Json("fs/read"));
  EXPECT_FALSE(fixture.registry->find("/dynamic-action-provider/mcp:tool/fs/write"));
  EXPECT_FALSE(fixture.registry->find("/dynamic-action-provider/other:tool/fs/read"));
}

TEST(DynamicProviderTest, CachesUntilItIsTold) {
  WithProvider fixture;
  const char* key = "/dynamic-action-provider/mcp:tool/fs/read";

  fixture.registry->find(key);
  fixture.registry->find(key);
  EXPECT_EQ(fixture.fetches, 1);

  fixture.registry->invalidate_dynamic_provider("mcp");
  fixture.registry->find(key);
  EXPECT_EQ(fixture.fetches, 2);
}

TEST(DynamicProviderTest, ExpandsAWildcard) {
  WithProvider fixture;

  EXPECT_EQ(fixture.registry->find_all("/dynamic-action-provider/mcp:tool/*").size(), 1u);
  EXPECT_EQ(fixture.registry->find_all("/dynamic-action-provider/mcp:tool/fs/*").size(), 1u);
  EXPECT_THAT(fixture.registry->find_all("/dynamic-action-provider/mcp:tool/net/*"), IsEmpty());
}

TEST(DynamicProviderTest, IsListedWithItsActions) {
  WithProvider fixture;

  EXPECT_THAT(keys(fixture.registry->list()),
              ElementsAre("/dynamic-action-provider/mcp", "/dynamic-action-provider/mcp:tool/fs/read"));
}

TEST(DynamicProviderTest, AFailedFetchIsThrownAndForgotten) {
  WithProvider fixture;
  fixture.on_fetch = [&] {
    if (fixture.fetches == 1) throw Error(Status::kUnavailable, "server is down");
  };
  const char* key = "/dynamic-action-provider/mcp:tool/fs/read";

  EXPECT_THAT(error_of([&] { fixture.registry->find(key); }), HasStatus(Status::kUnavailable));
  EXPECT_TRUE(fixture.registry->find(key));
}

TEST(DynamicProviderTest, ACallerThatIsCancelledDoesNotTakeTheOthersWithIt) {
  WithProvider fixture;
  std::atomic<bool> slow = true;
  fixture.on_fetch = [&] {
    if (slow.exchange(false)) sleep_for(std::chrono::hours(1));
  };
  const char* key = "/dynamic-action-provider/mcp:tool/fs/read";

  auto first = async([&] { return fixture.registry->find(key).has_value(); });
  while (slow) std::this_thread::yield();
  std::atomic<int> waiting = 0;
  auto second = async([&] {
    ++waiting;
    return fixture.registry->find(key).has_value();
  });
  while (waiting == 0) std::this_thread::yield();
  first.cancel();

  EXPECT_THAT(error_of([&] { first.get(); }), HasStatus(Status::kCancelled));
  EXPECT_TRUE(second.get());
}

TEST(DynamicProviderTest, TheLongestTimeToLiveIsForEver) {
  WithProvider fixture(std::chrono::milliseconds::max());
  const char* key = "/dynamic-action-provider/mcp:tool/fs/read";

  fixture.registry->find(key);
  fixture.registry->find(key);

  EXPECT_EQ(fixture.fetches, 1);
}

/// Has an action for each of its names, made anew each time.
class NamesSource final : public ActionSource {
 public:
  std::vector<std::string> names;

  std::optional<Action> find(Registry& registry, ActionKind kind, std::string_view name) override {
    for (const std::string& known : names) {
      if (kind == ActionKind::kPrompt && known == name) return registry.bind(make_action(kind, known));
    }
    return std::nullopt;
  }
  std::vector<Action> list(Registry& registry) override {
    std::vector<Action> actions;
    for (const std::string& name : names) actions.push_back(registry.bind(make_action(ActionKind::kPrompt, name)));
    return actions;
  }
};

TEST(ActionSourceTest, IsAskedForWhatIsNotRegistered) {
  const auto source = std::make_shared<NamesSource>();
  TracedRegistry fixture;
  fixture.registry->add_source(source);
  fixture.registry->add(make_action(ActionKind::kPrompt, "registered"));
  source->names = {"registered", "sub/greet"};

  const auto found = fixture.registry->make_child()->find("/prompt/sub/greet");

  ASSERT_TRUE(found);
  EXPECT_EQ(found->run_json(), Json("sub/greet"));
  EXPECT_EQ(fixture.exporter->spans().size(), 1u);
  EXPECT_FALSE(fixture.registry->find("/prompt/other"));
  EXPECT_EQ(fixture.registry->list().size(), 2u);
  EXPECT_THAT(keys(fixture.registry->list_offered()), ElementsAre("/prompt/sub/greet"));
}

TEST(ActionSourceTest, MayChangeItsMind) {
  const auto source = std::make_shared<NamesSource>();
  const auto registry = Registry::create();
  registry->add_source(source);

  EXPECT_FALSE(registry->find("/prompt/late"));
  source->names = {"late"};

  EXPECT_TRUE(registry->find("/prompt/late"));
}

}  // namespace
}  // namespace genkit
