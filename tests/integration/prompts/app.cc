// The program that the official command line drives in run_prompts.py: a prompt of code, those of files, and a model that echoes.
#include <string>

#include <genkit/genkit.h>

struct Guest {
  std::string name;
};

int main() {
  genkit::Genkit ai({.model = "test/echo", .name = "prompts"});
  ai.define_model("test/echo", {.label = "Echo"}, [](const genkit::ModelRequest& request, genkit::ModelContext& context) {
    context.send(request.last_text());
    return genkit::ModelResponse::of_text(request.last_text());
  });
  ai.define_helper("shout", [](std::string_view text) { return std::string(text) + "!"; });
  ai.define_prompt<Guest>({.name = "greet", .description = "Greets a guest", .prompt = "Welcome {{shout name}}"});
  ai.define_flow("hello", [&ai](const Guest& guest) { return ai.prompt<Guest>("hello")(guest).text(); });
  ai.wait();
}
