#ifndef GENKIT_SRC_RUNTIME_THREAD_STATE_H_
#define GENKIT_SRC_RUNTIME_THREAD_STATE_H_

#include <memory>

#include "runtime/context_node.h"

#if defined(__GNUC__)
#define GENKIT_NOINLINE [[gnu::noinline]]
#else
#define GENKIT_NOINLINE __declspec(noinline)
#endif

namespace genkit::internal {

class Fiber;
class LentThread;
struct Worker;

/// The only thread-local state of the library: the current context and the fiber that runs now, both of which a worker exchanges
/// when it switches fibers, and the worker itself.
///
/// A fiber may be on another thread after each wait, and compilers compute the address of a thread-local once per function. So
/// these accessors are opaque to the optimiser, and code that can suspend never keeps what they return.
struct ThreadState {
  std::shared_ptr<const ContextNode> context;
  Fiber* fiber = nullptr;
  Worker* worker = nullptr;    // of this thread, if it is one
  LentThread* lent = nullptr;  // while the fiber runs for an owner who waits on this thread
};

GENKIT_NOINLINE ThreadState& thread_state() noexcept;

/// The fiber of the caller; null on a plain thread.
GENKIT_NOINLINE Fiber* current_fiber() noexcept;

/// Identifies the calling fiber, or the calling plain thread.
const void* execution_id() noexcept;

}  // namespace genkit::internal

#endif  // GENKIT_SRC_RUNTIME_THREAD_STATE_H_
