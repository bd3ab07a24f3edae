#ifndef GENKIT_SRC_RUNTIME_WORKER_H_
#define GENKIT_SRC_RUNTIME_WORKER_H_

#include <atomic>
#include <chrono>
#include <cstdint>
#include <vector>

namespace genkit::internal {

class Fiber;
class ThreadPark;

/// A thread that runs fibers.
///
/// Waking another thread costs more than most of what fibers do in between. So a worker wakes at once only every now and then;
/// what its fiber wakes sooner is put off until the fiber leaves, or until `WakeTimer` comes. A fiber that was put off goes on
/// where the other one left, and a thread finds all that was sent to it meanwhile.
struct Worker {
  /// The worker of the calling fiber, when a wake-up is to be put off there; null when it is to be done, which counts as done.
  static Worker* take_put_off() noexcept;
  Fiber* take_woken_fiber() noexcept;
  void wake_thread() noexcept;
  bool has_put_off() const noexcept {
    return woken_fiber.load(std::memory_order_relaxed) != nullptr || woken_thread.load(std::memory_order_relaxed) != nullptr;
  }

  // Read by the watchdog.
  std::atomic<Fiber*> running{nullptr};
  std::atomic<std::uint64_t> switches{0};
  // Wake-ups that were put off, the latest of each kind. Taken by the worker, or by the timer.
  std::atomic<Fiber*> woken_fiber{nullptr};
  std::atomic<ThreadPark*> woken_thread{nullptr};
  // Guarded by the scheduler's mutex.
  bool held = false;
  // Used by the watchdog only.
  std::uint64_t seen_switches = 0;
  std::chrono::steady_clock::time_point seen_since;
  // Used by the thread itself only.
  std::chrono::steady_clock::time_point last_wake;
  unsigned woken_in_a_row = 0;
  std::vector<Fiber*> hot_fibers;
  unsigned finished_tasks = 0;
};

}  // namespace genkit::internal

#endif  // GENKIT_SRC_RUNTIME_WORKER_H_
