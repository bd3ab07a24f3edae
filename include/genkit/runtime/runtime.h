#ifndef GENKIT_RUNTIME_RUNTIME_H_
#define GENKIT_RUNTIME_RUNTIME_H_

#include <chrono>
#include <cstddef>

#include <genkit/base/log.h>

namespace genkit {

/// How the process runs fibers. The defaults suit nearly every program. The environment variables, where they are set, win over
/// what the program says: who runs it knows the machine.
struct RuntimeOptions {
  /// Run every fiber's body on a thread of its own, for ThreadSanitizer and for code with huge stacks.
  /// Environment: GENKIT_RUNTIME=threads, or =fibers.
  bool threads = false;
  /// Threads that share the fibers. 0: as many as the machine has hardware threads, and two at least. Environment:
  /// GENKIT_WORKERS.
  unsigned workers = 0;
  /// Bytes of stack of a fiber, without the guard below it. Only what is touched becomes resident.
  /// Environment: GENKIT_STACK_SIZE, 512K or 1M for example.
  std::size_t stack_size = std::size_t{256} * 1024;
  /// Upper bound on the threads that serve `blocking`; those that are idle go away.
  unsigned blocking_threads = 64;
  /// Calls of `blocking` that may wait for one of these threads; one more fails with RESOURCE_EXHAUSTED.
  std::size_t blocking_queue = 1024;
  /// A fiber that keeps its worker for longer than this is reported, and another worker stands in.
  std::chrono::milliseconds watchdog{250};
  /// Where such reports go.
  Logger logger = Logger();
};

/// Sets the options of the process. Throws FAILED_PRECONDITION once the runtime has started, which the first `async`, `sleep_for`
/// or `blocking` does, and INVALID_ARGUMENT for values out of range.
void configure_runtime(RuntimeOptions options);

/// What the runtime is doing; for tests and metrics.
struct RuntimeStats {
  std::size_t tasks = 0;             ///< started by `async` and not ended
  std::size_t workers = 0;           ///< threads that run fibers, those that stand in for others included
  std::size_t occupied_workers = 0;  ///< of these, held by one fiber for longer than the watchdog allows
  std::size_t blocking_threads = 0;
  std::size_t timers = 0;
  std::size_t stacks = 0;  ///< mapped for fibers, the pooled ones included
};

/// All zero before the runtime has started; does not start it.
RuntimeStats runtime_stats() noexcept;

}  // namespace genkit

#endif  // GENKIT_RUNTIME_RUNTIME_H_
