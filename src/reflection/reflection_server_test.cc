#include "reflection/reflection_server.h"

#include <unistd.h>

#include <algorithm>

#include <gmock/gmock.h>

#include "http/http_server.h"
#include "http/io_loop.h"
#include "http/test_client.h"
#include "reflection/reflection_test_support.h"

namespace genkit::internal {
namespace {

using testing::IsEmpty;
using testing::SizeIs;

class ReflectionServerTest : public testing::Test {
 protected:
  ReflectionServerTest() {
    environment_.dev = true;
    environment_.working_directory = folder_.path();
  }
  std::unique_ptr<ReflectionServer> start(ReflectionOptions options = {}) {
    options.logger = silent();
    return ReflectionServer::start(environment_, sample_.registry, std::move(options));
  }
  std::filesystem::path runtimes() const { return folder_.path() / ".genkit" / "runtimes"; }
  /// Waits until the server has announced itself.
  Json announcement() {
    EXPECT_TRUE(eventually([&] { return !files_in(runtimes()).empty(); }));
    return parse_json(read_file(files_in(runtimes()).front()));
  }

  SampleRegistry sample_;
  TemporaryFolder folder_;
  ReflectionEnvironment environment_;
};

TEST_F(ReflectionServerTest, DoesNotStartOutsideOfDevelopment) {
  environment_.dev = false;

  EXPECT_EQ(start(), nullptr);
}

TEST_F(ReflectionServerTest, ReadsTheEnvironment) {
  ::setenv("GENKIT_ENV", "dev", 1);
  ::setenv("GENKIT_REFLECTION_V2_SERVER", "ws://localhost:3200", 1);
  ::setenv("GENKIT_RUNTIME_ID", "me", 1);
  ::setenv("GENKIT_REFLECTION_PORT", "3150", 1);
  ::setenv("GENKIT_TELEMETRY_SERVER", "http://localhost:4033", 1);
  const auto environment = ReflectionEnvironment::of_process();
  for (const char* name :
       {"GENKIT_ENV", "GENKIT_REFLECTION_V2_SERVER", "GENKIT_RUNTIME_ID", "GENKIT_REFLECTION_PORT", "GENKIT_TELEMETRY_SERVER"}) {
    ::unsetenv(name);
  }
  const auto empty = ReflectionEnvironment::of_process();

  EXPECT_TRUE(environment.dev);
  EXPECT_EQ(environment.v2_url, "ws://localhost:3200");
  EXPECT_EQ(environment.runtime_id, "me");
  EXPECT_EQ(environment.port, 3150);
  EXPECT_TRUE(environment.has_telemetry_server);
  EXPECT_EQ(environment.working_directory, std::filesystem::current_path());
  EXPECT_FALSE(empty.dev);
  EXPECT_FALSE(empty.has_telemetry_server);
  EXPECT_EQ(empty.port, std::nullopt);
}

TEST_F(ReflectionServerTest, AnnouncesItselfWithAFileThatItsHealthConfirms) {
  const auto server = start({.name = "my app", .exporter = nullptr});

  const Json file = announcement();

  EXPECT_EQ(file.at("id"), Json(std::to_string(::getpid()) + "-" + std::to_string(server->port())));
  EXPECT_EQ(file.at("pid"), ::getpid());
  EXPECT_EQ(file.at("name"), "my app");
  EXPECT_EQ(file.at("reflectionServerUrl"), Json("http://127.0.0.1:" + std::to_string(server->port())));
  EXPECT_EQ(fetch(server->port(), "GET", "/api/__health?id=" + std::string(file.at("id").get_string())).status, 200);
}

TEST_F(ReflectionServerTest, AcceptsTheIdOfTheEnvironmentAndItsOwn) {
  environment_.runtime_id = "from-environment";
  const auto server = start();

  const std::string id(announcement().at("id").get_string());
  const std::string own = std::to_string(::getpid()) + "-" + std::to_string(server->port());

  EXPECT_THAT(id, testing::StartsWith("from-environment"));
  EXPECT_EQ(fetch(server->port(), "GET", "/api/__health?id=" + id).status, 200);
  EXPECT_EQ(fetch(server->port(), "GET", "/api/__health?id=" + own).status, 200);
  EXPECT_EQ(fetch(server->port(), "GET", "/api/__health?id=other").status, 503);
}

TEST_F(ReflectionServerTest, AnnouncesItselfInTheFolderWhereToolsLook) {
  std::ofstream(folder_.path() / "package.json") << "{}";
  environment_.working_directory = folder_.path() / "build" / "debug";
  std::filesystem::create_directories(environment_.working_directory);

  const auto server = start();

  EXPECT_EQ(announcement().at("pid"), ::getpid());
}

TEST_F(ReflectionServerTest, TakesItsFileAwayWhenItEnds) {
  auto server = start();
  announcement();

  server.reset();

  EXPECT_THAT(files_in(runtimes()), IsEmpty());
}

TEST_F(ReflectionServerTest, NeverAnnouncesWhatIsGoneAtOnce) {
  start().reset();

  EXPECT_THAT(files_in(runtimes()), IsEmpty());
}

TEST_F(ReflectionServerTest, AnnouncesItselfAgainWhenAToolHasRemovedTheFile) {
  const auto server = start();
  const Json before = announcement();

  std::filesystem::remove_all(folder_.path() / ".genkit");

  EXPECT_EQ(announcement(), before);
}

TEST_F(ReflectionServerTest, IsAnnouncedAfterTheActionsAreDefined) {
  const auto server = start();
  int defined = 0;
  // Definitions that follow each other keep the announcement back, for a while.
  while (files_in(runtimes()).empty() && defined < 200) {
    sample_.define(("late" + std::to_string(defined++)).c_str(), [] { return 1; });
  }

  announcement();
  EXPECT_EQ(defined, 200);
}

TEST_F(ReflectionServerTest, KeepsOtherInstancesOfTheProcessApart) {
  SampleRegistry other;
  const auto first = start();
  const auto second =
      ReflectionServer::start(environment_, other.registry, {.name = "b", .exporter = nullptr, .logger = silent()});

  ASSERT_TRUE(eventually([&] { return files_in(runtimes()).size() == 2; }));
  EXPECT_NE(first->port(), second->port());
  std::vector<std::string> ids;
  for (const auto& path : files_in(runtimes())) ids.emplace_back(parse_json(read_file(path)).at("id").get_string());
  EXPECT_NE(ids[0], ids[1]);
}

TEST_F(ReflectionServerTest, StopsWhenItIsToldToQuit) {
  const auto server = start();
  announcement();

  EXPECT_EQ(fetch(server->port(), "GET", "/api/__quitquitquit").body, "OK");

  EXPECT_TRUE(eventually([&] { return files_in(runtimes()).empty(); }));
  EXPECT_TRUE(eventually([&] {
    try {
      TestClient{server->port()};
      return false;
    } catch (const std::runtime_error&) {
      return true;
    }
  }));
}

TEST_F(ReflectionServerTest, GoesOnWithoutToolsWhenThePortIsTaken) {
  IoLoop loop;
  const HttpServer other(loop, {});
  environment_.port = other.port();

  EXPECT_EQ(start(), nullptr);
}

TEST_F(ReflectionServerTest, GoesOnWhenItsFileCannotBeWritten) {
  std::ofstream(folder_.path() / ".genkit") << "a file where a folder should be";

  const auto server = start();

  EXPECT_EQ(fetch(server->port(), "GET", "/api/__health").status, 200);
}

/// A telemetry server that counts what it is sent.
class TelemetryTest : public ReflectionServerTest {
 protected:
  TelemetryTest() : telemetry_(loop_, {}) {
    telemetry_.start([this](HttpExchange& exchange) {
      const std::lock_guard lock(mutex_);
      bodies_.push_back(exchange.request().body);
      exchange.respond(200, "text/plain", std::string("OK"));
    });
    exporter_ = std::make_shared<TelemetryServerExporter>(TelemetryServerOptions{.url = "", .logger = silent()});
    sample_.tracer->add_exporter(exporter_);
  }
  bool received(const std::string& text) {
    const std::lock_guard lock(mutex_);
    return std::ranges::any_of(bodies_, [&](const std::string& body) { return body.find(text) != body.npos; });
  }
  void notify(const ReflectionServer& server) {
    fetch(server.port(), "POST", "/api/notify",
          to_text(JsonObject{{"telemetryServerUrl", "http://127.0.0.1:" + std::to_string(telemetry_.port())},
                             {"reflectionApiSpecVersion", 1}}));
  }
  std::string run(const ReflectionServer& server) {
    return fetch(server.port(), "POST", "/api/runAction", R"({"key":"/flow/nothing"})").field("X-Genkit-Trace-Id");
  }

  IoLoop loop_;
  std::mutex mutex_;
  std::vector<std::string> bodies_;
  HttpServer telemetry_;
  std::shared_ptr<TelemetryServerExporter> exporter_;
};

TEST_F(TelemetryTest, SendsTracesToTheServerThatAToolNames) {
  const auto server = start({.name = "", .exporter = exporter_});
  notify(*server);

  const std::string trace_id = run(*server);

  // Without waiting: the answer comes after the delivery.
  EXPECT_TRUE(received(trace_id));
}

TEST_F(TelemetryTest, KeepsTheServerThatTheEnvironmentNames) {
  environment_.has_telemetry_server = true;
  const auto server = start({.name = "", .exporter = exporter_});
  notify(*server);

  const std::string trace_id = run(*server);

  EXPECT_FALSE(received(trace_id));
}

}  // namespace
}  // namespace genkit::internal
