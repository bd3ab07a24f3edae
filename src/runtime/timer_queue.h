#ifndef GENKIT_SRC_RUNTIME_TIMER_QUEUE_H_
#define GENKIT_SRC_RUNTIME_TIMER_QUEUE_H_

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <limits>
#include <mutex>
#include <vector>

namespace genkit::internal {

class TimerQueue;

/// Something that happens at a time. Lives where its owner keeps it, who removes it from the queue before it goes away.
class Timer {
 public:
  using TimePoint = std::chrono::steady_clock::time_point;

  explicit Timer(TimePoint time) noexcept : time_(time) {}
  virtual ~Timer() = default;
  Timer(const Timer&) = delete;
  Timer& operator=(const Timer&) = delete;

 private:
  friend class TimerQueue;
  static constexpr std::size_t kIdle = std::numeric_limits<std::size_t>::max();

  /// Called once on the timer thread, after the timer has left the queue. The queue is locked: `remove` by another thread waits
  /// for the return. What takes longer than waking somebody unlocks `queue` meanwhile, and has to take care of the timer's
  /// lifetime.
  virtual void on_time(std::unique_lock<std::mutex>& queue) noexcept = 0;

 protected:
  TimePoint time_;  // constant while in the queue

 private:
  std::size_t heap_index_ = kIdle;
  TimerQueue* queue_ = nullptr;  // the last one that it was added to
};

/// All timers of the process: a heap and one thread, which starts with the first timer.
class TimerQueue {
 public:
  void add(Timer& timer) noexcept;
  /// Does nothing when the timer is not in the queue, or in that of the process which this one was forked from.
  void remove(Timer& timer) noexcept;
  std::size_t size() noexcept;

 private:
  void start() noexcept;
  void run() noexcept;
  void place(Timer& timer, std::size_t index) noexcept;
  void sift_up(Timer& timer, std::size_t index) noexcept;
  void sift_down(Timer& timer, std::size_t index) noexcept;
  void erase(Timer& timer) noexcept;

  std::mutex mutex_;
  std::condition_variable changed_;  // there is an earlier first timer
  std::vector<Timer*> heap_;
  bool started_ = false;
};

}  // namespace genkit::internal

#endif  // GENKIT_SRC_RUNTIME_TIMER_QUEUE_H_
