#include "reflection/wire_error.h"

#include <stdexcept>

#include <gmock/gmock.h>

namespace genkit::internal {
namespace {

using testing::HasSubstr;

Error converted(std::exception_ptr exception) {
  return to_error(std::move(exception));
}

TEST(WireError, CarriesStatusTextTraceAndDetails) {
  const WireError wire = to_wire_error(Error(Status::kNotFound, "no such thing", {{"thing", 7}}), "0af7");
  std::string text;
  wire.append_text(text);

  EXPECT_EQ(
      text,
      R"({"code":5,"message":"NOT_FOUND: no such thing","details":{"thing":7,"stack":"NOT_FOUND: no such thing","traceId":"0af7"}})");
}

TEST(WireError, AlwaysHasDetails) {
  const WireError wire = to_wire_error(Error(Status::kInternal, "x"));

  ASSERT_TRUE(wire.details.is_object());
  EXPECT_EQ(find_member(wire.details, "traceId"), nullptr);
  EXPECT_NE(find_member(wire.details, "stack"), nullptr);
}

TEST(WireError, ShowsOrdinaryExceptionsAsTheyAre) {
  const WireError wire = to_wire_error(converted(std::make_exception_ptr(std::runtime_error("boom"))));

  EXPECT_EQ(wire.code, 13);
  EXPECT_EQ(wire.message, "boom");
  EXPECT_EQ(wire.details.at("stack"), "std::runtime_error: boom");
}

TEST(WireError, NamesTheChainOfCauses) {
  const Error inner(Status::kUnavailable, "no network", nullptr, std::make_exception_ptr(std::out_of_range("index 7")));
  const WireError wire = to_wire_error(Error(Status::kInternal, "cannot load", nullptr, std::make_exception_ptr(inner)));

  EXPECT_EQ(wire.message, "INTERNAL: cannot load");
  EXPECT_EQ(wire.details.at("stack"),
            "INTERNAL: cannot load\n    caused by UNAVAILABLE: no network\n    caused by std::out_of_range: index 7");
}

TEST(WireError, PrefersTheTraceThatTheErrorNames) {
  const WireError wire = to_wire_error(Error(Status::kInternal, "x").with_trace_id("inner"), "outer");

  EXPECT_EQ(wire.details.at("traceId"), "inner");
}

TEST(WireError, SurvivesTextThatIsNotUtf8) {
  std::string text;
  to_wire_error(Error(Status::kInternal, "bad \xff byte")).append_text(text);

  EXPECT_THAT(text, HasSubstr("bad \xEF\xBF\xBD byte"));
}

}  // namespace
}  // namespace genkit::internal
