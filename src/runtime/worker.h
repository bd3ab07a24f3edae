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
/// Most fibers that wake somebody wait themselves soon after. So the wake-up is put off until then: a woken fiber goes on where
/// the other one leaves, without the cost of another thread, and a woken thread finds all that was sent to it meanwhile.
struct Worker {
  explicit Worker(bool may_put_off) noexcept : may_put_off(may_put_off) {}

  /// The worker that the calling fiber runs on, when what the fiber wakes is to be put off; else null.
  static Worker* that_puts_off() noexcept;
  /// The wake-ups put off. By the worker when its fiber has left, or by the watchdog when it does not.
  Fiber* take_woken_fiber() noexcept;
  void wake_thread() noexcept;

  // Read by the watchdog.
  std::atomic<Fiber*> running{nullptr};
  std::atomic<std::uint64_t> switches{0};
  // Put off.
  std::atomic<Fiber*> woken_fiber{nullptr};
  std::atomic<ThreadPark*> woken_thread{nullptr};
  // Guarded by the scheduler's mutex.
  bool held = false;
  // Used by the watchdog only.
  std::uint64_t seen_switches = 0;
  std::chrono::steady_clock::time_point seen_since;
  // Used by the thread itself only.
  const bool may_put_off;
  std::chrono::steady_clock::time_point awake_since;  // its fiber went on, or woke somebody at once
  unsigned woken_in_a_row = 0;
  std::vector<Fiber*> hot_fibers;
  unsigned finished_tasks = 0;
};

}  // namespace genkit::internal

#endif  // GENKIT_SRC_RUNTIME_WORKER_H_
