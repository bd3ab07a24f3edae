#include "runtime/thread.h"

#include <string>
#include <system_error>
#include <thread>
#include <utility>

#include <genkit/base/error.h>

#if defined(__linux__)
#include <pthread.h>
#endif

namespace genkit::internal {

void start_thread(const char* name, std::function<void()> body) {
  try {
    std::thread([name, body = std::move(body)] {
#if defined(__linux__)
      pthread_setname_np(pthread_self(), name);
#else
      static_cast<void>(name);
#endif
      body();
    }).detach();
  } catch (const std::system_error& error) {
    throw Error(Status::kResourceExhausted,
                std::string("cannot start the thread \"") + name + "\": " + error.what() +
                    "; raise the limit on processes (ulimit -u), or start less at a time",
                nullptr, std::current_exception());
  }
}

}  // namespace genkit::internal
