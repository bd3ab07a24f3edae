#ifndef GENKIT_LLAMACPP_GENERATION_H_
#define GENKIT_LLAMACPP_GENERATION_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "constraint.h"
#include "engine.h"
#include "job_queue.h"
#include "stop_matcher.h"
#include "utf8.h"

namespace genkit::llama {

/// A request on its way through the engine, as its submitter sees it.
class GenerationJob final : public Job {
 public:
  explicit GenerationJob(GenerationRequest request) : request_(std::move(request)) {}

  const std::vector<ChatMessage>& messages() const noexcept { return request_.messages; }
  const GenerationParams& params() const noexcept { return request_.params; }

  void emit(std::string_view text);
  /// The first call counts; what the callbacks hold is released.
  void finish(const GenerationResult& result) noexcept;
  void fail(const Error& error) noexcept override { finish({.finish = FinishReason::kAborted, .error = error}); }

 private:
  GenerationRequest request_;
};

/// A generation that has its prompt: what was said so far, and how the next token is chosen.
class ActiveGeneration {
 public:
  /// Throws INTERNAL when the grammar of the job is none. `vocabulary` must outlive this.
  ActiveGeneration(std::shared_ptr<GenerationJob> job, std::vector<Token> prompt, std::uint64_t order,
                   const Vocabulary& vocabulary);

  GenerationJob& job() const noexcept { return *job_; }
  /// Prompt and answer.
  const std::vector<Token>& tokens() const noexcept { return tokens_; }
  /// What was answered so far.
  std::span<const Token> answer() const noexcept { return std::span(tokens_).subspan(prompt_size_); }
  /// Earlier requests have smaller ones.
  std::uint64_t order() const noexcept { return order_; }
  bool has_output() const noexcept { return usage_.output_tokens > 0; }
  bool finished() const noexcept { return finished_; }
  void set_cached_tokens(std::size_t count) noexcept { usage_.cached_tokens = static_cast<int>(count); }

  /// Chooses the next token and passes its text on; finishes when it is the last. `room`: how many tokens the context holds.
  void advance(std::span<const float> logits, std::size_t room);
  void finish(FinishReason reason);
  void fail(const Error& error) noexcept;

  // Where the scheduler put it.
  int sequence = -1;
  std::size_t decoded = 0;  ///< tokens whose work is done
  std::size_t shared = 0;   ///< of these, the ones that another sequence's memory holds too
  int step_tokens = 0;      ///< tokens in the computation that is running
  int output_index = -1;    ///< of its logits, when this computation yields them
  bool is_prefilling() const noexcept { return decoded + 1 < tokens_.size() || !has_output(); }
  std::size_t pending() const noexcept { return tokens_.size() - decoded; }

 private:
  void emit_and_close_text();
  Error no_token() const;

  std::shared_ptr<GenerationJob> job_;
  std::vector<Token> tokens_;
  const std::size_t prompt_size_;
  const std::uint64_t order_;
  const Vocabulary& vocabulary_;
  Sampler sampler_;
  std::unique_ptr<Constraint> constraint_;
  Utf8Joiner joiner_;
  StopMatcher stops_;
  GenerationUsage usage_;
  bool finished_ = false;
  std::string bytes_;
  std::string characters_;
  std::string text_;
};

}  // namespace genkit::llama

#endif  // GENKIT_LLAMACPP_GENERATION_H_
