#include <string>

#include <genkit/genkit.h>

extern "C" int length_of_streamed_answer() {
  genkit::Genkit ai({.model = "echo"});
  ai.define_model("echo", {}, [](const genkit::ModelRequest& request, genkit::ModelContext& context) {
    context.send(request.last_text());
    return genkit::ModelResponse::of_text(request.last_text());
  });
  auto ask = ai.define_flow("ask", [&ai](const std::string& question) {
    std::string answer;
    for (const auto& chunk : ai.generate_stream(question)) answer += chunk.text();
    return answer;
  });
  return static_cast<int>(genkit::async([&] { return ask("four"); }).get().size());
}
