#ifndef GENKIT_LLAMACPP_SCHEDULER_H_
#define GENKIT_LLAMACPP_SCHEDULER_H_

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <vector>

#include "answer_memory.h"
#include "engine.h"
#include "generation.h"
#include "job_queue.h"
#include "llama_log.h"
#include "model.h"
#include "sequence_pool.h"

namespace genkit::llama {

/// Runs all generations of one model in common computations ("continuous batching"). Each step computes one token for every
/// generation that is answering, and beside them a part of the prompts that are new, so that a long prompt does not hold up
/// answers that are under way. Lives on the model's thread.
class Scheduler final : public Worker {
 public:
  /// Loads the model.
  Scheduler(const EngineOptions& options, JobQueue<GenerationJob>& queue);

  bool step() override;
  void fail_all(const Error& error) noexcept override;

 private:
  using Active = std::unique_ptr<ActiveGeneration>;

  // Taking requests in and letting them go.
  void drop_cancelled();
  void admit();
  /// The next request with its prompt in tokens, or nullptr; a request that cannot be run is failed.
  Active next_waiting();
  Active prepare(std::shared_ptr<GenerationJob> job);
  bool fits(const ActiveGeneration& generation) const;
  /// False when no sequence is free.
  bool start(Active& generation);
  void remove_finished();
  /// Takes the memory of a generation away and lets it wait for its turn; the work is done again then, what it has said stays.
  void preempt(Active generation);

  // One computation.
  void fill_batch();
  std::size_t prefill_budget(int answering) const;
  void add_tokens(ActiveGeneration& generation, std::size_t count);
  void compute();
  /// Makes memory available after llama.cpp found none; false when there is no more to be had.
  bool make_room();
  void recover_from_abort();
  void take_outputs();
  void measure(std::chrono::steady_clock::duration elapsed);
  /// Asked by llama.cpp in the middle of a computation, on this thread.
  bool should_abort();

  void forget(int sequence, std::size_t from);

  const Logger logger_;
  LlamaLogScope log_scope_;
  JobQueue<GenerationJob>& queue_;
  const Model model_;
  const ChatTemplate template_;
  std::unique_ptr<llama_context, LlamaDeleter> context_;
  const std::size_t context_size_;
  Batch batch_;
  const bool can_fork_;
  SequencePool pool_;
  AnswerMemory answers_;

  std::vector<Active> active_;  ///< in the order of their requests
  std::deque<Active> waiting_;  ///< prepared, but without memory
  std::uint64_t requests_ = 0;
  std::uint64_t seen_cancellations_ = 0;
  double tokens_per_second_ = 0;  ///< of computations that hold more than single tokens; 0 until measured
};

}  // namespace genkit::llama

#endif  // GENKIT_LLAMACPP_SCHEDULER_H_
