#ifndef GENKIT_BASE_CLOCK_H_
#define GENKIT_BASE_CLOCK_H_

#include <chrono>

namespace genkit {

/// Where spans get their wall-clock times from. Thread-safe. Tests inject one of their own through `GenkitOptions::clock`.
class Clock {
 public:
  virtual ~Clock() = default;
  virtual std::chrono::system_clock::time_point now() = 0;
};

/// The system's clock; lives as long as the process.
Clock& system_clock() noexcept;

}  // namespace genkit

#endif  // GENKIT_BASE_CLOCK_H_
