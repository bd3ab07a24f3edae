// W11 in process: what one flow stream costs in memory that has sent a chunk and waits. --conc 1000 --reps 3
#include <string>
#include <vector>

#include <genkit/genkit.h>

#include "bench_common.h"

int main(int argc, char** argv) {
  const genkit::bench::Arguments arguments(argc, argv);
  const long streams = arguments.number("conc", 10'000);
  genkit::Genkit ai;
  auto idle = ai.define_flow("idle", [](genkit::FlowContext<std::string>& flow) {
    flow.send("one");
    genkit::sleep_for(std::chrono::hours(1));
  });

  const auto open = [&](long count) {
    std::vector<decltype(idle.stream())> open;
    for (long i = 0; i < count; ++i) {
      open.push_back(idle.stream());
      if (*open.back().begin() != "one") genkit::bench::fail("chunk");
    }
    return open;
  };
  {
    const auto warm = open(200);
  }
  const double before_mb = genkit::bench::memory_mb("VmRSS");
  const double wall = genkit::bench::wall_seconds();
  const auto held = open(streams);
  genkit::bench::emit("W11", "inproc-" + std::to_string(streams), static_cast<int>(arguments.number("rep", 0)),
                      {{"open_s", genkit::bench::wall_seconds() - wall},
                       {"rss0_mb", before_mb},
                       {"kb_per_stream", (genkit::bench::memory_mb("VmRSS") - before_mb) * 1024 / static_cast<double>(streams)}});
}
