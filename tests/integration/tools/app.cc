// The program of run_tools.py: tools of several kinds, and a model that asks for one and then repeats what it said.
#include <string>

#include <genkit/genkit.h>

struct City {
  std::string name;
};
struct Weather {
  int celsius = 0;
};
struct Payment {
  int amount = 0;
};

namespace {

/// Asks for the first tool of the request; answers with the output when that is there.
genkit::ModelResponse answer(const genkit::ModelRequest& request, genkit::ModelContext& context) {
  const genkit::Part& last = request.messages.back().content.front();
  if (last.tool_response) {
    const std::string text = "It says " + genkit::to_text(*last.tool_response->output);
    context.send(text);
    return genkit::ModelResponse::of_text(text);
  }
  const genkit::Part call{.tool_request = genkit::ToolRequest{.name = request.tools->at(0).name,
                                                              .ref = "1",
                                                              .input = genkit::Json({{"name", "Rome"}, {"amount", 500}})}};
  genkit::ModelResponse response = genkit::ModelResponse::of_text("");
  response.message->content = {call};
  return response;
}

}  // namespace

int main() {
  genkit::Genkit ai({.model = "test/caller", .name = "tools"});
  ai.define_model("test/caller", {.label = "Caller", .supports = {.multiturn = true, .tools = true}}, answer);

  auto get_weather =
      ai.define_tool({.name = "getWeather", .description = "Current weather in a city"},
                     [](const genkit::Json& city) { return Weather{static_cast<int>(city.at("name").as_string().size())}; });
  ai.define_tool({.name = "typed", .description = "Takes a city"}, [](const City& city) { return city.name; });
  ai.define_tool({.name = "camera", .description = "Takes a picture"},
                 [] { return genkit::MultipartToolResponse{.output = "ok", .content = {genkit::text("a picture")}}; });
  auto pay = ai.define_tool({.name = "pay", .description = "Pays", .input_schema = {{"type", "object"}}},
                            [](const genkit::Json& payment, genkit::ToolContext& tool) -> std::string {
                              if (!tool.resumed()) tool.interrupt({{"reason", "large"}});
                              return "paid " + genkit::to_text(payment.at("amount"));
                            });
  ai.define_flow("ask",
                 [&](const std::string& question) { return ai.generate({.prompt = question, .tools = {get_weather}}).text(); });
  ai.define_flow("pay", [&]() -> std::string {
    const genkit::Response asked = ai.generate({.prompt = "Pay", .tools = {pay}});
    return ai
        .generate({.messages = asked.messages(), .tools = {pay}, .resume = {.restart = {pay.restart(asked.interrupts().at(0))}}})
        .text();
  });
  ai.wait();
}
