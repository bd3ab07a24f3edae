#include "runtime/timer_queue.h"

#include <genkit/base/error.h>
#include <genkit/base/log.h>

#include "runtime/thread.h"

namespace genkit::internal {

void TimerQueue::add(Timer& timer) noexcept {
  std::lock_guard lock(mutex_);
  if (!started_) start();
  timer.queue_ = this;
  heap_.push_back(&timer);
  sift_up(timer, heap_.size() - 1);
  if (heap_.front() == &timer) changed_.notify_one();
}

void TimerQueue::start() noexcept {
  try {
    start_thread("genkit-timer", [this] { run(); });
    started_ = true;
  } catch (const Error& error) {
    Logger().error("time limits and sleeps are late until the next one can start their thread: " + error.message());
  }
}

void TimerQueue::remove(Timer& timer) noexcept {
  if (timer.queue_ != this) return;
  std::lock_guard lock(mutex_);
  if (timer.heap_index_ != Timer::kIdle) erase(timer);
}

std::size_t TimerQueue::size() noexcept {
  std::lock_guard lock(mutex_);
  return heap_.size();
}

void TimerQueue::run() noexcept {
  std::unique_lock lock(mutex_);
  for (;;) {
    if (heap_.empty()) {
      changed_.wait(lock);
      continue;
    }
    Timer& timer = *heap_.front();
    // A copy: the timer may be gone before the wait is over.
    const Timer::TimePoint time = timer.time_;
    if (std::chrono::steady_clock::now() < time) {
      changed_.wait_until(lock, time);
      continue;
    }
    erase(timer);
    timer.on_time(lock);
  }
}

void TimerQueue::place(Timer& timer, std::size_t index) noexcept {
  heap_[index] = &timer;
  timer.heap_index_ = index;
}

void TimerQueue::sift_up(Timer& timer, std::size_t index) noexcept {
  while (index > 0) {
    const std::size_t parent = (index - 1) / 2;
    if (heap_[parent]->time_ <= timer.time_) break;
    place(*heap_[parent], index);
    index = parent;
  }
  place(timer, index);
}

void TimerQueue::sift_down(Timer& timer, std::size_t index) noexcept {
  for (;;) {
    std::size_t child = 2 * index + 1;
    if (child >= heap_.size()) break;
    if (child + 1 < heap_.size() && heap_[child + 1]->time_ < heap_[child]->time_) ++child;
    if (timer.time_ <= heap_[child]->time_) break;
    place(*heap_[child], index);
    index = child;
  }
  place(timer, index);
}

void TimerQueue::erase(Timer& timer) noexcept {
  const std::size_t index = timer.heap_index_;
  timer.heap_index_ = Timer::kIdle;
  Timer* last = heap_.back();
  heap_.pop_back();
  if (last == &timer) return;
  // The last one fills the gap and moves to its place, in whichever direction that is.
  sift_down(*last, index);
  if (last->heap_index_ == index) sift_up(*last, index);
}

}  // namespace genkit::internal
