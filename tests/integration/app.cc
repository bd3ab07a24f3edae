// The program that the official command line drives in run.py: flows of every outcome, and a model that answers by rules.
#include <chrono>
#include <stdexcept>
#include <string>

#include <genkit/genkit.h>

struct Person {
  std::string name;
};

struct Count {
  int to = 0;
};

namespace {

/// Behaves well enough for the conformance tests of `dev:test-model`.
genkit::ModelResponse answer(const genkit::ModelRequest& request, genkit::ModelContext& context) {
  if (request.tools && !request.tools->empty()) {
    const genkit::Part call{.tool_request = genkit::ToolRequest{
                                .name = request.tools->front().name, .ref = "1", .input = genkit::Json({{"city", "New York"}})}};
    context.send(genkit::Chunk{.content = {call}});
    genkit::ModelResponse response = genkit::ModelResponse::of_text("");
    response.message->content = {call};
    return response;
  }
  std::string text;
  if (request.output && request.output->format == "json") {
    text = R"({"name":"John","age":40,"rating":5})";
  } else {
    for (const auto& message : request.messages) {
      for (const auto& part : message.content) {
        if (part.text) text += part.text->find("RESPONSE:") != std::string::npos ? "RESPONSE: " : *part.text + " ";
        if (part.media) text += "the logo says genkit google";
      }
    }
  }
  for (std::size_t i = 0; i < text.size(); i += 8) context.send(std::string_view(text).substr(i, 8));
  return genkit::ModelResponse::of_text(text);
}

}  // namespace

int main(int argc, char** argv) {
  genkit::Genkit ai({.name = argc > 1 ? argv[1] : "integration"});

  ai.define_model("test/rules", {.label = "Rules", .supports = {.constrained = "all"}}, answer);
  ai.define_flow("greet",
                 [](const Person& person) { return genkit::run("compose", [&] { return "Hello, " + person.name + "!"; }); });
  ai.define_flow("count", [](const Count& count, genkit::FlowContext<Count>& flow) {
    for (int i = 1; i <= count.to; ++i) flow.send({i});
    return "done " + std::to_string(count.to);
  });
  ai.define_flow("boom", []() -> int { throw std::runtime_error("boom"); });
  ai.define_flow("missing", []() -> int { throw genkit::Error(genkit::Status::kNotFound, "no such thing"); });
  ai.define_flow("halfway", [](genkit::FlowContext<int>& flow) -> int {
    flow.send(1);
    throw genkit::Error(genkit::Status::kAborted, "half way");
  });
  ai.define_flow("whoami", [] { return genkit::Context::current().user(); });
  ai.define_flow("nothing", [] {});
  ai.define_flow("forever", [](genkit::FlowContext<std::string>& flow) {
    flow.send("started");
    genkit::sleep_for(std::chrono::hours(1));
  });
  ai.define_bidi_flow("chat", [](genkit::BidiContext<std::string, std::string>& chat) {
    int count = 0;
    for (; auto item = chat.receive(); ++count) chat.send("You said " + *item);
    return count;
  });
  ai.define_flow("ask",
                 [&ai](const std::string& question) { return ai.generate({.model = "test/rules", .prompt = question}).text(); });
  ai.wait();
}
