#ifndef GENKIT_BENCH_PEERS_BENCH_COMMON_H_
#define GENKIT_BENCH_PEERS_BENCH_COMMON_H_

#include <sys/resource.h>
#include <time.h>

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <iostream>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <thread>

#include <genkit/base/json.h>
#include <genkit/trace/span.h>

// What the programs of the other languages print too: one JSON object per line, see WORKLOADS.md.
namespace genkit::bench {

/// --name value pairs of the command line.
class Arguments {
 public:
  Arguments(int argc, char** argv) {
    for (int i = 1; i + 1 < argc; i += 2) values_[argv[i] + 2] = argv[i + 1];
  }
  std::string text(const std::string& name, const std::string& fallback) const {
    const auto found = values_.find(name);
    return found != values_.end() ? found->second : fallback;
  }
  long number(const std::string& name, long fallback) const {
    const auto found = values_.find(name);
    return found != values_.end() ? std::atol(found->second.c_str()) : fallback;
  }

 private:
  std::map<std::string, std::string> values_;
};

inline double seconds(clockid_t clock) {
  timespec time;
  clock_gettime(clock, &time);
  return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_nsec) / 1e9;
}
inline double wall_seconds() {
  return seconds(CLOCK_MONOTONIC);
}
/// User and system time of all threads of the process.
inline double cpu_seconds() {
  return seconds(CLOCK_PROCESS_CPUTIME_ID);
}

/// "VmRSS" or "VmHWM" in MB.
inline double memory_mb(std::string_view field) {
  std::ifstream status("/proc/self/status");
  for (std::string line; std::getline(status, line);) {
    if (line.starts_with(field)) return std::atof(line.c_str() + field.size() + 1) / 1024;
  }
  return 0;
}

inline double other_cpu_seconds() {
  std::ifstream stat("/proc/stat");
  std::string cpu;
  long user = 0, nice = 0, system = 0;
  stat >> cpu >> user >> nice >> system;
  return static_cast<double>(user + nice + system) / static_cast<double>(sysconf(_SC_CLK_TCK)) - cpu_seconds();
}

/// Waits, for a while, until other processes use less than a fifth of a core.
inline void wait_for_quiet() {
  for (int i = 0; i < 40; ++i) {
    const double before = other_cpu_seconds();
    std::this_thread::sleep_for(std::chrono::milliseconds(250));
    if (other_cpu_seconds() - before < 0.05) return;
  }
}

inline void emit(const char* workload, const std::string& name, int repetition, JsonObject metrics) {
  JsonObject line{{"impl", "genkit-cpp"}, {"w", workload}, {"c", name}, {"rep", repetition}};
  for (auto& metric : metrics) line[metric.key()] = metric.value();
  line["rss_mb"] = memory_mb("VmRSS");
  line["hwm_mb"] = memory_mb("VmHWM");
  std::cout << to_text(line) << std::endl;
}

/// Runs `work(n)` once to warm up and `repetitions` times for the record; it aborts by itself when a result is wrong.
template <class Work>
void measure(const char* workload, const std::string& name, long n, long warm, int repetitions, Work&& work) {
  work(warm);
  for (int repetition = 0; repetition < repetitions; ++repetition) {
    wait_for_quiet();
    const double wall = wall_seconds();
    const double cpu = cpu_seconds();
    work(n);
    const double wall_s = wall_seconds() - wall;
    const double cpu_s = cpu_seconds() - cpu;
    const auto count = static_cast<double>(n);
    emit(workload, name, repetition,
         {{"n", n},
          {"wall_s", wall_s},
          {"cpu_s", cpu_s},
          {"us_op", wall_s / count * 1e6},
          {"cpu_us_op", cpu_s / count * 1e6},
          {"ops_s", count / wall_s}});
  }
}

/// The workloads ask for all that tracing does in production, only not for sending it: with this, spans get the texts of their
/// inputs and outputs, which nobody would see without an exporter.
class DroppingExporter final : public SpanExporter {
 public:
  void on_end(std::shared_ptr<const SpanData>) override {}
};

[[noreturn]] inline void fail(const std::string& what) {
  std::cerr << "wrong result: " << what << '\n';
  std::exit(1);
}

}  // namespace genkit::bench

#endif  // GENKIT_BENCH_PEERS_BENCH_COMMON_H_
