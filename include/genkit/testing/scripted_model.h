#ifndef GENKIT_TESTING_SCRIPTED_MODEL_H_
#define GENKIT_TESTING_SCRIPTED_MODEL_H_

#include <chrono>
#include <concepts>
#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include <genkit/ai/model.h>
#include <genkit/testing/fake_clock.h>

namespace genkit {

/// What a scripted model does when it is called: steps, in the order in which they are written. The answer is what the chunks
/// add up to, adjacent texts joined, unless the turn has an answer of its own.
///
///     genkit::ScriptedTurn().text("It is ").delay(2s).text("sunny.")
///     genkit::ScriptedTurn().tool_request("getWeather", {{"city", "Rome"}})
///     genkit::ScriptedTurn().text("It is").fail(genkit::Error(genkit::Status::kUnavailable, "overloaded"))
class ScriptedTurn {
 public:
  /// Answers with an empty message.
  ScriptedTurn() = default;
  /// Answers with a text, in one chunk.
  template <class Text>
    requires std::convertible_to<const Text&, std::string_view>
  ScriptedTurn(const Text& answer) {
    text(std::string(std::string_view(answer)));
  }
  /// Answers with `answer` and sends no chunk.
  ScriptedTurn(ModelResponse answer) { respond(std::move(answer)); }

  /// Sends a chunk.
  ScriptedTurn& chunk(Chunk chunk);
  ScriptedTurn& text(std::string text);
  ScriptedTurn& reasoning(std::string text);
  ScriptedTurn& tool_request(std::string name, Json input = JsonObject(), std::optional<std::string> ref = {});

  /// Waits: until the script's clock has moved that far, in real time without one. Ends early when the call is cancelled.
  ScriptedTurn& delay(std::chrono::nanoseconds duration);
  /// Waits until the call is cancelled or its time is over.
  ScriptedTurn& hang();
  /// Ends the call with `error`; what stands behind it does not happen.
  ScriptedTurn& fail(Error error);

  /// Says why the answer ends; `kStop` otherwise.
  ScriptedTurn& finish(FinishReason reason, std::string message = {});
  ScriptedTurn& usage(GenerationUsage usage);
  /// Answers with `answer`, whatever was sent.
  ScriptedTurn& respond(ModelResponse answer);
  /// Answers with what `function` makes of the request.
  ScriptedTurn& respond(ModelFunction function);

 private:
  friend class ScriptedModel;
  struct Hang {};
  using Step = std::variant<Chunk, std::chrono::nanoseconds, Hang, Error>;

  ModelResponse play(const ModelRequest& request, ModelContext& context, FakeClock* clock) const;

  std::vector<Step> steps_;
  FinishReason finish_reason_ = FinishReason::kStop;
  std::optional<std::string> finish_message_;
  std::optional<GenerationUsage> usage_;
  std::variant<std::monostate, ModelResponse, ModelFunction> answer_;
};

struct ScriptedModelOptions {
  /// The first call plays the first turn, and so on; calls at the same time in the order in which they arrive.
  std::vector<ScriptedTurn> script = {};
  /// Begins again after the last turn.
  bool repeat = false;
  std::string name = "scripted";
  /// What the model claims to be able to do.
  ModelOptions model = {.supports = {.multiturn = true, .media = true, .tools = true, .system_role = true}};
  /// Measures the delays; must outlive the model. Null: they take real time.
  FakeClock* clock = nullptr;
  /// How many requests are remembered; of more calls the oldest are forgotten.
  std::size_t max_requests = 1024;
};

/// A model that does what the test says, and remembers what it was asked.
///
///     genkit::ScriptedModel model({.script = {"Hello!", "How are you?"}});
///     genkit::Genkit ai({.model = model.name()});
///     ai.registry().add(model);
///     EXPECT_EQ(ai.generate("Hi").text(), "Hello!");
///     EXPECT_EQ(model.last_request().last_text(), "Hi");
///
/// A call without a turn left fails with FAILED_PRECONDITION, whose `details()` are {"reason": "script_exhausted", "turns",
/// "call"}. Copies refer to the same model, and the action keeps it alive. Thread-safe.
class ScriptedModel {
 public:
  explicit ScriptedModel(ScriptedModelOptions options = {});

  const std::string& name() const noexcept { return action_.name(); }
  const Action& action() const noexcept { return action_; }
  operator const Action&() const noexcept { return action_; }

  /// One more turn at the end of the script.
  void add(ScriptedTurn turn);
  /// How many turns have not been played.
  std::size_t remaining() const;

  /// How often the model was called.
  std::size_t calls() const;
  /// What it was asked, in the order of the calls.
  std::vector<ModelRequest> requests() const;
  /// Throws FAILED_PRECONDITION when there was no call yet.
  ModelRequest last_request() const;
  /// Waits until the model was called that often.
  void wait_for_calls(std::size_t count);

 private:
  struct State;

  std::shared_ptr<State> state_;
  Action action_;
};

struct EchoModelOptions {
  std::string name = "echo";
  ModelOptions model = {.supports = {.multiturn = true, .media = true, .tools = true, .system_role = true}};
};

/// A model that answers with the text of the last message, word by word when it is streamed, any number of times.
ScriptedModel echo_model(EchoModelOptions options = {});

}  // namespace genkit

#endif  // GENKIT_TESTING_SCRIPTED_MODEL_H_
