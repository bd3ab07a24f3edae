#include "reflection/action_runner.h"

#include <utility>

namespace genkit::internal {

namespace {

// The telemetry server is on this machine; a flush that takes longer says that it is stuck.
constexpr std::chrono::seconds kFlushTimeout{2};

const Json& require_object(const Json& json, std::string_view what) {
  if (!json.is_object()) {
    throw Error(Status::kInvalidArgument, std::string(what) + " must be an object, got " + to_text(json));
  }
  return json;
}

/// The member, unless it is absent or null.
const Json* member(const Json& json, std::string_view name) {
  const Json* found = find_member(json, name);
  return found != nullptr && !found->is_null() ? found : nullptr;
}

}  // namespace

RunRequest RunRequest::parse(const Json& json) {
  require_object(json, "the request of runAction");
  RunRequest request;
  const Json* key = find_member(json, "key");
  if (key == nullptr || !key->is_string()) {
    throw Error(Status::kInvalidArgument, "runAction: \"key\" must be the key of an action, \"/flow/name\" for example");
  }
  request.key = key->get_string();
  if (const Json* input = find_member(json, "input")) request.input = *input;
  if (const Json* init = find_member(json, "init")) request.init = *init;
  request.context = JsonObject();
  if (const Json* context = member(json, "context")) request.context = require_object(*context, "runAction: \"context\"");
  if (const Json* labels = member(json, "telemetryLabels")) {
    for (const auto& label : require_object(*labels, "runAction: \"telemetryLabels\"").get_object()) {
      request.telemetry_labels[label.key()] =
          label.value().is_string() ? std::string(label.value().get_string()) : to_text(label.value());
    }
  }
  return request;
}

RunOutcome ActionRunner::run(const RunRequest& request, const RunObserver& observer, std::shared_ptr<InputStream> input_stream) {
  RunOutcome outcome;
  std::string trace_id;
  const auto source = std::make_shared<const CancelSource>();
  try {
    const ScopedContext scope(source->context());
    const std::optional<Action> action = registry_->find(request.key);
    if (!action) {
      outcome.found = false;
      return outcome;
    }
    CallOptions options;
    options.context = request.context;
    options.telemetry_labels = request.telemetry_labels;
    options.init = request.init;
    options.input_stream = std::move(input_stream);
    options.on_trace_start = [&](const SpanContext& trace) {
      trace_id = trace.trace_id.hex();
      {
        const std::lock_guard lock(mutex_);
        active_[trace_id] = source;
      }
      if (observer.on_trace) observer.on_trace(trace);
    };
    outcome.success = execute(*action, request, std::move(options), observer, trace_id);
  } catch (...) {
    const Error error = to_error(std::current_exception());
    outcome.error =
        source->context().cancel_status() == Status::kCancelled ? cancelled_wire_error(trace_id) : to_wire_error(error, trace_id);
  }
  {
    const std::lock_guard lock(mutex_);
    active_.erase(trace_id);
  }
  // Tools read the trace as soon as they have the answer. A cancelled run is delivered as well.
  const ScopedContext not_cancelled{Context()};
  registry_->tracer().flush(kFlushTimeout);
  return outcome;
}

std::string ActionRunner::execute(const Action& action, const RunRequest& request, CallOptions options,
                                  const RunObserver& observer, const std::string& trace_id) {
  ChunkSink sink;
  if (observer.on_chunk) sink = observer.on_chunk;
  const ValueRef input = request.input ? ValueRef::of(*request.input) : ValueRef{};
  const Value output = action.run(input, options, sink ? &sink : nullptr);
  std::string text = "{";
  if (output.has_value()) {
    text += "\"result\":";
    output.ref().append_text(text);
    text += ',';
  }
  text += "\"telemetry\":{\"traceId\":\"" + trace_id + "\"}}";
  return text;
}

bool ActionRunner::cancel(std::string_view trace_id) {
  std::shared_ptr<const CancelSource> source;
  {
    const std::lock_guard lock(mutex_);
    const auto found = active_.find(std::string(trace_id));
    if (found == active_.end()) return false;
    source = found->second;
  }
  source->cancel(Status::kCancelled, "Action was cancelled");
  return true;
}

std::size_t ActionRunner::active_count() const {
  const std::lock_guard lock(mutex_);
  return active_.size();
}

}  // namespace genkit::internal
