// Two flows on a language model inside this process. ./dev demo starts them under the Genkit developer UI.
#include <cstdlib>
#include <iostream>
#include <string>

#include <genkit/genkit.h>
#include <genkit/plugins/llamacpp.h>

struct Outline {
  std::string hero;
  std::string place;
};

int main(int argc, char** argv) {
  const char* file = argc > 1 ? argv[1] : std::getenv("GENKIT_MODEL_FILE");
  if (file == nullptr) {
    std::cerr << "usage: hello MODEL.gguf (or set GENKIT_MODEL_FILE)\n";
    return 2;
  }
  genkit::Genkit ai({.plugins = {genkit::llamacpp({.models = {{.name = "smollm2", .file = file}}})},
                     .model = "llamacpp/smollm2",
                     .name = "hello"});

  auto hello = ai.define_flow("hello", [&ai](const std::string& name) {
    return ai.generate({.system = "You greet people in one short sentence.", .prompt = "Greet " + name}).text();
  });

  auto story = ai.define_flow("story", [&ai](const std::string& hero, genkit::FlowContext<std::string>& flow) {
    auto outline = genkit::run("outline", [&] { return Outline{.hero = hero, .place = "a quiet forest"}; });
    auto stream = ai.generate_stream({.prompt = "Tell a short story about " + outline.hero + " in " + outline.place + ".",
                                      .config = {{"temperature", 0.7}, {"maxOutputTokens", 200}}});
    for (const auto& chunk : stream) flow.send(chunk.text());
    return stream.response().text();
  });

  if (ai.dev_mode()) {
    ai.wait();  // The developer UI and the genkit command line run the flows.
    return 0;
  }
  std::cout << "Who is the story about? (an empty line ends)\n> " << std::flush;
  for (std::string hero; std::getline(std::cin, hero) && !hero.empty(); std::cout << "\n> " << std::flush) {
    for (const std::string& chunk : story.stream(hero)) std::cout << chunk << std::flush;
  }
}
