// W5 without HTTP: what generate() itself costs.
// --case inproc|inproc-stream|flow-stream|callback|tools3 --n N --reps R --chunks 200
#include <cstdio>
#include <string>
#include <vector>

#include <genkit/genkit.h>

#include "bench_common.h"

namespace {

struct City {
  std::string city;
};
struct Weather {
  double tempC = 0;
};

/// "tok000 tok001 …", in pieces of seven bytes.
std::vector<std::string> tokens(long count) {
  std::vector<std::string> pieces;
  for (long i = 0; i < count; ++i) {
    char piece[16];
    std::snprintf(piece, sizeof(piece), "tok%03ld ", i % 1000);
    pieces.emplace_back(piece);
  }
  return pieces;
}

genkit::ModelResponse answer(const std::string& text) {
  genkit::ModelResponse response = genkit::ModelResponse::of_text(text);
  response.usage = genkit::GenerationUsage{.input_tokens = 10, .output_tokens = 200, .total_tokens = 210};
  return response;
}

}  // namespace

int main(int argc, char** argv) {
  const genkit::bench::Arguments arguments(argc, argv);
  const std::string name = arguments.text("case", "inproc");
  const long n = arguments.number("n", 20'000);
  const std::vector<std::string> pieces = tokens(arguments.number("chunks", 200));
  std::string full;
  for (const std::string& piece : pieces) full += piece;
  const std::string prompt = "Tell me about the weather in Paris.";

  genkit::Genkit ai({.model = "inproc", .exporters = {std::make_shared<genkit::bench::DroppingExporter>()}});
  const genkit::ModelSupports supports{.multiturn = true, .tools = true, .system_role = true};
  ai.define_model("inproc", {.supports = supports}, [&](const genkit::ModelRequest&, genkit::ModelContext& context) {
    if (context.streaming()) {
      for (const std::string& piece : pieces) context.send(piece);
    }
    return answer(full);
  });
  ai.define_model("tools3", {.supports = supports}, [](const genkit::ModelRequest& request, genkit::ModelContext&) {
    if (request.messages.size() >= 7) return answer("It is sunny in Paris.");
    genkit::ModelResponse response = answer("");
    response.message->content = {
        {.tool_request = genkit::ToolRequest{.name = "getWeather", .ref = "call_1", .input = genkit::Json({{"city", "Paris"}})}}};
    return response;
  });
  const auto weather = ai.define_tool({.name = "getWeather", .description = "weather"}, [](const City&) { return Weather{21}; });

  const auto once = [&] {
    std::size_t size = 0;
    if (name == "inproc") {
      size = ai.generate(prompt).text().size();
    } else if (name == "inproc-stream" || name == "flow-stream") {
      auto stream = ai.generate_stream(prompt);
      for (const genkit::Chunk& chunk : stream) size += chunk.text().size();
      if (stream.response().text().size() != size) genkit::bench::fail("final text");
    } else if (name == "callback") {
      ai.generate({.prompt = prompt, .on_chunk = [&](const genkit::Chunk& chunk) { size += chunk.text().size(); }});
    } else {
      const genkit::Response response = ai.generate({.model = "tools3", .prompt = prompt, .tools = {weather}});
      if (response.messages().size() != 8) genkit::bench::fail("tool loop");
      return;
    }
    if (size != full.size()) genkit::bench::fail("text");
  };
  const auto run = [&](long count) {
    for (long i = 0; i < count; ++i) once();
  };
  genkit::bench::measure("W5", name + "-" + std::to_string(pieces.size()), n, n / 10,
                         static_cast<int>(arguments.number("reps", 3)), [&](long count) {
                           // A server's flows read the stream on a fiber.
                           name == "flow-stream" ? genkit::async([&] { run(count); }).get() : run(count);
                         });
}
