#include "reflection/rpc_session.h"

#include <unistd.h>

#include <utility>

namespace genkit::internal {

namespace {

// JSON-RPC 2.0, and -32000 for an action that failed.
constexpr int kMethodNotFound = -32601;
constexpr int kInvalidParameters = -32602;
constexpr int kActionFailed = -32000;

// A client that starts more at the same time is out of its mind; nothing else bounds it.
constexpr std::size_t kMaxRuns = 1000;
// The protocol cannot slow down who feeds an action, so what is not taken has to be kept.
constexpr std::size_t kMaxPendingInput = 4096;

std::string id_text(const Json& id) {
  return id.is_string() ? std::string(id.get_string()) : to_text(id);
}

bool is_true(const Json& parameters, std::string_view name) {
  const Json* value = find_member(parameters, name);
  return value != nullptr && value->is_bool() && value->get_bool();
}

/// {"jsonrpc":"2.0","method":M,"params":{"requestId":ID,
std::string begin_notification(std::string_view method, const Json& id) {
  std::string text = R"({"jsonrpc":"2.0","method":")";
  text.append(method).append(R"(","params":{"requestId":)");
  append_json_string(text, id_text(id));
  return text + ',';
}

}  // namespace

void RpcSession::register_runtime(long id, const std::string& runtime_id, const std::string& name) {
  const Json parameters = JsonObject{{"id", runtime_id},
                                     {"pid", static_cast<std::int64_t>(::getpid())},
                                     {"name", name},
                                     {"genkitVersion", genkit_version()},
                                     {"reflectionApiSpecVersion", 1},
                                     {"envs", JsonArray{"dev"}}};
  socket_.send(R"({"jsonrpc":"2.0","id":")" + std::to_string(id) + R"(","method":"register","params":)" + to_text(parameters) +
               "}");
}

void RpcSession::serve() {
  while (const auto text = socket_.receive()) {
    Json message;
    try {
      message = parse_json(*text);
    } catch (const Error& error) {
      core_.logger.warning("the Genkit tools sent something that is not JSON", {{"error", error.what()}});
      continue;
    }
    dispatch(message);
  }
}

std::vector<Future<void>> RpcSession::end() {
  for (Future<void>& run : runs_) run.cancel();
  const std::lock_guard lock(mutex_);
  for (const auto& [id, input] : inputs_) input->fail(Error(Status::kUnavailable, "the connection to the Genkit tools was lost"));
  inputs_.clear();
  return std::move(runs_);
}

void RpcSession::dispatch(const Json& message) {
  static const Json kNone;
  const Json* method = find_member(message, "method");
  const Json* id = find_member(message, "id");
  if (method == nullptr || !method->is_string()) {
    // The answer to our only request, the registration.
    if (const Json* result = find_member(message, "result")) return core_.configure(*result);
    if (const Json* error = find_member(message, "error")) {
      core_.logger.error("the Genkit tools refused this program", {{"error", *error}});
    }
    return;
  }
  const Json* parameters = find_member(message, "params");
  const std::string name(method->get_string());
  if (id == nullptr) return notify(name, parameters != nullptr ? *parameters : kNone);
  try {
    call(name, parameters != nullptr ? *parameters : kNone, *id);
  } catch (const Error& error) {
    if (error.status() == Status::kCancelled) throw;
    answer_error(*id, kInvalidParameters, plain_wire_error(error.status(), error.message()));
  }
}

void RpcSession::call(const std::string& method, const Json& parameters, const Json& id) {
  if (method == "listActions") {
    require_room();
    runs_.push_back(async([self = shared_from_this(), id = id] { self->list_actions(id); }));
  } else if (method == "listValues") {
    const Json* type = find_member(parameters, "type");
    if (type == nullptr || !type->is_string()) throw Error(Status::kInvalidArgument, "listValues: \"type\" is required");
    answer(id, "{\"values\":" + to_text(core_.values(std::string(type->get_string()))) + "}");
  } else if (method == "runAction") {
    start_run(parameters, id);
  } else if (method == "cancelAction") {
    const Json* trace_id = find_member(parameters, "traceId");
    if (trace_id == nullptr || !trace_id->is_string()) throw Error(Status::kInvalidArgument, "traceId is required");
    if (core_.runner.cancel(trace_id->get_string())) return answer(id, R"({"message":"Action cancelled"})");
    answer_error(id, kInvalidParameters, plain_wire_error(Status::kNotFound, "Action not found or already completed"));
  } else {
    answer_error(id, kMethodNotFound, plain_wire_error(Status::kUnimplemented, "Method not found: " + method));
  }
}

void RpcSession::notify(const std::string& method, const Json& parameters) {
  if (method == "configure") return core_.configure(parameters);
  if (method == "sendInputStreamChunk" || method == "endInputStream") return feed(method, parameters);
  core_.logger.debug("the Genkit tools sent a notification that is not known here", {{"method", method}});
}

void RpcSession::feed(const std::string& method, const Json& parameters) {
  const Json* id = find_member(parameters, "requestId");
  if (id == nullptr) return;
  std::shared_ptr<InputStream> input;
  {
    const std::lock_guard lock(mutex_);
    const auto found = inputs_.find(id_text(*id));
    if (found == inputs_.end()) return;
    input = found->second;
    if (method == "endInputStream") inputs_.erase(found);
  }
  if (method == "endInputStream") return input->close();
  const Json* chunk = find_member(parameters, "chunk");
  if (!input->try_send(chunk != nullptr ? *chunk : Json())) {
    input->fail(Error(Status::kResourceExhausted, "more than " + std::to_string(kMaxPendingInput) +
                                                      " input items wait for the action: send them more slowly"));
  }
}

void RpcSession::require_room() {
  std::erase_if(runs_, [](const Future<void>& run) { return run.ready(); });
  if (runs_.size() >= kMaxRuns) {
    throw Error(Status::kResourceExhausted, std::to_string(kMaxRuns) + " actions run already: wait for some to end");
  }
}

void RpcSession::list_actions(const Json& id) {
  try {
    answer(id, "{\"actions\":" + *core_.catalog.text() + "}");
  } catch (const Error& error) {
    answer_error(id, kInvalidParameters, plain_wire_error(error.status(), error.message()));
  }
}

void RpcSession::start_run(const Json& parameters, const Json& id) {
  RunRequest request = RunRequest::parse(parameters);
  require_room();
  std::shared_ptr<InputStream> input;
  if (is_true(parameters, "streamInput")) {
    input = std::make_shared<InputStream>(kMaxPendingInput);
    // An item that is there from the start is the first of the stream.
    if (request.input) input->try_send(*request.input);
    const std::lock_guard lock(mutex_);
    inputs_[id_text(id)] = input;
  }
  runs_.push_back(async([self = shared_from_this(), request = std::move(request), stream = is_true(parameters, "stream"),
                         input = std::move(input), id = id] { self->run(request, stream, input, id); }));
}

void RpcSession::run(const RunRequest& request, bool stream, std::shared_ptr<InputStream> input, const Json& id) {
  RunObserver observer;
  observer.on_trace = [&](const SpanContext& trace) {
    socket_.send_now(begin_notification("runActionState", id) + R"("state":{"traceId":")" + trace.trace_id.hex() + "\"}}}");
  };
  if (stream) {
    observer.on_chunk = [&](ValueRef chunk) {
      std::string text = begin_notification("streamChunk", id) + "\"chunk\":";
      chunk.append_text(text);
      text += "}}";
      if (!socket_.send(std::move(text))) throw Error(Status::kCancelled, "the Genkit tools have gone away");
    };
  }
  const RunOutcome outcome = core_.runner.run(request, observer, input);
  if (input) {
    input->stop();
    const std::lock_guard lock(mutex_);
    inputs_.erase(id_text(id));
  }
  if (!outcome.found) {
    answer_error(id, kInvalidParameters, plain_wire_error(Status::kNotFound, "action " + request.key + " not found"));
  } else if (outcome.error) {
    answer_error(id, kActionFailed, *outcome.error);
  } else {
    answer(id, outcome.success);
  }
}

void RpcSession::answer(const Json& id, std::string_view result_text) {
  std::string text = R"({"jsonrpc":"2.0","result":)";
  text.append(result_text).append(",\"id\":").append(to_text(id)).append("}");
  socket_.send(std::move(text));
}

void RpcSession::answer_error(const Json& id, int code, const WireError& error) {
  std::string text = R"({"jsonrpc":"2.0","error":{"code":)" + std::to_string(code) + ",\"message\":";
  append_json_string(text, error.message);
  text += ",\"data\":";
  error.append_text(text);
  text.append("},\"id\":").append(to_text(id)).append("}");
  socket_.send(std::move(text));
}

}  // namespace genkit::internal
