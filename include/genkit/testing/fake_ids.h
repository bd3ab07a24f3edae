#ifndef GENKIT_TESTING_FAKE_IDS_H_
#define GENKIT_TESTING_FAKE_IDS_H_

#include <atomic>
#include <cstdint>

#include <genkit/base/ids.h>

namespace genkit {

/// 1, 2, 3, …: trace and span ids that are the same in every run of a program without parallel work, for
/// `GenkitOptions::ids`. Thread-safe.
class FakeIds final : public IdSource {
 public:
  explicit FakeIds(std::uint64_t first = 1) noexcept : next_(first) {}
  std::uint64_t next() override { return next_.fetch_add(1); }

 private:
  std::atomic<std::uint64_t> next_;
};

}  // namespace genkit

#endif  // GENKIT_TESTING_FAKE_IDS_H_
