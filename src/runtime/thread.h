#ifndef GENKIT_SRC_RUNTIME_THREAD_H_
#define GENKIT_SRC_RUNTIME_THREAD_H_

#include <functional>

namespace genkit::internal {

/// Starts a thread that nobody joins. Throws RESOURCE_EXHAUSTED when the system has no more.
///
/// Its signal mask is the one of the caller: programs that keep signals for one thread block them before they start any other.
void start_thread(const char* name, std::function<void()> body);

}  // namespace genkit::internal

#endif  // GENKIT_SRC_RUNTIME_THREAD_H_
