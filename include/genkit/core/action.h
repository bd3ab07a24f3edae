#ifndef GENKIT_CORE_ACTION_H_
#define GENKIT_CORE_ACTION_H_

#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include <genkit/core/kind.h>
#include <genkit/core/value.h>
#include <genkit/runtime/channel.h>
#include <genkit/runtime/context.h>
#include <genkit/trace/span.h>

namespace genkit {

class Registry;

/// What is known about an action without running it.
struct ActionInfo {
  ActionKind kind = ActionKind::kCustom;
  std::string name = {};
  std::string key = {};  ///< filled in by the registry when empty
  std::string description = {};
  /// An object, or null. The keys that tools rely on: spec of the kind (label, supports, …).
  Json metadata = {};
  /// JSON Schemas; null pointers where there is none.
  std::shared_ptr<const Json> input_schema = {};
  std::shared_ptr<const Json> output_schema = {};
  std::shared_ptr<const Json> stream_schema = {};
  std::shared_ptr<const Json> init_schema = {};
};

/// Values that are fed to a running action, one after the other. Thread-safe, bounded: `send` waits while the action is behind.
class InputStream {
 public:
  /// Throws INVALID_ARGUMENT when `capacity` is 0.
  explicit InputStream(std::size_t capacity = 64);
  ~InputStream();

  /// False when the action has stopped listening.
  bool send(Json item);
  /// The same without waiting: false, too, when the action is behind by the whole capacity.
  bool try_send(Json item) { return channel_.try_send(std::move(item)); }
  /// No more items; the action sees the end.
  void close();
  /// The action sees `error` after the items that were sent before.
  void fail(Error error);
  /// For the action: the next item, or nothing at the end.
  std::optional<Json> next();
  /// For the action: no more is wanted; senders get false.
  void stop();

 private:
  internal::Channel<Json> channel_;
};

/// Options of one call, the same for every action.
struct CallOptions {
  /// How long the call may take; it then ends with DEADLINE_EXCEEDED. Covers everything that the action waits for.
  std::optional<std::chrono::nanoseconds> timeout = {};
  /// Who calls: becomes `Context::current().user()` below, merged over the context of the Genkit instance. Null inherits.
  Json context = {};
  /// Put on the span of the call verbatim.
  std::map<std::string, std::string> telemetry_labels = {};
  /// Called as soon as the call has a span, before the action's own code runs. Must not wait.
  std::function<void(const SpanContext&)> on_trace_start = {};
  /// Initialisation data of actions that take input as a stream.
  std::optional<Json> init = {};
  /// Feeds an action that takes its input as a stream; without it the stream holds just the input. Stopped when the call ends.
  /// Actions that take one input leave it alone.
  std::shared_ptr<InputStream> input_stream = {};
};

namespace internal {

struct ActionState;
struct ActionCallState;

/// Called with every chunk that an action sends, on the fiber that sends it.
using ChunkSink = std::function<void(const ValueRef& chunk)>;

/// What a caller hands to an action's own code beside the input. Modules above derive from it: it is no part of the schema, so
/// nobody who calls by JSON can forge it.
class CallAttachment {
 public:
  virtual ~CallAttachment() = default;
};

/// The side of a running call that the action's own code sees.
class ActionCall {
 public:
  explicit ActionCall(ActionCallState& state) noexcept : state_(state) {}

  /// True when somebody listens to chunks.
  bool streaming() const noexcept;
  /// Passes a chunk on. Throws CANCELLED when the call was cancelled.
  void send(const ValueRef& chunk);
  /// Null type when the caller gave none.
  ValueRef init() const noexcept;
  /// The items of an action with streamed input: what the caller feeds, or its one input.
  InputStream& input_stream();
  SpanContext trace() const noexcept;
  /// The name under which the action is registered.
  const std::string& name() const noexcept;
  /// The registry that the action is in.
  Registry& registry() const;
  /// What the caller attached to this call (calls below do not see it); usually nullptr.
  const CallAttachment* attachment() const noexcept;

 private:
  ActionCallState& state_;
};

using ActionBody = std::function<Value(ValueRef input, ActionCall& call)>;

/// What an action is made of. Types are null where there is no value; a schema given here replaces the one of the type.
struct ActionDefinition {
  ActionKind kind = ActionKind::kCustom;
  std::string name = {};
  std::string description = {};
  Json metadata = {};
  const TypeInfo* input_type = nullptr;
  const TypeInfo* output_type = nullptr;
  const TypeInfo* chunk_type = nullptr;
  const TypeInfo* init_type = nullptr;
  Json input_schema = {};  ///< for input_type Json: a schema only known at run time
  Json output_schema = {};
  bool streamed_input = false;
  ActionBody body;
};

}  // namespace internal

/// What a call gave, and where its trace is.
struct ActionResult {
  Json result = {};
  /// False for actions that return nothing.
  bool has_result = true;
  SpanContext trace;
};

template <class Output, class ChunkType>
class ActionStream;
using JsonStream = ActionStream<Json, Json>;

/// A handle to an action; copies refer to the same one. Thread-safe.
///
/// Running an action is always the same sequence: validate the input, open a span, run with the context, validate the output,
/// close the span.
class Action {
 public:
  /// Throws INVALID_ARGUMENT for a name or a schema that cannot be.
  explicit Action(internal::ActionDefinition definition);

  ActionKind kind() const noexcept;
  /// With the plugin's prefix once it is registered: "parrot/echo".
  const std::string& name() const noexcept;
  const std::string& key() const noexcept;
  const ActionInfo& info() const noexcept;

  /// Runs with JSON in and out. Throws INVALID_ARGUMENT when the input does not fit the schema, INTERNAL when the output does
  /// not, and what the action throws.
  Json run_json(const Json& input = nullptr, const CallOptions& options = {}) const;
  /// The same with chunks passed to `on_chunk` (may be empty) and the trace in the result. When the action fails after its span
  /// began, the error names the trace.
  ActionResult run_json(const Json& input, const CallOptions& options, const std::function<void(Json chunk)>& on_chunk) const;
  /// Runs beside the caller; the stream is a range of the chunks.
  JsonStream stream_json(Json input = nullptr, CallOptions options = {}) const;

  /// For typed shells and the registry.
  internal::Value run(internal::ValueRef input, const CallOptions& options, const internal::ChunkSink* sink,
                      const internal::CallAttachment* attachment = nullptr) const;
  /// Checks `output` as if the action had returned it. Throws `status`, naming the paths.
  void check_output(internal::ValueRef output, Status status) const;
  const std::shared_ptr<const internal::ActionState>& state() const noexcept { return state_; }
  explicit Action(std::shared_ptr<const internal::ActionState> state) noexcept;

 private:
  std::shared_ptr<const internal::ActionState> state_;
};

}  // namespace genkit

#endif  // GENKIT_CORE_ACTION_H_
