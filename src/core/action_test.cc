#include <genkit/core/action.h>

#include "core/core_test_support.h"

#include <stdexcept>

#include <genkit/runtime/future.h>

namespace genkit {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Optional;
using testing::StartsWith;

struct JokeRequest {
  std::string subject;
  int max_words = 50;
};
constexpr auto describe(Type<JokeRequest>) {
  return fields(field<&JokeRequest::subject>("What the joke is about"),
                field<&JokeRequest::max_words>("Upper bound on length").minimum(1));
}

const Attribute* find_attribute(const SpanData& span, std::string_view name) {
  for (const Attribute& attribute : span.attributes) {
    if (attribute.name == name) return &attribute;
  }
  return nullptr;
}

TEST(ActionTest, RunsWithJsonAsWithTypes) {
  TracedRegistry registry;
  const auto shout = registry.define("shout", [](const std::string& text) { return text + "!"; });

  EXPECT_EQ(shout("hey"), "hey!");
  EXPECT_EQ(shout.action().run_json("hey"), Json("hey!"));
}

TEST(ActionTest, RecordsOneSpanWithInputAndOutput) {
  TracedRegistry registry;
  const auto tell = registry.define("tell", [](const JokeRequest& request) { return request.subject; });

  tell({.subject = "cats"});

  const auto spans = registry.exporter->take();
  ASSERT_EQ(spans.size(), 1u);
  EXPECT_EQ(spans[0]->name, "tell");
  EXPECT_EQ(spans[0]->key, "/flow/tell");
  EXPECT_EQ(spans[0]->subtype, "flow");
  EXPECT_EQ(spans[0]->path, "/{tell,t:flow}");
  EXPECT_THAT(spans[0]->input, Optional(std::string(R"({"subject":"cats","max_words":50})")));
  EXPECT_THAT(spans[0]->output, Optional(std::string(R"("cats")")));
  EXPECT_TRUE(spans[0]->is_root);
  EXPECT_FALSE(spans[0]->failed);
}

class QuotaError : public Error {
 public:
  QuotaError() : Error(Status::kResourceExhausted, "no more today") {}
};

TEST(ActionTest, ErrorsKeepTheirClass) {
  TracedRegistry registry;
  const auto limited = registry.define("limited", [](int) -> int { throw QuotaError(); });
  const auto outer = registry.define("outer", [&](int n) { return limited(n); });
  const auto open = registry.define("open", [](int) -> int { throw PublicError(Status::kNotFound, "no such room"); });

  EXPECT_THROW(outer(1), QuotaError);
  try {
    open(1);
    FAIL() << "no error";
  } catch (const PublicError& error) {
    EXPECT_TRUE(error.is_public());
    EXPECT_EQ(error.trace_id().size(), 32u);
  }
}

TEST(ActionTest, ChecksDescribedLimitsOfTypedInput) {
  TracedRegistry registry;
  const auto tell = registry.define("tell", [](const JokeRequest& request) { return request.subject; });

  const auto error = error_of([&] { tell({.subject = "cats", .max_words = 0}); });

  EXPECT_THAT(error, HasStatus(Status::kInvalidArgument));
  EXPECT_THAT(error, HasMessage(StartsWith("input /max_words: must be >= 1")));
  EXPECT_THAT(error, HasMessage(HasSubstr("Schema validation failed. Parse Errors:\n\n- max_words: must be >= 1")));
  EXPECT_THAT(registry.exporter->take(), ElementsAre());
}

TEST(ActionTest, ListsEveryPathAtWhichJsonInputDoesNotFit) {
  TracedRegistry registry;
  const auto tell = registry.define("tell", [](const JokeRequest& request) { return request.subject; });

  const auto error = error_of([&] { tell.action().run_json({{"max_words", "many"}}); });

  EXPECT_THAT(error, HasStatus(Status::kInvalidArgument));
  EXPECT_THAT(error, HasMessage(AllOf(HasSubstr("subject"), HasSubstr("max_words"))));
}

TEST(ActionTest, ChecksSchemasThatAreOnlyKnownAtRunTime) {
  TracedRegistry registry;
  const Json schema = {{"type", "object"}, {"required", JsonArray{"city"}}};
  const auto look = registry.define({.name = "look", .input_schema = schema, .output_schema = {{"type", "string"}}},
                                    [](const Json& input) -> Json { return input.at("city"); });

  EXPECT_EQ(look({{"city", "Oslo"}}), Json("Oslo"));
  EXPECT_THAT(error_of([&] { look(JsonObject{}); }), HasStatus(Status::kInvalidArgument));
  EXPECT_THAT(error_of([&] { look({{"city", 7}}); }), HasStatus(Status::kInternal));
}

TEST(ActionTest, AFailureNamesTheTraceAndMarksTheSpan) {
  TracedRegistry registry;
  const auto fail = registry.define("fail", []() -> int { throw std::runtime_error("no luck"); });

  const auto error = error_of([&] { fail(); });

  EXPECT_THAT(error, HasStatus(Status::kInternal));
  EXPECT_THAT(error, HasMessage("no luck"));
  const auto spans = registry.exporter->take();
  ASSERT_EQ(spans.size(), 1u);
  EXPECT_TRUE(spans[0]->failed);
  EXPECT_TRUE(spans[0]->is_failure_source);
  EXPECT_EQ(error->trace_id(), spans[0]->context.trace_id.hex());
}

TEST(ActionTest, OnlyTheInnermostSpanIsTheFailureSource) {
  TracedRegistry registry;
  const auto inner = registry.define("inner", []() -> int { throw Error(Status::kNotFound, "gone"); });
  const auto outer = registry.define("outer", [&] { return inner(); });

  EXPECT_THAT(error_of([&] { outer(); }), HasStatus(Status::kNotFound));

  const auto spans = registry.exporter->take();
  ASSERT_EQ(spans.size(), 2u);
  EXPECT_TRUE(spans[0]->is_failure_source);
  EXPECT_FALSE(spans[1]->is_failure_source);
  EXPECT_TRUE(spans[1]->failed);
}

TEST(ActionTest, TheContextReachesTheFlowAndIsRedactedInTheTrace) {
  TracedRegistry registry;
  const auto who = registry.define("who", [] { return Context::current().user().at("auth").at("uid"); });

  EXPECT_EQ(who({.context = {{"auth", {{"uid", "u1"}}}, {"lang", "en"}}}), Json("u1"));

  const auto spans = registry.exporter->take();
  const Attribute* context = find_attribute(*spans.at(0), "genkit:metadata:context");
  ASSERT_NE(context, nullptr);
  EXPECT_EQ(std::get<std::string>(context->value), R"({"auth":"<redacted>","lang":"en"})");
}

TEST(ActionTest, TheContextOfTheRegistryLiesUnderneath) {
  const auto registry = Registry::create({.tracer = nullptr, .context = {{"tenant", "t1"}, {"lang", "en"}}});
  const auto inner = flow("inner", [] { return Context::current().user(); });
  const Action bound_inner = registry->add(inner.action());
  const Action outer = registry->add(flow("outer", [&] { return bound_inner.run_json(); }).action());

  EXPECT_EQ(to_text(outer.run_json()), R"({"tenant":"t1","lang":"en"})");
  EXPECT_EQ(to_text(outer.run_json(nullptr, {.context = {{"lang", "no"}}})), R"({"tenant":"t1","lang":"no"})");
}

TEST(ActionTest, AContextThatIsNoObjectIsRefused) {
  TracedRegistry registry;
  const auto nothing = registry.define("nothing", [] {});

  EXPECT_THAT(error_of([&] { nothing({.context = 7}); }), HasStatus(Status::kInvalidArgument));
}

TEST(ActionTest, ATimeoutEndsEverythingThatWaits) {
  TracedRegistry registry;
  const auto sleepy = registry.define("sleepy", [] { sleep_for(std::chrono::hours(1)); });

  const auto error = error_of([&] { sleepy({.timeout = std::chrono::milliseconds(5)}); });

  EXPECT_THAT(error, HasStatus(Status::kDeadlineExceeded));
}

TEST(ActionTest, DoesNotStartForACallerThatIsCancelled) {
  TracedRegistry registry;
  bool ran = false;
  const auto touch = registry.define("touch", [&] { ran = true; });
  const CancelSource source;
  source.cancel();
  const ScopedContext scope(source.context());

  EXPECT_THAT(error_of([&] { touch(); }), HasStatus(Status::kCancelled));
  EXPECT_FALSE(ran);
}

TEST(ActionTest, LabelsAndTheTraceArriveAtTheStart) {
  TracedRegistry registry;
  SpanContext started;
  bool known_before_body = false;
  const auto check = registry.define("check", [&] { known_before_body = started.trace_id.valid(); });

  check({.telemetry_labels = {{"batchRun", "b1"}}, .on_trace_start = [&](const SpanContext& trace) { started = trace; }});

  EXPECT_TRUE(known_before_body);
  const auto spans = registry.exporter->take();
  EXPECT_EQ(spans.at(0)->context.trace_id, started.trace_id);
  const Attribute* label = find_attribute(*spans.at(0), "batchRun");
  ASSERT_NE(label, nullptr);
  EXPECT_EQ(std::get<std::string>(label->value), "b1");
}

TEST(ActionTest, VoidHasNoResult) {
  TracedRegistry registry;
  const auto nothing = registry.define("nothing", [] {});
  const auto null = registry.define("null", []() -> Json { return nullptr; });

  EXPECT_FALSE(nothing.action().run_json(nullptr, {}, nullptr).has_result);
  EXPECT_TRUE(null.action().run_json(nullptr, {}, nullptr).has_result);
}

TEST(ActionTest, NamesThatCannotBePartOfAKeyAreRefused) {
  for (const char* name : {"", "/x", "x/", "a//b", "a\nb", "caf\xE9"}) {
    EXPECT_THAT(error_of([&] { flow(name, [] {}); }), HasStatus(Status::kInvalidArgument)) << name;
  }
}

TEST(ActionTest, ASchemaThatIsNoneIsRefused) {
  EXPECT_THAT(error_of([&] {
                flow(FlowOptions{.name = "x", .input_schema = {{"type", "colour"}}}, [](const Json& json) { return json; });
              }),
              HasStatus(Status::kInvalidArgument));
}

}  // namespace
}  // namespace genkit
