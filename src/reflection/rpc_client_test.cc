#include "reflection/rpc_client.h"

#include <unistd.h>

#include <future>

#include <genkit/runtime/future.h>
#include <gmock/gmock.h>

#include "http/websocket_test_server.h"
#include "reflection/reflection_test_support.h"

namespace genkit::internal {
namespace {

using testing::IsNull;
using testing::MatchesRegex;
using testing::NotNull;

/// Plays the part of the tools.
class RpcClientTest : public testing::Test {
 protected:
  RpcClientTest() : core_(sample_.registry, nullptr, false, silent()) {}

  void start() {
    RpcClient::Options options;
    options.url = tools_.url();
    options.id = "17";
    options.name = "test";
    options.wait_for_definitions = [] {};
    options.first_retry = std::chrono::milliseconds(1);
    options.last_retry = std::chrono::milliseconds(4);
    client_ = std::make_unique<RpcClient>(core_, loop_, std::move(options));
  }
  Json next() { return parse_json(tools_.receive().value()); }
  /// Takes the registration of a new connection.
  Json accept() {
    tools_.accept();
    return next();
  }
  void connect() {
    start();
    const Json registration = accept();
    tools_.send(R"({"jsonrpc":"2.0","result":{},"id":)" + to_text(registration.at("id")) + "}");
  }
  void send(std::string_view method, const Json& parameters, const char* id = nullptr) {
    JsonObject message{{"jsonrpc", "2.0"}, {"method", method}, {"params", parameters}};
    if (id != nullptr) message["id"] = id;
    tools_.send(to_text(message));
  }
  /// Sends a request and takes its answer.
  Json ask(std::string_view method, const Json& parameters, const char* id = "1") {
    send(method, parameters, id);
    return next();
  }

  SampleRegistry sample_;
  ReflectionCore core_;
  WebSocketTestServer tools_;
  IoLoop loop_;
  std::unique_ptr<RpcClient> client_;
};

TEST_F(RpcClientTest, RegistersItself) {
  start();

  const Json message = accept();

  EXPECT_EQ(message.at("jsonrpc"), "2.0");
  EXPECT_EQ(message.at("method"), "register");
  EXPECT_EQ(message.at("id"), "1");
  const Json& parameters = message.at("params");
  EXPECT_EQ(parameters.at("id"), "17");
  EXPECT_EQ(parameters.at("pid"), ::getpid());
  EXPECT_EQ(parameters.at("name"), "test");
  EXPECT_EQ(parameters.at("genkitVersion"), Json(genkit_version()));
  EXPECT_EQ(parameters.at("reflectionApiSpecVersion"), 1);
  EXPECT_EQ(parameters.at("envs"), Json(JsonArray{"dev"}));
}

TEST_F(RpcClientTest, ListsActions) {
  connect();

  const Json answer = ask("listActions", nullptr);

  EXPECT_EQ(answer.at("id"), "1");
  EXPECT_EQ(answer.at("result").at("actions").at("/flow/hello").at("name"), "hello");
}

TEST_F(RpcClientTest, ListsValues) {
  sample_.registry->add_value("defaultModel", "defaultModel", {{"name", "fake/echo"}});
  connect();

  EXPECT_EQ(to_text(ask("listValues", {{"type", "defaultModel"}})),
            R"({"jsonrpc":"2.0","result":{"values":{"defaultModel":{"name":"fake/echo"}}},"id":"1"})");
  const Json error = ask("listValues", {{"type", "zzz"}}).at("error");
  EXPECT_EQ(error.at("code"), -32602);
  EXPECT_EQ(error.at("message"), "'type' zzz is not supported. Only 'defaultModel' and 'middleware' are supported");
  EXPECT_EQ(error.at("data").at("code"), 3);
}

TEST_F(RpcClientTest, RunsAnActionAndTellsItsTraceFirst) {
  connect();

  send("runAction", {{"key", "/flow/hello"}, {"input", {{"name", "Ada"}}}, {"stream", false}}, "2");
  const Json state = next();
  const Json answer = next();

  EXPECT_EQ(state.at("method"), "runActionState");
  EXPECT_EQ(state.at("params").at("requestId"), "2");
  const Json& trace_id = state.at("params").at("state").at("traceId");
  EXPECT_EQ(answer.at("id"), "2");
  EXPECT_EQ(answer.at("result"), Json({{"result", "Hello, Ada!"}, {"telemetry", {{"traceId", trace_id}}}}));
  EXPECT_EQ(sample_.exporter->delivered(), 1);
}

TEST_F(RpcClientTest, StreamsChunks) {
  connect();

  send("runAction", {{"key", "/flow/count"}, {"input", {{"to", 2}}}, {"stream", true}}, "2");

  EXPECT_EQ(next().at("method"), "runActionState");
  EXPECT_EQ(to_text(next()), R"({"jsonrpc":"2.0","method":"streamChunk","params":{"requestId":"2","chunk":{"to":1}}})");
  EXPECT_EQ(next().at("params").at("chunk"), Json({{"to", 2}}));
  EXPECT_EQ(next().at("result").at("result"), "done 2");
}

TEST_F(RpcClientTest, ReportsFailuresWithData) {
  connect();

  send("runAction", {{"key", "/flow/boom"}}, "2");
  const Json state = next();
  const Json error = next().at("error");

  EXPECT_EQ(error.at("code"), -32000);
  EXPECT_EQ(error.at("message"), "boom");
  EXPECT_EQ(error.at("data").at("code"), 13);
  EXPECT_EQ(error.at("data").at("message"), "boom");
  EXPECT_TRUE(error.at("data").at("details").at("stack").is_string());
  EXPECT_EQ(error.at("data").at("details").at("traceId"), state.at("params").at("state").at("traceId"));
}

TEST_F(RpcClientTest, ReportsBadInputAsInvalidArgument) {
  connect();

  const Json error = ask("runAction", {{"key", "/flow/hello"}, {"input", 7}}).at("error");

  EXPECT_EQ(error.at("data").at("code"), 3);
  EXPECT_TRUE(error.at("data").at("details").is_object());
}

TEST_F(RpcClientTest, ReportsUnknownActionsAndMethodsWithData) {
  connect();

  const Json action = ask("runAction", {{"key", "/flow/nope"}}).at("error");
  EXPECT_EQ(action.at("code"), -32602);
  EXPECT_EQ(action.at("message"), "action /flow/nope not found");
  EXPECT_EQ(action.at("data").at("code"), 5);
  EXPECT_TRUE(action.at("data").at("details").is_object());
  const Json method = ask("danceTango", nullptr).at("error");
  EXPECT_EQ(method.at("code"), -32601);
  EXPECT_TRUE(method.at("data").at("details").is_object());
  EXPECT_EQ(ask("runAction", {{"key", 7}}).at("error").at("code"), -32602);
}

TEST_F(RpcClientTest, CancelsAnAction) {
  connect();
  send("runAction", {{"key", "/flow/wait"}}, "2");
  const Json trace_id = next().at("params").at("state").at("traceId");

  send("cancelAction", {{"traceId", trace_id}}, "3");
  Json first = next();
  Json second = next();
  if (first.at("id") != Json("3")) std::swap(first, second);

  EXPECT_EQ(first.at("result"), Json({{"message", "Action cancelled"}}));
  EXPECT_EQ(second.at("error").at("data").at("code"), 1);
  EXPECT_EQ(second.at("error").at("message"), "Action was cancelled");
  const Json again = ask("cancelAction", {{"traceId", trace_id}});
  EXPECT_EQ(again.at("error").at("code"), -32602);
  EXPECT_EQ(again.at("error").at("message"), "Action not found or already completed");
}

TEST_F(RpcClientTest, AnswersWhileActionsRun) {
  connect();
  send("runAction", {{"key", "/flow/wait"}}, "2");
  next();

  EXPECT_EQ(ask("listValues", {{"type", "middleware"}}, "3").at("id"), "3");
}

TEST_F(RpcClientTest, AnswersWhileAProviderIsSlowToListItsActions) {
  std::promise<void> listed;
  DynamicProviderOptions options;
  options.name = "remote";
  options.fetch = [&]() -> std::vector<Action> {
    blocking([&] { listed.get_future().wait(); });
    return {};
  };
  sample_.registry->add_dynamic_provider(options);
  connect();

  send("listActions", nullptr, "2");
  EXPECT_EQ(ask("listValues", {{"type", "middleware"}}, "3").at("id"), "3");
  listed.set_value();

  EXPECT_EQ(next().at("id"), "2");
}

TEST_F(RpcClientTest, FeedsAnActionThatTakesAStream) {
  connect();
  send("runAction", {{"key", "/flow/sum"}, {"stream", true}, {"streamInput", true}}, "6");
  EXPECT_EQ(next().at("method"), "runActionState");

  send("sendInputStreamChunk", {{"requestId", "6"}, {"chunk", {{"to", 3}}}});
  EXPECT_EQ(next().at("params").at("chunk"), 3);
  send("sendInputStreamChunk", {{"requestId", "6"}, {"chunk", {{"to", 4}}}});
  EXPECT_EQ(next().at("params").at("chunk"), 7);
  send("endInputStream", {{"requestId", "6"}});

  EXPECT_EQ(next().at("result").at("result"), 7);
}

TEST_F(RpcClientTest, ValidatesEveryInputItem) {
  connect();
  send("runAction", {{"key", "/flow/sum"}, {"stream", true}, {"streamInput", true}}, "6");
  next();

  send("sendInputStreamChunk", {{"requestId", "6"}, {"chunk", "not a count"}});

  EXPECT_EQ(next().at("error").at("data").at("code"), 3);
}

TEST_F(RpcClientTest, IgnoresInputForRunsThatItDoesNotKnow) {
  connect();

  send("sendInputStreamChunk", {{"requestId", "99"}, {"chunk", 1}});
  send("endInputStream", {{"requestId", "99"}});
  send("endInputStream", nullptr);
  send("somethingNew", {{"x", 1}});
  tools_.send("not json");
  tools_.send("[]");
  tools_.send("7");

  EXPECT_EQ(ask("listValues", {{"type", "middleware"}}).at("id"), "1");
}

TEST_F(RpcClientTest, ConnectsAndRegistersAgainWithItsNextId) {
  connect();

  tools_.drop();

  EXPECT_EQ(accept().at("id"), "2");
  tools_.close();
  EXPECT_EQ(accept().at("id"), "3");
}

TEST_F(RpcClientTest, KeepsTryingUntilTheToolsAreThere) {
  const std::uint16_t port = tools_.port();
  start();
  for (int i = 0; i < 5; ++i) tools_.refuse();

  EXPECT_EQ(accept().at("method"), "register");
  EXPECT_EQ(tools_.port(), port);
}

TEST_F(RpcClientTest, CancelsActionsWhoseConnectionIsLost) {
  connect();
  send("runAction", {{"key", "/flow/wait"}}, "2");
  next();

  tools_.drop();

  EXPECT_EQ(sample_.wait_ended.get_future().get(), Status::kCancelled);
}

TEST_F(RpcClientTest, EndsTheInputOfActionsWhoseConnectionIsLost) {
  std::promise<Status> ended;
  sample_.registry->add(bidi_flow("listen", [&](BidiContext<Count, int>& context) {
                          try {
                            while (context.receive()) {
                            }
                          } catch (const Error& error) {
                            ended.set_value(error.status());
                            throw;
                          }
                          return 0;
                        }).action());
  connect();
  send("runAction", {{"key", "/flow/listen"}, {"streamInput", true}}, "2");
  next();

  tools_.drop();

  EXPECT_THAT(ended.get_future().get(), testing::AnyOf(Status::kCancelled, Status::kUnavailable));
}

TEST_F(RpcClientTest, CancelsRunningActionsWhenItEnds) {
  connect();
  send("runAction", {{"key", "/flow/wait"}}, "2");
  next();

  client_.reset();

  EXPECT_EQ(sample_.wait_ended.get_future().get(), Status::kCancelled);
}

TEST_F(RpcClientTest, EndsWhileNobodyAnswers) {
  start();

  client_.reset();
}

}  // namespace
}  // namespace genkit::internal
