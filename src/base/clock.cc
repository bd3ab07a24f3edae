#include <genkit/base/clock.h>

namespace genkit {
namespace {

class SystemClock final : public Clock {
 public:
  std::chrono::system_clock::time_point now() override { return std::chrono::system_clock::now(); }
};

}  // namespace

Clock& system_clock() noexcept {
  // Never destroyed: spans may end while the process exits.
  static SystemClock& clock = *new SystemClock;
  return clock;
}

}  // namespace genkit
