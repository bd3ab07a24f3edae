#include "generation.h"

#include <utility>

namespace genkit::llama {

void GenerationJob::emit(std::string_view text) {
  if (!text.empty() && request_.on_text) request_.on_text(text);
}

void GenerationJob::finish(const GenerationResult& result) noexcept {
  const auto on_done = std::exchange(request_.on_done, nullptr);
  request_.on_text = nullptr;
  if (on_done) on_done(result);
}

ActiveGeneration::ActiveGeneration(std::shared_ptr<GenerationJob> job, std::vector<Token> prompt, std::uint64_t order,
                                   const Vocabulary& vocabulary)
    : job_(std::move(job)),
      tokens_(std::move(prompt)),
      prompt_size_(tokens_.size()),
      order_(order),
      vocabulary_(vocabulary),
      sampler_(job_->params().sampling),
      stops_(job_->params().stop_sequences) {
  usage_.input_tokens = static_cast<int>(tokens_.size());
  const std::string& grammar = job_->params().grammar;
  if (!grammar.empty()) constraint_ = std::make_unique<Constraint>(vocabulary, grammar);
}

void ActiveGeneration::advance(std::span<const float> logits, std::size_t room) {
  const std::optional<Token> token = sampler_.sample(logits, constraint_.get());
  if (!token) return fail(no_token());
  if (vocabulary_.is_end(*token)) return finish(FinishReason::kStop);

  sampler_.accept(*token);
  if (constraint_) constraint_->accept(*token);
  tokens_.push_back(*token);
  ++usage_.output_tokens;

  bytes_.clear();
  characters_.clear();
  text_.clear();
  vocabulary_.append_piece(*token, bytes_);
  joiner_.push(bytes_, characters_);
  const bool stopped = stops_.push(characters_, text_);
  job_->emit(text_);

  if (stopped) {
    finished_ = true;
    job_->finish({.finish = FinishReason::kStop, .usage = usage_});
  } else if (constraint_ && constraint_->is_complete()) {
    finish(FinishReason::kStop);
  } else if (usage_.output_tokens == job_->params().max_tokens || tokens_.size() > room) {
    finish(FinishReason::kLength);
  }
}

Error ActiveGeneration::no_token() const {
  if (constraint_)
    return Error(Status::kInternal, "the vocabulary of the model has no token that the grammar of the output allows");
  return Error(Status::kInternal, "the model computed no probabilities; its file may be damaged");
}

void ActiveGeneration::emit_and_close_text() {
  characters_.clear();
  text_.clear();
  joiner_.finish(characters_);
  if (!stops_.push(characters_, text_)) stops_.finish(text_);
  job_->emit(text_);
}

void ActiveGeneration::finish(FinishReason reason) {
  if (reason != FinishReason::kAborted) emit_and_close_text();
  finished_ = true;
  job_->finish({.finish = reason, .usage = usage_});
}

void ActiveGeneration::fail(const Error& error) noexcept {
  finished_ = true;
  job_->finish({.finish = FinishReason::kAborted, .usage = usage_, .error = error});
}

}  // namespace genkit::llama
