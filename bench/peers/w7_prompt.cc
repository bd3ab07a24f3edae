// W7: one prompt file of a support agent, with partials, history and media. --case cold | compiled | parse | genkit
#include <fstream>
#include <iterator>
#include <string>

#include <genkit/genkit.h>
#include <genkit/prompt/dotprompt.h>

#include "bench_common.h"

namespace {

struct Reference {
  std::string id;
};

std::string read_file(const std::string& path) {
  std::ifstream file(path);
  if (!file) genkit::bench::fail("missing " + path);
  return {std::istreambuf_iterator<char>(file), {}};
}

std::string upper(std::string_view text) {
  std::string out(text);
  for (char& c : out) c = c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
  return out;
}

genkit::Json equal(const genkit::HelperCall& call) {
  return call.same(0, 1);
}

struct Workload {
  explicit Workload(const std::string& folder)
      : directory(folder + "/prompts"), source(read_file(directory + "/support.prompt")) {
    dotprompt.environment().define_partial("policy", read_file(directory + "/_policy.prompt"));
    dotprompt.environment().define_partial("order", read_file(directory + "/_order.prompt"));
    dotprompt.environment().define_helper("upper", upper);
    dotprompt.environment().define_helper("eq", equal);
    const genkit::Json given = genkit::parse_json(read_file(folder + "/w7_input.json"));
    data = {given.at("input"), nullptr, given.at("messages"), given.at("context")};
  }

  std::string directory;
  std::string source;
  genkit::Dotprompt dotprompt;
  genkit::PromptData data;
};

void check(const genkit::JsonArray& messages) {
  if (messages.size() != 6 || messages[0].at("role") != "system") genkit::bench::fail(genkit::to_text(messages));
}

}  // namespace

int main(int argc, char** argv) {
  const genkit::bench::Arguments arguments(argc, argv);
  const std::string name = arguments.text("case", "genkit");
  const Workload workload(arguments.text("data", "data"));

  genkit::Genkit ai({.prompt_dir = workload.directory, .exporters = {std::make_shared<genkit::bench::DroppingExporter>()}});
  ai.define_helper("upper", upper);
  ai.define_helper("eq", equal);
  for (const char* tool : {"lookupOrder", "refund"}) {
    ai.define_tool({.name = std::string(tool), .description = tool}, [](const Reference&) -> std::string { return "ok"; });
  }
  const auto prompt = ai.prompt("support");
  const auto history = genkit::from_json<std::vector<genkit::Message>>(workload.data.messages);
  const genkit::CompiledPrompt compiled = workload.dotprompt.compile(workload.source);

  const auto once = [&] {
    if (name == "cold") {
      check(workload.dotprompt.render(workload.source, workload.data).messages);
    } else if (name == "compiled") {
      check(compiled.render(workload.data).messages);
    } else if (name == "parse") {
      if (genkit::parse_prompt(workload.source).body.empty()) genkit::bench::fail("no body");
    } else {
      const auto options = prompt.render(workload.data.input, {.messages = history, .context = workload.data.context});
      if (options.messages.size() != 6 || options.tools.size() != 2) genkit::bench::fail("messages or tools");
    }
  };
  if (arguments.number("dump", 0) != 0) {
    const auto options = prompt.render(workload.data.input, {.messages = history, .context = workload.data.context});
    std::cout << genkit::to_text(genkit::to_json(options.messages)) << '\n';
    return 0;
  }
  const long n = arguments.number("n", 20'000);
  const auto work = [&](long count) {
    for (long i = 0; i < count; ++i) once();
  };
  genkit::bench::measure("W7", name, n, n / 4, static_cast<int>(arguments.number("reps", 5)), work);
}
