#include <genkit/base/error.h>

#include <memory>
#include <stdexcept>
#include <string>

#include <gtest/gtest.h>

namespace genkit {
namespace {

TEST(Status, NamesAndHttpCodesAreThoseOfTheWireFormat) {
  struct Row {
    Status status;
    int code;
    std::string_view name;
    int http;
  };
  const Row rows[] = {{Status::kOk, 0, "OK", 200},
                      {Status::kCancelled, 1, "CANCELLED", 499},
                      {Status::kUnknown, 2, "UNKNOWN", 500},
                      {Status::kInvalidArgument, 3, "INVALID_ARGUMENT", 400},
                      {Status::kDeadlineExceeded, 4, "DEADLINE_EXCEEDED", 504},
                      {Status::kNotFound, 5, "NOT_FOUND", 404},
                      {Status::kAlreadyExists, 6, "ALREADY_EXISTS", 409},
                      {Status::kPermissionDenied, 7, "PERMISSION_DENIED", 403},
                      {Status::kResourceExhausted, 8, "RESOURCE_EXHAUSTED", 429},
                      {Status::kFailedPrecondition, 9, "FAILED_PRECONDITION", 400},
                      {Status::kAborted, 10, "ABORTED", 409},
                      {Status::kOutOfRange, 11, "OUT_OF_RANGE", 400},
                      {Status::kUnimplemented, 12, "UNIMPLEMENTED", 501},
                      {Status::kInternal, 13, "INTERNAL", 500},
                      {Status::kUnavailable, 14, "UNAVAILABLE", 503},
                      {Status::kDataLoss, 15, "DATA_LOSS", 500},
                      {Status::kUnauthenticated, 16, "UNAUTHENTICATED", 401}};
  for (const Row& row : rows) {
    EXPECT_EQ(static_cast<int>(row.status), row.code);
    EXPECT_EQ(status_name(row.status), row.name);
    EXPECT_EQ(http_status(row.status), row.http);
    EXPECT_EQ(status_from_name(row.name), row.status);
  }
}

TEST(Status, UnknownNumbersAndNamesAreHandled) {
  EXPECT_EQ(status_name(static_cast<Status>(99)), "UNKNOWN");
  EXPECT_EQ(http_status(static_cast<Status>(-1)), 500);
  EXPECT_EQ(status_from_name("invalid_argument"), std::nullopt);
}

TEST(Error, CarriesStatusMessageDetailsAndCause) {
  auto cause = std::make_exception_ptr(std::runtime_error("socket closed"));

  Error error(Status::kUnavailable, "model is down", Json{{"retry", true}}, cause);

  EXPECT_EQ(error.status(), Status::kUnavailable);
  EXPECT_EQ(error.message(), "model is down");
  EXPECT_STREQ(error.what(), "UNAVAILABLE: model is down");
  EXPECT_EQ(error.details(), (Json{{"retry", true}}));
  EXPECT_EQ(error.cause(), cause);
  EXPECT_EQ(error.trace_id(), "");
  EXPECT_FALSE(error.is_public());
}

TEST(Error, TheFirstTraceIdStays) {
  Error error(Status::kInternal, "broken");

  Error traced = error.with_trace_id("aaaa");

  EXPECT_EQ(traced.trace_id(), "aaaa");
  EXPECT_EQ(traced.with_trace_id("bbbb").trace_id(), "aaaa");
  EXPECT_EQ(error.trace_id(), "");
  EXPECT_STREQ(traced.what(), "INTERNAL: broken");
}

TEST(Error, WireFormLeavesOutAbsentDetails) {
  EXPECT_EQ(to_text(Error(Status::kNotFound, "no such flow").to_json()), R"({"status":"NOT_FOUND","message":"no such flow"})");
  EXPECT_EQ(to_text(Error(Status::kAborted, "stop", Json{{"at", 3}}).to_json()),
            R"({"status":"ABORTED","message":"stop","details":{"at":3}})");
}

TEST(Error, PublicErrorsStayPublicWhenTheyAreCopiedAsErrors) {
  Error error = PublicError(Status::kPermissionDenied, "not yours");

  EXPECT_TRUE(error.is_public());
  EXPECT_TRUE(error.with_trace_id("aaaa").is_public());
}

TEST(ToError, KeepsErrors) {
  Error error = to_error(std::make_exception_ptr(PublicError(Status::kNotFound, "no page")));

  EXPECT_EQ(error.status(), Status::kNotFound);
  EXPECT_TRUE(error.is_public());
}

TEST(ToError, WrapsOtherExceptionsWithTheirCause) {
  auto exception = std::make_exception_ptr(std::out_of_range("index 7"));

  Error error = to_error(exception);

  EXPECT_EQ(error.status(), Status::kInternal);
  EXPECT_EQ(error.message(), "index 7");
  EXPECT_EQ(error.cause(), exception);
}

TEST(ToError, NamesWhatIsNoException) {
  EXPECT_EQ(to_error(std::make_exception_ptr(42)).message(), "unknown exception");
  EXPECT_EQ(to_error(nullptr).message(), "unknown exception");
}

TEST(Attempt, GivesTheValue) {
  auto result = attempt([] { return std::make_unique<int>(7); });

  ASSERT_TRUE(result);
  EXPECT_EQ(**result, 7);
}

TEST(Attempt, GivesTheError) {
  auto result = attempt([]() -> int { throw Error(Status::kNotFound, "gone"); });

  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().status(), Status::kNotFound);
  EXPECT_EQ(result.value_or(3), 3);
  EXPECT_THROW(result.value(), Error);
}

TEST(Attempt, WorksForFunctionsThatReturnNothing) {
  int calls = 0;

  auto good = attempt([&] { ++calls; });
  auto bad = attempt([] { throw std::runtime_error("no"); });

  EXPECT_TRUE(good);
  EXPECT_EQ(calls, 1);
  ASSERT_FALSE(bad);
  EXPECT_EQ(bad.error().message(), "no");
}

}  // namespace
}  // namespace genkit
