#include "ai/tool_calls.h"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <memory>
#include <utility>

#include <genkit/runtime/future.h>

#include "ai/tool_interrupt.h"
#include "ai/tool_names.h"
#include "runtime/context_node.h"

namespace genkit::internal {
namespace {

/// How long a cancelled tool may take to notice. Those that wait by the library's means need microseconds.
constexpr std::chrono::milliseconds kGrace{100};
constexpr std::chrono::hours kForever{24 * 365 * 100};

/// The calls of one turn. Shared with the fibers that run them ("lanes"), which may outlive the generation.
struct Batch {
  Batch(std::vector<ToolCall> its_calls, std::size_t lane_count) : calls(std::move(its_calls)), current(lane_count) {}

  std::vector<ToolCall> calls;
  std::atomic<std::size_t> next{0};
  std::vector<std::atomic<const ToolCall*>> current;  ///< of each lane
};

Part response_part(const ToolRequest& request, const Action& action, Value value) {
  Part part;
  ToolResponse& response = part.tool_response.emplace();
  response.name = request.name;
  response.ref = request.ref;
  if (action.kind() != ActionKind::kToolV2) {
    if (value.has_value()) response.output = value.type()->is_json() ? value.take<Json>() : value.ref().to_json();
    return part;
  }
  auto multipart = value.take<MultipartToolResponse>();
  response.output = std::move(multipart.output);
  if (!multipart.content.empty()) response.content = to_json(multipart.content);
  part.metadata = std::move(multipart.metadata);
  return part;
}

/// What a tool threw, naming it. What is meant for clients stays as it is: its text may not grow.
std::exception_ptr named(const Error& error, std::exception_ptr thrown, const Action& action) {
  if (error.is_public()) return thrown;
  return std::make_exception_ptr(
      Error(error.status(), "tool \"" + action.name() + "\": " + error.message(), error.details(), std::move(thrown))
          .with_trace_id(error.trace_id()));
}

/// Runs one tool; all that it throws ends up in the outcome.
ToolCall::Outcome run_tool(const ToolCall& call) {
  const ToolRequest& request = *call.request.tool_request;
  const Action& action = call.tool->action;
  ToolRun run;
  if (call.request.metadata) run.metadata = &*call.request.metadata;
  if (call.resumed) run.resumed = &*call.resumed;
  if (call.original_input) run.original_input = &*call.original_input;
  static const Json no_input;
  const Json& input = request.input ? *request.input : no_input;
  try {
    return {.response = response_part(request, action, action.run(ValueRef::of(input), {}, nullptr, &run))};
  } catch (...) {
    const Error error = to_error(std::current_exception());
    if (auto metadata = interrupt_metadata(error)) return {.interrupt = std::move(metadata)};
    return {.error = named(error, std::current_exception(), action)};
  }
}

void run_next_calls(Batch& batch, std::size_t lane) {
  for (;;) {
    const std::size_t index = batch.next.fetch_add(1);
    if (index >= batch.calls.size()) return;
    ToolCall& call = batch.calls[index];
    batch.current[lane] = &call;
    if (call.tool) call.outcome = run_tool(call);
  }
}

bool may_be_left(const ToolCall& call) {
  return call.tool && call.tool->may_be_left;
}

/// After a cancellation: hands the lanes to the registry that run a tool which does not notice and may be left. The others are
/// joined by their futures. A lane that has finished its tool in the meantime begins no other one: it is cancelled.
void leave_lanes(Registry& registry, const Batch& batch, std::vector<Future<void>>& lanes) {
  const ScopedContext unaffected{Context()};
  const auto end = std::chrono::steady_clock::now() + kGrace;
  for (Future<void>& lane : lanes) lane.cancel();
  for (std::size_t i = 0; i < lanes.size(); ++i) {
    const ToolCall* call = batch.current[i];
    if (call == nullptr || !may_be_left(*call) || lanes[i].wait_for(end - std::chrono::steady_clock::now())) continue;
    registry.leave_running(std::move(lanes[i]), "tool \"" + call->tool->action.name() + "\"");
  }
}

bool can_be_cancelled() {
  const ContextNode* node = current_context_node();
  return node != nullptr && node->cancel != nullptr;
}

}  // namespace

JsonObject metadata_of(const Part& part) {
  return part.metadata && part.metadata->is_object() ? part.metadata->get_object() : JsonObject();
}

void run_tool_calls(Registry& registry, std::vector<ToolCall>& calls, int max_parallel) {
  const bool may_leave = can_be_cancelled() && std::any_of(calls.begin(), calls.end(), may_be_left);
  const std::size_t lane_count = std::min(calls.size(), static_cast<std::size_t>(max_parallel));
  const auto batch = std::make_shared<Batch>(std::move(calls), lane_count);
  if (lane_count == 1 && !may_leave) {
    run_next_calls(*batch, 0);
  } else {
    std::vector<Future<void>> lanes;
    try {
      for (std::size_t i = 0; i < lane_count; ++i) lanes.push_back(async([batch, i] { run_next_calls(*batch, i); }));
      for (Future<void>& lane : lanes) lane.wait_for(kForever);
    } catch (...) {
      if (may_leave) leave_lanes(registry, *batch, lanes);
      throw;
    }
    for (Future<void>& lane : lanes) lane.get();
  }
  Context::current().check();
  calls = std::move(batch->calls);
}

}  // namespace genkit::internal
