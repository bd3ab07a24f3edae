#include <genkit/testing/fake_clock.h>

#include <iterator>

#include <genkit/runtime/context.h>

namespace genkit {

FakeClock::FakeClock(FakeClockOptions options) : options_(options), now_(options.start) {}

FakeClock::TimePoint FakeClock::now() {
  const std::lock_guard lock(mutex_);
  const TimePoint shown = now_;
  now_ += std::chrono::duration_cast<TimePoint::duration>(options_.tick);
  return shown;
}

void FakeClock::advance(std::chrono::nanoseconds duration) {
  const std::lock_guard lock(mutex_);
  now_ += std::chrono::duration_cast<TimePoint::duration>(duration);
  moved_.notify_all();
}

void FakeClock::sleep_for(std::chrono::nanoseconds duration) {
  Context::current().check();
  if (options_.skip_sleeps) {
    advance(duration);
    return;
  }
  std::unique_lock lock(mutex_);
  const TimePoint end = now_ + std::chrono::duration_cast<TimePoint::duration>(duration);
  if (end <= now_) return;

  const auto entry = ends_.insert(end);
  slept_.notify_all();
  try {
    while (now_ < end) moved_.wait(lock);
  } catch (...) {
    ends_.erase(entry);
    throw;
  }
  ends_.erase(entry);
}

std::size_t FakeClock::count_sleepers() const {
  return static_cast<std::size_t>(std::distance(ends_.upper_bound(now_), ends_.end()));
}

std::size_t FakeClock::sleepers() const {
  const std::lock_guard lock(mutex_);
  return count_sleepers();
}

void FakeClock::wait_for_sleepers(std::size_t count) {
  std::unique_lock lock(mutex_);
  while (count_sleepers() < count) slept_.wait(lock);
}

}  // namespace genkit
