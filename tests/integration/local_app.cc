// A language model inside of a program under the official command line (run.py): "local/greedy" is the model of the file that is
// named on the command line, always with its likeliest token, so that a run can be repeated.
#include <iostream>

#include <genkit/genkit.h>
#include <genkit/plugins/llamacpp.h>

namespace {

genkit::ModelOptions options_of(const genkit::Action& model) {
  const genkit::Json& entry = model.info().metadata.at("model");
  return {.label = "Greedy", .supports = genkit::from_json<genkit::ModelSupports>(entry.at("supports"))};
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2) {
    std::cerr << "usage: local_app MODEL.gguf\n";
    return 2;
  }
  genkit::Genkit ai({.plugins = {genkit::llamacpp({.models = {{.name = "chat", .file = argv[1]}}})}, .name = "local"});

  const genkit::Action chat = ai.registry().get(genkit::ActionKind::kModel, "llamacpp/chat");
  ai.define_model("local/greedy", options_of(chat), [chat](genkit::ModelRequest request, genkit::ModelContext& context) {
    if (!request.config) request.config = genkit::JsonObject();
    request.config->as_object()["temperature"] = 0;
    request.config->as_object()["maxOutputTokens"] = 100;
    const genkit::Json response =
        chat.run_json(genkit::to_json(request), {},
                      [&](genkit::Json chunk) { context.send(genkit::from_json<genkit::Chunk>(chunk)); })
            .result;
    return genkit::from_json<genkit::ModelResponse>(response);
  });
  ai.define_flow("story", [&ai](const std::string& hero, genkit::FlowContext<std::string>& flow) {
    auto stream = ai.generate_stream({.model = "local/greedy", .prompt = "Tell a story about " + hero});
    for (const auto& chunk : stream) flow.send(chunk.text());
    return stream.response().text();
  });
  ai.wait();
}
