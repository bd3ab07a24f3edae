#ifndef GENKIT_SRC_REFLECTION_ACTION_RUNNER_H_
#define GENKIT_SRC_REFLECTION_ACTION_RUNNER_H_

#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

#include <genkit/core/registry.h>

#include "reflection/wire_error.h"

namespace genkit::internal {

/// The parameters of runAction, the same over HTTP and WebSocket.
struct RunRequest {
  std::string key;
  std::optional<Json> input;  ///< absent is not null
  std::optional<Json> init;
  Json context;  ///< an object
  std::map<std::string, std::string> telemetry_labels;

  /// Throws INVALID_ARGUMENT that says what is wrong.
  static RunRequest parse(const Json& json);
};

/// What a run tells while it goes on, on the fiber of the run.
struct RunObserver {
  /// As soon as there is a trace; must not wait.
  std::function<void(const SpanContext& trace)> on_trace;
  /// Empty: the caller does not want chunks. May wait, which slows the action down.
  std::function<void(ValueRef chunk)> on_chunk;
};

struct RunOutcome {
  /// False: nobody has an action of that key, and nothing ran.
  bool found = true;
  /// {"result":…,"telemetry":{"traceId":…}}, without "result" when the action returns nothing. Empty when it failed.
  std::string success;
  std::optional<WireError> error;
};

/// Runs actions on behalf of tools and remembers them by trace id, so that they can be cancelled.
class ActionRunner {
 public:
  explicit ActionRunner(std::shared_ptr<Registry> registry) : registry_(std::move(registry)) {}

  /// Returns when the action has ended and its spans are delivered. Never throws what the action throws.
  RunOutcome run(const RunRequest& request, const RunObserver& observer, std::shared_ptr<InputStream> input_stream = nullptr);
  /// Asks the run of this trace to stop, without waiting for it. False when there is none.
  bool cancel(std::string_view trace_id);
  std::size_t active_count() const;

 private:
  std::string execute(const Action& action, const RunRequest& request, CallOptions options, const RunObserver& observer,
                      const std::string& trace_id);

  const std::shared_ptr<Registry> registry_;
  mutable std::mutex mutex_;
  std::unordered_map<std::string, std::shared_ptr<const CancelSource>> active_;
};

}  // namespace genkit::internal

#endif  // GENKIT_SRC_REFLECTION_ACTION_RUNNER_H_
