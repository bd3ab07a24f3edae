#include "engine.h"

#include <utility>

#include "job_queue.h"
#include "scheduler.h"

namespace genkit::llama {
namespace {

void require(bool fits, const EngineOptions& options, const std::string& what) {
  if (!fits) throw Error(Status::kInvalidArgument, "model \"" + options.source.name + "\": " + what);
}

void check(const EngineOptions& options) {
  constexpr int kMostTokens = 1 << 30;
  require(!options.source.file.empty(), options, "no file is given");
  require(options.threads >= 1 && options.threads <= 512, options,
          "threads is " + std::to_string(options.threads) + ", not between 1 and 512");
  require(options.context_size >= 1 && options.context_size <= kMostTokens, options,
          "context_size is " + std::to_string(options.context_size) + ", not between 1 and " + std::to_string(kMostTokens));
  require(options.max_sequences >= 1 && options.max_sequences <= 256, options,
          "max_sequences is " + std::to_string(options.max_sequences) + ", not between 1 and 256");
  require(options.batch_size >= options.max_sequences && options.batch_size <= 65536, options,
          "batch_size is " + std::to_string(options.batch_size) + ", not between max_sequences (" +
              std::to_string(options.max_sequences) + ") and 65536");
  require(options.max_queue >= 1, options, "max_queue is 0");
}

}  // namespace

Generation::Generation(std::shared_ptr<GenerationJob> job, std::shared_ptr<JobQueue<GenerationJob>> queue) noexcept
    : job_(std::move(job)), queue_(std::move(queue)) {}

void Generation::cancel() const noexcept {
  if (job_) queue_->cancel(*job_);
}

Engine::Engine(EngineOptions options) {
  check(options);
  std::string name = options.source.name;
  const std::size_t capacity = options.max_queue;
  thread_ = std::make_unique<ModelThread<GenerationJob>>(
      std::move(name), capacity, [options = std::move(options)](JobQueue<GenerationJob>& queue) -> std::unique_ptr<Worker> {
        return std::make_unique<Scheduler>(options, queue);
      });
}

Engine::~Engine() = default;

Generation Engine::submit(GenerationRequest request) {
  auto job = std::make_shared<GenerationJob>(std::move(request));
  thread_->submit(job);
  return Generation(std::move(job), thread_->queue());
}

}  // namespace genkit::llama
