// A flow whose model looks things up by two tools: a local model asks for them, the program runs them, the model answers.
#include <cstdlib>
#include <iostream>
#include <map>
#include <string>

#include <genkit/genkit.h>
#include <genkit/plugins/llamacpp.h>

struct City {
  std::string name;
};
constexpr auto describe(genkit::Type<City>) {
  return genkit::fields(genkit::field<&City::name>("Name of the city, Rome for example").max_length(40));
}

struct Weather {
  double celsius = 0;
  bool raining = false;
};

struct Clock {
  std::string time;
};

int main(int argc, char** argv) {
  const char* file = argc > 1 ? argv[1] : std::getenv("GENKIT_MODEL_FILE");
  if (file == nullptr) {
    std::cerr << "usage: tools MODEL.gguf (or set GENKIT_MODEL_FILE)\n";
    return 2;
  }
  genkit::Genkit ai({.plugins = {genkit::llamacpp({.models = {{.name = "smollm2", .file = file}}})},
                     .model = "llamacpp/smollm2",
                     .name = "tools"});

  const std::map<std::string, Weather> stations = {{"Rome", {24, false}}, {"Bergen", {9, true}}, {"Cairo", {35, false}}};
  auto get_weather = ai.define_tool({.name = "getWeather", .description = "Current weather in a city"},
                                    [&stations](const City& city) -> Weather {
                                      std::clog << "[getWeather " << city.name << "]\n";
                                      const auto station = stations.find(city.name);
                                      return station != stations.end() ? station->second : Weather{.celsius = 15};
                                    });
  auto get_time = ai.define_tool({.name = "getTime", .description = "Local time in a city"}, [](const City& city) -> Clock {
    std::clog << "[getTime " << city.name << "]\n";
    return {.time = "12:00"};
  });

  auto ask = ai.define_flow("ask", [&](const std::string& question) {
    auto answer = ai.generate({.system = "Answer in one short sentence.",
                               .prompt = question,
                               .tools = {get_weather, get_time},
                               .config = {{"temperature", 0}, {"maxOutputTokens", 100}},
                               .max_turns = 3});
    return answer.text();
  });

  if (ai.dev_mode()) {
    ai.wait();  // The developer UI and the genkit command line run the flow and the tools.
    return 0;
  }
  std::cout << "Ask about the weather or the time in a city (an empty line ends)\n> " << std::flush;
  for (std::string question; std::getline(std::cin, question) && !question.empty(); std::cout << "\n> " << std::flush) {
    const auto answer = genkit::attempt([&] { return ask(question); });
    std::cout << (answer ? answer.value() : std::string("Sorry: ") + answer.error().what()) << '\n';
  }
}
