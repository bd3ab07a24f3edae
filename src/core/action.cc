#include <genkit/core/action.h>

#include <genkit/core/stream.h>

#include "base/utf8.h"
#include "core/action_state.h"

namespace genkit {
namespace internal {
namespace {

std::shared_ptr<const Json> schema_for(const TypeInfo* type, const Json& given) {
  if (!given.is_null()) return std::make_shared<const Json>(given);
  return type != nullptr ? type->shared_schema() : nullptr;
}

}  // namespace

void check_action_name(ActionKind kind, std::string_view name) {
  const auto refuse = [&](const char* why) {
    throw Error(Status::kInvalidArgument, std::string(kind_name(kind)) + " name \"" + std::string(name) + "\" " + why);
  };
  if (name.empty()) refuse("is empty: give the action a name");
  // Its key would read otherwise in listings, where it is repaired, and not be found by it.
  if (!is_utf8(name)) refuse("is not UTF-8");
  for (const char c : name) {
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) refuse("contains a control character");
  }
  // The name of a resource may be its URI, "file:///notes".
  if (kind == ActionKind::kResource) return;
  if (name.front() == '/' || name.back() == '/' || name.find("//") != std::string_view::npos) {
    refuse("has an empty segment: use single slashes between segments and none at the ends");
  }
}

}  // namespace internal

using internal::ActionState;

Action::Action(internal::ActionDefinition definition) {
  internal::check_action_name(definition.kind, definition.name);
  if (!definition.metadata.is_null() && !definition.metadata.is_object()) {
    throw Error(Status::kInvalidArgument, std::string(kind_name(definition.kind)) + " \"" + definition.name +
                                              "\": metadata must be an object, got " + to_text(definition.metadata));
  }

  auto state = std::make_shared<ActionState>();
  state->info.kind = definition.kind;
  state->info.name = definition.name;
  state->info.key = make_key(definition.kind, definition.name);
  state->info.description = definition.description;
  state->info.metadata = definition.metadata;
  state->info.input_schema = internal::schema_for(definition.input_type, definition.input_schema);
  state->info.output_schema = internal::schema_for(definition.output_type, definition.output_schema);
  state->info.stream_schema = internal::schema_for(definition.chunk_type, nullptr);
  state->info.init_schema = internal::schema_for(definition.init_type, nullptr);
  if (!definition.input_schema.is_null()) state->input_validator = SchemaValidator::compile(definition.input_schema);
  if (!definition.output_schema.is_null()) state->output_validator = SchemaValidator::compile(definition.output_schema);
  state->definition = std::make_shared<const internal::ActionDefinition>(std::move(definition));
  state_ = std::move(state);
}

Action::Action(std::shared_ptr<const ActionState> state) noexcept : state_(std::move(state)) {}

ActionKind Action::kind() const noexcept {
  return state_->info.kind;
}
const std::string& Action::name() const noexcept {
  return state_->info.name;
}
const std::string& Action::key() const noexcept {
  return state_->info.key;
}
const ActionInfo& Action::info() const noexcept {
  return state_->info;
}

internal::Value Action::run(internal::ValueRef input, const CallOptions& options, const internal::ChunkSink* sink,
                            const internal::CallAttachment* attachment) const {
  return internal::run_action(*state_, input, options, sink, nullptr, attachment);
}

void Action::check_output(internal::ValueRef output, Status status) const {
  internal::check_action_output(*state_, output, status);
}

Json Action::run_json(const Json& input, const CallOptions& options) const {
  return run(internal::ValueRef::of(input), options, nullptr).ref().to_json();
}

ActionResult Action::run_json(const Json& input, const CallOptions& options,
                              const std::function<void(Json chunk)>& on_chunk) const {
  const internal::ChunkSink sink = [&on_chunk](const internal::ValueRef& chunk) { on_chunk(chunk.to_json()); };
  ActionResult result;
  const internal::Value output =
      internal::run_action(*state_, internal::ValueRef::of(input), options, on_chunk ? &sink : nullptr, &result.trace);
  result.has_result = output.has_value();
  result.result = output.ref().to_json();
  return result;
}

JsonStream Action::stream_json(Json input, CallOptions options) const {
  return JsonStream([action = *this, input = std::move(input), options = std::move(options)](const internal::ChunkSink& sink) {
    return action.run(internal::ValueRef::of(input), options, &sink);
  });
}

InputStream::InputStream(std::size_t capacity) : channel_(capacity) {
  if (capacity == 0) throw Error(Status::kInvalidArgument, "the capacity of an input stream is 0: no item could ever be sent");
}
InputStream::~InputStream() = default;
bool InputStream::send(Json item) {
  return channel_.send(std::move(item));
}
void InputStream::close() {
  channel_.finish();
}
void InputStream::fail(Error error) {
  channel_.finish(std::make_exception_ptr(std::move(error)));
}
std::optional<Json> InputStream::next() {
  return channel_.receive();
}
void InputStream::stop() {
  channel_.close();
}

}  // namespace genkit
