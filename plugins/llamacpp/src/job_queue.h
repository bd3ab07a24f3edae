#ifndef GENKIT_LLAMACPP_JOB_QUEUE_H_
#define GENKIT_LLAMACPP_JOB_QUEUE_H_

#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <exception>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include <genkit/base/error.h>

namespace genkit::llama {

/// What someone waits for: ends exactly once, by `fail` or in a way of its own, on the model's thread.
class Job {
 public:
  virtual ~Job() = default;
  virtual void fail(const Error& error) noexcept = 0;

  bool cancelled() const noexcept { return cancelled_.load(std::memory_order_relaxed); }

 private:
  template <class>
  friend class JobQueue;
  std::atomic<bool> cancelled_ = false;
};

/// The jobs that wait for a model. Any thread pushes and cancels; the model's thread takes.
template <class JobType>
class JobQueue {
 public:
  JobQueue(std::string model, std::size_t capacity) : model_(std::move(model)), capacity_(capacity) {}

  /// Throws RESOURCE_EXHAUSTED when too many wait.
  void push(std::shared_ptr<JobType> job) {
    const std::lock_guard lock(mutex_);
    if (jobs_.size() >= capacity_) {
      throw Error(Status::kResourceExhausted, "model \"" + model_ + "\": " + std::to_string(capacity_) +
                                                  " requests are waiting; try again later or raise max_queue");
    }
    jobs_.push_back(std::move(job));
    changed_.notify_one();
  }

  /// The job ends soon, wherever it is. Never blocks for long.
  void cancel(Job& job) noexcept {
    const std::lock_guard lock(mutex_);
    job.cancelled_.store(true, std::memory_order_relaxed);
    cancellations_.fetch_add(1, std::memory_order_release);
    changed_.notify_one();
  }

  /// Nothing more is wanted.
  void close() noexcept {
    const std::lock_guard lock(mutex_);
    closed_.store(true, std::memory_order_release);
    changed_.notify_one();
  }

  bool closed() const noexcept { return closed_.load(std::memory_order_acquire); }
  /// Grows with each cancellation: cheap enough to be asked in the middle of a computation.
  std::uint64_t cancellations() const noexcept { return cancellations_.load(std::memory_order_acquire); }

  /// Waits for a job; false once closed.
  bool wait() {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [this] { return closed() || !jobs_.empty(); });
    return !closed();
  }

  /// The next job that is still wanted, or nullptr.
  std::shared_ptr<JobType> take() {
    const std::lock_guard lock(mutex_);
    if (jobs_.empty()) return nullptr;
    std::shared_ptr<JobType> job = std::move(jobs_.front());
    jobs_.pop_front();
    return job;
  }

  /// All that were cancelled while they waited.
  std::vector<std::shared_ptr<JobType>> take_cancelled() {
    std::vector<std::shared_ptr<JobType>> taken;
    if (cancellations() == cleared_) return taken;
    const std::lock_guard lock(mutex_);
    cleared_ = cancellations();
    std::erase_if(jobs_, [&taken](const auto& job) {
      if (!job->cancelled()) return false;
      taken.push_back(job);
      return true;
    });
    return taken;
  }

  /// Fails those that wait now, not what comes while they are told.
  void fail_all(const Error& error) noexcept {
    std::deque<std::shared_ptr<JobType>> failed;
    {
      const std::lock_guard lock(mutex_);
      failed.swap(jobs_);
    }
    for (const auto& job : failed) job->fail(error);
  }

 private:
  const std::string model_;
  const std::size_t capacity_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<std::shared_ptr<JobType>> jobs_;
  std::atomic<bool> closed_ = false;
  std::atomic<std::uint64_t> cancellations_ = 0;
  std::uint64_t cleared_ = 0;  // of the model's thread
};

/// What runs on the thread of a model.
class Worker {
 public:
  virtual ~Worker() = default;
  /// Takes jobs and does a bounded piece of work. False when there is nothing left to do.
  virtual bool step() = 0;
  /// Ends all jobs that it has taken.
  virtual void fail_all(const Error& error) noexcept = 0;
};

/// A thread for one model. It starts with the first job, makes its worker (which loads the model) on itself, sleeps without
/// jobs, and ends with its owner. When loading fails, the jobs that wait fail with that error, and the next job tries again; when
/// the worker itself fails, the jobs that it has taken fail, and the others get a new one.
template <class JobType>
class ModelThread {
 public:
  using Queue = JobQueue<JobType>;
  using MakeWorker = std::function<std::unique_ptr<Worker>(Queue&)>;

  ModelThread(std::string model, std::size_t capacity, MakeWorker make_worker)
      : queue_(std::make_shared<Queue>(std::move(model), capacity)), make_worker_(std::move(make_worker)) {}

  ~ModelThread() {
    const std::lock_guard lock(mutex_);
    queue_->close();
    if (!thread_.joinable()) return;
    // A callback of a job may hold the last reference to us.
    thread_.get_id() == std::this_thread::get_id() ? thread_.detach() : thread_.join();
  }
  ModelThread(const ModelThread&) = delete;
  ModelThread& operator=(const ModelThread&) = delete;

  void submit(std::shared_ptr<JobType> job) {
    {
      const std::lock_guard lock(mutex_);
      if (!thread_.joinable()) thread_ = std::thread(run, queue_, make_worker_);
    }
    queue_->push(std::move(job));
  }

  const std::shared_ptr<Queue>& queue() const noexcept { return queue_; }

 private:
  static void run(const std::shared_ptr<Queue>& queue, const MakeWorker& make_worker) {
    std::unique_ptr<Worker> worker;
    while (queue->wait()) {
      try {
        if (!worker) worker = make_worker(*queue);
        while (!queue->closed() && worker->step()) {
        }
      } catch (...) {
        const Error error = to_error(std::current_exception());
        if (!worker) queue->fail_all(error);
        if (worker) worker->fail_all(error);
        worker.reset();
      }
    }
    const Error gone(Status::kCancelled, "the model was closed while requests were running");
    if (worker) worker->fail_all(gone);
    queue->fail_all(gone);
  }

  const std::shared_ptr<Queue> queue_;
  const MakeWorker make_worker_;
  std::mutex mutex_;
  std::thread thread_;
};

}  // namespace genkit::llama

#endif  // GENKIT_LLAMACPP_JOB_QUEUE_H_
