#include <algorithm>
#include <exception>
#include <string>
#include <typeinfo>
#include <utility>
#include <vector>

#include <genkit/core/registry.h>

#include "core/action_state.h"
#include "runtime/context_node.h"

namespace genkit::internal {

struct ActionCallState {
  const ActionState& action;
  const ChunkSink* sink;
  ValueRef input;
  ValueRef init;
  std::shared_ptr<InputStream> input_stream;
  SpanContext trace;
  const CallAttachment* attachment;
};

bool ActionCall::streaming() const noexcept {
  return state_.sink != nullptr;
}

void ActionCall::send(const ValueRef& chunk) {
  check_current_context();
  if (state_.sink != nullptr) (*state_.sink)(chunk);
}

ValueRef ActionCall::init() const noexcept {
  return state_.init;
}
SpanContext ActionCall::trace() const noexcept {
  return state_.trace;
}
const std::string& ActionCall::name() const noexcept {
  return state_.action.info.name;
}
const CallAttachment* ActionCall::attachment() const noexcept {
  return state_.attachment;
}

InputStream& ActionCall::input_stream() {
  if (!state_.input_stream) {
    state_.input_stream = std::make_shared<InputStream>();
    if (state_.input.type != nullptr) state_.input_stream->send(state_.input.to_json());
    state_.input_stream->close();
  }
  return *state_.input_stream;
}

Registry& ActionCall::registry() const {
  if (const auto registry = state_.action.registry.lock()) return *registry;
  throw Error(Status::kFailedPrecondition, "action " + state_.action.info.key +
                                               " is in no registry (any more): register it, and keep its Genkit object alive");
}

Json merge_context(const Json& under, const Json& over) {
  if (!under.is_object()) return over;
  Json merged = under;
  if (over.is_object()) {
    for (const auto& member : over.get_object()) merged.get_object()[member.key()] = member.value();
  }
  return merged;
}

namespace {

/// "ingredients.1.quantity" of validators as "/ingredients/1/quantity"; nothing for the value itself.
std::string pointer_of(const std::string& path) {
  if (path.empty() || path == "(root)") return {};
  std::string pointer = "/" + path;
  std::replace(pointer.begin(), pointer.end(), '.', '/');
  return pointer;
}

/// The inverse, as the other languages of Genkit print paths.
std::string dotted(const std::string& pointer) {
  if (pointer.empty()) return "(root)";
  std::string path = pointer.substr(1);
  std::replace(path.begin(), path.end(), '/', '.');
  return path;
}

/// Says first where and why, for people, then the full text that every Genkit gives (spec §2.8).
[[noreturn]] void throw_invalid(Status status, std::string_view what, const std::vector<ValidationIssue>& issues,
                                const Json& value, const Json* schema) {
  const Error full = validation_error(issues, value, schema != nullptr ? *schema : Json(nullptr));
  std::string message(what);
  for (const ValidationIssue& issue : issues) {
    message += &issue == issues.data() ? " " : "; ";
    const std::string pointer = pointer_of(issue.path);
    if (!pointer.empty()) message += pointer + ": ";
    message += issue.message;
  }
  throw Error(status, message + "\n\n" + full.message(), full.details());
}

std::vector<ValidationIssue> as_validation_issues(std::vector<TypeIssue> issues) {
  std::vector<ValidationIssue> result;
  result.reserve(issues.size());
  for (TypeIssue& issue : issues) result.push_back({dotted(issue.path), std::move(issue.message)});
  return result;
}

/// Brings `value` into the form in which the action's code takes it, and checks it against type and schema. `converted` holds the
/// result when that is another object. `what` is "input" or "init".
ValueRef admit(ValueRef value, const TypeInfo* type, const SchemaValidator* validator, const std::shared_ptr<const Json>& schema,
               std::string_view what, Value& converted) {
  if (type == nullptr) return {};
  if (validator != nullptr) {
    const Json json = value.to_json();
    std::vector<ValidationIssue> issues;
    if (!validator->validate(json, &issues)) throw_invalid(Status::kInvalidArgument, what, issues, json, schema.get());
  }
  if (value.type == type) {
    std::vector<TypeIssue> issues;
    if (type->has_constraints() && !type->check(value.object, issues)) {
      throw_invalid(Status::kInvalidArgument, what, as_validation_issues(std::move(issues)), value.to_json(), schema.get());
    }
    return value;
  }

  const Json json = value.to_json();
  converted = Value::make(*type);
  std::vector<TypeIssue> issues;
  if (!type->decode(json, converted.object(), issues)) {
    throw_invalid(Status::kInvalidArgument, what, as_validation_issues(std::move(issues)), json, schema.get());
  }
  return converted.ref();
}

/// The context as traces may show it: what authenticates stays out.
std::string redacted_text(const Json& context) {
  Json copy = context.is_null() ? Json(JsonObject()) : context;
  for (const char* secret : {"auth", "secrets"}) {
    if (Json* member = copy.get_object().if_contains(secret)) *member = "<redacted>";
  }
  return to_text(copy);
}

Context context_for(const ActionState& state, const CallOptions& options) {
  Context context = Context::current();
  if (options.timeout) context = context.with_timeout(*options.timeout);
  if (!options.context.is_null()) {
    if (!options.context.is_object()) {
      throw Error(Status::kInvalidArgument,
                  "context of a call to " + state.info.key + " must be an object, got " + to_text(options.context));
    }
    context = context.with_user(state.default_context ? merge_context(*state.default_context, options.context) : options.context);
  } else if (state.default_context && ContextNode::of(context) == nullptr) {
    context = context.with_user(*state.default_context);
  } else if (state.default_context && !ContextNode::of(context)->span) {
    context = context.with_user(merge_context(*state.default_context, context.user()));
  }
  return context;
}

std::shared_ptr<Tracer> tracer_for(const ActionState& state) {
  if (state.tracer) return state.tracer;
  if (const auto span = Span::current()) return span->tracer().shared_from_this();
  return std::make_shared<Tracer>();
}

std::shared_ptr<Span> open_span(const ActionState& state, const CallOptions& options, const Context& context) {
  std::vector<Attribute> labels;
  for (const auto& [name, value] : options.telemetry_labels) labels.push_back({name, value});
  const SpanOptions span_options{.name = state.info.name,
                                 .type = "action",
                                 .subtype = kind_name(state.info.kind),
                                 .key = state.info.key,
                                 .labels = labels.empty() ? nullptr : &labels,
                                 .remote_parent = {}};
  return tracer_for(state)->start_span(span_options, context);
}

/// Lets go of who feeds the action when its call ends, however it ends.
class StopsInput {
 public:
  explicit StopsInput(const std::shared_ptr<InputStream>& input) noexcept : input_(input) {}
  ~StopsInput() {
    if (input_) input_->stop();
  }
  StopsInput(const StopsInput&) = delete;
  StopsInput& operator=(const StopsInput&) = delete;

 private:
  const std::shared_ptr<InputStream>& input_;
};

std::string text_of(ValueRef value) {
  std::string text;
  value.append_text(text);
  return text;
}

}  // namespace

void check_action_output(const ActionState& state, ValueRef output, Status status) {
  const ActionDefinition& definition = *state.definition;
  if (output.type == nullptr) {
    if (definition.output_type == nullptr) return;
    throw Error(status, "action " + state.info.key + " returned nothing, but its output type is not void");
  }
  if (state.output_validator) {
    const Json json = output.to_json();
    std::vector<ValidationIssue> issues;
    if (!state.output_validator->validate(json, &issues)) {
      throw_invalid(status, "output of " + state.info.key, issues, json, state.info.output_schema.get());
    }
  }
  std::vector<TypeIssue> issues;
  if (output.type->has_constraints() && !output.type->check(output.object, issues)) {
    throw_invalid(status, "output of " + state.info.key, as_validation_issues(std::move(issues)), output.to_json(),
                  state.info.output_schema.get());
  }
}

void rethrow_with_trace(const std::exception_ptr& exception, const std::string& trace_id) {
  try {
    std::rethrow_exception(exception);
  } catch (const PublicError& error) {
    if (typeid(error) != typeid(PublicError)) throw;
    throw error.with_trace_id(trace_id);
  } catch (const Error& error) {
    if (typeid(error) != typeid(Error)) throw;
    throw error.with_trace_id(trace_id);
  } catch (...) {
    throw to_error(exception).with_trace_id(trace_id);
  }
}

Value run_action(const ActionState& state, ValueRef input, const CallOptions& options, const ChunkSink* sink, SpanContext* trace,
                 const CallAttachment* attachment) {
  const ActionDefinition& definition = *state.definition;
  const StopsInput stops_input(options.input_stream);
  Context context = context_for(state, options);
  context.check();

  Value converted_input;
  Value converted_init;
  ActionCallState call_state{.action = state,
                             .sink = sink,
                             .input = {},
                             .init = {},
                             .input_stream = options.input_stream,
                             .trace = {},
                             .attachment = attachment};
  if (!options.input_stream || !definition.streamed_input) {
    call_state.input =
        admit(input, definition.input_type, state.input_validator.get(), state.info.input_schema, "input", converted_input);
  }
  if (definition.init_type != nullptr) {
    const Json init = options.init.value_or(nullptr);
    call_state.init = admit(ValueRef::of(init), definition.init_type, nullptr, state.info.init_schema, "init", converted_init);
    if (!converted_init.has_value()) {
      converted_init = Value::copy_of(call_state.init);
      call_state.init = converted_init.ref();
    }
  }

  const std::shared_ptr<Span> span = open_span(state, options, context);
  call_state.trace = span->context();
  if (trace != nullptr) *trace = call_state.trace;
  if (span->is_exported()) {
    if (call_state.input.type != nullptr) span->set_input(text_of(call_state.input));
    if (options.init) span->set_init(to_text(*options.init));
    if (!options.context.is_null()) span->set_attribute("genkit:metadata:context", redacted_text(context.user()));
  }

  const ScopedContext scope(Tracer::with_span(context, span));
  try {
    if (options.on_trace_start) options.on_trace_start(call_state.trace);
    ActionCall call(call_state);
    Value output = definition.body(call_state.input, call);
    check_action_output(state, output.ref(), Status::kInternal);
    if (output.has_value() && span->is_exported()) span->set_output(text_of(output.ref()));
    span->end();
    return output;
  } catch (...) {
    const std::exception_ptr exception = std::current_exception();
    const std::string trace_id = call_state.trace.trace_id.hex();
    span->record_error(std::make_exception_ptr(to_error(exception).with_trace_id(trace_id)));
    span->end();
    rethrow_with_trace(exception, trace_id);
  }
}

}  // namespace genkit::internal
