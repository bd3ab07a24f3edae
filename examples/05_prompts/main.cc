// Prompts from files, which are also part of the program, and one from code. Start it below the examples' folder "05_prompts"
// under the Developer UI and edit prompts/tell_joke.prompt while it runs.
#include <cctype>
#include <cstdlib>
#include <iostream>
#include <string>

#include <genkit/genkit.h>
#include <genkit/plugins/llamacpp.h>

#include "embedded_prompts.h"

struct JokeRequest {
  std::string subject;
};

struct Critic {
  std::string joke;
};

std::string to_upper(std::string_view text) {
  std::string upper(text);
  for (char& c : upper) c = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  return upper;
}

int main(int argc, char** argv) {
  const char* file = argc > 1 ? argv[1] : std::getenv("GENKIT_MODEL_FILE");
  if (file == nullptr) {
    std::cerr << "usage: prompts MODEL.gguf (or set GENKIT_MODEL_FILE)\n";
    return 2;
  }
  genkit::Genkit ai({.plugins = {genkit::llamacpp({.models = {{.name = "smollm2", .file = file}}})},
                     .model = "llamacpp/smollm2",
                     .name = "prompts",
                     .embedded_prompts = embedded_prompts()});
  ai.define_helper("shout", to_upper);

  auto tell_joke = ai.prompt<JokeRequest>("tell_joke");
  auto ask_riddle = ai.prompt<JokeRequest>("tell_joke", {.variant = "riddle"});
  auto criticise = ai.define_prompt<Critic>({.name = "criticise",
                                             .description = "Says what is wrong with a joke",
                                             .system = "You are a critic. {{>style}}",
                                             .prompt = "What do you think of this joke?\n\n{{joke}}",
                                             .config = {{"maxOutputTokens", 60}}});

  auto show = ai.define_flow("show", [&](const JokeRequest& request, genkit::FlowContext<std::string>& flow) {
    std::string joke;
    for (const auto& chunk : tell_joke.stream(request)) {
      joke += chunk.text();
      flow.send(chunk.text());
    }
    return criticise({.joke = joke}).text();
  });

  if (ai.dev_mode()) {
    ai.wait();
    return 0;
  }
  std::cout << ask_riddle({.subject = "the moon"}, {.config = {{"temperature", 0.2}}}).text() << "\n\n";
  auto stream = show.stream({.subject = "cats"});
  for (const std::string& chunk : stream) std::cout << chunk << std::flush;
  std::cout << "\n\nThe critic: " << stream.output() << '\n';
}
