#ifndef GENKIT_SRC_CORE_LEFT_TASKS_H_
#define GENKIT_SRC_CORE_LEFT_TASKS_H_

#include <cstddef>
#include <mutex>
#include <utility>
#include <vector>

#include <genkit/runtime/future.h>

namespace genkit::internal {

/// Tasks that ignored their cancellation and whose callers went on without them. They stay counted, and are joined in the end.
/// Thread-safe.
class LeftTasks {
 public:
  void add(Future<void> task) {
    const std::lock_guard lock(mutex_);
    std::erase_if(tasks_, [](const Future<void>& other) { return other.ready(); });
    tasks_.push_back(std::move(task));
  }
  std::size_t running() const {
    const std::lock_guard lock(mutex_);
    std::size_t count = 0;
    for (const Future<void>& task : tasks_) count += task.ready() ? 0 : 1;
    return count;
  }
  /// Waits for the end of all that were added before.
  void join() noexcept {
    std::vector<Future<void>> tasks;
    {
      const std::lock_guard lock(mutex_);
      tasks.swap(tasks_);
    }
  }

 private:
  mutable std::mutex mutex_;
  std::vector<Future<void>> tasks_;
};

}  // namespace genkit::internal

#endif  // GENKIT_SRC_CORE_LEFT_TASKS_H_
