// How much of llama.cpp's speed the engine passes on: generation through the engine and through llama.cpp's own bare loop, by
// turns in one process, one sequence and sixteen, on an idle machine and beside threads that never rest.
//   genkit_llamacpp_bench MODEL.gguf [REPETITIONS]
// One JSON object for each run, and at the end one for each case with the median of the engine's share of the bare speed.
#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <future>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include <llama.h>

#include "engine.h"
#include "llama_log.h"
#include "model.h"

namespace genkit::llama {
namespace {

constexpr int kTokens = 96;
constexpr int kMostSequences = 16;

/// Different from the first word on, so that the engine has nothing to reuse: this is about the loop alone.
std::vector<ChatMessage> prompt(std::uint32_t seed) {
  return {
      {"user", "Number " + std::to_string(seed) + ": write a long story about a fox and a bear who travel in the mountains."}};
}

struct Run {
  int tokens = 0;
  double wall_seconds = 0;
  double cpu_seconds = 0;
};

double seconds_of(clockid_t clock) {
  timespec now{};
  clock_gettime(clock, &now);
  return static_cast<double>(now.tv_sec) + 1e-9 * static_cast<double>(now.tv_nsec);
}

/// Measures `work`, which returns how many tokens it generated. CPU time is that of the process: nothing else may compute.
template <class Work>
Run measure(const Work& work) {
  const double wall = seconds_of(CLOCK_MONOTONIC);
  const double cpu = seconds_of(CLOCK_PROCESS_CPUTIME_ID);
  Run run;
  run.tokens = work();
  run.wall_seconds = seconds_of(CLOCK_MONOTONIC) - wall;
  run.cpu_seconds = seconds_of(CLOCK_PROCESS_CPUTIME_ID) - cpu;
  return run;
}

/// The loop that every user of llama.h writes first, with the same settings as the engine.
class BareLoop {
 public:
  explicit BareLoop(const Model& model) : model_(model), template_(model.chat_template()), batch_(512) {
    llama_context_params params = llama_context_default_params();
    params.n_ctx = 2048;
    params.n_batch = params.n_ubatch = 512;
    params.n_seq_max = kMostSequences;
    params.n_threads = params.n_threads_batch = 1;
    params.kv_unified = true;
    params.no_perf = true;
    context_ = make_context(model, params);
  }

  int generate(int sequences, std::uint32_t seed) {
    llama_memory_clear(llama_get_memory(context_.get()), true);
    std::vector<llama_sampler*> samplers;
    std::vector<Token> tokens;
    std::vector<int> lengths;
    for (int i = 0; i < sequences; ++i) {
      const auto text = template_.render(prompt(seed + static_cast<std::uint32_t>(i)));
      const std::vector<Token> prompt = model_.vocabulary().tokenize(text);
      lengths.push_back(static_cast<int>(prompt.size()));
      batch_.clear();
      for (std::size_t at = 0; at < prompt.size(); ++at) {
        batch_.add(prompt[at], static_cast<int>(at), i, at + 1 == prompt.size());
      }
      decode();
      samplers.push_back(make_sampler(seed + static_cast<std::uint32_t>(i)));
      tokens.push_back(llama_sampler_sample(samplers.back(), context_.get(), -1));
    }
    for (int step = 1; step < kTokens; ++step) {
      batch_.clear();
      for (int i = 0; i < sequences; ++i) {
        const auto at = static_cast<std::size_t>(i);
        batch_.add(tokens[at], lengths[at] + step - 1, i, true);
      }
      decode();
      for (int i = 0; i < sequences; ++i) {
        const auto at = static_cast<std::size_t>(i);
        tokens[at] = llama_sampler_sample(samplers[at], context_.get(), i);
        piece_.clear();
        model_.vocabulary().append_piece(tokens[at], piece_);
      }
    }
    for (llama_sampler* sampler : samplers) llama_sampler_free(sampler);
    return sequences * kTokens;
  }

 private:
  void decode() {
    if (llama_decode(context_.get(), batch_.get()) != 0) std::abort();
  }

  static llama_sampler* make_sampler(std::uint32_t seed) {
    llama_sampler_chain_params params = llama_sampler_chain_default_params();
    params.no_perf = true;
    llama_sampler* chain = llama_sampler_chain_init(params);
    llama_sampler_chain_add(chain, llama_sampler_init_top_k(40));
    llama_sampler_chain_add(chain, llama_sampler_init_top_p(0.95F, 1));
    llama_sampler_chain_add(chain, llama_sampler_init_min_p(0.05F, 1));
    llama_sampler_chain_add(chain, llama_sampler_init_temp(0.8F));
    llama_sampler_chain_add(chain, llama_sampler_init_dist(seed));
    return chain;
  }

  const Model& model_;
  const ChatTemplate template_;
  std::unique_ptr<llama_context, LlamaDeleter> context_;
  Batch batch_;
  std::string piece_;
};

/// The same through the engine.
int generate(Engine& engine, int sequences, std::uint32_t seed) {
  std::vector<std::promise<GenerationResult>> done(static_cast<std::size_t>(sequences));
  for (int i = 0; i < sequences; ++i) {
    GenerationParams params;
    params.max_tokens = kTokens;
    params.sampling.seed = seed + static_cast<std::uint32_t>(i);
    auto& promise = done[static_cast<std::size_t>(i)];
    engine.submit({.messages = prompt(params.sampling.seed.value()),
                   .params = params,
                   .on_text = [](std::string_view) {},
                   .on_done = [&promise](const GenerationResult& result) { promise.set_value(result); }});
  }
  int tokens = 0;
  for (auto& promise : done) {
    const GenerationResult result = promise.get_future().get();
    if (result.error) {
      std::fprintf(stderr, "%s\n", result.error->what());
      std::exit(1);
    }
    tokens += result.usage.output_tokens;
  }
  return tokens;
}

/// Threads that keep every processor busy.
class Neighbours {
 public:
  explicit Neighbours(unsigned count) {
    for (unsigned i = 0; i < count; ++i) {
      threads_.emplace_back([this] {
        while (!stop_.load(std::memory_order_relaxed)) {
        }
      });
    }
  }
  ~Neighbours() {
    stop_ = true;
    for (std::thread& thread : threads_) thread.join();
  }

 private:
  std::atomic<bool> stop_ = false;
  std::vector<std::thread> threads_;
};

void print(const char* implementation, const std::string& name, int repetition, const Run& run) {
  std::printf(R"({"impl":"%s","w":"llamacpp","c":"%s","rep":%d,"tokens":%d,"tokens_per_s":%.1f,"cpu_us_op":%.0f})"
              "\n",
              implementation, name.c_str(), repetition, run.tokens, run.tokens / run.wall_seconds,
              1e6 * run.cpu_seconds / run.tokens);
  std::fflush(stdout);
}

double median(std::vector<double> values) {
  std::nth_element(values.begin(), values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2), values.end());
  return values[values.size() / 2];
}

void compare(BareLoop& bare, Engine& engine, int sequences, int repetitions, unsigned neighbours) {
  const std::string name = std::to_string(sequences) + (neighbours > 0 ? "-busy" : "");
  const Neighbours busy(neighbours);
  std::vector<double> wall_ratios;
  std::vector<double> cpu_ratios;
  for (int i = 0; i < repetitions; ++i) {
    const auto seed = static_cast<std::uint32_t>(1000 * i + 1);
    Run ours;
    Run theirs;
    // By turns who comes first: the machine's mood changes slowly.
    const auto run_bare = [&] { theirs = measure([&] { return bare.generate(sequences, seed); }); };
    const auto run_engine = [&] { ours = measure([&] { return generate(engine, sequences, seed); }); };
    i % 2 == 0 ? run_bare() : run_engine();
    i % 2 == 0 ? run_engine() : run_bare();
    print("bare", name, i, theirs);
    print("engine", name, i, ours);
    wall_ratios.push_back((ours.tokens / ours.wall_seconds) / (theirs.tokens / theirs.wall_seconds));
    cpu_ratios.push_back((theirs.cpu_seconds / theirs.tokens) / (ours.cpu_seconds / ours.tokens));
  }
  std::printf(R"({"impl":"engine/bare","w":"llamacpp","c":"%s","speed":%.3f)", name.c_str(), median(wall_ratios));
  // Beside busy threads, the process's CPU time is theirs.
  if (neighbours == 0) std::printf(R"(,"speed_by_cpu":%.3f)", median(cpu_ratios));
  std::printf("}\n");
  std::fflush(stdout);
}

}  // namespace
}  // namespace genkit::llama

int main(int argc, char** argv) {
  using namespace genkit::llama;
  if (argc < 2) {
    std::fprintf(stderr, "usage: %s MODEL.gguf [REPETITIONS]\n", argv[0]);
    return 2;
  }
  const int repetitions = argc > 2 ? std::max(1, std::atoi(argv[2])) : 5;
  const genkit::Logger logger;
  const LlamaLogScope log_scope(logger);
  const Model model({.name = "bare", .file = argv[1]}, [] { return false; });
  BareLoop bare(model);
  Engine engine({.source = {.name = "bench", .file = argv[1]}, .max_sequences = kMostSequences});
  generate(engine, 1, 1);
  bare.generate(1, 1);

  for (const int sequences : {1, kMostSequences}) {
    compare(bare, engine, sequences, repetitions, 0);
    compare(bare, engine, sequences, repetitions, std::thread::hardware_concurrency());
  }
}
