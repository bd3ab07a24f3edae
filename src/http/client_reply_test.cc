#include "http/client_reply.h"

#include <string>
#include <string_view>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <genkit/base/error.h>

namespace genkit::internal {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

std::vector<ClientReply> parse(std::string_view bytes) {
  std::vector<ClientReply> replies;
  ClientReplyParser().feed(bytes, replies);
  return replies;
}

std::string summary(const ClientReply& reply) {
  return std::to_string(reply.status) + (reply.keep_alive ? " keep " : " close ") + reply.body;
}

std::vector<std::string> summaries(const std::vector<ClientReply>& replies) {
  std::vector<std::string> result;
  for (const ClientReply& reply : replies) result.push_back(summary(reply));
  return result;
}

// What Express answers, a chunked reply with an extension and trailers, an interim reply, one without a body, and an error.
constexpr std::string_view kConversation =
    "HTTP/1.1 200 OK\r\nX-Powered-By: Express\r\nContent-Type: text/html; charset=utf-8\r\nContent-Length: 2\r\n"
    "ETag: W/\"2-nOO9QiTIwXgNtWtBJezz8kv3SLc\"\r\nConnection: keep-alive\r\nKeep-Alive: timeout=5\r\n\r\nOK"
    "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n4;name=value\r\nWiki\r\nB\r\npedia in\r\n \r\n0\r\nTrailer: x\r\n\r\n"
    "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 204\r\n\r\n"
    "\r\nHTTP/1.1 500 Internal Server Error\r\nContent-Length:0\r\nConnection: Close\r\n\r\n";

TEST(ClientReplyParser, ReadsPipelinedReplies) {
  EXPECT_THAT(summaries(parse(kConversation)),
              ElementsAre("200 keep OK", "200 keep Wikipedia in\r\n ", "204 keep ", "500 close "));
}

TEST(ClientReplyParser, GivesTheSameForAnySplitOfTheBytes) {
  const auto whole = summaries(parse(kConversation));
  for (std::size_t split = 0; split <= kConversation.size(); ++split) {
    ClientReplyParser parser;
    std::vector<ClientReply> replies;
    parser.feed(kConversation.substr(0, split), replies);
    parser.feed(kConversation.substr(split), replies);
    ASSERT_EQ(summaries(replies), whole) << "split at " << split;
  }
  ClientReplyParser parser;
  std::vector<ClientReply> replies;
  for (const char byte : kConversation) parser.feed({&byte, 1}, replies);
  EXPECT_EQ(summaries(replies), whole);
  EXPECT_TRUE(parser.finish(replies));
}

TEST(ClientReplyParser, TakesTheEndOfTheConnectionAsTheEndOfABodyWithoutLength) {
  ClientReplyParser parser;
  std::vector<ClientReply> replies;

  parser.feed("HTTP/1.0 200 OK\r\n\r\nall of it", replies);
  EXPECT_THAT(replies, IsEmpty());
  EXPECT_TRUE(parser.finish(replies));

  EXPECT_THAT(summaries(replies), ElementsAre("200 close all of it"));
}

TEST(ClientReplyParser, TellsOfAReplyThatWasCutOff) {
  for (const std::string_view cut :
       {"HTTP/1.1 2", "HTTP/1.1 200 OK\r\nA: b\r\n", "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nab",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n"}) {
    ClientReplyParser parser;
    std::vector<ClientReply> replies;
    parser.feed(cut, replies);
    EXPECT_FALSE(parser.finish(replies)) << cut;
    EXPECT_THAT(replies, IsEmpty()) << cut;
  }
}

TEST(ClientReplyParser, OldServersCloseUnlessTheySayOtherwise) {
  EXPECT_FALSE(parse("HTTP/1.0 200 OK\r\nContent-Length: 0\r\n\r\n").at(0).keep_alive);
  EXPECT_TRUE(parse("HTTP/1.0 200 OK\r\nConnection: foo, Keep-Alive\r\nContent-Length: 0\r\n\r\n").at(0).keep_alive);
}

TEST(ClientReplyParser, KeepsOnlyTheBeginningOfABody) {
  const std::string body(100'000, 'x');

  const auto replies = parse("HTTP/1.1 500 Bad\r\nContent-Length: 100000\r\n\r\n" + body + "HTTP/1.1 204 \r\n\r\n");

  ASSERT_THAT(replies, SizeIs(2));
  EXPECT_EQ(replies[0].body, body.substr(0, ClientReply::kMaxBody));
}

TEST(ClientReplyParser, RefusesWhatIsNoHttp) {
  for (const std::string_view bytes :
       {"SSH-2.0-OpenSSH_9.2\r\n", "HTTP/2 200 OK\r\n", "HTTP/1.1 2x0 OK\r\n", "HTTP/1.1 2000 OK\r\n",
        "HTTP/1.1 200 OK\r\nno colon\r\n", "HTTP/1.1 200 OK\r\nContent-Length: -1\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: 1x\r\n", "HTTP/1.1 200 OK\r\nContent-Length: 99999999999999999999\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nab\r\n"}) {
    EXPECT_THROW(parse(bytes), Error) << bytes;
  }
}

TEST(ClientReplyParser, RefusesAHeaderWithoutEnd) {
  ClientReplyParser parser;
  std::vector<ClientReply> replies;
  parser.feed("HTTP/1.1 200 OK\r\n", replies);

  const auto feed_on = [&] {
    for (int i = 0; i < 100; ++i) parser.feed("X: " + std::string(1000, 'x') + "\r\n", replies);
  };

  EXPECT_THROW(feed_on(), Error);
}

}  // namespace
}  // namespace genkit::internal
