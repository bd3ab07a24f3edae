#include <genkit/base/ids.h>

#include <atomic>
#include <bit>
#include <cstddef>
#include <random>

#if defined(__unix__) || defined(__APPLE__)
#include <pthread.h>
#include <sys/random.h>
#include <unistd.h>
#define GENKIT_HAS_FORK 1
#else
#define GENKIT_HAS_FORK 0
#endif

namespace genkit {
namespace {

// Counts the forks that lie between the first process and this one; a generator of an older count is a copy of its parent's.
std::atomic<std::uint64_t> fork_generation{1};

/// xoshiro256++ 1.0 by Blackman and Vigna (https://prng.di.unimi.it). Fit for ids, not for secrets.
struct Generator {
  std::uint64_t state[4];
  std::uint64_t generation = 0;  // never seeded

  void seed() {
    bool seeded = false;
#if GENKIT_HAS_FORK
    seeded = ::getentropy(state, sizeof state) == 0;
#endif
    if (!seeded) {
      std::random_device device;
      for (std::uint64_t& word : state) word = (std::uint64_t{device()} << 32) | device();
    }
    state[0] |= 1;  // the all-zero state is the one that xoshiro cannot leave
  }

  std::uint64_t next() {
    std::uint64_t result = std::rotl(state[0] + state[3], 23) + state[0];
    std::uint64_t shifted = state[1] << 17;
    state[2] ^= state[0];
    state[3] ^= state[1];
    state[1] ^= state[2];
    state[0] ^= state[3];
    state[2] ^= shifted;
    state[3] = std::rotl(state[3], 45);
    return result;
  }
};

class RandomIds final : public IdSource {
 public:
  RandomIds() {
#if GENKIT_HAS_FORK
    ::pthread_atfork(nullptr, nullptr, [] { fork_generation.fetch_add(1, std::memory_order_relaxed); });
#endif
  }

  std::uint64_t next() override {
    // Constant-initialised, so that the access is one instruction and needs no guard.
    static constinit thread_local Generator generator{};
    std::uint64_t generation = fork_generation.load(std::memory_order_relaxed);
    if (generator.generation != generation) {
      generator.seed();
      generator.generation = generation;
    }
    for (;;) {
      if (std::uint64_t id = generator.next(); id != 0) return id;
    }
  }
};

}  // namespace

IdSource& random_ids() noexcept {
  // Never destroyed: spans may begin while the process exits.
  static RandomIds& ids = *new RandomIds;
  return ids;
}

std::string make_uuid(IdSource& ids) {
  constexpr char kHex[] = "0123456789abcdef";
  std::uint64_t high = (ids.next() & ~std::uint64_t{0xF000}) | 0x4000;
  std::uint64_t low = (ids.next() & ~(std::uint64_t{3} << 62)) | (std::uint64_t{2} << 62);
  std::string uuid(36, '-');
  std::size_t at = 0;
  for (int digit = 0; digit < 32; ++digit) {
    if (digit == 8 || digit == 12 || digit == 16 || digit == 20) ++at;
    std::uint64_t half = digit < 16 ? high : low;
    uuid[at++] = kHex[(half >> (60 - 4 * (digit % 16))) & 15];
  }
  return uuid;
}

}  // namespace genkit
