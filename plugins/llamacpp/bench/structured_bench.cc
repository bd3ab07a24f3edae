// How well and how fast output is kept to a schema: 1,000 answers over 20 schemas of different kinds, each checked by our
// validator, and the speed of drawing first and asking the grammar about one token, against llama.cpp's chain that masks the
// whole vocabulary.
//   genkit_llamacpp_structured_bench MODEL.gguf [ANSWERS]
// One JSON object for each schema, one for all, and one for each way and for the turns of a conversation.
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <future>
#include <memory>
#include <string>
#include <vector>

#include <llama.h>

#include <genkit/base/error.h>
#include <genkit/schema/validator.h>

#include "engine.h"
#include "grammar/schema_grammar.h"
#include "llama_log.h"
#include "model.h"
#include "structured_test_cases.h"

namespace genkit::llama {
namespace {

constexpr int kSideBySide = 10;
constexpr int kMostTokens = 500;

struct Output {
  std::string text;
  std::promise<GenerationResult> promise;
};

void start(Engine& engine, Output& output, std::vector<ChatMessage> chat, GenerationParams params) {
  engine.submit({.messages = std::move(chat),
                 .params = std::move(params),
                 .on_text = [&output](std::string_view piece) { output.text += piece; },
                 .on_done = [&output](const GenerationResult& result) { output.promise.set_value(result); }});
}

std::vector<ChatMessage> ask(const StructuredCase& one) {
  return {{"user", std::string(one.prompt) + " Answer with JSON."}};
}

GenerationParams params_for(std::string grammar, unsigned seed) {
  // One in five without chance.
  return {.sampling = {.temperature = seed % 5 == 0 ? 0.0F : 0.8F, .seed = seed},
          .max_tokens = kMostTokens,
          .grammar = std::move(grammar)};
}

struct Tally {
  int answers = 0;
  int valid = 0;
  int cut_off = 0;
  int tokens = 0;
};

void print(const char* name, const Tally& tally) {
  std::printf(R"({"w":"structured","c":"%s","answers":%d,"valid":%d,"cut_off":%d,"tokens":%d})"
              "\n",
              name, tally.answers, tally.valid, tally.cut_off, tally.tokens);
  std::fflush(stdout);
}

void take(Tally& tally, const SchemaValidator& validator, Output& output, const char* name) {
  const GenerationResult result = output.promise.get_future().get();
  ++tally.answers;
  tally.tokens += result.usage.output_tokens;
  if (result.finish == FinishReason::kLength) ++tally.cut_off;
  try {
    if (result.error) throw *result.error;
    if (validator.validate(parse_json(output.text))) {
      ++tally.valid;
      return;
    }
    std::fprintf(stderr, "%s: does not fit: %s\n", name, output.text.c_str());
  } catch (const Error& error) {
    std::fprintf(stderr, "%s: %s: %s\n", name, error.what(), output.text.c_str());
  }
}

void count_valid(Engine& engine, int answers) {
  Tally all;
  const int each = std::max(1, answers / static_cast<int>(std::size(kStructuredCases)));
  for (const StructuredCase& one : kStructuredCases) {
    const Json schema = parse_json(one.schema);
    const auto validator = SchemaValidator::compile(schema);
    const std::string grammar = schema_grammar(schema).gbnf;
    Tally tally;
    for (int done = 0; done < each; done += kSideBySide) {
      std::vector<Output> outputs(static_cast<std::size_t>(std::min(kSideBySide, each - done)));
      for (std::size_t i = 0; i < outputs.size(); ++i) {
        start(engine, outputs[i], ask(one), params_for(grammar, static_cast<unsigned>(done) + static_cast<unsigned>(i)));
      }
      for (Output& output : outputs) take(tally, *validator, output, one.name);
    }
    print(one.name, tally);
    all.answers += tally.answers;
    all.valid += tally.valid;
    all.cut_off += tally.cut_off;
    all.tokens += tally.tokens;
  }
  print("all", all);
}

double cpu_seconds() {
  timespec now{};
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) + 1e-9 * static_cast<double>(now.tv_nsec);
}

struct Speed {
  int tokens = 0;
  double cpu = 0;
  double wall = 0;
};

template <class Work>
Speed measure(const Work& work) {
  const auto begin = std::chrono::steady_clock::now();
  const double cpu = cpu_seconds();
  Speed speed;
  speed.tokens = work();
  speed.cpu = cpu_seconds() - cpu;
  speed.wall = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
  return speed;
}

void print(const char* way, const Speed& speed) {
  std::printf(R"({"w":"structured","c":"%s","tokens":%d,"tokens_per_s":%.1f,"tokens_per_cpu_s":%.1f})"
              "\n",
              way, speed.tokens, speed.tokens / speed.wall, speed.tokens / speed.cpu);
  std::fflush(stdout);
}

/// llama.cpp's own loop with its own chain, the grammar before everything else: it looks at the whole vocabulary for each token.
class MaskingLoop {
 public:
  explicit MaskingLoop(const Model& model) : model_(model), template_(model.chat_template()), batch_(512) {
    llama_context_params params = llama_context_default_params();
    params.n_ctx = 2048;
    params.n_batch = params.n_ubatch = 512;
    params.n_threads = params.n_threads_batch = 1;
    params.no_perf = true;
    context_ = make_context(model, params);
  }

  int generate(const StructuredCase& one, const std::string& grammar, unsigned seed) {
    llama_memory_clear(llama_get_memory(context_.get()), true);
    const std::vector<Token> prompt = model_.vocabulary().tokenize(template_.render(ask(one)));
    batch_.clear();
    for (std::size_t at = 0; at < prompt.size(); ++at) batch_.add(prompt[at], static_cast<int>(at), 0, at + 1 == prompt.size());
    llama_sampler* chain = make_chain(grammar, seed);
    int count = 0;
    for (; count < kMostTokens; ++count) {
      if (llama_decode(context_.get(), batch_.get()) != 0) std::abort();
      const Token token = llama_sampler_sample(chain, context_.get(), -1);
      if (model_.vocabulary().is_end(token)) break;
      batch_.clear();
      batch_.add(token, static_cast<int>(prompt.size()) + count, 0, true);
    }
    llama_sampler_free(chain);
    return count;
  }

 private:
  llama_sampler* make_chain(const std::string& grammar, unsigned seed) const {
    llama_sampler_chain_params params = llama_sampler_chain_default_params();
    params.no_perf = true;
    llama_sampler* chain = llama_sampler_chain_init(params);
    llama_sampler_chain_add(chain, llama_sampler_init_grammar(model_.vocabulary().get(), grammar.c_str(), "root"));
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
};

void compare_speed(Engine& engine, MaskingLoop& masking) {
  std::vector<std::string> grammars;
  for (const StructuredCase& one : kStructuredCases) grammars.push_back(schema_grammar(parse_json(one.schema)).gbnf);
  const auto with_engine = [&](bool constrained) {
    return measure([&] {
      int tokens = 0;
      for (std::size_t i = 0; i < grammars.size(); ++i) {
        GenerationParams params{.sampling = {.seed = 3}, .max_tokens = constrained ? kMostTokens : 40};
        if (constrained) params.grammar = grammars[i];
        Output output;
        start(engine, output, ask(kStructuredCases[i]), std::move(params));
        tokens += output.promise.get_future().get().usage.output_tokens;
      }
      return tokens;
    });
  };
  with_engine(false);
  print("free", with_engine(false));
  print("drawn, then checked", with_engine(true));
  print("masked, then drawn", measure([&] {
          int tokens = 0;
          for (std::size_t i = 0; i < grammars.size(); ++i) tokens += masking.generate(kStructuredCases[i], grammars[i], 3);
          return tokens;
        }));
}

/// A conversation of constrained answers: what each turn has to compute of its prompt.
void count_computed_tokens(Engine& engine) {
  std::vector<ChatMessage> chat;
  for (int turn = 0; turn < 4; ++turn) {
    const StructuredCase& one = kStructuredCases[turn];
    chat.push_back({"user", std::string(one.prompt) + " Answer with JSON."});
    Output output;
    start(engine, output, chat, params_for(schema_grammar(parse_json(one.schema)).gbnf, 11));
    const GenerationUsage usage = output.promise.get_future().get().usage;
    std::printf(R"({"w":"structured","c":"turn %d","prompt_tokens":%d,"computed":%d})"
                "\n",
                turn + 1, usage.input_tokens, usage.input_tokens - usage.cached_tokens);
    chat.push_back({"assistant", output.text});
  }
}

}  // namespace
}  // namespace genkit::llama

int main(int argc, char** argv) {
  using namespace genkit::llama;
  if (argc < 2) {
    std::fprintf(stderr, "usage: %s MODEL.gguf [ANSWERS]\n", argv[0]);
    return 2;
  }
  const int answers = argc > 2 ? std::atoi(argv[2]) : 1000;
  const genkit::Logger logger(genkit::LogLevel::kError);
  const LlamaLogScope log_scope(logger);
  const Model model({.name = "bare", .file = argv[1]}, [] { return false; });
  MaskingLoop masking(model);
  Engine engine({.source = {.name = "bench", .file = argv[1]}, .context_size = 6144, .logger = logger});

  compare_speed(engine, masking);
  count_computed_tokens(engine);
  if (answers > 0) count_valid(engine, answers);
}
