#ifndef GENKIT_SRC_REFLECTION_RPC_CLIENT_H_
#define GENKIT_SRC_REFLECTION_RPC_CLIENT_H_

#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include <genkit/runtime/future.h>

#include "http/io_loop.h"
#include "reflection/reflection_core.h"

namespace genkit::internal {

class RpcSession;

/// Version 2 of the reflection API: JSON-RPC over a WebSocket that the runtime opens to the tools. Connects, registers, answers;
/// connects again for ever when the connection is lost or cannot be had.
class RpcClient {
 public:
  struct Options {
    std::string url;
    std::string id;
    std::string name;
    /// Waits until the program has defined its actions: tools look for them as soon as they see it.
    std::function<void()> wait_for_definitions;
    std::chrono::milliseconds first_retry = std::chrono::milliseconds(500);
    std::chrono::milliseconds last_retry = std::chrono::milliseconds(5000);
  };

  RpcClient(ReflectionCore& core, IoLoop& loop, Options options);
  /// Drops the connection, cancels what still runs and waits for it.
  ~RpcClient() = default;

 private:
  void run();
  void serve(RpcSession& session);

  ReflectionCore& core_;
  IoLoop& loop_;
  const Options options_;
  long next_id_ = 1;
  std::vector<Future<void>> orphans_;  // runs of earlier connections that have been cancelled and not ended yet
  Future<void> task_;
};

}  // namespace genkit::internal

#endif  // GENKIT_SRC_REFLECTION_RPC_CLIENT_H_
