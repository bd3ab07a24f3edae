#ifndef GENKIT_SRC_RUNTIME_PARKER_H_
#define GENKIT_SRC_RUNTIME_PARKER_H_

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <mutex>

namespace genkit::internal {

class Fiber;

/// Where a plain thread sleeps. Counted, because a wake-up may come late and find that the thread has gone on.
class ThreadPark {
 public:
  void park() noexcept;
  void park_until(std::chrono::steady_clock::time_point time) noexcept;
  /// Lets the thread go on. It may still sleep until `wake`.
  void permit() noexcept;
  /// Gives the caller's share back.
  void wake_and_release() noexcept;

  void share() noexcept { owners_.fetch_add(1, std::memory_order_relaxed); }
  void release() noexcept {
    if (owners_.fetch_sub(1, std::memory_order_acq_rel) == 1) delete this;
  }

 private:
  ~ThreadPark() = default;

  std::atomic<unsigned> owners_{1};
  std::mutex mutex_;
  std::condition_variable condition_;
  bool permitted_ = false;
};

/// The one suspension point of the library. Made on the stack of the fiber or thread that is going to wait; `park` suspends it
/// until `unpark`, or returns at once when that came first. May also return for no reason: the caller looks at its condition.
///
/// Whoever unparks does so under a mutex that the waiter takes before the parker goes out of scope.
class Parker {
 public:
  using TimePoint = std::chrono::steady_clock::time_point;

  Parker();
  ~Parker();
  Parker(const Parker&) = delete;
  Parker& operator=(const Parker&) = delete;

  void park() noexcept;
  void park_until(TimePoint time) noexcept;
  void unpark() noexcept;

 private:
  Fiber* const fiber_;
  ThreadPark* const thread_;  // when there is no fiber
};

}  // namespace genkit::internal

#endif  // GENKIT_SRC_RUNTIME_PARKER_H_
