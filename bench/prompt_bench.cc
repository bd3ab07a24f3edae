// W7: one prompt file of a support agent, with partials, history and media. The same file, data and checks as the programs of
// the other languages: `cold` parses, compiles and renders it each time, `compiled` only renders, `parse` only takes it apart.

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <fstream>
#include <iostream>
#include <iterator>
#include <string>

#include <benchmark/benchmark.h>

#include <genkit/base/error.h>
#include <genkit/prompt/dotprompt.h>

namespace genkit {
namespace {

std::string read_file(const std::string& name) {
  std::ifstream file(std::string(GENKIT_BENCH_DATA) + "/" + name);
  if (!file) {
    std::cerr << "missing " << GENKIT_BENCH_DATA << "/" << name << '\n';
    std::exit(1);
  }
  return {std::istreambuf_iterator<char>(file), {}};
}

struct Workload {
  Workload() {
    dotprompt.environment().define_partial("policy", read_file("prompts/_policy.prompt"));
    dotprompt.environment().define_partial("order", read_file("prompts/_order.prompt"));
    dotprompt.environment().define_helper("upper", [](std::string_view text) {
      std::string out(text);
      for (char& c : out) c = c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
      return out;
    });
    dotprompt.environment().define_helper("eq", [](const HelperCall& call) { return Json(call.same(0, 1)); });
    const Json given = parse_json(read_file("w7_input.json"));
    data = {given.at("input"), nullptr, given.at("messages"), given.at("context")};
  }

  void check(const RenderedPrompt& rendered) const {
    if (rendered.messages.size() == 6 && rendered.messages[0].at("role") == "system") return;
    std::cerr << "unexpected messages: " << to_text(Json(rendered.messages)) << '\n';
    std::exit(1);
  }

  std::string source = read_file("prompts/support.prompt");
  Dotprompt dotprompt;
  PromptData data;
};

void cold(benchmark::State& state) {
  const Workload workload;
  for (auto _ : state) workload.check(workload.dotprompt.render(workload.source, workload.data));
}
BENCHMARK(cold);

void compiled(benchmark::State& state) {
  const Workload workload;
  const CompiledPrompt prompt = workload.dotprompt.compile(workload.source);
  for (auto _ : state) workload.check(prompt.render(workload.data));
}
BENCHMARK(compiled);

void parse(benchmark::State& state) {
  const Workload workload;
  for (auto _ : state) benchmark::DoNotOptimize(parse_prompt(workload.source));
}
BENCHMARK(parse);

/// Compiling and rendering grow with the template, not faster.
void large_template(benchmark::State& state) {
  std::string source;
  while (source.size() < static_cast<std::size_t>(state.range(0))) {
    source += "text {{name}} {{#if name}}\n more {{! note }}\n{{/if}}\n";
  }
  const Json data = {{"name", "n"}};
  for (auto _ : state) benchmark::DoNotOptimize(Template(source).render(data));
  state.SetBytesProcessed(static_cast<std::int64_t>(source.size()) * static_cast<std::int64_t>(state.iterations()));
}
BENCHMARK(large_template)->Arg(10'000)->Arg(1'000'000)->Arg(10'000'000);

}  // namespace
}  // namespace genkit
