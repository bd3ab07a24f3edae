#ifndef GENKIT_PLUGINS_LLAMACPP_H_
#define GENKIT_PLUGINS_LLAMACPP_H_

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <genkit/base/log.h>
#include <genkit/core/plugin.h>
#include <genkit/schema/schema.h>

namespace genkit {

/// A model that writes text, from a GGUF file.
struct LlamaCppModel {
  /// Makes the model "llamacpp/<name>".
  std::string name = {};
  /// Read when the model is first used.
  std::filesystem::path file = {};
  /// Threads that compute. More than one pays only while nothing else wants the processor: two programs with two threads each
  /// on two cores are twenty times slower than with one thread each.
  int threads = 1;
  /// Tokens that all conversations in memory may have together, and so the longest that one may get. Costs memory from the start
  /// (22 KB per token for a model of 135 million parameters). Rounded up to a multiple of 256.
  int context_size = 2048;
  /// Answers that are computed at the same time, and conversations whose beginning is remembered; at most 256.
  int max_sequences = 16;
  /// The most tokens in one computation. Most programs leave this alone.
  int batch_size = 512;
  /// Layers that are computed by a graphics card, where llama.cpp was built for one; -1 for all.
  int gpu_layers = -1;
  /// Requests that may wait for their turn; more are refused with RESOURCE_EXHAUSTED.
  std::size_t max_queue = 1024;
  /// In place of the template in the file: the name of one that llama.cpp knows ("chatml", "llama3", "gemma", …), or its text.
  std::string chat_template = {};
  /// Shown to people; the name when empty.
  std::string label = {};
};

/// A model that turns texts into vectors of length 1, from a GGUF file.
struct LlamaCppEmbedder {
  /// Makes the embedder "llamacpp/<name>".
  std::string name = {};
  /// Read when the embedder is first used.
  std::filesystem::path file = {};
  int threads = 1;
  /// The longest text in tokens. Models that can read less (512 for MiniLM) set a lower limit of their own.
  int context_size = 2048;
  /// Leave out the end of texts that are too long, instead of refusing them.
  bool truncate = false;
  int gpu_layers = -1;
  std::size_t max_queue = 1024;
  std::string label = {};
  /// Length of the vectors, for tools that list embedders; 0 when unknown.
  std::int64_t dimensions = 0;
};

struct LlamaCppOptions {
  std::vector<LlamaCppModel> models = {};
  std::vector<LlamaCppEmbedder> embedders = {};
  /// Gets what llama.cpp says while it works for this plugin.
  Logger logger = Logger();
};

/// The options of a call (`GenerateOptions::config`), as JSON in camelCase: {"temperature": 0.2, "maxOutputTokens": 100}.
struct LlamaCppConfig {
  double temperature = 0.8;
  std::optional<int> max_output_tokens = {};
  int top_k = 40;
  double top_p = 0.95;
  double min_p = 0.05;
  double repeat_penalty = 1.0;
  std::optional<std::uint32_t> seed = {};
  std::optional<std::vector<std::string>> stop_sequences = {};
  ExtraMembers extra = {};
};
constexpr auto describe(Type<LlamaCppConfig>) {
  return fields(
             field<&LlamaCppConfig::temperature>("Randomness: 0 always takes the likeliest token").minimum(0).maximum(100),
             field<&LlamaCppConfig::max_output_tokens>("Upper bound on the length of the answer; absent: what fits").minimum(1),
             field<&LlamaCppConfig::top_k>("Only the K likeliest tokens are considered; 0: all").minimum(0),
             field<&LlamaCppConfig::top_p>("Only the likeliest tokens that together reach this probability")
                 .minimum(0)
                 .maximum(1),
             field<&LlamaCppConfig::min_p>("Only tokens at least this likely, relative to the likeliest").minimum(0).maximum(1),
             field<&LlamaCppConfig::repeat_penalty>("Above 1: tokens of the last 64 become less likely")
                 .minimum(0.01)
                 .maximum(100),
             field<&LlamaCppConfig::seed>("The same seed gives the same choices; random when absent"),
             field<&LlamaCppConfig::stop_sequences>("The answer ends before the first of these"))
      .camel_case_keys();
}

/// Models that run inside this process, by llama.cpp.
///
/// Each model has one thread that computes; flows and other callers only wait for it. Concurrent requests are computed together,
/// and the next turn of a conversation reuses the work of the turns before. Cancelling a call ends its computation within one
/// token. Throws INVALID_ARGUMENT for options that make no sense; files are looked at when a model is first used.
///
///     genkit::Genkit ai({.plugins = {genkit::llamacpp({.models = {{.name = "smollm2", .file = "SmolLM2-135M.gguf"}}})},
///                        .model = "llamacpp/smollm2"});
std::shared_ptr<Plugin> llamacpp(LlamaCppOptions options);

}  // namespace genkit

#endif  // GENKIT_PLUGINS_LLAMACPP_H_
