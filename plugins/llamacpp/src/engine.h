#ifndef GENKIT_LLAMACPP_ENGINE_H_
#define GENKIT_LLAMACPP_ENGINE_H_

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <genkit/base/error.h>
#include <genkit/base/log.h>

#include "chat_template.h"
#include "model.h"
#include "sampler.h"

namespace genkit::llama {

class GenerationJob;
template <class>
class JobQueue;
template <class>
class ModelThread;

struct EngineOptions {
  ModelSource source = {};
  int threads = 1;
  int context_size = 2048;  ///< tokens that all sequences together may hold; rounded up to a multiple of 256
  int max_sequences = 16;   ///< generations that run at the same time, 1 to 256
  int batch_size = 512;     ///< the most tokens in one computation
  std::size_t max_queue = 1024;
  std::string chat_template = {};  ///< in place of the file's own
  Logger logger = Logger();
};

struct GenerationParams {
  SamplingParams sampling = {};
  std::optional<int> max_tokens = {};  ///< absent: as many as the context has room for
  std::vector<std::string> stop_sequences = {};
  /// What the text has to look like, in llama.cpp's notation; anything when empty.
  std::string grammar = {};
};

enum class FinishReason { kStop, kLength, kAborted };

struct GenerationUsage {
  int input_tokens = 0;
  int cached_tokens = 0;  ///< of the input: their work was done for an earlier prompt
  int output_tokens = 0;
};

/// How a generation ended. With an error, the rest tells how far it came.
struct GenerationResult {
  FinishReason finish = FinishReason::kStop;
  GenerationUsage usage = {};
  std::optional<Error> error = {};
};

struct GenerationRequest {
  std::vector<ChatMessage> messages = {};
  GenerationParams params = {};
  /// Complete characters, in order; never a part of a stop sequence. Both callbacks run on the engine's thread, where they hold
  /// up all generations: they should only pass the news on.
  std::function<void(std::string_view)> on_text = {};
  /// Called exactly once, after the last `on_text`.
  std::function<void(const GenerationResult&)> on_done = {};
};

/// A generation that was submitted. Letting go of it changes nothing; `cancel` may be called at any time, from any thread.
class Generation {
 public:
  Generation() = default;
  Generation(std::shared_ptr<GenerationJob> job, std::shared_ptr<JobQueue<GenerationJob>> queue) noexcept;

  /// Ends it within one token, with kAborted. A computation that works mostly for cancelled generations is broken off at once;
  /// one that works mostly for others is finished first.
  void cancel() const noexcept;

 private:
  std::shared_ptr<GenerationJob> job_;
  std::shared_ptr<JobQueue<GenerationJob>> queue_;
};

/// A generative model and the thread that it runs on. The first request loads it. Concurrent requests are computed together, and
/// a prompt that begins like an earlier one reuses its work. Thread-safe.
class Engine {
 public:
  /// Throws INVALID_ARGUMENT for options that make no sense. Does not touch the file.
  explicit Engine(EngineOptions options);
  /// Ends what is running with CANCELLED.
  ~Engine();

  /// Never waits. Throws RESOURCE_EXHAUSTED when too many requests wait already; everything else is told to `on_done`.
  Generation submit(GenerationRequest request);

 private:
  std::unique_ptr<ModelThread<GenerationJob>> thread_;
};

}  // namespace genkit::llama

#endif  // GENKIT_LLAMACPP_ENGINE_H_
