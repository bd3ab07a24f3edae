#ifndef GENKIT_SRC_CORE_ACTION_STATE_H_
#define GENKIT_SRC_CORE_ACTION_STATE_H_

#include <exception>
#include <memory>
#include <string>
#include <string_view>

#include <genkit/core/action.h>
#include <genkit/schema/validator.h>
#include <genkit/trace/tracer.h>

namespace genkit::internal {

/// What an `Action` refers to: the definition, and the place it got in a registry. Immutable.
struct ActionState {
  std::shared_ptr<const ActionDefinition> definition;
  ActionInfo info;
  /// Only for schemas that were given as JSON: C++ types check themselves.
  std::shared_ptr<const SchemaValidator> input_validator;
  std::shared_ptr<const SchemaValidator> output_validator;

  /// Null and expired until the action is registered.
  std::shared_ptr<Tracer> tracer;
  std::weak_ptr<Registry> registry;
  /// Merged underneath the context of root calls; null for none.
  std::shared_ptr<const Json> default_context;
};

/// The one path on which every action runs. `trace` (optional) receives the position of the span, also when the call fails.
Value run_action(const ActionState& state, ValueRef input, const CallOptions& options, const ChunkSink* sink, SpanContext* trace,
                 const CallAttachment* attachment = nullptr);

/// Throws `status` when `output` is not what the action may return.
void check_action_output(const ActionState& state, ValueRef output, Status status);

/// Throws `exception` on, as an error that names its trace. Classes that others derive from Error stay what they are.
[[noreturn]] void rethrow_with_trace(const std::exception_ptr& exception, const std::string& trace_id);

/// Throws INVALID_ARGUMENT for names that cannot be part of a key.
void check_action_name(ActionKind kind, std::string_view name);

/// `over` on top of `under`, member by member; both are objects or null.
Json merge_context(const Json& under, const Json& over);

}  // namespace genkit::internal

#endif  // GENKIT_SRC_CORE_ACTION_STATE_H_
