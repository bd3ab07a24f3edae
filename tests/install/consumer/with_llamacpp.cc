#include <genkit/genkit.h>
#include <genkit/plugins/llamacpp.h>

int main() {
  genkit::Genkit ai({.plugins = {genkit::llamacpp({.models = {{.name = "nowhere", .file = "no_such_file.gguf"}}})}});
  try {
    ai.generate({.model = "llamacpp/nowhere", .prompt = "Hello"});
  } catch (const genkit::Error& error) {
    return error.message().find("no_such_file.gguf") != std::string::npos ? 0 : 1;
  }
  return 1;
}
