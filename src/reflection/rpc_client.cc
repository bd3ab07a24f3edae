#include "reflection/rpc_client.h"

#include <algorithm>
#include <utility>

#include "reflection/rpc_session.h"

namespace genkit::internal {

RpcClient::RpcClient(ReflectionCore& core, IoLoop& loop, Options options)
    : core_(core), loop_(loop), options_(std::move(options)), task_(async([this] { run(); })) {}

void RpcClient::run() {
  options_.wait_for_definitions();
  std::chrono::milliseconds retry = options_.first_retry;
  for (;;) {
    try {
      const auto session = std::make_shared<RpcSession>(core_, loop_, WebSocketOptions{.url = options_.url});
      retry = options_.first_retry;
      serve(*session);
    } catch (const Error& error) {
      if (error.status() == Status::kCancelled) throw;
      if (error.status() == Status::kInvalidArgument) {
        core_.logger.error("GENKIT_REFLECTION_V2_SERVER cannot be used", {{"error", error.what()}});
        return;
      }
      // Usual: the program was there before the tools.
      core_.logger.debug("the Genkit tools cannot be reached", {{"error", error.what()}});
    }
    std::erase_if(orphans_, [](const Future<void>& run) { return run.ready(); });
    sleep_for(retry);
    retry = std::min(retry * 2, options_.last_retry);
  }
}

void RpcClient::serve(RpcSession& session) {
  const auto end = [&] {
    for (Future<void>& run : session.end()) orphans_.push_back(std::move(run));
  };
  try {
    session.register_runtime(next_id_++, options_.id, options_.name);
    session.serve();
  } catch (...) {
    end();
    throw;
  }
  end();
  core_.logger.debug("the connection to the Genkit tools ended", {{"reason", session.failure()}});
}

}  // namespace genkit::internal
