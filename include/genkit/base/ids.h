#ifndef GENKIT_BASE_IDS_H_
#define GENKIT_BASE_IDS_H_

#include <cstdint>
#include <string>

namespace genkit {

/// Where trace ids, span ids and UUIDs come from. Thread-safe. Tests inject one of their own through `GenkitOptions::ids`.
class IdSource {
 public:
  virtual ~IdSource() = default;
  /// 64 random bits, never 0.
  virtual std::uint64_t next() = 0;
};

/// Seeded from the operating system, one generator per thread, reseeded after a fork; lives as long as the process.
IdSource& random_ids() noexcept;

/// A version 4 UUID, "xxxxxxxx-xxxx-4xxx-yxxx-xxxxxxxxxxxx".
std::string make_uuid(IdSource& ids = random_ids());

}  // namespace genkit

#endif  // GENKIT_BASE_IDS_H_
