#include "runtime/worker.h"

#include "runtime/parker.h"
#include "runtime/thread_state.h"

namespace genkit::internal {
namespace {

// A fiber that has run for longer than this without waiting may be at a long computation: what it wakes then is woken at once,
// which costs no more than another tenth of its time.
constexpr std::chrono::microseconds kSoon{20};

}  // namespace

Worker* Worker::that_puts_off() noexcept {
  const ThreadState& thread = thread_state();
  if (thread.fiber == nullptr || thread.worker == nullptr || !thread.worker->may_put_off) return nullptr;
  const auto now = std::chrono::steady_clock::now();
  if (now - thread.worker->awake_since < kSoon) return thread.worker;
  thread.worker->awake_since = now;
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
