#include "reflection/http_api.h"

#include <gmock/gmock.h>

#include "http/test_client.h"
#include "reflection/reflection_test_support.h"

namespace genkit::internal {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsNull;
using testing::MatchesRegex;
using testing::NotNull;

class HttpApiTest : public testing::Test {
 protected:
  HttpApiTest() {
    ReflectionEnvironment environment;
    environment.dev = true;
    environment.working_directory = folder_.path();
    server_ = ReflectionServer::start(environment, sample_.registry, {.name = "test", .exporter = nullptr, .logger = silent()});
  }

  TestResponse get(std::string_view target, std::string_view fields = {}) {
    return fetch(server_->port(), "GET", target, {}, fields);
  }
  TestResponse post(std::string_view target, const Json& body) { return fetch(server_->port(), "POST", target, to_text(body)); }
  TestResponse run(const Json& body) { return post("/api/runAction", body); }
  TestResponse stream(const Json& body) { return post("/api/runAction?stream=true", body); }

  /// What the official command line makes of a streamed answer: lines, and the last object without a newline.
  static Json last_of(const TestResponse& response) { return parse_json(response.body.substr(response.body.rfind('\n') + 1)); }

  SampleRegistry sample_;
  TemporaryFolder folder_;
  std::unique_ptr<ReflectionServer> server_;
};

// --- who may ask

TEST(LocalHost, IsThisMachineByItsNamesWithOurPort) {
  EXPECT_TRUE(is_local_host("localhost:3100", 3100));
  EXPECT_TRUE(is_local_host("LOCALHOST:3100", 3100));
  EXPECT_TRUE(is_local_host("127.0.0.1:3100", 3100));
  EXPECT_TRUE(is_local_host("[::1]:3100", 3100));

  EXPECT_FALSE(is_local_host("evil.example:3100", 3100));
  EXPECT_FALSE(is_local_host("localhost:3101", 3100));
  EXPECT_FALSE(is_local_host("localhost", 3100));
  EXPECT_FALSE(is_local_host("localhost.evil.example:3100", 3100));
  EXPECT_FALSE(is_local_host(":3100", 3100));
  EXPECT_FALSE(is_local_host("", 3100));
}

TEST(LocalOrigin, IsAPageOfThisMachineOnAnyPort) {
  EXPECT_TRUE(is_local_origin("http://localhost:4000"));
  EXPECT_TRUE(is_local_origin("http://127.0.0.1"));
  EXPECT_TRUE(is_local_origin("https://[::1]:8443"));

  EXPECT_FALSE(is_local_origin("https://evil.example"));
  EXPECT_FALSE(is_local_origin("http://localhost.evil.example"));
  EXPECT_FALSE(is_local_origin("http://localhost:80.evil.example"));
  EXPECT_FALSE(is_local_origin("http://localhost:"));
  EXPECT_FALSE(is_local_origin("null"));
  EXPECT_FALSE(is_local_origin(""));
}

TEST_F(HttpApiTest, RefusesNamesThatOnlyPointHere) {
  TestClient client(server_->port());

  client.send("GET /api/actions HTTP/1.1\r\nHost: rebound.example:" + std::to_string(server_->port()) + "\r\n\r\n");

  EXPECT_EQ(client.read_response().status, 403);
}

TEST_F(HttpApiTest, RefusesPagesOfOtherMachines) {
  EXPECT_EQ(get("/api/actions", "Origin: https://evil.example\r\n").status, 403);
  EXPECT_EQ(get("/api/actions", "Origin: null\r\n").status, 403);
  EXPECT_EQ(get("/api/actions", "Origin: http://localhost:4000\r\n").status, 200);
}

TEST_F(HttpApiTest, RefusesWhatPagesOfOtherMachinesEmbed) {
  // A picture is asked for without an origin.
  EXPECT_EQ(get("/api/__quitquitquit", "Sec-Fetch-Site: cross-site\r\nSec-Fetch-Mode: no-cors\r\n").status, 403);
  EXPECT_EQ(get("/api/__health", "Sec-Fetch-Site: same-site\r\n").status, 200);
  EXPECT_EQ(get("/api/__health", "Sec-Fetch-Site: none\r\n").status, 200);
  EXPECT_EQ(get("/api/__health", "Sec-Fetch-Site: cross-site\r\nOrigin: http://127.0.0.1:4000\r\n").status, 200);
}

// --- small routes

TEST_F(HttpApiTest, NamesItsVersionOnEveryAnswer) {
  EXPECT_THAT(get("/api/__health").field("x-genkit-version"), MatchesRegex("cpp/.+"));
  EXPECT_THAT(get("/nothing").field("x-genkit-version"), MatchesRegex("cpp/.+"));
}

TEST_F(HttpApiTest, TellsItsHealth) {
  const std::string id = std::to_string(::getpid()) + "-" + std::to_string(server_->port());

  EXPECT_EQ(get("/api/__health").body, "OK");
  EXPECT_EQ(get("/api/__health?id=" + id).status, 200);
  const TestResponse wrong = get("/api/__health?id=1-2");
  EXPECT_EQ(wrong.status, 503);
  EXPECT_EQ(wrong.body, "Invalid runtime ID");
}

TEST_F(HttpApiTest, ListsActionsWithTheirSchemas) {
  const TestResponse response = get("/api/actions");
  const Json actions = response.json();

  EXPECT_EQ(response.field("Content-Type"), "application/json");
  EXPECT_EQ(actions.at("/flow/hello").at("key"), "/flow/hello");
  EXPECT_EQ(actions.at("/flow/hello").at("name"), "hello");
  EXPECT_THAT(find_member(actions.at("/flow/hello").at("inputSchema").at("properties"), "name"), NotNull());
  EXPECT_THAT(find_member(actions.at("/flow/hello"), "description"), IsNull());
}

TEST_F(HttpApiTest, ListsValues) {
  sample_.registry->add_value("defaultModel", "defaultModel", {{"name", "fake/echo"}});

  EXPECT_EQ(get("/api/values?type=defaultModel").body, R"({"defaultModel":{"name":"fake/echo"}})");
  EXPECT_EQ(get("/api/values?type=middleware").body, "{}");
  EXPECT_EQ(get("/api/values").status, 400);
  EXPECT_EQ(get("/api/values").body, "Query parameter \"type\" is required.");
  EXPECT_EQ(get("/api/values?type=foo").status, 400);
  EXPECT_EQ(get("/api/values?type=foo").body, "'type' foo is not supported. Only 'defaultModel' and 'middleware' are supported");
}

TEST_F(HttpApiTest, ListsEnvironments) {
  EXPECT_EQ(get("/api/envs").body, R"(["dev"])");
}

TEST_F(HttpApiTest, AnswersOtherPathsWithNotFound) {
  EXPECT_EQ(get("/api/nope").status, 404);
  EXPECT_EQ(post("/api/actions", JsonObject()).status, 404);
  EXPECT_EQ(fetch(server_->port(), "DELETE", "/api/actions").status, 404);
}

TEST_F(HttpApiTest, AcceptsANotification) {
  const TestResponse response =
      post("/api/notify", {{"telemetryServerUrl", "http://localhost:4034"}, {"reflectionApiSpecVersion", 1}});

  EXPECT_EQ(response.status, 200);
  EXPECT_EQ(response.body, "OK");
}

// --- runAction

TEST_F(HttpApiTest, RunsAnAction) {
  const TestResponse response = run({{"key", "/flow/hello"}, {"input", {{"name", "Ada"}}}});
  const std::string trace_id = response.field("X-Genkit-Trace-Id");

  EXPECT_EQ(response.status, 200);
  EXPECT_EQ(response.field("Content-Type"), "application/json");
  EXPECT_THAT(trace_id, MatchesRegex("[0-9a-f]{32}"));
  EXPECT_THAT(response.field("X-Genkit-Span-Id"), MatchesRegex("[0-9a-f]{16}"));
  EXPECT_EQ(response.body, R"({"result":"Hello, Ada!","telemetry":{"traceId":")" + trace_id + "\"}}");
}

TEST_F(HttpApiTest, StreamsChunksAsLinesAndEndsWithoutANewline) {
  const TestResponse response = stream({{"key", "/flow/count"}, {"input", {{"to", 2}}}});

  EXPECT_EQ(response.field("Content-Type"), "text/plain");
  EXPECT_EQ(response.body, R"({"to":1}
{"to":2}
{"result":"done 2","telemetry":{"traceId":")" +
                               response.field("X-Genkit-Trace-Id") + "\"}}");
  EXPECT_EQ(response.chunks.size(), 3U);
}

TEST_F(HttpApiTest, NeverPutsANewlineIntoAChunk) {
  EXPECT_EQ(stream({{"key", "/flow/lines"}}).chunks.front(), "\"two\\nlines\"\n");
}

TEST_F(HttpApiTest, StreamsOnlyForTheExactQueryOfTheTools) {
  EXPECT_THAT(post("/api/runAction?stream=1", {{"key", "/flow/count"}, {"input", {{"to", 2}}}}).body,
              testing::StartsWith(R"({"result")"));
}

TEST_F(HttpApiTest, LeavesOutTheResultOfAnActionThatReturnsNothing) {
  EXPECT_THAT(run({{"key", "/flow/nothing"}}).body, MatchesRegex(R"(\{"telemetry":\{"traceId":"[0-9a-f]+"\}\})"));
  EXPECT_THAT(run({{"key", "/flow/null"}}).body, HasSubstr(R"("result":null)"));
}

TEST_F(HttpApiTest, PassesTheContextOn) {
  const Json context = {{"auth", {{"uid", "u1"}}}};

  EXPECT_EQ(run({{"key", "/flow/whoami"}, {"context", context}}).json().at("result"), context);
}

TEST_F(HttpApiTest, PutsTelemetryLabelsOnTheSpanVerbatim) {
  run({{"key", "/flow/nothing"}, {"telemetryLabels", {{"batchRun", "lbl1"}, {"genkitx:n", "2"}}}});

  const auto spans = sample_.spans->spans();
  ASSERT_EQ(spans.size(), 1U);
  std::map<std::string, std::string> attributes;
  for (const Attribute& attribute : spans.front()->attributes) {
    if (const auto* text = std::get_if<std::string>(&attribute.value)) attributes[attribute.name] = *text;
  }
  EXPECT_EQ(attributes["batchRun"], "lbl1");
  EXPECT_EQ(attributes["genkitx:n"], "2");
}

TEST_F(HttpApiTest, DeliversTheTraceBeforeTheAnswer) {
  for (int i = 1; i <= 20; ++i) {
    run({{"key", "/flow/nothing"}});
    ASSERT_EQ(sample_.exporter->delivered(), i);
  }
}

TEST_F(HttpApiTest, SendsTheTraceBeforeTheActionEnds) {
  TestClient client(server_->port());
  for (const std::string target : {"/api/runAction", "/api/runAction?stream=true"}) {
    sample_.wait_ended = {};
    client.send_request("POST", target, R"({"key":"/flow/wait"})");
    TestResponse response = client.read_head();
    ASSERT_THAT(response.field("X-Genkit-Trace-Id"), MatchesRegex("[0-9a-f]{32}"));

    const TestResponse cancelled = post("/api/cancelAction", {{"traceId", response.field("X-Genkit-Trace-Id")}});
    client.read_body(response);

    EXPECT_EQ(cancelled.body, R"({"message":"Action cancelled"})");
    const Json error = last_of(response).at("error");
    EXPECT_EQ(error.at("code"), 1);
    EXPECT_EQ(error.at("message"), "Action was cancelled");
    EXPECT_EQ(error.at("details").at("traceId"), Json(response.field("X-Genkit-Trace-Id")));
  }
}

TEST_F(HttpApiTest, AnswersAnUnknownKeyInPlainText) {
  const TestResponse response = run({{"key", "/flow/nope"}});

  EXPECT_EQ(response.status, 404);
  EXPECT_EQ(response.body, "action /flow/nope not found");
  EXPECT_EQ(run({{"key", "garbage"}}).status, 404);
}

TEST_F(HttpApiTest, ReportsAFailureWithStatusTwoHundredAndDetails) {
  for (const TestResponse& response : {run({{"key", "/flow/boom"}}), stream({{"key", "/flow/boom"}})}) {
    const Json error = last_of(response).at("error");

    EXPECT_EQ(response.status, 200);
    EXPECT_EQ(error.at("code"), 13);
    EXPECT_EQ(error.at("message"), "boom");
    EXPECT_EQ(error.at("details").at("traceId"), Json(response.field("X-Genkit-Trace-Id")));
    EXPECT_TRUE(error.at("details").at("stack").is_string());
  }
}

TEST_F(HttpApiTest, ReportsTheStatusOfAnErrorByItsNumberAndName) {
  const Json error = run({{"key", "/flow/missing"}}).json().at("error");

  EXPECT_EQ(error.at("code"), 5);
  EXPECT_EQ(error.at("message"), "NOT_FOUND: no such thing");
  EXPECT_EQ(error.at("details").at("thing"), 7);
  EXPECT_THAT(std::string(error.at("details").at("stack").get_string()), HasSubstr("caused by std::out_of_range: index 7"));
}

TEST_F(HttpApiTest, EndsAStreamThatFailsHalfWayWithTheError) {
  const TestResponse response = stream({{"key", "/flow/half"}});

  EXPECT_THAT(response.body,
              MatchesRegex("1\n\\{\"error\":\\{\"code\":10,\"message\":\"ABORTED: half way\",\"details\":\\{.*\\}\\}\\}"));
}

TEST_F(HttpApiTest, ReportsBadInputAsInvalidArgumentBeforeAnyTrace) {
  for (const TestResponse& response :
       {run({{"key", "/flow/hello"}, {"input", {{"nom", "Ada"}}}}), stream({{"key", "/flow/hello"}, {"input", {{"nom", "Ada"}}}}),
        run({{"key", "/flow/hello"}})}) {
    const Json error = last_of(response).at("error");

    EXPECT_EQ(response.status, 200);
    EXPECT_EQ(response.field("X-Genkit-Trace-Id"), "");
    EXPECT_EQ(error.at("code"), 3);
    EXPECT_TRUE(error.at("details").is_object());
  }
}

TEST_F(HttpApiTest, ReportsRequestsThatAreNone) {
  for (const char* body : {"not json", "[]", "{}", R"({"key":7})", R"({"key":"/flow/hello","context":7})",
                           R"({"key":"/flow/hello","telemetryLabels":[]})"}) {
    const TestResponse response = fetch(server_->port(), "POST", "/api/runAction", body);

    EXPECT_EQ(response.status, 200) << body;
    EXPECT_EQ(response.json().at("error").at("code"), 3) << body;
    EXPECT_TRUE(response.json().at("error").at("details").is_object()) << body;
  }
}

TEST_F(HttpApiTest, RunsManyActionsAtOnce) {
  std::vector<std::unique_ptr<TestClient>> clients;
  for (int i = 0; i < 50; ++i) clients.push_back(std::make_unique<TestClient>(server_->port()));

  for (const auto& client : clients)
    client->send_request("POST", "/api/runAction?stream=true", R"({"key":"/flow/count","input":{"to":100}})");

  for (const auto& client : clients) ASSERT_EQ(client->read_response().chunks.size(), 101U);
}

// --- cancelAction

TEST_F(HttpApiTest, CannotCancelWhatDoesNotRun) {
  EXPECT_EQ(post("/api/cancelAction", {{"traceId", "00"}}).status, 404);
  EXPECT_EQ(post("/api/cancelAction", {{"traceId", "00"}}).body, R"({"message":"Action not found or already completed"})");
  EXPECT_EQ(post("/api/cancelAction", JsonObject()).status, 400);
  EXPECT_EQ(post("/api/cancelAction", JsonObject()).body, R"({"error":"traceId is required"})");
}

TEST_F(HttpApiTest, ForgetsAnActionThatHasEnded) {
  const std::string trace_id = run({{"key", "/flow/nothing"}}).field("X-Genkit-Trace-Id");

  EXPECT_EQ(post("/api/cancelAction", {{"traceId", trace_id}}).status, 404);
}

TEST_F(HttpApiTest, CancelsTheActionOfAClientThatHasGoneAway) {
  TestClient client(server_->port());
  client.send_request("POST", "/api/runAction?stream=true", R"({"key":"/flow/wait"})");
  client.read_head();

  client.close();

  EXPECT_EQ(sample_.wait_ended.get_future().get(), Status::kCancelled);
}

TEST_F(HttpApiTest, CancelsRunningActionsWhenTheServerEnds) {
  TestClient client(server_->port());
  client.send_request("POST", "/api/runAction", R"({"key":"/flow/wait"})");
  client.read_head();

  server_.reset();

  EXPECT_EQ(sample_.wait_ended.get_future().get(), Status::kCancelled);
}

TEST_F(HttpApiTest, WritesNothingToStdout) {
  testing::internal::CaptureStdout();

  run({{"key", "/flow/boom"}});
  stream({{"key", "/flow/count"}, {"input", {{"to", 3}}}});
  get("/api/actions");

  EXPECT_EQ(testing::internal::GetCapturedStdout(), "");
}

}  // namespace
}  // namespace genkit::internal
