#ifndef GENKIT_TESTING_FAKE_CLOCK_H_
#define GENKIT_TESTING_FAKE_CLOCK_H_

#include <chrono>
#include <cstddef>
#include <mutex>
#include <set>

#include <genkit/base/clock.h>
#include <genkit/runtime/wait_queue.h>

namespace genkit {

struct FakeClockOptions {
  /// What the clock shows at first: midnight UTC at the start of 2025.
  std::chrono::system_clock::time_point start{std::chrono::seconds(1'735'689'600)};
  /// Added by every look at the clock, so that no two spans have the same times.
  std::chrono::nanoseconds tick{0};
  /// `sleep_for` returns at once and moves the clock by the time that it would have taken.
  bool skip_sleeps = false;
};

/// A clock that stands still until the test moves it. Give it to `GenkitOptions::clock` for the times of spans, and to a
/// `ScriptedModel` for its delays. Time limits of calls (`.timeout`) are not measured by it: they are real time. Thread-safe.
///
///     genkit::FakeClock clock;
///     auto waiting = genkit::async([&] { clock.sleep_for(2s); });
///     clock.wait_for_sleepers(1);
///     clock.advance(2s);
///     waiting.get();
class FakeClock final : public Clock {
 public:
  using TimePoint = std::chrono::system_clock::time_point;

  explicit FakeClock(FakeClockOptions options = {});

  TimePoint now() override;
  /// Moves the clock and lets everybody go on whose time has come.
  void advance(std::chrono::nanoseconds duration);
  /// Waits until the clock has been moved by `duration`. Throws CANCELLED or DEADLINE_EXCEEDED when the caller's context ends.
  void sleep_for(std::chrono::nanoseconds duration);
  /// How many wait in `sleep_for` for a time that has not come.
  std::size_t sleepers() const;
  /// Waits until at least `count` do: what a test waits for before it moves the clock.
  void wait_for_sleepers(std::size_t count);

 private:
  std::size_t count_sleepers() const;

  const FakeClockOptions options_;
  mutable std::mutex mutex_;
  internal::WaitQueue moved_;
  internal::WaitQueue slept_;
  TimePoint now_;
  std::multiset<TimePoint> ends_;  // of those who sleep
};

}  // namespace genkit

#endif  // GENKIT_TESTING_FAKE_CLOCK_H_
