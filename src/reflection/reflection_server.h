#ifndef GENKIT_SRC_REFLECTION_REFLECTION_SERVER_H_
#define GENKIT_SRC_REFLECTION_REFLECTION_SERVER_H_

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>

#include <genkit/core/registry.h>

namespace genkit::internal {

struct ReflectionOptions {
  /// Shown by the tools; the name of the program's file when empty.
  std::string name;
  /// Told where the telemetry server is, when a tool says so and the environment does not. May be null.
  std::shared_ptr<TelemetryServerExporter> exporter;
  Logger logger = Logger();
};

/// What decides how a program is reached. See docs of the Genkit tools; the variables are theirs.
struct ReflectionEnvironment {
  bool dev = false;                   ///< GENKIT_ENV=dev
  std::string v2_url;                 ///< GENKIT_REFLECTION_V2_SERVER: connect there; else listen
  std::string runtime_id;             ///< GENKIT_RUNTIME_ID
  std::optional<std::uint16_t> port;  ///< GENKIT_REFLECTION_PORT; else the first free one from 3100
  bool has_telemetry_server = false;  ///< GENKIT_TELEMETRY_SERVER is set
  std::filesystem::path working_directory;

  static ReflectionEnvironment of_process();
};

/// Lets the Genkit command line and the Developer UI see and run the actions of a registry. Version 1 listens on the loopback
/// interface and announces itself with a file, version 2 connects to the tools.
///
/// Neither is announced before the program has defined its actions. As nobody says when that is, it is taken to be done when
/// nothing was registered for 50 ms, and after one second in any case; what is defined later is seen by the next listing.
class ReflectionServer {
 public:
  /// Nothing unless GENKIT_ENV=dev, and nothing (with an error in the log) when no port can be had.
  static std::unique_ptr<ReflectionServer> start_from_environment(std::shared_ptr<Registry> registry, ReflectionOptions options);
  static std::unique_ptr<ReflectionServer> start(const ReflectionEnvironment& environment, std::shared_ptr<Registry> registry,
                                                 ReflectionOptions options);
  /// Says goodbye: removes the file, drops connections, cancels what runs and waits for it. In a child of fork() it does nothing,
  /// as the threads stayed with the parent.
  ~ReflectionServer();
  ReflectionServer(const ReflectionServer&) = delete;
  ReflectionServer& operator=(const ReflectionServer&) = delete;

  /// Of version 1; 0 for version 2.
  std::uint16_t port() const noexcept;

 private:
  struct State;
  explicit ReflectionServer(std::unique_ptr<State> state) noexcept;
  std::unique_ptr<State> state_;
};

}  // namespace genkit::internal

#endif  // GENKIT_SRC_REFLECTION_REFLECTION_SERVER_H_
