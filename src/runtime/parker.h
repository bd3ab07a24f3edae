#ifndef GENKIT_SRC_RUNTIME_PARKER_H_
#define GENKIT_SRC_RUNTIME_PARKER_H_

#include <chrono>
#include <condition_variable>
#include <mutex>
#include <optional>

namespace genkit::internal {

class Fiber;

/// The one suspension point of the library. Made on the stack of the fiber or thread that is going to wait; `park` suspends it
/// until `unpark`, or returns at once when that came first. May also return for no reason: the caller looks at its condition.
///
/// Whoever unparks does so under a mutex that the waiter takes before the parker goes out of scope.
class Parker {
 public:
  using TimePoint = std::chrono::steady_clock::time_point;

  Parker() noexcept;
  Parker(const Parker&) = delete;
  Parker& operator=(const Parker&) = delete;

  void park() noexcept;
  void park_until(TimePoint time) noexcept;
  void unpark() noexcept;

 private:
  struct ThreadPark {
    ThreadPark() noexcept : token(false) {}
    std::mutex mutex;
    std::condition_variable condition;
    bool token;
  };

  Fiber* const fiber_;
  std::optional<ThreadPark> thread_;  // when there is no fiber
};

}  // namespace genkit::internal

#endif  // GENKIT_SRC_RUNTIME_PARKER_H_
