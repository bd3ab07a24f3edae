#ifndef GENKIT_SRC_RUNTIME_WORKER_H_
#define GENKIT_SRC_RUNTIME_WORKER_H_

#include <atomic>
#include <chrono>
#include <cstdint>
#include <vector>

namespace genkit::internal {

class Fiber;

/// A thread that runs fibers.
struct Worker {
  // Read by the watchdog.
  std::atomic<Fiber*> running{nullptr};
  std::atomic<std::uint64_t> switches{0};
  // Guarded by the scheduler's mutex.
  bool held = false;
  // Used by the watchdog only.
  std::uint64_t seen_switches = 0;
  std::chrono::steady_clock::time_point seen_since;
  // Used by the thread itself only.
  std::vector<Fiber*> hot_fibers;
  unsigned finished_tasks = 0;
};

}  // namespace genkit::internal

#endif  // GENKIT_SRC_RUNTIME_WORKER_H_
