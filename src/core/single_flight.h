#ifndef GENKIT_SRC_CORE_SINGLE_FLIGHT_H_
#define GENKIT_SRC_CORE_SINGLE_FLIGHT_H_

#include <exception>
#include <memory>
#include <mutex>

#include <genkit/base/error.h>
#include <genkit/runtime/channel.h>
#include <genkit/runtime/context.h>

namespace genkit::internal {

/// Lets one of several simultaneous callers do a piece of work while the others wait for its outcome. What the work throws goes
/// to all of them; the next caller tries again. Work that ends because its caller is cancelled is begun anew by one of the
/// others.
class SingleFlight {
 public:
  /// Calls `work` unless it is running already, in which case this waits for that run. Waiting ends with CANCELLED when the
  /// waiter is cancelled.
  template <class Work>
  void run(Work&& work) {
    std::unique_lock lock(mutex_);
    while (const std::shared_ptr<Attempt> attempt = running_) {
      while (!attempt->done) changed_.wait(lock);
      if (attempt->abandoned) continue;
      if (attempt->error) std::rethrow_exception(attempt->error);
      return;
    }
    const auto attempt = running_ = std::make_shared<Attempt>();
    lock.unlock();
    try {
      work();
    } catch (...) {
      attempt->error = std::current_exception();
      const Status caller = Context::current().cancel_status();
      attempt->abandoned = caller != Status::kOk && to_error(attempt->error).status() == caller;
    }
    lock.lock();
    attempt->done = true;
    running_.reset();
    changed_.notify_all();
    lock.unlock();
    if (attempt->error) std::rethrow_exception(attempt->error);
  }

 private:
  struct Attempt {
    bool done = false;
    bool abandoned = false;
    std::exception_ptr error;
  };

  std::mutex mutex_;
  WaitQueue changed_;
  std::shared_ptr<Attempt> running_;
};

}  // namespace genkit::internal

#endif  // GENKIT_SRC_CORE_SINGLE_FLIGHT_H_
