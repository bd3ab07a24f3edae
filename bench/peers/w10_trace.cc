// W10: traces of five nested flows. --mode prod|mem|dev|realtime --traces N --depth D --flush 100 --sample N --url URL --paced
// 0|1
#include <cstdlib>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include <genkit/genkit.h>

#include "bench_common.h"

namespace {

struct Input {
  std::int64_t id;
  std::string name;
};
struct Output {
  bool ok;
  std::int64_t id;
};

}  // namespace

int main(int argc, char** argv) {
  const genkit::bench::Arguments arguments(argc, argv);
  const std::string mode = arguments.text("mode", "prod");
  const std::string url = arguments.text("url", "http://127.0.0.1:4055");
  const long depth = arguments.number("depth", 5);
  const long flush_every = arguments.number("flush", 100);
  const long sample = arguments.number("sample", 0);
  const bool paced = arguments.number("paced", 1) != 0;
  unsetenv("GENKIT_ENV");
  unsetenv("GENKIT_TELEMETRY_SERVER");

  genkit::GenkitOptions options;
  const auto memory = std::make_shared<genkit::InMemoryExporter>();
  std::shared_ptr<genkit::TelemetryServerExporter> server;
  if (mode == "prod") options.exporters.push_back(std::make_shared<genkit::bench::DroppingExporter>());
  if (mode == "mem") options.exporters.push_back(memory);
  if (mode == "dev" || mode == "realtime") {
    server = std::make_shared<genkit::TelemetryServerExporter>(
        genkit::TelemetryServerOptions{.url = url, .realtime = mode == "realtime", .logger = genkit::Logger()});
    options.exporters.push_back(server);
  }
  genkit::Genkit ai(std::move(options));

  std::vector<genkit::Flow<Input, Output>> chain;
  chain.push_back(ai.define_flow("l" + std::to_string(depth), [](const Input& input) { return Output{true, input.id}; }));
  for (long level = depth - 1; level >= 1; --level) {
    chain.push_back(
        ai.define_flow("l" + std::to_string(level), [inner = chain.back()](const Input& input) { return inner(input); }));
  }
  const auto& outermost = chain.back();

  const std::string suffix = std::string(paced ? "" : "-unpaced") + arguments.text("tag", "");
  const auto run = [&](long traces, int repetition, bool report) {
    for (long i = 0; i < traces; ++i) {
      if (outermost({.id = i, .name = "n" + std::to_string(i)}).id != i) genkit::bench::fail("id");
      if (paced && server && i % flush_every == flush_every - 1) ai.flush_traces(std::chrono::seconds(10));
      if (mode == "mem" && i % 1000 == 999) memory->take();
      if (report && sample > 0 && (i + 1) % sample == 0) {
        genkit::bench::emit("W10", "growth-" + mode + suffix + "-d" + std::to_string(depth), repetition, {{"traces", i + 1}});
      }
    }
    ai.flush_traces(std::chrono::seconds(10));
  };

  const long traces = arguments.number("traces", 2000);
  run(std::min(traces, arguments.number("warm", 500)), 0, false);
  for (int repetition = 0; repetition < arguments.number("reps", 1); ++repetition) {
    genkit::bench::wait_for_quiet();
    const double before_mb = genkit::bench::memory_mb("VmRSS");
    const double wall = genkit::bench::wall_seconds();
    const double cpu = genkit::bench::cpu_seconds();
    run(traces, repetition, true);
    const double wall_s = genkit::bench::wall_seconds() - wall;
    const double cpu_s = genkit::bench::cpu_seconds() - cpu;
    const auto count = static_cast<double>(traces);
    genkit::bench::emit("W10", mode + suffix + "-d" + std::to_string(depth), repetition,
                        {{"n", traces},
                         {"wall_s", wall_s},
                         {"cpu_s", cpu_s},
                         {"spans_s", count * static_cast<double>(depth) / wall_s},
                         {"us_op", wall_s / count * 1e6},
                         {"cpu_us_op", cpu_s / count * 1e6},
                         {"dropped", server ? server->dropped() : 0},
                         {"rss_before_mb", before_mb}});
  }
}
