#include "scheduler.h"

#include <algorithm>
#include <exception>
#include <string>
#include <utility>

#include <llama.h>

namespace genkit::llama {
namespace {

/// How long a computation may take for prompts' sake, while answers are under way and while there are none.
constexpr double kSecondsBesideAnswers = 0.1;
constexpr double kSecondsAlone = 1.0;
/// Parts of a prompt that are smaller than this waste more than they save.
constexpr std::size_t kSmallestPart = 16;
constexpr std::size_t kFirstPart = 64;

std::string subject(const Model& model) {
  return "model \"" + model.name() + "\": ";
}

std::string template_text(const EngineOptions& options, const Model& model) {
  if (!options.chat_template.empty()) return options.chat_template;
  std::string text = model.chat_template();
  if (text.empty()) {
    throw Error(Status::kInvalidArgument,
                subject(model) +
                    "its file holds no chat template, so it may not be made for conversations; name one that it "
                    "understands in LlamaCppModel::chat_template, for example \"chatml\"");
  }
  return text;
}

llama_context_params context_params(const EngineOptions& options, const Model& model, const Logger& logger) {
  llama_context_params params = llama_context_default_params();
  const auto trained = static_cast<int>(model.summary().context_length);
  const int wanted = std::min(options.context_size, trained);
  if (wanted < options.context_size) {
    logger.warning(subject(model) + "context_size " + std::to_string(options.context_size) + " is more than the model was " +
                   "trained on, using " + std::to_string(wanted));
  }
  params.n_ctx = (static_cast<std::uint32_t>(wanted) + 255) / 256 * 256;
  params.n_batch = std::min(params.n_ctx, static_cast<std::uint32_t>(options.batch_size));
  params.n_ubatch = params.n_batch;
  params.n_seq_max = static_cast<std::uint32_t>(options.max_sequences);
  params.n_threads = options.threads;
  params.n_threads_batch = options.threads;
  params.no_perf = true;
  // One memory for all: a lone conversation may use the whole context, and forks share what they have in common.
  params.kv_unified = true;
  return params;
}

bool can_fork(const Model& model) {
  return !llama_model_is_recurrent(model.get()) && !llama_model_is_hybrid(model.get());
}

Error no_generator(const Model& model) {
  return Error(Status::kInvalidArgument, subject(model) + "a model of architecture \"" + model.summary().architecture +
                                             "\" does not generate text token by token; is it an embedder?");
}

Model load(const EngineOptions& options, const JobQueue<GenerationJob>& queue) {
  Model model(options.source, [&queue] { return queue.closed(); });
  if (!llama_model_has_decoder(model.get()) || llama_model_has_encoder(model.get()) || llama_model_is_diffusion(model.get())) {
    throw no_generator(model);
  }
  return model;
}

}  // namespace

Scheduler::Scheduler(const EngineOptions& options, JobQueue<GenerationJob>& queue)
    : logger_(options.logger),
      log_scope_(logger_),
      queue_(queue),
      model_(load(options, queue)),
      template_(template_text(options, model_)),
      context_(make_context(model_, context_params(options, model_, logger_))),
      context_size_(llama_n_ctx_seq(context_.get())),
      batch_(static_cast<int>(llama_n_batch(context_.get()))),
      can_fork_(can_fork(model_)),
      pool_(options.max_sequences, can_fork_),
      answers_(4 * context_size_) {
  if (llama_get_memory(context_.get()) == nullptr) throw no_generator(model_);
  llama_set_abort_callback(context_.get(), [](void* self) { return static_cast<Scheduler*>(self)->should_abort(); }, this);
}

bool Scheduler::step() {
  drop_cancelled();
  admit();
  if (active_.empty()) return false;
  fill_batch();
  compute();
  remove_finished();
  return true;
}

void Scheduler::fail_all(const Error& error) noexcept {
  for (const Active& generation : active_) generation->fail(error);
  for (const Active& generation : waiting_) generation->fail(error);
  active_.clear();
  waiting_.clear();
}

void Scheduler::drop_cancelled() {
  for (const auto& job : queue_.take_cancelled()) job->finish({.finish = FinishReason::kAborted});
  for (const Active& generation : active_) {
    if (generation->job().cancelled()) generation->finish(FinishReason::kAborted);
  }
  remove_finished();
  std::erase_if(waiting_, [](const Active& generation) {
    if (generation->job().cancelled()) generation->finish(FinishReason::kAborted);
    return generation->finished();
  });
}

void Scheduler::admit() {
  while (Active generation = next_waiting()) {
    if ((active_.empty() || fits(*generation)) && start(generation)) continue;
    waiting_.push_front(std::move(generation));
    return;
  }
}

Scheduler::Active Scheduler::next_waiting() {
  if (!waiting_.empty()) {
    Active generation = std::move(waiting_.front());
    waiting_.pop_front();
    return generation;
  }
  while (auto job = queue_.take()) {
    if (Active generation = prepare(std::move(job))) return generation;
  }
  return nullptr;
}

Scheduler::Active Scheduler::prepare(std::shared_ptr<GenerationJob> job) {
  try {
    const std::vector<PromptPiece> pieces = template_.render(job->messages());
    std::size_t bytes = 0;
    for (const PromptPiece& piece : pieces) bytes += piece.text.size();

    // Without this, somebody's megabytes would hold up all others while they are turned into tokens in vain.
    std::size_t count = model_.vocabulary().fewest_tokens(bytes);
    std::vector<Token> prompt;
    if (count < context_size_) {
      prompt = model_.vocabulary().tokenize(pieces, [this](std::string_view text) { return answers_.find(text); });
      count = prompt.size();
    }
    if (prompt.empty() && count == 0) throw Error(Status::kInvalidArgument, subject(model_) + "the prompt is empty");
    if (count >= context_size_) {
      throw Error(Status::kInvalidArgument, subject(model_) + "the prompt has " + (prompt.empty() ? "at least " : "") +
                                                std::to_string(count) + " tokens, the context holds " +
                                                std::to_string(context_size_) +
                                                ": shorten the prompt or raise context_size (the model was trained on " +
                                                std::to_string(model_.summary().context_length) + ")");
    }
    return std::make_unique<ActiveGeneration>(job, std::move(prompt), ++requests_, model_.vocabulary());
  } catch (...) {
    job->fail(to_error(std::current_exception()));
    return nullptr;
  }
}

/// Counts forks as if they shared what they had in common at the start; when that turns out wrong, `make_room` corrects it.
bool Scheduler::fits(const ActiveGeneration& generation) const {
  std::size_t used = generation.tokens().size() + 1;
  for (const Active& other : active_) used += other->tokens().size() - other->shared + 1;
  return used <= context_size_;
}

bool Scheduler::start(Active& generation) {
  const auto choice = pool_.acquire(generation->tokens());
  if (!choice) return false;

  generation->sequence = choice->sequence;
  generation->decoded = choice->reused;
  if (choice->source != choice->sequence) {
    const auto length = static_cast<llama_pos>(choice->reused);
    llama_memory_seq_rm(llama_get_memory(context_.get()), choice->sequence, -1, -1);
    llama_memory_seq_cp(llama_get_memory(context_.get()), choice->source, choice->sequence, 0, length);
    generation->shared = choice->reused;
  } else {
    forget(choice->sequence, choice->reused);
    generation->decoded = pool_.tokens(choice->sequence).size();
  }
  if (!generation->has_output()) generation->set_cached_tokens(generation->decoded);
  active_.push_back(std::move(generation));
  return true;
}

void Scheduler::forget(int sequence, std::size_t from) {
  llama_memory_t memory = llama_get_memory(context_.get());
  if (!llama_memory_seq_rm(memory, sequence, static_cast<llama_pos>(from), -1)) {
    // Some memories cannot drop a part of a sequence.
    llama_memory_seq_rm(memory, sequence, -1, -1);
    from = 0;
  }
  pool_.truncate(sequence, from);
}

void Scheduler::remove_finished() {
  std::erase_if(active_, [this](const Active& generation) {
    if (!generation->finished()) return false;
    pool_.release(generation->sequence);
    std::string text;
    for (const Token token : generation->answer()) model_.vocabulary().append_piece(token, text);
    answers_.remember(std::move(text), {generation->answer().begin(), generation->answer().end()});
    return true;
  });
}

void Scheduler::preempt(Active generation) {
  forget(generation->sequence, 0);
  pool_.release(generation->sequence);
  generation->sequence = -1;
  generation->decoded = 0;
  generation->shared = 0;
  const auto later =
      std::find_if(waiting_.begin(), waiting_.end(), [&](const Active& other) { return other->order() > generation->order(); });
  waiting_.insert(later, std::move(generation));
}

void Scheduler::fill_batch() {
  batch_.clear();
  std::vector<ActiveGeneration*> prefilling;
  int answering = 0;
  for (const Active& generation : active_) {
    generation->step_tokens = 0;
    generation->output_index = -1;
    if (generation->is_prefilling()) {
      prefilling.push_back(generation.get());
    } else {
      add_tokens(*generation, 1);
      ++answering;
    }
  }

  // Equal shares; what short prompts leave of theirs goes to the longer ones.
  std::sort(prefilling.begin(), prefilling.end(), [](const auto* a, const auto* b) { return a->pending() < b->pending(); });
  std::size_t budget = std::min<std::size_t>(prefill_budget(answering), static_cast<std::size_t>(batch_.room()));
  for (std::size_t i = 0; i < prefilling.size() && budget > 0; ++i) {
    const std::size_t share = std::max<std::size_t>(1, budget / (prefilling.size() - i));
    const std::size_t count = std::min(share, prefilling[i]->pending());
    add_tokens(*prefilling[i], count);
    budget -= count;
  }
}

std::size_t Scheduler::prefill_budget(int answering) const {
  if (tokens_per_second_ == 0) return kFirstPart;
  const double seconds = answering > 0 ? kSecondsBesideAnswers : kSecondsAlone;
  const double tokens = tokens_per_second_ * seconds - answering;
  return std::max(kSmallestPart, static_cast<std::size_t>(std::max(0.0, tokens)));
}

void Scheduler::add_tokens(ActiveGeneration& generation, std::size_t count) {
  for (std::size_t i = 0; i < count; ++i) {
    const std::size_t at = generation.decoded + i;
    const bool last = at + 1 == generation.tokens().size();
    const int index = batch_.add(generation.tokens()[at], static_cast<int>(at), generation.sequence, last);
    if (last) generation.output_index = index;
  }
  generation.step_tokens = static_cast<int>(count);
}

void Scheduler::compute() {
  const auto begin = std::chrono::steady_clock::now();
  log_scope_.expect(LogLevel::kWarning);  // that there is no memory: see make_room
  seen_cancellations_ = queue_.cancellations();
  for (;;) {
    const int status = llama_decode(context_.get(), batch_.get());
    switch (status) {
      case 0:
        measure(std::chrono::steady_clock::now() - begin);
        return take_outputs();
      case 1:
        if (!make_room()) return;
        continue;
      case 2:
        return recover_from_abort();
      default:
        throw Error(Status::kInternal, subject(model_) + "llama_decode failed with " + std::to_string(status) + " for " +
                                           std::to_string(batch_.size()) + " tokens of " + std::to_string(active_.size()) +
                                           " generations; llama.cpp's log, written to ours, says why");
    }
  }
}

bool Scheduler::make_room() {
  // First what only might be of use again.
  if (const auto sequence = pool_.evict()) {
    forget(*sequence, 0);
    return true;
  }
  // Then the youngest of several generations, so that the oldest are sure to come to an end.
  if (active_.size() > 1) {
    Active youngest = std::move(active_.back());
    active_.pop_back();
    preempt(std::move(youngest));
    fill_batch();
    return true;
  }
  ActiveGeneration& last = *active_.front();
  if (last.has_output()) {
    last.finish(FinishReason::kLength);
  } else {
    last.fail(Error(Status::kResourceExhausted, subject(model_) + "the context of " + std::to_string(context_size_) +
                                                    " tokens has no room for the prompt; raise context_size"));
  }
  return false;
}

/// What a broken-off computation had done is void: llama.cpp has removed it. The others' tokens are still ours, and the next
/// step computes them again; no answer loses anything but the time.
void Scheduler::recover_from_abort() {
  for (const Active& generation : active_) {
    const llama_pos last = llama_memory_seq_pos_max(llama_get_memory(context_.get()), generation->sequence);
    // A state that is one sum may have been written over half-way.
    const std::size_t kept =
        can_fork_ ? std::min({static_cast<std::size_t>(last + 1), generation->decoded, generation->tokens().size() - 1}) : 0;
    forget(generation->sequence, kept);
    generation->decoded = pool_.tokens(generation->sequence).size();
  }
}

void Scheduler::take_outputs() {
  const auto vocabulary_size = static_cast<std::size_t>(model_.vocabulary().size());
  for (const Active& generation : active_) {
    if (generation->step_tokens == 0) continue;
    const auto count = static_cast<std::size_t>(generation->step_tokens);
    pool_.append(generation->sequence, std::span(generation->tokens()).subspan(generation->decoded, count));
    generation->decoded += count;
    if (generation->output_index < 0 || generation->job().cancelled()) continue;
    const float* logits = llama_get_logits_ith(context_.get(), generation->output_index);
    try {
      generation->advance({logits, vocabulary_size}, context_size_);
    } catch (...) {
      // What one caller's callback throws is no affair of the others.
      generation->fail(to_error(std::current_exception()));
    }
  }
}

void Scheduler::measure(std::chrono::steady_clock::duration elapsed) {
  if (batch_.size() < static_cast<int>(kSmallestPart)) return;
  const double speed = batch_.size() / std::max(1e-6, std::chrono::duration<double>(elapsed).count());
  tokens_per_second_ = tokens_per_second_ == 0 ? speed : 0.7 * tokens_per_second_ + 0.3 * speed;
}

bool Scheduler::should_abort() {
  const std::uint64_t cancellations = queue_.cancellations();
  if (cancellations == seen_cancellations_ && !queue_.closed()) return false;
  seen_cancellations_ = cancellations;

  // Breaking off costs the others this step. It pays when at least half of the work is for nobody.
  int unwanted = 0;
  for (const Active& generation : active_) {
    if (generation->job().cancelled()) unwanted += generation->step_tokens;
  }
  const bool abort = queue_.closed() || 2 * unwanted >= batch_.size();
  if (abort) log_scope_.expect(LogLevel::kError);
  return abort;
}

}  // namespace genkit::llama
