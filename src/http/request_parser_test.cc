#include "http/request_parser.h"

#include <gmock/gmock.h>

namespace genkit::internal {
namespace {

constexpr std::string_view kPost =
    "POST /a?b=c HTTP/1.1\r\nHost: x\r\nContent-Type: text/plain\r\nContent-Length: 5\r\n\r\nhello";
constexpr std::string_view kChunked =
    "POST /a HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nhel\r\n2;ext=1\r\nlo\r\n0\r\nTrailer: t\r\n\r\n";

/// Feeds the pieces one after the other, as a connection does, and returns how many bytes were used.
std::size_t feed(RequestParser& parser, std::initializer_list<std::string_view> pieces) {
  std::string pending;
  std::size_t used = 0;
  for (std::string_view piece : pieces) {
    pending += piece;
    while (!pending.empty() && !parser.done() && parser.error_status() == 0) {
      const std::size_t size = parser.feed(pending);
      if (size == 0) break;
      pending.erase(0, size);
      used += size;
    }
  }
  return used;
}

int status_of(std::string_view text, std::size_t max_header = 1000, std::size_t max_body = 1000) {
  RequestParser parser(max_header, max_body);
  feed(parser, {text});
  return parser.error_status();
}

TEST(RequestParser, UnderstandsARequestHoweverItIsSplit) {
  for (const std::string_view text : {kPost, kChunked}) {
    for (std::size_t a = 0; a <= text.size(); ++a) {
      for (std::size_t b = a; b <= text.size(); ++b) {
        RequestParser parser(1000, 1000);

        feed(parser, {text.substr(0, a), text.substr(a, b - a), text.substr(b)});

        ASSERT_TRUE(parser.done()) << "split at " << a << " and " << b;
        const HttpRequest request = parser.take();
        ASSERT_EQ(request.method, "POST");
        ASSERT_EQ(request.path, "/a");
        ASSERT_EQ(request.body, "hello");
      }
    }
  }
}

TEST(RequestParser, LeavesTheNextRequestAlone) {
  RequestParser parser(1000, 1000);

  const std::size_t used = feed(parser, {std::string(kPost) + std::string(kPost)});

  EXPECT_TRUE(parser.done());
  EXPECT_EQ(used, kPost.size());
}

TEST(RequestParser, SkipsEmptyLinesBeforeARequest) {
  RequestParser parser(1000, 1000);

  feed(parser, {"\r\n\r\n", "GET / HTTP/1.1\r\nHost: x\r\n\r\n"});

  EXPECT_TRUE(parser.done());
}

TEST(RequestParser, RefusesWhatIsNotHttp) {
  EXPECT_EQ(status_of("nonsense\r\n\r\n"), 400);
  EXPECT_EQ(status_of("GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n"), 400);
  EXPECT_EQ(status_of("GET / HTTP/1.1\r\n\r\n"), 400);
  EXPECT_EQ(status_of("GET / HTTP/1.1\r\nHost : a\r\n\r\n"), 400);
  EXPECT_EQ(status_of("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: x\r\n\r\n"), 400);
  EXPECT_EQ(status_of("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n"), 400);
  EXPECT_EQ(status_of("GET / HTTP/9.9\r\nHost: a\r\n\r\n"), 505);
  EXPECT_EQ(status_of("GET / HTTP/1.1\r\nHost: a\r\nExpect: miracles\r\n\r\n"), 417);
}

TEST(RequestParser, RefusesARequestWithTwoLengths) {
  // A proxy in front might believe the other one: request smuggling.
  EXPECT_EQ(status_of("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"), 400);
}

TEST(RequestParser, RefusesABodyInACodingThatItDoesNotKnow) {
  // Without a length of its own, the body would be taken for the next request.
  EXPECT_EQ(status_of("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: gzip\r\n\r\n"), 501);
  EXPECT_EQ(status_of("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked, identity\r\n\r\n"), 501);
  EXPECT_EQ(status_of("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: gzip\r\nContent-Length: 3\r\n\r\nabc"), 501);
  EXPECT_EQ(status_of("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n"), 501);
}

TEST(RequestParser, RefusesWhatIsTooLarge) {
  EXPECT_EQ(status_of("GET / HTTP/1.1\r\nHost: a\r\nX: " + std::string(2000, 'x')), 431);
  EXPECT_EQ(status_of("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1001\r\n\r\n"), 413);
  EXPECT_EQ(status_of("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n3e9\r\n" + std::string(1001, 'x')), 413);

  const std::string chunked = "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n";
  EXPECT_EQ(status_of(chunked + "1;x=" + std::string(2000, 'x')), 431);
  EXPECT_EQ(status_of(chunked + "0\r\nTrailer: " + std::string(2000, 'x')), 431);
}

TEST(RequestParser, SeesThatTheClientWaitsForContinue) {
  RequestParser parser(1000, 1000);

  feed(parser, {"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\nExpect: 100-Continue\r\n\r\n"});

  EXPECT_TRUE(parser.has_head());
  EXPECT_FALSE(parser.done());
  EXPECT_TRUE(parser.expects_continue());
}

TEST(RequestParser, KnowsWhenAConnectionIsToBeKept) {
  const auto kept = [](std::string_view text) {
    RequestParser parser(1000, 1000);
    feed(parser, {text});
    return parser.take().keep_alive;
  };

  EXPECT_TRUE(kept("GET / HTTP/1.1\r\nHost: a\r\n\r\n"));
  EXPECT_FALSE(kept("GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"));
  EXPECT_FALSE(kept("GET / HTTP/1.0\r\n\r\n"));
  EXPECT_TRUE(kept("GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n"));
}

}  // namespace
}  // namespace genkit::internal
