#include <genkit/testing/scripted_model.h>

#include <deque>
#include <mutex>

#include <genkit/runtime/future.h>

namespace genkit {
namespace {

bool is_plain(const Part& part) {
  return !part.metadata && part.extra.members.empty();
}

/// Appends `part` to `content`; what continues the text or the reasoning before it is joined to that.
void append_part(std::vector<Part>& content, const Part& part) {
  if (part.tool_request && part.tool_request->partial.value_or(false)) return;
  if (!content.empty() && is_plain(content.back()) && is_plain(part)) {
    Part& last = content.back();
    if (last.text && part.text) {
      *last.text += *part.text;
      return;
    }
    if (last.reasoning && part.reasoning) {
      *last.reasoning += *part.reasoning;
      return;
    }
  }
  content.push_back(part);
}

std::string quoted_start(const std::string& text) {
  constexpr std::size_t kLength = 60;
  std::string quoted;
  append_json_string(quoted, text.size() <= kLength ? text : text.substr(0, kLength) + "…");
  return quoted;
}

Error exhausted(const std::string& name, std::size_t turns, std::size_t call, const ModelRequest& request) {
  return Error(Status::kFailedPrecondition,
               "model \"" + name + "\" has no turn left: its script has " + std::to_string(turns) + ", and this is call " +
                   std::to_string(call) + ", whose last message is " + quoted_start(request.last_text()) +
                   "; add a turn, or set .repeat",
               {{"reason", "script_exhausted"}, {"turns", turns}, {"call", call}});
}

ModelResponse echo(const ModelRequest& request, ModelContext& context) {
  const std::string text = request.last_text();
  for (std::size_t begin = 0; begin < text.size();) {
    const std::size_t space = text.find(' ', begin);
    const std::size_t end = space == std::string::npos ? text.size() : space + 1;
    context.send(std::string_view(text).substr(begin, end - begin));
    begin = end;
  }
  return ModelResponse::of_text(text);
}

}  // namespace

ScriptedTurn& ScriptedTurn::chunk(Chunk chunk) {
  steps_.emplace_back(std::move(chunk));
  return *this;
}

ScriptedTurn& ScriptedTurn::text(std::string text) {
  return chunk(Chunk::of_text(std::move(text)));
}

ScriptedTurn& ScriptedTurn::reasoning(std::string text) {
  return chunk({.content = {Part{.reasoning = std::move(text)}}});
}

ScriptedTurn& ScriptedTurn::tool_request(std::string name, Json input, std::optional<std::string> ref) {
  return chunk({.content = {Part{.tool_request =
                                     ToolRequest{.name = std::move(name), .ref = std::move(ref), .input = std::move(input)}}}});
}

ScriptedTurn& ScriptedTurn::delay(std::chrono::nanoseconds duration) {
  steps_.emplace_back(duration);
  return *this;
}

ScriptedTurn& ScriptedTurn::hang() {
  steps_.emplace_back(Hang());
  return *this;
}

ScriptedTurn& ScriptedTurn::fail(Error error) {
  steps_.emplace_back(std::move(error));
  return *this;
}

ScriptedTurn& ScriptedTurn::finish(FinishReason reason, std::string message) {
  finish_reason_ = reason;
  if (!message.empty()) finish_message_ = std::move(message);
  return *this;
}

ScriptedTurn& ScriptedTurn::usage(GenerationUsage usage) {
  usage_ = std::move(usage);
  return *this;
}

ScriptedTurn& ScriptedTurn::respond(ModelResponse answer) {
  answer_ = std::move(answer);
  return *this;
}

ScriptedTurn& ScriptedTurn::respond(ModelFunction function) {
  answer_ = std::move(function);
  return *this;
}

ModelResponse ScriptedTurn::play(const ModelRequest& request, ModelContext& context, FakeClock* clock) const {
  ModelResponse response;
  response.message = Message{.role = Role::kModel};
  for (const Step& step : steps_) {
    Context::current().check();
    if (const auto* chunk = std::get_if<Chunk>(&step)) {
      context.send(*chunk);
      if (chunk->aggregated.value_or(false)) response.message->content.clear();
      for (const Part& part : chunk->content) append_part(response.message->content, part);
    } else if (const auto* duration = std::get_if<std::chrono::nanoseconds>(&step)) {
      clock != nullptr ? clock->sleep_for(*duration) : sleep_for(*duration);
    } else if (const auto* error = std::get_if<Error>(&step)) {
      throw *error;
    } else {
      for (;;) sleep_for(std::chrono::hours(1));
    }
  }

  if (const auto* function = std::get_if<ModelFunction>(&answer_)) return (*function)(request, context);
  if (const auto* answer = std::get_if<ModelResponse>(&answer_)) return *answer;
  response.finish_reason = finish_reason_;
  response.finish_message = finish_message_;
  response.usage = usage_;
  return response;
}

struct ScriptedModel::State {
  mutable std::mutex mutex;
  internal::WaitQueue called;
  std::vector<std::shared_ptr<const ScriptedTurn>> script;
  std::deque<ModelRequest> requests;  // the last ones
  std::size_t calls = 0;
  std::size_t next = 0;  // in the script
  bool repeat = false;
  std::size_t max_requests = 0;
  std::string name;
  FakeClock* clock = nullptr;

  /// Remembers the call and says what it does.
  std::shared_ptr<const ScriptedTurn> begin(const ModelRequest& request) {
    const std::lock_guard lock(mutex);
    ++calls;
    requests.push_back(request);
    if (requests.size() > max_requests) requests.pop_front();
    called.notify_all();
    if (next == script.size() && repeat) next = 0;
    if (next == script.size()) throw exhausted(name, script.size(), calls, request);
    return script[next++];
  }
};

ScriptedModel::ScriptedModel(ScriptedModelOptions options)
    : state_([&] {
        auto state = std::make_shared<State>();
        for (ScriptedTurn& turn : options.script) state->script.push_back(std::make_shared<const ScriptedTurn>(std::move(turn)));
        state->repeat = options.repeat;
        state->max_requests = options.max_requests;
        state->name = options.name;
        state->clock = options.clock;
        return state;
      }()),
      action_(model(std::move(options.name), std::move(options.model),
                    [state = state_](const ModelRequest& request, ModelContext& context) {
                      return state->begin(request)->play(request, context, state->clock);
                    })) {}

void ScriptedModel::add(ScriptedTurn turn) {
  const std::lock_guard lock(state_->mutex);
  state_->script.push_back(std::make_shared<const ScriptedTurn>(std::move(turn)));
}

std::size_t ScriptedModel::remaining() const {
  const std::lock_guard lock(state_->mutex);
  return state_->script.size() - state_->next;
}

std::size_t ScriptedModel::calls() const {
  const std::lock_guard lock(state_->mutex);
  return state_->calls;
}

std::vector<ModelRequest> ScriptedModel::requests() const {
  const std::lock_guard lock(state_->mutex);
  return {state_->requests.begin(), state_->requests.end()};
}

ModelRequest ScriptedModel::last_request() const {
  const std::lock_guard lock(state_->mutex);
  if (state_->requests.empty()) {
    throw Error(Status::kFailedPrecondition, "model \"" + state_->name + "\" has not been called");
  }
  return state_->requests.back();
}

void ScriptedModel::wait_for_calls(std::size_t count) {
  std::unique_lock lock(state_->mutex);
  while (state_->calls < count) state_->called.wait(lock);
}

ScriptedModel echo_model(EchoModelOptions options) {
  return ScriptedModel({.script = {ScriptedTurn().respond(echo)},
                        .repeat = true,
                        .name = std::move(options.name),
                        .model = std::move(options.model)});
}

}  // namespace genkit
