#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <genkit/base/json.h>
#include <genkit/runtime/future.h>
#include <genkit/trace/tracer.h>

#include "http/client_test_server.h"

namespace genkit {
namespace {

using internal::TestPeer;
using internal::TestServer;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::SizeIs;

/// Answers everything and keeps the spans, "name running" or "name ended".
class FakeTelemetryServer {
 public:
  std::string url() const { return server_.url(); }
  std::vector<std::string> spans() const {
    const std::lock_guard lock(mutex_);
    return spans_;
  }
  std::vector<Json> posts() const {
    const std::lock_guard lock(mutex_);
    return posts_;
  }

 private:
  void serve(TestPeer& peer) {
    // One request per connection, so that several clients get their turn.
    const auto body = peer.read_request();
    if (!body) return;
    {
      const std::lock_guard lock(mutex_);
      posts_.push_back(parse_json(*body));
      for (const auto& [id, span] : posts_.back().at("spans").as_object()) {
        const bool running = span.at("endTime") == Json(0);
        spans_.push_back(std::string(span.at("displayName").as_string()) + (running ? " running" : " ended"));
      }
    }
    peer.reply(200, "OK", "Connection: close\r\n");
  }

  mutable std::mutex mutex_;
  std::vector<std::string> spans_;
  std::vector<Json> posts_;
  TestServer server_{[this](TestPeer& peer) { serve(peer); }};
};

struct Program {
  std::shared_ptr<Tracer> tracer = std::make_shared<Tracer>();
  std::shared_ptr<TelemetryServerExporter> exporter;

  explicit Program(TelemetryServerOptions options) : exporter(std::make_shared<TelemetryServerExporter>(std::move(options))) {
    tracer->add_exporter(exporter);
  }
  bool flush() const { return tracer->flush(std::chrono::seconds(60)); }
};

TEST(TelemetryServerExporter, SendsSpansWhenTheyEnd) {
  FakeTelemetryServer server;
  const Program program({.url = server.url()});

  const auto root = program.tracer->start_span({.name = "root", .type = "action", .subtype = "flow"}, Context());
  const Context context = Tracer::with_span(Context(), root);
  program.tracer->start_span({.name = "step", .type = "flowStep"}, context)->end();
  EXPECT_TRUE(program.flush());
  EXPECT_THAT(server.spans(), ElementsAre("step ended"));
  root->end();
  EXPECT_TRUE(program.flush());

  EXPECT_THAT(server.spans(), ElementsAre("step ended", "root ended"));
  EXPECT_EQ(find_member(server.posts().at(0), "displayName"), nullptr);
  EXPECT_EQ(server.posts().at(1).at("displayName"), Json("root"));
}

TEST(TelemetryServerExporter, TellsOfRunningSpansInRealTime) {
  FakeTelemetryServer server;
  const Program program({.url = server.url(), .realtime = true});

  const auto span = program.tracer->start_span({.name = "root", .type = "util"}, Context());
  span->set_input("{\"a\":1}");
  const Context context = Tracer::with_span(Context(), span);
  EXPECT_TRUE(program.flush());
  span->end();
  EXPECT_TRUE(program.flush());

  EXPECT_THAT(server.spans(), ElementsAre("root running", "root ended"));
  const Json attributes = server.posts().at(0).at("spans").at(span->context().span_id.hex()).at("attributes");
  EXPECT_EQ(attributes.at("genkit:input"), Json("{\"a\":1}"));
  EXPECT_EQ(attributes.at("genkit:path"), Json("/{root,t:util}"));
  EXPECT_EQ(find_member(attributes, "genkit:state"), nullptr);
}

TEST(TelemetryServerExporter, ASpanThatBeginsAndEndsBetweenTwoRequestsIsSentOnce) {
  FakeTelemetryServer server;
  {
    const Program program({.url = server.url(), .realtime = true});
    const auto span = program.tracer->start_span({.name = "quick"}, Context());
    Tracer::with_span(Context(), span);
    span->end();
  }

  EXPECT_THAT(server.spans(), ::testing::Contains("quick ended").Times(1));
}

TEST(TelemetryServerExporter, IsFlushedFromFibersWithoutHoldingTheirThread) {
  FakeTelemetryServer server;
  const Program program({.url = server.url()});
  std::vector<Future<bool>> flushes;

  for (int i = 0; i < 20; ++i) {
    flushes.push_back(async([&] {
      program.tracer->start_span({.name = "s"}, Context())->end();
      return program.flush();
    }));
  }

  for (auto& flush : flushes) EXPECT_TRUE(flush.get());
  EXPECT_THAT(server.spans(), SizeIs(20));
}

TEST(TelemetryServerExporter, WithoutUrlDoesNothing) {
  const Program program({});

  EXPECT_FALSE(program.exporter->wants_start());
  program.tracer->start_span({.name = "s"}, Context())->end();

  EXPECT_TRUE(program.flush());
  EXPECT_EQ(program.exporter->dropped(), 0u);
}

TEST(TelemetryServerExporter, TakesItsUrlAtAnyTime) {
  FakeTelemetryServer first;
  FakeTelemetryServer second;
  const Program program({.realtime = true});

  const auto send = [&](std::string url, std::string name) {
    program.exporter->set_url(std::move(url));
    program.tracer->start_span({.name = name}, Context())->end();
    EXPECT_TRUE(program.flush());
  };
  send(first.url(), "a");
  send(second.url(), "b");
  send("", "c");
  EXPECT_FALSE(program.exporter->wants_start());
  send(first.url(), "d");

  EXPECT_THAT(first.spans(), ElementsAre("a ended", "d ended"));
  EXPECT_THAT(second.spans(), ElementsAre("b ended"));
}

TEST(TelemetryServerExporter, LogsAUrlThatItCannotUse) {
  std::vector<std::string> lines;
  const Program program({.url = "https://localhost:4033",
                         .logger = Logger([&](const LogRecord& line) { lines.emplace_back(line.message); }, LogLevel::kError)});

  program.tracer->start_span({.name = "s"}, Context())->end();

  EXPECT_TRUE(program.flush());
  EXPECT_THAT(lines, ElementsAre(HasSubstr("\"https://localhost:4033\"")));
}

TEST(TelemetryServerExporter, DropsWhatADeadServerDoesNotTake) {
  auto program = std::make_unique<Program>(TelemetryServerOptions{.url = "http://" + internal::refusing_endpoint().authority});
  const auto exporter = program->exporter;

  program->tracer->start_span({.name = "s"}, Context())->end();
  EXPECT_FALSE(program->flush());
  program.reset();

  EXPECT_EQ(exporter->dropped(), 0u) << "for some seconds records wait for the server";
}

#if !defined(__SANITIZE_THREAD__)  // which ends children that start threads
TEST(TelemetryServerExporter, WorksInAForkedChildToo) {
  FakeTelemetryServer server;
  const Program program({.url = server.url()});
  program.tracer->start_span({.name = "before"}, Context())->end();
  ASSERT_TRUE(program.flush());

  const pid_t child = ::fork();
  if (child == 0) {
    program.tracer->start_span({.name = "child"}, Context())->end();
    ::_exit(program.flush() ? 0 : 1);
  }
  int status = -1;
  ::waitpid(child, &status, 0);
  program.tracer->start_span({.name = "after"}, Context())->end();
  EXPECT_TRUE(program.flush());

  EXPECT_EQ(status, 0);
  EXPECT_THAT(server.spans(), ElementsAre("before ended", "child ended", "after ended"));
}

TEST(TelemetryServerExporter, IsDestroyedInAForkedChildWithoutWaitingForItsParent) {
  FakeTelemetryServer server;
  auto program = std::make_unique<Program>(TelemetryServerOptions{.url = server.url()});
  program->tracer->start_span({.name = "waits"}, Context())->end();

  const pid_t child = ::fork();
  if (child == 0) {
    program.reset();
    ::_exit(0);
  }
  int status = -1;
  ::waitpid(child, &status, 0);
  program.reset();

  EXPECT_EQ(status, 0);
  EXPECT_THAT(server.spans(), ElementsAre("waits ended"));
}
#endif

}  // namespace
}  // namespace genkit
