// W8: a registry of 10 000 flows. --case lookup|list, or --case serve: wait as a Genkit runtime for the driver's requests.
#include <string>
#include <vector>

#include <genkit/genkit.h>

#include "bench_common.h"

namespace {

struct Input {
  std::int64_t id;
  std::string name;
  std::vector<std::string> tags;
};
struct Output {
  bool ok;
  std::string label;
};

}  // namespace

int main(int argc, char** argv) {
  const genkit::bench::Arguments arguments(argc, argv);
  const std::string name = arguments.text("case", "lookup");
  const long actions = arguments.number("actions", 10'000);
  const int repetitions = static_cast<int>(arguments.number("reps", 5));

  const double before_mb = genkit::bench::memory_mb("VmRSS");
  const double wall = genkit::bench::wall_seconds();
  const double cpu = genkit::bench::cpu_seconds();
  genkit::Genkit ai;
  for (long i = 0; i < actions; ++i) {
    ai.define_flow("flow-" + std::to_string(i), [](const Input& input) { return Output{.ok = true, .label = input.name}; });
  }
  const auto count = static_cast<double>(actions);
  genkit::bench::emit("W8", "register-" + std::to_string(actions), 0,
                      {{"us_op", (genkit::bench::wall_seconds() - wall) / count * 1e6},
                       {"cpu_us_op", (genkit::bench::cpu_seconds() - cpu) / count * 1e6},
                       {"bytes_per_action", (genkit::bench::memory_mb("VmRSS") - before_mb) * 1048576 / count}});
  genkit::Registry& registry = ai.registry();

  if (name == "lookup") {
    std::vector<std::string> keys;
    for (long i = 0; i < actions; ++i) keys.push_back("/flow/flow-" + std::to_string(i * 7919 % actions));
    genkit::bench::measure("W8", "lookup-hit-" + std::to_string(actions), 200'000, 20'000, repetitions, [&](long n) {
      for (long i = 0; i < n; ++i) {
        if (!registry.find(keys[static_cast<std::size_t>(i % actions)])) genkit::bench::fail("hit");
      }
    });
    genkit::bench::measure("W8", "lookup-miss-" + std::to_string(actions), 200'000, 20'000, repetitions, [&](long n) {
      for (long i = 0; i < n; ++i) {
        if (registry.find("/flow/nope")) genkit::bench::fail("miss");
      }
    });
  } else if (name == "list") {
    genkit::bench::measure("W8", "listActions-" + std::to_string(actions), 20, 3, repetitions, [&](long n) {
      for (long i = 0; i < n; ++i) {
        if (registry.list().size() < static_cast<std::size_t>(actions)) genkit::bench::fail("list");
      }
    });
  } else if (name == "serve") {
    ai.wait();
  } else {
    genkit::bench::fail("no case " + name);
  }
}
