#include <genkit/ai/generate.h>

#include <random>

#include "ai/tool_test_support.h"

#include <genkit/runtime/future.h>

// Laws that hold for any script of chunks, tool calls and errors. The suite runs on fibers and, by GENKIT_RUNTIME=threads, on
// threads; both must come to what the model of the loop below says, hence to the same.
namespace genkit {
namespace {

/// A random generation: what the model does in each turn.
class RandomScript {
 public:
  explicit RandomScript(unsigned seed) : random_(seed) {
    const std::size_t turns = 1 + below(4);
    for (std::size_t i = 0; i < turns; ++i) add_turn(i + 1 == turns);
  }

  const std::vector<ScriptedTurn>& turns() const { return turns_; }
  /// What tools were asked for, in order, with the turn that each belongs to.
  const std::vector<std::vector<std::string>>& tools() const { return tools_; }
  /// All text that is streamed.
  const std::string& text() const { return text_; }
  bool fails() const { return fails_; }
  bool interrupts() const { return interrupts_; }

 private:
  std::size_t below(std::size_t limit) { return std::uniform_int_distribution<std::size_t>(0, limit - 1)(random_); }

  void add_turn(bool last) {
    if (fails_ || interrupts_) return;
    ScriptedTurn turn;
    for (std::size_t i = below(4); i > 0; --i) {
      const std::string piece = "t" + std::to_string(below(100)) + " ";
      turn.text(piece);
      text_ += piece;
    }
    std::vector<std::string> tools;
    for (std::size_t i = last ? 0 : 1 + below(3); i > 0; --i) {
      static const char* const kTools[] = {"echo", "echo", "echo", "quiet", "echo", "echo", "fail", "ask"};
      const std::string name = kTools[below(8)];
      turn.tool_request(name, {{"n", static_cast<int>(i)}}, std::to_string(i));
      tools.push_back(name);
    }
    for (const std::string& name : tools) fails_ |= name == "fail";
    for (const std::string& name : tools) interrupts_ |= !fails_ && name == "ask";
    if (below(12) == 0) {
      turn.fail(Error(Status::kUnavailable, "the model is gone"));
      tools.clear();
      fails_ = true;
      interrupts_ = false;
    }
    turns_.push_back(std::move(turn));
    tools_.push_back(std::move(tools));
  }

  std::mt19937 random_;
  std::vector<ScriptedTurn> turns_;
  std::vector<std::vector<std::string>> tools_;
  std::string text_;
  bool fails_ = false;
  bool interrupts_ = false;
};

struct LawsRegistry : ScriptedRegistry {
  LawsRegistry() : ScriptedRegistry({}) {
    add(tool({.name = "echo", .description = "d"}, [](const Json& input) { return input; }).action());
    add(tool({.name = "quiet", .description = "d"}, [] {}).action());
    add(tool({.name = "fail", .description = "d"}, []() -> int { throw Error(Status::kNotFound, "nothing there"); }).action());
    add(tool({.name = "ask", .description = "d"}, [](ToolContext& tool) -> int { tool.interrupt(); }).action());
  }
  void add(const Action& action) { internal::add_tool(*registry, action); }

  /// Everything that a caller sees of one generation.
  std::string outcome(const RandomScript& script, const std::function<void(const Chunk&)>& on_chunk) {
    for (const ScriptedTurn& turn : script.turns()) model.add(turn);
    std::string seen;
    try {
      const Response response = generate({.prompt = "x", .tools = {"echo", "quiet", "fail", "ask"}, .on_chunk = on_chunk});
      ModelResponse raw = response.raw();
      raw.latency_ms.reset();
      seen = to_text(to_json(raw));
    } catch (const Error& error) {
      seen = std::string(error.what()) + to_text(error.details());
    }
    // What a failed generation has not played.
    while (model.remaining() > 0) attempt([&] { generate({.prompt = "rest"}); });
    return seen;
  }
};

TEST(GenerateLawsTest, StreamingAndBlockingAgree) {
  LawsRegistry fixture;
  for (unsigned seed = 0; seed < 10'000; ++seed) {
    const RandomScript script(seed);
    std::string text;
    std::int64_t index = 0;
    Role role = Role::kModel;

    const std::string blocking = fixture.outcome(script, nullptr);
    const std::string streaming = fixture.outcome(script, [&](const Chunk& chunk) {
      // Messages are counted upwards, one at a time, and only where the role or the turn changes.
      ASSERT_TRUE(*chunk.index == index || *chunk.index == index + 1);
      ASSERT_TRUE(*chunk.role == role || *chunk.index > 0 || *chunk.role == Role::kTool);
      index = *chunk.index;
      role = *chunk.role;
      text += chunk.text();
    });

    ASSERT_EQ(streaming, blocking) << "seed " << seed;
    ASSERT_EQ(text, script.text()) << "seed " << seed;
    ASSERT_EQ(streaming.find("\"interrupted\"") != std::string::npos, script.interrupts()) << "seed " << seed;
    ASSERT_EQ(streaming.starts_with("{"), !script.fails()) << "seed " << seed;
  }
}

TEST(GenerateLawsTest, AStreamThatIsReadGivesWhatACallbackGets) {
  LawsRegistry fixture;
  for (unsigned seed = 0; seed < 500; ++seed) {
    const RandomScript script(seed);
    std::vector<std::string> called;
    fixture.outcome(script, [&](const Chunk& chunk) { called.push_back(to_text(to_json(chunk))); });

    for (const ScriptedTurn& turn : script.turns()) fixture.model.add(turn);
    GenerateOptions options{.model = fixture.model.name(), .prompt = "x", .tools = {"echo", "quiet", "fail", "ask"}};
    std::vector<std::string> read;
    {
      ActionStream<ModelResponse, Chunk> stream([&](const internal::ChunkSink& sink) {
        return internal::Value::of(internal::generate(*fixture.registry, options, &sink));
      });
      attempt([&] {
        for (const Chunk& chunk : stream) read.push_back(to_text(to_json(chunk)));
      });
    }
    while (fixture.model.remaining() > 0) attempt([&] { fixture.generate({.prompt = "rest"}); });

    ASSERT_EQ(read, called) << "seed " << seed;
  }
}

}  // namespace
}  // namespace genkit
