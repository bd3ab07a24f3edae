#ifndef GENKIT_LLAMACPP_EMBEDDER_H_
#define GENKIT_LLAMACPP_EMBEDDER_H_

#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <genkit/base/error.h>
#include <genkit/base/log.h>

#include "model.h"

namespace genkit::llama {

class EmbeddingJob;
template <class>
class JobQueue;
template <class>
class ModelThread;

struct EmbedderOptions {
  ModelSource source = {};
  int threads = 1;
  int context_size = 2048;  ///< the longest text in tokens, when the model itself can read as much
  bool truncate = false;    ///< cut longer texts instead of refusing them
  std::size_t max_queue = 1024;
  Logger logger = Logger();
};

/// One vector of length 1 for each text, or the error.
struct EmbeddingResult {
  std::vector<std::vector<float>> embeddings = {};
  std::optional<Error> error = {};
};

struct EmbeddingRequest {
  std::vector<std::string> texts = {};
  /// Called exactly once, on the model's thread.
  std::function<void(EmbeddingResult)> on_done = {};
};

/// A request that was submitted.
class Embedding {
 public:
  Embedding() = default;
  Embedding(std::shared_ptr<EmbeddingJob> job, std::shared_ptr<JobQueue<EmbeddingJob>> queue) noexcept;

  /// Ends it soon, with CANCELLED. Any thread.
  void cancel() const noexcept;

 private:
  std::shared_ptr<EmbeddingJob> job_;
  std::shared_ptr<JobQueue<EmbeddingJob>> queue_;
};

/// A model that turns texts into vectors, and the thread that it runs on. The first request loads it. Texts of concurrent
/// requests are computed together. Thread-safe.
class Embedder {
 public:
  /// Throws INVALID_ARGUMENT for options that make no sense. Does not touch the file.
  explicit Embedder(EmbedderOptions options);
  /// Ends what is running with CANCELLED.
  ~Embedder();

  /// Never waits. Throws RESOURCE_EXHAUSTED when too many requests wait already; everything else is told to `on_done`.
  Embedding submit(EmbeddingRequest request);

 private:
  std::unique_ptr<ModelThread<EmbeddingJob>> thread_;
};

}  // namespace genkit::llama

#endif  // GENKIT_LLAMACPP_EMBEDDER_H_
