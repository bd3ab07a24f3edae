#ifndef GENKIT_SRC_REFLECTION_RPC_SESSION_H_
#define GENKIT_SRC_REFLECTION_RPC_SESSION_H_

#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include <genkit/runtime/future.h>

#include "http/websocket.h"
#include "reflection/reflection_core.h"

namespace genkit::internal {

/// One connection to the tools: takes their messages and answers. Runs and listings, for which plugins and servers behind them
/// are asked, are fibers of their own; everything else is answered in the order in which it comes.
class RpcSession : public std::enable_shared_from_this<RpcSession> {
 public:
  RpcSession(ReflectionCore& core, IoLoop& loop, const WebSocketOptions& options) : core_(core), socket_(loop, options) {}

  /// Announces this program; `id` is the number of the request.
  void register_runtime(long id, const std::string& runtime_id, const std::string& name);
  /// Answers until the connection ends.
  void serve();
  /// Cancels all runs and ends their input; returns them, for they may take their time.
  std::vector<Future<void>> end();
  std::string failure() const { return socket_.failure(); }

 private:
  void dispatch(const Json& message);
  void call(const std::string& method, const Json& parameters, const Json& id);
  void notify(const std::string& method, const Json& parameters);
  /// Throws RESOURCE_EXHAUSTED when too much runs already.
  void require_room();
  void list_actions(const Json& id);
  void start_run(const Json& parameters, const Json& id);
  void run(const RunRequest& request, bool stream, std::shared_ptr<InputStream> input, const Json& id);
  void feed(const std::string& method, const Json& parameters);

  void answer(const Json& id, std::string_view result_text);
  void answer_error(const Json& id, int code, const WireError& error);

  ReflectionCore& core_;
  WebSocket socket_;
  std::vector<Future<void>> runs_;  // and listings
  std::mutex mutex_;
  std::map<std::string, std::shared_ptr<InputStream>> inputs_;  // by the id of their request
};

}  // namespace genkit::internal

#endif  // GENKIT_SRC_REFLECTION_RPC_SESSION_H_
