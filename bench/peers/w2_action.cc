// W2: the cost of one traced, schema-checked action call. --case noexp|unheard|mem|noschema|nested5|nested5-mem|json --n N --reps
// R
#include <memory>
#include <string>
#include <vector>

#include <genkit/genkit.h>

#include "bench_common.h"

namespace {

struct Input {
  std::int64_t id;
  std::string name;
  double score;
  bool active;
  std::vector<std::string> tags;
};
struct Output {
  bool ok;
  std::int64_t id;
  std::string label;
  double total;
};

Output body(const Input& input) {
  return {.ok = true, .id = input.id, .label = input.name, .total = input.score};
}

}  // namespace

int main(int argc, char** argv) {
  const genkit::bench::Arguments arguments(argc, argv);
  const std::string name = arguments.text("case", "noexp");
  const long n = arguments.number("n", 200'000);
  const auto exporter = std::make_shared<genkit::InMemoryExporter>();
  genkit::GenkitOptions options;
  if (name.ends_with("mem")) {
    options.exporters.push_back(exporter);
  } else if (name != "unheard") {
    options.exporters.push_back(std::make_shared<genkit::bench::DroppingExporter>());
  }
  genkit::Genkit ai(std::move(options));

  auto act = ai.define_flow("act", body);
  auto raw = ai.define_flow("raw", [](const genkit::Json& input) -> genkit::Json {
    return {{"ok", true}, {"id", input.at("id")}, {"label", input.at("name")}, {"total", input.at("score")}};
  });
  auto l5 = ai.define_flow("l5", body);
  auto l4 = ai.define_flow("l4", [&](const Input& input) { return l5(input); });
  auto l3 = ai.define_flow("l3", [&](const Input& input) { return l4(input); });
  auto l2 = ai.define_flow("l2", [&](const Input& input) { return l3(input); });
  auto l1 = ai.define_flow("l1", [&](const Input& input) { return l2(input); });

  const bool nested = name.starts_with("nested5");
  const std::size_t spans_per_call = nested ? 5 : 1;
  const auto calls = [&](long count) {
    std::size_t spans = 0;
    for (long i = 0; i < count; ++i) {
      if (name == "noschema" || name == "json") {
        const genkit::Json input = {{"id", i}, {"name", "widget"}, {"score", 3.5}, {"active", true}, {"tags", {"alpha", "beta"}}};
        const genkit::Json output = name == "json" ? act.action().run_json(input) : raw(input);
        if (output.at("id").as_int64() != i) genkit::bench::fail("id");
      } else {
        const Input input{.id = i, .name = "widget", .score = 3.5, .active = true, .tags = {"alpha", "beta"}};
        const Output output = nested ? l1(input) : act(input);
        if (!output.ok || output.id != i) genkit::bench::fail("id");
      }
      if (i % 100 == 99) {
        genkit::yield();
        spans += exporter->take().size();
      }
    }
    spans += exporter->take().size();
    if (name.ends_with("mem") && spans != static_cast<std::size_t>(count) * spans_per_call) genkit::bench::fail("spans");
  };
  genkit::bench::measure("W2", name, nested ? n / 4 : n, 5000, static_cast<int>(arguments.number("reps", 5)), calls);
}
