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

ActiveGeneration::ActiveGeneration(std::shared_ptr<GenerationJob> job, std::vector<Token> prompt, std::uint64_t order)
    : job_(std::move(job)),
      tokens_(std::move(prompt)),
      order_(order),
      sampler_(job_->params().sampling),
      stops_(job_->params().stop_sequences) {
  usage_.input_tokens = static_cast<int>(tokens_.size());
}

void ActiveGeneration::advance(std::span<const float> logits, const Vocabulary& vocabulary, std::size_t room) {
  const std::optional<Token> token = sampler_.sample(logits);
  if (!token) return fail(Error(Status::kInternal, "the model computed no probabilities; its file may be damaged"));
  if (vocabulary.is_end(*token)) return finish(FinishReason::kStop);

  sampler_.accept(*token);
  tokens_.push_back(*token);
  ++usage_.output_tokens;

  bytes_.clear();
  characters_.clear();
  text_.clear();
  vocabulary.append_piece(*token, bytes_);
  joiner_.push(bytes_, characters_);
  const bool stopped = stops_.push(characters_, text_);
  job_->emit(text_);

  if (stopped) {
    finished_ = true;
    job_->finish({.finish = FinishReason::kStop, .usage = usage_});
  } else if (usage_.output_tokens == job_->params().max_tokens || tokens_.size() > room) {
    finish(FinishReason::kLength);
  }
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
