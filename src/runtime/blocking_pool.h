#ifndef GENKIT_SRC_RUNTIME_BLOCKING_POOL_H_
#define GENKIT_SRC_RUNTIME_BLOCKING_POOL_H_

#include <condition_variable>
#include <cstddef>
#include <exception>
#include <memory>
#include <mutex>

#include <genkit/runtime/runtime.h>
#include <genkit/runtime/wait_queue.h>

#include "runtime/context_node.h"
#include "runtime/intrusive_list.h"

namespace genkit::internal {

/// A call that waits for the pool or runs on it; lives on its caller's stack.
struct BlockingCall : ListNode<BlockingCall> {
  void (*function)(void*) = nullptr;
  void* argument = nullptr;
  std::shared_ptr<const ContextNode> context;
  std::exception_ptr error;
  bool done = false;
  WaitQueue ended;
};

/// Threads for code that blocks: as many as there are calls, up to a bound. Idle ones go away.
class BlockingPool {
 public:
  explicit BlockingPool(const RuntimeOptions& options) noexcept;

  /// Runs the call and waits for its end. A caller that is cancelled while the call still waits for a thread takes it back.
  void run(BlockingCall& call);
  std::size_t threads() noexcept;

 private:
  void enqueue(BlockingCall& call);
  void serve() noexcept;

  const std::size_t max_threads_;
  const std::size_t max_waiting_;

  std::mutex mutex_;
  std::condition_variable available_;
  List<BlockingCall> waiting_;
  std::size_t waiting_count_ = 0;
  std::size_t threads_ = 0;
  std::size_t idle_ = 0;
};

}  // namespace genkit::internal

#endif  // GENKIT_SRC_RUNTIME_BLOCKING_POOL_H_
