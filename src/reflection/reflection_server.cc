#include "reflection/reflection_server.h"

#include <cerrno>
#include <cstdlib>

#include <atomic>
#include <charconv>
#include <system_error>
#include <utility>
#include <vector>

#include <unistd.h>

#include <genkit/runtime/future.h>

#include "http/http_server.h"
#include "http/io_loop.h"
#include "reflection/http_api.h"
#include "reflection/rpc_client.h"
#include "reflection/runtime_file.h"

namespace genkit::internal {

namespace {

using Clock = std::chrono::steady_clock;

// The range of the other languages.
constexpr std::uint16_t kFirstPort = 3100;
constexpr std::uint16_t kLastPort = 3200;

constexpr std::chrono::milliseconds kDefinitionPoll{10};
constexpr std::chrono::milliseconds kDefinitionQuiet{50};
constexpr std::chrono::milliseconds kDefinitionLimit{1000};
constexpr std::chrono::seconds kFileCheck{2};

std::string environment_value(const char* name) {
  const char* value = std::getenv(name);
  return value != nullptr ? value : "";
}

std::string program_name() {
#ifdef __GLIBC__
  return program_invocation_short_name;
#else
  return "genkit-cpp";
#endif
}

/// "17", "17-2": the n-th Genkit object of a process is a runtime of its own.
std::string instance_id(const std::string& base) {
  static std::atomic<int> instances{0};
  const int number = ++instances;
  return number == 1 ? base : base + "-" + std::to_string(number);
}

/// Finds out when a program has defined its actions.
class DefinitionWatch {
 public:
  explicit DefinitionWatch(const Registry& registry) : registry_(registry), version_(registry.version()) {}

  bool done() {
    const auto now = Clock::now();
    if (const std::uint64_t version = registry_.version(); version != version_) {
      version_ = version;
      changed_ = now;
    }
    return now - changed_ >= kDefinitionQuiet || now - began_ >= kDefinitionLimit;
  }

 private:
  const Registry& registry_;
  std::uint64_t version_;
  const Clock::time_point began_ = Clock::now();
  Clock::time_point changed_ = began_;
};

}  // namespace

/// The loop's callbacks refer to it: the loop is the first member that the destructor takes down, after server and client.
struct ReflectionServer::State {
  State(const ReflectionEnvironment& environment, std::shared_ptr<Registry> registry, ReflectionOptions options)
      : core(std::move(registry), std::move(options.exporter), environment.has_telemetry_server, options.logger),
        name(options.name.empty() ? program_name() : std::move(options.name)),
        definitions(*core.registry) {}

  void listen(const ReflectionEnvironment& environment);
  void connect(const ReflectionEnvironment& environment);
  std::unique_ptr<HttpServer> make_server(const ReflectionEnvironment& environment);

  // On the loop's thread.
  void announce_when_defined();
  void write_file(bool first);
  void say_goodbye();

  const pid_t owner = ::getpid();
  ReflectionCore core;
  const std::string name;
  DefinitionWatch definitions;
  RuntimeDescription description;
  std::filesystem::path root;
  std::unique_ptr<RuntimeFile> file;
  bool gone = false;

  std::unique_ptr<HttpApi> api;
  IoLoop loop;
  std::unique_ptr<HttpServer> server;
  std::unique_ptr<RpcClient> client;
};

std::unique_ptr<HttpServer> ReflectionServer::State::make_server(const ReflectionEnvironment& environment) {
  HttpServerOptions options;
  options.fields = {{"X-Genkit-Version", genkit_version()}};
  options.logger = core.logger;
  options.first_port = environment.port.value_or(kFirstPort);
  options.last_port = environment.port.value_or(kLastPort);
  try {
    return std::make_unique<HttpServer>(loop, options);
  } catch (const Error&) {
    if (environment.port) throw;
    options.first_port = options.last_port = 0;
    return std::make_unique<HttpServer>(loop, options);
  }
}

void ReflectionServer::State::listen(const ReflectionEnvironment& environment) {
  server = make_server(environment);
  const std::string port = std::to_string(server->port());
  const std::string pid = std::to_string(owner);
  const std::string pid_and_port = pid + "-" + port;
  description.id = environment.runtime_id.empty() ? pid_and_port : instance_id(environment.runtime_id);
  description.pid = owner;
  description.name = name;
  description.url = "http://127.0.0.1:" + port;
  description.version = genkit_version();
  root = find_project_root(environment.working_directory);

  api = std::make_unique<HttpApi>(
      core,
      HttpApi::Options{.port = server->port(), .ids = {description.id, pid_and_port}, .on_quit = [this, http = server.get()] {
                         loop.post([this] { say_goodbye(); });
                         http->stop_listening();
                       }});
  server->start([this](HttpExchange& exchange) { api->handle(exchange); });
  loop.post_after(kDefinitionPoll, [this] { announce_when_defined(); });
}

void ReflectionServer::State::connect(const ReflectionEnvironment& environment) {
  RpcClient::Options options;
  options.url = environment.v2_url;
  options.id = instance_id(environment.runtime_id.empty() ? std::to_string(owner) : environment.runtime_id);
  options.name = name;
  options.wait_for_definitions = [this] {
    while (!definitions.done()) sleep_for(kDefinitionPoll);
  };
  client = std::make_unique<RpcClient>(core, loop, std::move(options));
}

void ReflectionServer::State::announce_when_defined() {
  if (gone) return;
  const bool defined = definitions.done();
  if (defined) write_file(!file);
  loop.post_after(defined ? std::chrono::milliseconds(kFileCheck) : kDefinitionPoll, [this] { announce_when_defined(); });
}

void ReflectionServer::State::write_file(bool first) {
  try {
    if (!first) return file->restore();
    description.time = std::chrono::system_clock::now();
    const auto milliseconds = std::chrono::duration_cast<std::chrono::milliseconds>(description.time.time_since_epoch()).count();
    const std::string file_name =
        std::to_string(owner) + "-" + std::to_string(server->port()) + "-" + std::to_string(milliseconds) + ".json";
    file = std::make_unique<RuntimeFile>(root, file_name, to_text(description));
    file->write();
  } catch (const Error& error) {
    // Said once; later attempts are silent.
    if (first) core.logger.warning("the Genkit tools will not find this program", {{"error", error.what()}});
  }
}

void ReflectionServer::State::say_goodbye() {
  gone = true;
  file.reset();
}

ReflectionEnvironment ReflectionEnvironment::of_process() {
  ReflectionEnvironment environment;
  environment.dev = environment_value("GENKIT_ENV") == "dev";
  environment.v2_url = environment_value("GENKIT_REFLECTION_V2_SERVER");
  environment.runtime_id = environment_value("GENKIT_RUNTIME_ID");
  environment.has_telemetry_server = !environment_value("GENKIT_TELEMETRY_SERVER").empty();
  const std::string port = environment_value("GENKIT_REFLECTION_PORT");
  std::uint16_t number = 0;
  const auto [end, error] = std::from_chars(port.data(), port.data() + port.size(), number);
  if (error == std::errc() && end == port.data() + port.size() && number != 0) environment.port = number;
  std::error_code ignored;
  environment.working_directory = std::filesystem::current_path(ignored);
  return environment;
}

std::unique_ptr<ReflectionServer> ReflectionServer::start_from_environment(std::shared_ptr<Registry> registry,
                                                                           ReflectionOptions options) {
  return start(ReflectionEnvironment::of_process(), std::move(registry), std::move(options));
}

std::unique_ptr<ReflectionServer> ReflectionServer::start(const ReflectionEnvironment& environment,
                                                          std::shared_ptr<Registry> registry, ReflectionOptions options) {
  if (!environment.dev) return nullptr;
  const Logger logger = options.logger;
  try {
    auto state = std::make_unique<State>(environment, std::move(registry), std::move(options));
    if (environment.v2_url.empty()) {
      state->listen(environment);
    } else {
      state->connect(environment);
    }
    return std::unique_ptr<ReflectionServer>(new ReflectionServer(std::move(state)));
  } catch (...) {
    // The program is worth more than its tools.
    logger.error("the Genkit tools cannot reach this program", {{"error", to_error(std::current_exception()).what()}});
    return nullptr;
  }
}

ReflectionServer::ReflectionServer(std::unique_ptr<State> state) noexcept : state_(std::move(state)) {}

ReflectionServer::~ReflectionServer() {
  if (::getpid() != state_->owner) {
    // Reachable for ever, so that leak checkers understand.
    static auto* const abandoned = new std::vector<std::unique_ptr<State>>();
    abandoned->push_back(std::move(state_));
    return;
  }
  if (state_->server) state_->loop.run([this] { state_->say_goodbye(); });
  state_->server.reset();
  state_->client.reset();
}

std::uint16_t ReflectionServer::port() const noexcept {
  return state_->server ? state_->server->port() : 0;
}

}  // namespace genkit::internal
