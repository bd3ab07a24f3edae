#include "runtime/scheduler.h"

#include <algorithm>
#include <chrono>
#include <utility>

#include "runtime/fiber.h"
#include "runtime/lent_thread.h"
#include "runtime/parker.h"
#include "runtime/runtime.h"
#include "runtime/thread.h"
#include "runtime/thread_state.h"
#include "runtime/wake_timer.h"
#include "runtime/watchdog.h"
#include "runtime/worker.h"

namespace genkit::internal {
namespace {

// Fibers that a worker keeps for its next tasks, and fibers that all share. More than these give their stacks back.
constexpr std::size_t kHotFibers = 8;
constexpr std::size_t kPooledFibers = 256;
// Every so many tasks a worker trims the fiber, so that tasks do not inherit for long what a deep one before them has touched.
constexpr unsigned kTrimInterval = 16;
// Fibers that wake each other leave the worker to the others after so many turns.
constexpr unsigned kMaxWokenInARow = 16;
constexpr std::size_t kMaxSpareWorkers = 64;
// The timer looks at so many lent threads at a time.
constexpr std::size_t kLentPerTick = 256;
constexpr std::chrono::seconds kSpareIdle{5};

std::exception_ptr no_stack_error(std::size_t stacks) {
  return std::make_exception_ptr(
      Error(Status::kResourceExhausted, "no memory for the stack of one more fiber, " + std::to_string(stacks) +
                                            " are there; start less at a time, or raise the limits of the process "
                                            "(sysctl vm.max_map_count, ulimit -v)"));
}

}  // namespace

Scheduler::Scheduler(const RuntimeOptions& options, unsigned generation, TimerQueue& timers)
    : target_workers_(options.workers),
      stack_size_(options.stack_size),
      generation_(generation),
      watchdog_(std::make_unique<Watchdog>(options, *this, timers)),
      wake_timer_(std::make_unique<WakeTimer>(*this, timers)) {}

Scheduler::~Scheduler() = default;

void Scheduler::submit(TaskState& task) {
  std::lock_guard lock(mutex_);
  if (workers_.empty()) start_worker();
  append(task);
  wake_worker();
}

void Scheduler::push(Fiber& fiber) noexcept {
  Worker* worker = Worker::take_put_off();
  if (worker == nullptr) return enqueue(fiber);
  Fiber* before = worker->woken_fiber.exchange(&fiber, std::memory_order_acq_rel);
  expect_wake();
  if (before != nullptr) enqueue(*before);
}

void Scheduler::enqueue(Runnable& runnable) noexcept {
  std::lock_guard lock(mutex_);
  append(runnable);
  wake_worker();
}

void Scheduler::expect_wake() noexcept {
  wake_timer_->expect();
}

bool Scheduler::wake_all_put_off() noexcept {
  std::lock_guard lock(mutex_);
  for (const auto& worker : workers_) wake_put_off(*worker);
  look_at_lent();
  return !lent_.empty();
}

void Scheduler::look_at_lent() noexcept {
  ++tick_;
  for (std::size_t i = 0; i < kLentPerTick && !lent_.empty() && lent_.first()->seen_tick_ != tick_; ++i) {
    LentThread& lent = *lent_.first();
    lent_.erase(lent);
    lent.seen_tick_ = tick_;
    const unsigned releases = lent.releases_.load(std::memory_order_relaxed);
    if (std::exchange(lent.seen_releases_, releases) == releases) {
      if (Runnable* runnable = lent.released_.exchange(nullptr, std::memory_order_acquire)) {
        append(*runnable);
        wake_worker();
        continue;
      }
      lent.is_slow_.store(true, std::memory_order_relaxed);
    }
    lent_.push_back(lent);
  }
}

// Its task has left the worker.
void Scheduler::lend(LentThread& lent, Fiber& task) noexcept {
  {
    std::lock_guard lock(mutex_);
    if (!List<LentThread>::contains(lent)) lent_.push_back(lent);
  }
  expect_wake();
  lent.arrive(task);  // the last that is done with it: its owner may go on at once
}

void Scheduler::end_lending(LentThread& lent) noexcept {
  if (generation_ != Runtime::generation()) return;
  std::lock_guard lock(mutex_);
  if (List<LentThread>::contains(lent)) lent_.erase(lent);
}

void Scheduler::wake_put_off(Worker& worker) noexcept {
  worker.wake_thread();
  Fiber* fiber = worker.take_woken_fiber();
  if (fiber == nullptr) return;
  append(*fiber);
  wake_worker();
}

void Scheduler::fill(RuntimeStats& stats) noexcept {
  std::lock_guard lock(mutex_);
  stats.workers = workers_.size();
  stats.occupied_workers = held_;
  stats.stacks = stacks_.load(std::memory_order_relaxed);
}

void Scheduler::append(Runnable& runnable) noexcept {
  runnable.next_ready = nullptr;
  (last_ready_ != nullptr ? last_ready_->next_ready : first_ready_) = &runnable;
  last_ready_ = &runnable;
  ++ready_count_;
}

// One worker per runnable, and none for those that a worker which is just waking is going to find.
void Scheduler::wake_worker() noexcept {
  if (ready_count_ <= waking_) return;
  if (idle_ > waking_) {
    ++waking_;
    ready_.notify_one();
  } else if (workers_.size() < target_workers_ + std::min(held_, kMaxSpareWorkers)) {
    try {
      start_worker();
    } catch (const Error&) {
      // The workers that there are will come to it, and the next runnable tries again.
    }
  }
}

void Scheduler::start_worker() {
  workers_.push_back(std::make_unique<Worker>());
  Worker& worker = *workers_.back();
  try {
    start_thread("genkit-worker", [this, &worker] { work(worker); });
  } catch (...) {
    workers_.pop_back();
    throw;
  }
  ++idle_;
  ++waking_;
}

void Scheduler::work(Worker& worker) noexcept {
  thread_state().worker = &worker;
  {
    std::lock_guard lock(mutex_);
    --idle_;
    if (waking_ > 0) --waking_;
  }
  while (Runnable* runnable = next(worker)) {
    run(worker, *runnable);
    // The fiber has forked, and this is the child process: nothing is left for its only thread to do here.
    if (Runtime::generation() != generation_) return;
  }
  for (Fiber* fiber : worker.hot_fibers) destroy(fiber);
  std::lock_guard lock(mutex_);
  std::erase_if(workers_, [&worker](const auto& other) { return other.get() == &worker; });
}

Runnable* Scheduler::next(Worker& worker) noexcept {
  worker.wake_thread();
  Fiber* woken = worker.take_woken_fiber();
  if (woken != nullptr && ++worker.woken_in_a_row < kMaxWokenInARow) return woken;
  worker.woken_in_a_row = 0;
  std::unique_lock lock(mutex_);
  if (woken != nullptr) {
    append(*woken);
    if (first_ready_ != woken) wake_worker();
  }
  if (std::exchange(worker.held, false)) --held_;
  while (first_ready_ == nullptr) {
    const bool spare = workers_.size() > target_workers_ + held_;
    bool in_time = true;
    ++idle_;
    if (spare) {
      in_time = ready_.wait_for(lock, kSpareIdle) == std::cv_status::no_timeout;
    } else {
      ready_.wait(lock);
    }
    --idle_;
    if (waking_ > 0) --waking_;
    if (!in_time && first_ready_ == nullptr && workers_.size() > target_workers_ + held_) return nullptr;
  }
  Runnable* runnable = std::exchange(first_ready_, first_ready_->next_ready);
  if (first_ready_ == nullptr) last_ready_ = nullptr;
  --ready_count_;
  return runnable;
}

void Scheduler::run(Worker& worker, Runnable& runnable) noexcept {
  TaskState* task = runnable.is_fiber ? nullptr : static_cast<TaskState*>(&runnable);
  Fiber* fiber = runnable.is_fiber ? static_cast<Fiber*>(&runnable) : take_fiber(&worker);
  if (fiber == nullptr) return task->fail(no_stack_error(stacks_.load(std::memory_order_relaxed)));
  ThreadState& thread = thread_state();
  // Counted once: a fiber that lends its worker to a task is held up by it.
  worker.switches.store(worker.switches.load(std::memory_order_relaxed) + 1, std::memory_order_relaxed);
  for (;;) {
    worker.running.store(fiber, std::memory_order_release);
    watchdog_->watch();
    const Fiber::Left left = fiber->resume(std::exchange(task, nullptr), thread);
    if (Runtime::generation() != generation_) return;
    worker.running.store(nullptr, std::memory_order_relaxed);

    if (left == Fiber::Left::kFinished) return give_back(&worker, *fiber);
    if (left == Fiber::Left::kParked && fiber->try_sleep()) return;
    if (left == Fiber::Left::kMoving) return lend(fiber->lent(), *fiber);
    if (left == Fiber::Left::kLending) {
      if (!run_lent(fiber->lent(), thread)) return;
      continue;
    }
    if (left == Fiber::Left::kYielded) {
      // Wakes nobody when this worker takes the next one of the queue at once.
      std::lock_guard lock(mutex_);
      append(*fiber);
      if (worker.has_put_off()) wake_worker();
      return;
    }
    // It was woken before it could sleep, and goes on: those that it has put off do not wait for it.
    if (worker.has_put_off()) {
      std::lock_guard lock(mutex_);
      wake_put_off(worker);
    }
  }
}

// On the stack of a worker or of a plain thread.
bool Scheduler::run_lent(LentThread& lent, ThreadState& thread) noexcept {
  auto* const fiber = static_cast<Fiber*>(std::exchange(lent.current_, nullptr));
  LentThread* const outer = std::exchange(thread.lent, &lent);
  for (;;) {
    if (thread.worker != nullptr) thread.worker->running.store(fiber, std::memory_order_release);
    const Fiber::Left left = fiber->resume(nullptr, thread);
    if (Runtime::generation() != generation_) return false;
    if (thread.worker != nullptr) thread.worker->running.store(nullptr, std::memory_order_relaxed);
    if (left == Fiber::Left::kHandedOver) {
      lent.current_ = fiber;
      break;
    }
    if (left == Fiber::Left::kLending) {
      if (!run_lent(fiber->lent(), thread)) return false;
      continue;
    }
    // It leaves, and whoever goes on with it may move it here again at once.
    lent.end();
    if (left == Fiber::Left::kParked && !fiber->try_sleep()) {
      std::lock_guard lock(mutex_);
      lent_.push_back(lent);
      continue;
    }
    if (left == Fiber::Left::kYielded) enqueue(*fiber);
    if (left == Fiber::Left::kFinished) give_back(thread.worker, *fiber);
    break;
  }
  thread.lent = outer;
  return true;
}

Fiber* Scheduler::take_fiber(Worker* worker) noexcept {
  if (worker != nullptr && !worker->hot_fibers.empty()) {
    Fiber* fiber = worker->hot_fibers.back();
    worker->hot_fibers.pop_back();
    return fiber;
  }
  {
    std::lock_guard lock(pool_mutex_);
    if (!pool_.empty()) {
      Fiber* fiber = pool_.back();
      pool_.pop_back();
      return fiber;
    }
  }
  Fiber* fiber = Fiber::create(*this, stack_size_);
  if (fiber != nullptr) stacks_.fetch_add(1, std::memory_order_relaxed);
  return fiber;
}

void Scheduler::give_back(Worker* worker, Fiber& fiber) noexcept {
  if (worker != nullptr) {
    const bool hot = worker->hot_fibers.size() < kHotFibers;
    if (!hot || ++worker->finished_tasks % kTrimInterval == 0) fiber.trim();
    if (hot) return worker->hot_fibers.push_back(&fiber);
  }
  {
    std::unique_lock lock(pool_mutex_);
    if (worker == nullptr && (pool_.size() >= kHotFibers || ++finished_on_lent_ % kTrimInterval == 0)) {
      lock.unlock();
      fiber.trim();
      lock.lock();
    }
    if (pool_.size() < kPooledFibers) return pool_.push_back(&fiber);
  }
  destroy(&fiber);
}

void Scheduler::destroy(Fiber* fiber) noexcept {
  std::lock_guard lock(pool_mutex_);
  Fiber::destroy(fiber);
  stacks_.fetch_sub(1, std::memory_order_relaxed);
}

}  // namespace genkit::internal
