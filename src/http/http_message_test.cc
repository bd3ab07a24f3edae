#include "http/http_message.h"

#include <gmock/gmock.h>

namespace genkit::internal {
namespace {

using testing::IsNull;
using testing::Pointee;

HttpRequest request_for(std::string_view target) {
  HttpRequest request;
  set_target(request, target);
  return request;
}

TEST(HttpRequest, FindsFieldsInAnyCase) {
  HttpRequest request;
  request.fields = {{"Content-Type", "text/plain"}, {"host", "a"}};

  EXPECT_THAT(request.field("content-type"), Pointee(std::string("text/plain")));
  EXPECT_THAT(request.field("Host"), Pointee(std::string("a")));
  EXPECT_THAT(request.field("Hos"), IsNull());
}

TEST(HttpRequest, TakesTheTargetApart) {
  const HttpRequest request = request_for("/api/a%20b?x=1&y=%2F+z&flag");

  EXPECT_EQ(request.path, "/api/a b");
  EXPECT_EQ(request.query_value("x"), "1");
  EXPECT_EQ(request.query_value("y"), "/ z");
  EXPECT_EQ(request.query_value("flag"), "");
  EXPECT_EQ(request.query_value("z"), std::nullopt);
}

TEST(HttpRequest, TakesTheAbsoluteFormOfATarget) {
  EXPECT_EQ(request_for("http://localhost:3100/api/actions?a=b").path, "/api/actions");
  EXPECT_EQ(request_for("http://localhost:3100").path, "/");
  EXPECT_EQ(request_for("/redirect?to=http://elsewhere/x").path, "/redirect");
}

TEST(PercentDecode, LeavesBrokenEscapesAlone) {
  EXPECT_EQ(percent_decode("%zz%4"), "%zz%4");
  EXPECT_EQ(percent_decode("100%"), "100%");
  EXPECT_EQ(percent_decode("a+b"), "a+b");
}

}  // namespace
}  // namespace genkit::internal
