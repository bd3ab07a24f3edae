#include <exception>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <genkit/base/error.h>
#include <genkit/trace/tracer.h>

#include "trace/trace_test_support.h"

namespace genkit {
namespace {

using ::testing::SizeIs;

TEST(SpanFailure, HasTheTextOfTheExceptionAndAnEvent) {
  TestTracer test;
  const auto span = test.start({.name = "s"});

  span->record_error(std::make_exception_ptr(Error(Status::kNotFound, "no such joke")));
  span->end();

  const SpanData& data = test.exported("s");
  EXPECT_TRUE(data.failed);
  EXPECT_EQ(data.status_message, "NOT_FOUND: no such joke");
  EXPECT_EQ(attribute(data, "genkit:state"), AttributeValue("error"));
  EXPECT_EQ(attribute(data, "genkit:isFailureSource"), AttributeValue(true));
  ASSERT_THAT(data.events, SizeIs(1));
  EXPECT_EQ(data.events[0].name, "exception");
  EXPECT_EQ(data.events[0].attributes[0].value, AttributeValue("genkit::Error"));
  EXPECT_EQ(data.events[0].attributes[1].value, AttributeValue("NOT_FOUND: no such joke"));
}

TEST(SpanFailure, ShowsTheCausesWhereOtherLanguagesShowTheStack) {
  TestTracer test;
  const auto span = test.start({.name = "s"});
  const auto cause = std::make_exception_ptr(std::runtime_error("disk full"));

  span->record_error(std::make_exception_ptr(Error(Status::kInternal, "cannot save", nullptr, cause)));
  span->end();

  EXPECT_EQ(test.exported("s").events[0].attributes[2].value,
            AttributeValue("genkit::Error: INTERNAL: cannot save\nCaused by: std::runtime_error: disk full"));
}

TEST(SpanFailure, KnowsExceptionsOfAnyType) {
  TestTracer test;
  const auto span = test.start({.name = "s"});

  span->record_error(std::make_exception_ptr(42));
  span->end();

  EXPECT_EQ(test.exported("s").status_message, "exception of type int");
}

TEST(SpanFailure, RecordedTwiceIsOneEvent) {
  TestTracer test;
  const auto span = test.start({.name = "s"});
  const Error error(Status::kInternal, "boom");

  span->record_error(std::make_exception_ptr(error));
  span->record_error(std::make_exception_ptr(error.with_trace_id("t")));
  span->end();

  EXPECT_THAT(test.exported("s").events, SizeIs(1));
  EXPECT_TRUE(test.exported("s").is_failure_source);
}

/// How an exception changes between the span below and the span above.
using Passage = std::exception_ptr (*)(const std::exception_ptr&);
struct PassageRow {
  std::string_view name;
  Passage pass;
};

class SpanFailureSource : public ::testing::TestWithParam<PassageRow> {};

TEST_P(SpanFailureSource, IsTheInnermostSpanOnly) {
  TestTracer test;
  const auto root = test.start({.name = "root"});
  const auto middle = test.start_below(root, {.name = "middle"});
  const auto inner = test.start_below(middle, {.name = "inner"});

  std::exception_ptr error = std::make_exception_ptr(std::runtime_error("boom"));
  for (const auto& span : {inner, middle, root}) {
    span->record_error(error);
    span->end();
    error = GetParam().pass(error);
  }

  EXPECT_TRUE(test.exported("inner").is_failure_source);
  EXPECT_FALSE(test.exported("middle").is_failure_source);
  EXPECT_FALSE(test.exported("root").is_failure_source);
  EXPECT_TRUE(test.exported("root").failed);
}

INSTANTIATE_TEST_SUITE_P(
    Passages, SpanFailureSource,
    ::testing::Values(PassageRow{"rethrown", [](const std::exception_ptr& error) { return error; }},
                      PassageRow{"converted",
                                 [](const std::exception_ptr& error) { return std::make_exception_ptr(to_error(error)); }},
                      PassageRow{"named",
                                 [](const std::exception_ptr& error) {
                                   return std::make_exception_ptr(to_error(error).with_trace_id("0af7"));
                                 }},
                      PassageRow{"wrapped",
                                 [](const std::exception_ptr& error) {
                                   return std::make_exception_ptr(Error(Status::kAborted, "the flow failed", nullptr, error));
                                 }},
                      PassageRow{"nested",
                                 [](const std::exception_ptr& error) {
                                   try {
                                     try {
                                       std::rethrow_exception(error);
                                     } catch (...) {
                                       std::throw_with_nested(std::logic_error("outer"));
                                     }
                                   } catch (...) {
                                     return std::current_exception();
                                   }
                                   return std::exception_ptr();
                                 }}),
    [](const auto& info) { return std::string(info.param.name); });

TEST(SpanFailureSource, IsFoundAcrossASpanThatDidNotRecord) {
  TestTracer test;
  const auto root = test.start({.name = "root"});
  const auto middle = test.start_below(root, {.name = "middle"});
  const auto inner = test.start_below(middle, {.name = "inner"});
  const auto error = std::make_exception_ptr(Error(Status::kInternal, "boom"));

  inner->record_error(error);
  inner->end();
  middle->end();
  root->record_error(error);
  root->end();

  EXPECT_TRUE(test.exported("inner").is_failure_source);
  EXPECT_FALSE(test.exported("root").is_failure_source);
}

TEST(SpanFailureSource, IsTheParentWhenItFailsForAReasonOfItsOwn) {
  TestTracer test;
  const auto root = test.start({.name = "root"});
  const auto child = test.start_below(root, {.name = "child"});

  child->record_error(std::make_exception_ptr(Error(Status::kUnavailable, "model is busy")));
  child->end();
  root->record_error(std::make_exception_ptr(Error(Status::kInvalidArgument, "no fallback")));
  root->end();

  EXPECT_TRUE(test.exported("child").is_failure_source);
  EXPECT_TRUE(test.exported("root").is_failure_source);
}

TEST(SpanFailureSource, OfParallelFailuresIsEachOfThem) {
  TestTracer test;
  const auto root = test.start({.name = "root"});
  std::vector<std::exception_ptr> errors;
  for (const char* name : {"a", "b", "c"}) {
    const auto child = test.start_below(root, {.name = name});
    errors.push_back(std::make_exception_ptr(Error(Status::kInternal, std::string("failed: ") + name)));
    child->record_error(errors.back());
    child->end();
  }

  root->record_error(errors[1]);
  root->end();

  for (const char* name : {"a", "b", "c"}) EXPECT_TRUE(test.exported(name).is_failure_source) << name;
  EXPECT_FALSE(test.exported("root").is_failure_source);
}

}  // namespace
}  // namespace genkit
