#include "runtime/worker.h"

#include "runtime/parker.h"
#include "runtime/thread_state.h"

namespace genkit::internal {
namespace {

// At most so often a worker wakes others at once.
constexpr std::chrono::microseconds kWakeInterval{200};

}  // namespace

Worker* Worker::take_put_off() noexcept {
  const ThreadState& thread = thread_state();
  if (thread.fiber == nullptr || thread.worker == nullptr) return nullptr;
  const auto now = std::chrono::steady_clock::now();
  if (now - thread.worker->last_wake < kWakeInterval) return thread.worker;
  thread.worker->last_wake = now;
  return nullptr;
}

Fiber* Worker::take_woken_fiber() noexcept {
  if (woken_fiber.load(std::memory_order_relaxed) == nullptr) return nullptr;
  return woken_fiber.exchange(nullptr, std::memory_order_acq_rel);
}

void Worker::wake_thread() noexcept {
  if (woken_thread.load(std::memory_order_relaxed) == nullptr) return;
  if (ThreadPark* thread = woken_thread.exchange(nullptr, std::memory_order_acq_rel)) thread->wake_and_release();
}

}  // namespace genkit::internal
