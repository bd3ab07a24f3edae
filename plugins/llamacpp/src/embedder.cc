#include "embedder.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <deque>
#include <exception>
#include <utility>

#include <llama.h>

#include "job_queue.h"
#include "llama_log.h"

namespace genkit::llama {

/// A request on its way, with the texts that are still to be done.
class EmbeddingJob final : public Job {
 public:
  explicit EmbeddingJob(EmbeddingRequest request) : request_(std::move(request)) {}

  const std::vector<std::string>& texts() const noexcept { return request_.texts; }

  void fail(const Error& error) noexcept override { finish({.embeddings = {}, .error = error}); }
  void finish(EmbeddingResult result) noexcept {
    finished = true;
    if (const auto on_done = std::exchange(request_.on_done, nullptr)) on_done(std::move(result));
  }

  // The worker's notes.
  std::vector<std::vector<Token>> prompts = {};
  std::vector<std::vector<float>> embeddings = {};
  std::size_t computed = 0;  ///< texts that are done
  std::size_t batched = 0;   ///< texts that are done or in the computation that is running
  bool finished = false;

 private:
  EmbeddingRequest request_;
};

namespace {

/// Texts share a computation up to this many tokens. Each pays for the attention of all, so more would be slower again.
constexpr int kSharedTokens = 512;
constexpr int kSharedTexts = 64;

std::string subject(const std::string& model) {
  return "embedder \"" + model + "\": ";
}

Error cancelled_error(const std::string& model) {
  return Error(Status::kCancelled, subject(model) + "the request was cancelled");
}

llama_context_params context_params(const EmbedderOptions& options, const Model& model) {
  const GgufSummary& summary = model.summary();
  // Generative models do not say how to pool, and the mean is what works best of them.
  const std::uint64_t pooling = summary.pooling.value_or(LLAMA_POOLING_TYPE_MEAN);
  if (pooling < LLAMA_POOLING_TYPE_MEAN || pooling > LLAMA_POOLING_TYPE_LAST) {
    throw Error(Status::kInvalidArgument, subject(model.name()) + "the file wants pooling type " + std::to_string(pooling) +
                                              ", which gives no embedding for a text; is it a reranker?");
  }
  llama_context_params params = llama_context_default_params();
  params.n_ctx = std::min(static_cast<std::uint32_t>(options.context_size), static_cast<std::uint32_t>(summary.context_length));
  params.n_batch = params.n_ctx;
  // Bidirectional attention wants a text in one piece.
  params.n_ubatch = params.n_ctx;
  params.n_seq_max = kSharedTexts;
  params.n_threads = options.threads;
  params.n_threads_batch = options.threads;
  params.pooling_type = static_cast<enum llama_pooling_type>(pooling);
  params.embeddings = true;
  params.kv_unified = true;
  params.no_perf = true;
  return params;
}

class EmbeddingWorker final : public Worker {
 public:
  EmbeddingWorker(const EmbedderOptions& options, JobQueue<EmbeddingJob>& queue)
      : logger_(options.logger),
        log_scope_(logger_),
        truncate_(options.truncate),
        queue_(queue),
        model_(options.source, [&queue] { return queue.closed(); }),
        context_(make_context(model_, context_params(options, model_))),
        capacity_(std::min<std::size_t>(llama_n_batch(context_.get()), llama_n_ubatch(context_.get()))),
        batch_(static_cast<int>(capacity_)) {
    llama_set_abort_callback(
        context_.get(), [](void* self) { return static_cast<EmbeddingWorker*>(self)->should_abort(); }, this);
  }

  bool step() override {
    take_jobs();
    if (jobs_.empty()) return false;
    fill_batch();
    compute();
    return true;
  }

  void fail_all(const Error& error) noexcept override {
    for (const auto& job : jobs_) job->fail(error);
    jobs_.clear();
  }

 private:
  /// A text in the computation that is running: its index is its sequence.
  struct Entry {
    EmbeddingJob* job;
    int tokens;
  };

  void take_jobs() {
    const Error cancelled = cancelled_error(model_.name());
    for (const auto& job : queue_.take_cancelled()) job->fail(cancelled);
    for (const auto& job : jobs_) {
      if (job->cancelled()) job->fail(cancelled);
    }
    std::erase_if(jobs_, [](const auto& job) { return job->finished; });
    while (jobs_.size() < kSharedTexts) {
      auto job = queue_.take();
      if (!job) return;
      if (prepare(*job)) jobs_.push_back(std::move(job));
    }
  }

  /// False when the job has ended already.
  bool prepare(EmbeddingJob& job) {
    try {
      for (std::size_t i = 0; i < job.texts().size(); ++i) job.prompts.push_back(tokenize(job.texts()[i], i));
      job.embeddings.resize(job.prompts.size());
      if (job.prompts.empty()) job.finish({});
    } catch (...) {
      job.fail(to_error(std::current_exception()));
    }
    return !job.finished;
  }

  std::vector<Token> tokenize(const std::string& text, std::size_t index) const {
    std::vector<Token> tokens = model_.vocabulary().tokenize_document(text);
    const auto problem = [&](const std::string& what) {
      return Error(Status::kInvalidArgument, subject(model_.name()) + "input " + std::to_string(index) + " " + what);
    };
    if (tokens.empty()) throw problem("is empty");
    if (tokens.size() <= capacity_) return tokens;
    if (!truncate_) {
      throw problem("has " + std::to_string(tokens.size()) + " tokens, the model reads at most " + std::to_string(capacity_) +
                    ": split it into smaller documents, or set truncate to leave the rest out");
    }
    // The last token marks the end of the text and stays.
    tokens[capacity_ - 1] = tokens.back();
    tokens.resize(capacity_);
    return tokens;
  }

  /// One text of each request in turn, so that a long list does not hold up a single question.
  void fill_batch() {
    batch_.clear();
    entries_.clear();
    for (const auto& job : jobs_) job->batched = job->computed;
    for (bool added = true; added;) {
      added = false;
      for (const auto& job : jobs_) added = add_text(*job) || added;
    }
  }

  bool add_text(EmbeddingJob& job) {
    if (job.batched == job.prompts.size() || entries_.size() == kSharedTexts) return false;
    const std::vector<Token>& tokens = job.prompts[job.batched];
    const auto count = static_cast<int>(tokens.size());
    if (batch_.size() > 0 && (batch_.room() < count || batch_.size() + count > kSharedTokens)) return false;
    for (int i = 0; i < count; ++i) {
      batch_.add(tokens[static_cast<std::size_t>(i)], i, static_cast<int>(entries_.size()), true);
    }
    ++job.batched;
    entries_.push_back({&job, count});
    return true;
  }

  void compute() {
    log_scope_.expect(LogLevel::kWarning);
    seen_cancellations_ = queue_.cancellations();
    if (llama_memory_t memory = llama_get_memory(context_.get())) llama_memory_clear(memory, false);
    const bool only_encodes = llama_model_has_encoder(model_.get()) && !llama_model_has_decoder(model_.get());
    aborted_ = false;
    const int status = only_encodes ? llama_encode(context_.get(), batch_.get()) : llama_decode(context_.get(), batch_.get());
    if (aborted_) return;
    if (status != 0) {
      throw Error(Status::kInternal, subject(model_.name()) + "llama.cpp failed with " + std::to_string(status) + " for " +
                                         std::to_string(batch_.size()) + " tokens; its log, written to ours, says why");
    }
    for (std::size_t i = 0; i < entries_.size(); ++i) take_output(static_cast<int>(i), *entries_[i].job);
    for (const auto& job : jobs_) {
      if (job->computed == job->prompts.size()) job->finish({.embeddings = std::move(job->embeddings)});
    }
  }

  void take_output(int sequence, EmbeddingJob& job) {
    const float* values = llama_get_embeddings_seq(context_.get(), sequence);
    if (values == nullptr) throw Error(Status::kInternal, subject(model_.name()) + "llama.cpp made no embedding");
    std::vector<float> vector(values, values + llama_model_n_embd_out(model_.get()));
    double sum = 0;
    for (const float value : vector) sum += static_cast<double>(value) * value;
    if (!std::isfinite(sum)) throw Error(Status::kInternal, subject(model_.name()) + "the embedding is not a number");
    const double factor = sum > 0 ? 1 / std::sqrt(sum) : 0;
    for (float& value : vector) value = static_cast<float>(value * factor);
    job.embeddings[job.computed++] = std::move(vector);
  }

  bool should_abort() {
    const std::uint64_t cancellations = queue_.cancellations();
    if (cancellations == seen_cancellations_ && !queue_.closed()) return false;
    seen_cancellations_ = cancellations;

    // The others' texts are computed again: that pays when at least half of the work is for nobody.
    int unwanted = 0;
    for (const Entry& entry : entries_) unwanted += entry.job->cancelled() ? entry.tokens : 0;
    aborted_ = queue_.closed() || 2 * unwanted >= batch_.size();
    if (aborted_) log_scope_.expect(LogLevel::kError);
    return aborted_;
  }

  const Logger logger_;
  LlamaLogScope log_scope_;
  const bool truncate_;
  JobQueue<EmbeddingJob>& queue_;
  const Model model_;
  std::unique_ptr<llama_context, LlamaDeleter> context_;
  const std::size_t capacity_;
  Batch batch_;
  std::deque<std::shared_ptr<EmbeddingJob>> jobs_;
  std::vector<Entry> entries_;
  std::uint64_t seen_cancellations_ = 0;
  bool aborted_ = false;
};

void check(const EmbedderOptions& options) {
  const auto require = [&](bool fits, const std::string& what) {
    if (!fits) throw Error(Status::kInvalidArgument, subject(options.source.name) + what);
  };
  require(!options.source.file.empty(), "no file is given");
  require(options.threads >= 1 && options.threads <= 512,
          "threads is " + std::to_string(options.threads) + ", not between 1 and 512");
  require(options.context_size >= 1 && options.context_size <= 1 << 20,
          "context_size is " + std::to_string(options.context_size) + ", not between 1 and " + std::to_string(1 << 20));
  require(options.max_queue >= 1, "max_queue is 0");
}

}  // namespace

Embedding::Embedding(std::shared_ptr<EmbeddingJob> job, std::shared_ptr<JobQueue<EmbeddingJob>> queue) noexcept
    : job_(std::move(job)), queue_(std::move(queue)) {}

void Embedding::cancel() const noexcept {
  if (job_) queue_->cancel(*job_);
}

Embedder::Embedder(EmbedderOptions options) {
  check(options);
  std::string name = options.source.name;
  const std::size_t capacity = options.max_queue;
  thread_ = std::make_unique<ModelThread<EmbeddingJob>>(
      std::move(name), capacity, [options = std::move(options)](JobQueue<EmbeddingJob>& queue) -> std::unique_ptr<Worker> {
        return std::make_unique<EmbeddingWorker>(options, queue);
      });
}

Embedder::~Embedder() = default;

Embedding Embedder::submit(EmbeddingRequest request) {
  auto job = std::make_shared<EmbeddingJob>(std::move(request));
  thread_->submit(job);
  return Embedding(std::move(job), thread_->queue());
}

}  // namespace genkit::llama
