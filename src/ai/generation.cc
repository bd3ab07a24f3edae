#include "ai/generation.h"

#include <utility>

#include <genkit/runtime/future.h>

#include "ai/gate.h"
#include "ai/resume.h"
#include "ai/tool_names.h"
#include "core/action_state.h"
#include "runtime/context_node.h"

namespace genkit::internal {
namespace {

constexpr int kDefaultMaxTurns = 5;
constexpr int kMaxNesting = 32;

/// Carries the error of an answer that is cut off through the model's own code.
struct CutOff {
  std::string text;
  std::optional<Error> error;
};

/// The current context, inside of one generation more. A prompt that is its own tool would go on until nothing is left.
Context deeper_context() {
  const Context current = Context::current();
  const auto& node = ContextNode::of(current);
  auto deeper = node != nullptr ? std::make_shared<ContextNode>(*node) : std::make_shared<ContextNode>();
  if (++deeper->generations > kMaxNesting) {
    throw Error(Status::kResourceExhausted, "generate: more than " + std::to_string(kMaxNesting) +
                                                " generations inside of each other: is a prompt or tool among its own tools?");
  }
  return ContextNode::make(std::move(deeper));
}

bool can_be_repaired(const Error& error) {
  const Json* reason = find_member(error.details(), "reason");
  if (reason == nullptr) return false;
  if (*reason == "unparsable" || *reason == "invalid") return true;
  // A model that stopped by itself can do better; one that was not allowed to go on would be cut off again.
  const Json* finish = find_member(error.details(), "finishReason");
  return *reason == "truncated" && (finish == nullptr || *finish != "length");
}

}  // namespace

Generation::Generation(Registry& registry, GenerateRequest request, ToolSet tools, int max_parallel_tools, const ChunkSink* sink,
                       AnswerReader* reader)
    : registry_(registry),
      request_(std::move(request)),
      tools_(std::move(tools)),
      max_parallel_tools_(max_parallel_tools),
      sink_(sink),
      reader_(reader) {}

ModelResponse Generation::run() {
  check_request(request_);
  Context::current().check();
  const ScopedContext scope(deeper_context());
  if (current_context_node()->generations == 1) return run_turns();
  // Inside of another one: a stack of its own, as that of the caller would not do for a chain of them.
  return async([this] { return run_turns(); }).get();
}

ModelResponse Generation::run_turns() {
  spans_.open(registry_, request_.step_name.value_or("generate"), ValueRef::of(request_));
  try {
    prepare();
    TurnResult result;
    if (request_.resume) result = resume();
    while (!result) result = run_turn();
    spans_.close(ValueRef::of(*result));
    return std::move(*result);
  } catch (...) {
    const std::exception_ptr exception = std::current_exception();
    rethrow_with_trace(exception, spans_.fail(exception));
  }
}

/// Finds the model and makes the request that all turns share.
void Generation::prepare() {
  model_ = registry_.get(ActionKind::kModel, *request_.model);
  warn_of_unsupported();
  plan_ = OutputPlan::make(registry_, request_.output, model_->info(), !tools_.empty());
  plan_.describe(spans_.current());

  model_request_.messages = std::move(request_.messages);
  model_request_.config = request_.config;
  model_request_.docs = request_.docs;
  model_request_.tools = tools_.definitions();
  model_request_.tool_choice = request_.tool_choice;
  plan_.apply(model_request_);
}

void Generation::warn_of_unsupported() const {
  const Json* info = find_member(model_->info().metadata, "model");
  if (info == nullptr) return;
  const Logger& log = registry_.tracer().logger();
  if (const Json* stage = find_member(*info, "stage"); stage != nullptr && *stage == "deprecated") {
    log.warning("model \"" + model_->name() + "\" is deprecated and may be removed");
  }
  const Json* supports = find_member(*info, "supports");
  if (supports == nullptr || !supports->is_object() || supports->get_object().empty()) return;
  const auto lacks = [&](std::string_view feature) {
    const Json* value = find_member(*supports, feature);
    return value == nullptr || *value != Json(true);
  };
  if (!tools_.empty() && lacks("tools")) {
    log.warning("model \"" + model_->name() + "\" does not support tools (the call has " + std::to_string(tools_.size()) +
                "): it may ignore them");
  }
  if (request_.tool_choice && lacks("toolChoice")) {
    log.warning("model \"" + model_->name() + "\" does not support a tool choice (the call has " +
                to_text(to_json(*request_.tool_choice)) + "): it may ignore it");
  }
}

/// Answers the tool requests of the last message; the model goes on after that, in a span of its own.
Generation::TurnResult Generation::resume() {
  std::vector<Message>& messages = model_request_.messages;
  const ResumeRequest resume = std::move(*std::exchange(request_.resume, std::nullopt));
  std::vector<ResumedRequest> requests = match_resume(messages, resume);

  std::vector<ToolCall> calls;
  for (ResumedRequest& request : requests) {
    ToolCall& call = calls.emplace_back();
    if (!request.restart) {
      call.outcome.response = std::move(request.answer);
      continue;
    }
    const BoundTool* tool = tools_.find(request.restart->tool_request->name);
    if (tool == nullptr) throw tools_.unknown(*request.restart->tool_request);
    require_restartable(tool->action);
    call.tool = *tool;
    call.request = std::move(*request.restart);
    const JsonObject metadata = metadata_of(call.request);
    if (const Json* resumed = metadata.if_contains("resumed"); resumed != nullptr && *resumed != false && !resumed->is_null()) {
      call.resumed = *resumed;
    }
    if (const Json* original = metadata.if_contains("replacedInput")) call.original_input = *original;
  }
  run_tool_calls(registry_, calls, max_parallel_tools_);
  for (const ToolCall& call : calls) {
    if (call.outcome.error) std::rethrow_exception(call.outcome.error);
  }

  std::vector<std::size_t> indices;
  for (const ResumedRequest& request : requests) indices.push_back(request.index);
  if (mark_interrupts(messages.back(), indices, calls)) {
    ModelResponse response;
    response.message = std::move(messages.back());
    messages.pop_back();
    return interrupted(std::move(response));
  }

  Message answers{.role = Role::kTool};
  for (std::size_t i = 0; i < calls.size(); ++i) {
    mark_resolved(messages.back().content[indices[i]]);
    answers.content.push_back(std::move(*calls[i].outcome.response));
  }
  answers.metadata = Json{{"resumed", resume.metadata.value_or(true)}};
  append_tool_message(std::move(answers));
  open_turn();
  return std::nullopt;
}

Generation::TurnResult Generation::run_turn() {
  ModelResponse response;
  try {
    response = call_model();
    plan_.check_message(response);
  } catch (const CutOff& cut) {
    if (repair(Message::model(cut.text), *cut.error)) return std::nullopt;
    throw *cut.error;
  }
  remove_reserved_metadata(*response.message);

  const std::vector<std::size_t> indices = tool_request_indices(*response.message);
  if (!indices.empty()) {
    return request_.return_tool_requests.value_or(false) ? finish(std::move(response)) : run_tools(std::move(response), indices);
  }
  try {
    plan_.check_output(response, reader_);
  } catch (const Error& error) {
    if (repair(*response.message, error)) return std::nullopt;
    throw;
  }
  return finish(std::move(response));
}

void Generation::stamp(Role role, Chunk& chunk) noexcept {
  if (role != chunk_role_ && sent_in_turn_) ++message_index_;
  chunk_role_ = role;
  sent_in_turn_ = true;
  chunk.role = role;
  chunk.index = message_index_;
}

ModelResponse Generation::call_model() {
  // What comes before a request for a tool is no answer, and nobody knows whether one comes.
  const bool may_call_tools = !tools_.empty() && request_.tool_choice != ToolChoice::kNone;
  std::unique_ptr<OutputWatch> watch = may_call_tools ? nullptr : plan_.watch();
  CutOff cut;
  Gate gate;
  const ChunkSink sink = [&](const ValueRef& chunk) {
    // A model may send from several fibers.
    const Gate::Pass pass(gate);
    if (cut.error) throw *cut.error;
    if (watch) {
      std::optional<Chunk> storage;
      const Chunk& piece = view_as<Chunk>(chunk, storage);
      if (piece.aggregated.value_or(false)) {
        watch = plan_.watch();
        cut.text.clear();
      }
      const std::string text = piece.text();
      cut.text += text;
      if ((cut.error = watch->feed(text))) throw *cut.error;
    }
    if (sink_ == nullptr) return;
    if (chunk.expiring && chunk.type == &type_info<Chunk>()) {
      // Not even moved: this is the only code between a model and the reader of its chunks.
      stamp(Role::kModel, *static_cast<Chunk*>(const_cast<void*>(chunk.object)));
      return (*sink_)(chunk);
    }
    auto copy = take_as<Chunk>(chunk);
    stamp(Role::kModel, copy);
    (*sink_)(ValueRef::expiring_of(copy));
  };
  const bool streaming = sink_ != nullptr || watch != nullptr;
  try {
    return model_->run(ValueRef::of(model_request_), {}, streaming ? &sink : nullptr).take<ModelResponse>();
  } catch (...) {
    if (cut.error) throw cut;
    throw;
  }
}

std::vector<ToolCall> Generation::tool_calls(const Message& message, const std::vector<std::size_t>& indices) const {
  std::vector<ToolCall> calls;
  calls.reserve(indices.size());
  for (const std::size_t index : indices) {
    ToolCall& call = calls.emplace_back();
    call.request = message.content[index];
    if (const BoundTool* tool = tools_.find(call.request.tool_request->name)) {
      call.tool = *tool;
    } else {
      call.outcome.error = std::make_exception_ptr(tools_.unknown(*call.request.tool_request));
    }
  }
  return calls;
}

Generation::TurnResult Generation::run_tools(ModelResponse response, const std::vector<std::size_t>& indices) {
  if (tool_turns_ + 1 > request_.max_turns.value_or(kDefaultMaxTurns)) throw_exceeded(response);
  std::vector<ToolCall> calls = tool_calls(*response.message, indices);
  run_tool_calls(registry_, calls, max_parallel_tools_);
  for (const ToolCall& call : calls) {
    if (call.outcome.error) std::rethrow_exception(call.outcome.error);
  }
  if (mark_interrupts(*response.message, indices, calls)) return interrupted(std::move(response));

  Message results{.role = Role::kTool};
  results.content.reserve(calls.size());
  for (ToolCall& call : calls) results.content.push_back(std::move(*call.outcome.response));
  model_request_.messages.push_back(std::move(*response.message));
  append_tool_message(std::move(results));
  ++tool_turns_;
  open_turn();
  return std::nullopt;
}

ModelResponse Generation::finish(ModelResponse response) {
  response.request = std::move(model_request_);
  return response;
}

ModelResponse Generation::interrupted(ModelResponse response) {
  response.finish_reason = FinishReason::kInterrupted;
  response.finish_message = "One or more tool calls resulted in interrupts.";
  return finish(std::move(response));
}

bool Generation::repair(Message answer, const Error& error) {
  if (repairs_ >= plan_.repairs() || !can_be_repaired(error)) return false;
  ++repairs_;
  model_request_.messages.push_back(std::move(answer));
  model_request_.messages.push_back(OutputPlan::repair_message(error));
  open_turn();
  return true;
}

void Generation::throw_exceeded(const ModelResponse& response) const {
  throw Error(Status::kAborted,
              "Exceeded maximum tool call iterations (" +
                  std::to_string(static_cast<long long>(request_.max_turns.value_or(kDefaultMaxTurns))) + ")",
              {{"response", to_json(response)}, {"request", to_json(model_request_)}});
}

/// The next turn: a span inside that of the last one, and the next message for the chunks.
void Generation::open_turn() {
  request_.messages.swap(model_request_.messages);
  spans_.open(registry_, request_.step_name.value_or("generate"), ValueRef::of(request_));
  request_.messages.swap(model_request_.messages);
  ++message_index_;
  chunk_role_ = Role::kModel;
  sent_in_turn_ = false;
}

void Generation::append_tool_message(Message message) {
  if (sink_ != nullptr) {
    Chunk chunk;
    chunk.content = message.content;
    stamp(Role::kTool, chunk);
    (*sink_)(ValueRef::expiring_of(chunk));
  }
  model_request_.messages.push_back(std::move(message));
}

}  // namespace genkit::internal
