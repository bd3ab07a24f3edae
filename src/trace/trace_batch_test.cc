#include "trace/trace_batch.h"

#include <chrono>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <genkit/base/json.h>

namespace genkit::internal {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;
using ::testing::StartsWith;

SpanRecord record(std::uint64_t trace, std::uint64_t span, bool ended = true, std::string input = {}) {
  auto data = std::make_shared<SpanData>();
  data->context = {TraceId{0, trace}, SpanId{span}, true};
  data->name = "s" + std::to_string(span);
  data->start_time += std::chrono::seconds(1);
  if (ended) data->end_time = data->start_time;
  if (!input.empty()) data->input = std::move(input);
  return data;
}

std::vector<std::string> names(const std::vector<TracePost>& posts) {
  std::vector<std::string> result;
  for (const TracePost& post : posts) {
    std::string text = (post.continued ? "+" : "") + std::to_string(post.spans.front()->context.trace_id.low) + ":";
    for (const SpanRecord& span : post.spans) text += " " + span->name + (span->ended() ? "" : "?");
    result.push_back(std::move(text));
  }
  return result;
}

TEST(GroupByTrace, PutsTheSpansOfATraceTogetherInTheOrderInWhichTheyCame) {
  EXPECT_THAT(names(group_by_trace({record(1, 10), record(2, 20), record(1, 11), record(3, 30), record(2, 21)})),
              ElementsAre("1: s10 s11", "2: s20 s21", "3: s30"));
}

TEST(GroupByTrace, OfNothingIsNothing) {
  EXPECT_THAT(group_by_trace({}), IsEmpty());
}

TEST(GroupByTrace, DropsTheStartOfASpanThatHasEnded) {
  EXPECT_THAT(names(group_by_trace({record(1, 10, false), record(1, 11, false), record(1, 11, true), record(2, 10, true)})),
              ElementsAre("1: s10? s11", "2: s10"));
}

TEST(GroupByTrace, SplitsWhatIsTooLargeForOneRequest) {
  const std::string large(10 << 20, 'x');

  EXPECT_THAT(names(group_by_trace({record(1, 10, true, large), record(1, 11, true, large), record(2, 20), record(1, 12)})),
              ElementsAre("1: s10", "+1: s11 s12", "2: s20"));
}

TEST(AppendRequest, IsAPostOfTheTrace) {
  const auto posts = group_by_trace({record(1, 10), record(1, 11)});
  const auto endpoint = HttpEndpoint::parse("http://localhost:4033/base/");

  std::string request;
  append_request(request, posts.at(0), endpoint.value());

  EXPECT_THAT(request, StartsWith("POST /base/api/traces HTTP/1.1\r\nHost: localhost:4033\r\nContent-Type: application/json\r\n"
                                  "Accept: application/json\r\nContent-Length: "));
  const std::string body = request.substr(request.find("\r\n\r\n") + 4);
  EXPECT_THAT(request, ::testing::HasSubstr("Content-Length: " + std::to_string(body.size()) + "\r\n\r\n"));
  EXPECT_THAT(parse_json(body).at("spans").as_object(), SizeIs(2));
}

}  // namespace
}  // namespace genkit::internal
