#ifndef GENKIT_SRC_BASE_JSON_MEMORY_H_
#define GENKIT_SRC_BASE_JSON_MEMORY_H_

#include <cstddef>
#include <optional>
#include <utility>

#include <boost/json/monotonic_resource.hpp>
#include <boost/json/storage_ptr.hpp>

namespace genkit::internal {

/// Where values live that all go at once, which makes them cheap. A copy of such a value lives there, too, unless it is given
/// another place.
class JsonMemory {
 public:
  explicit JsonMemory(boost::json::storage_ptr upstream = {}) : upstream_(std::move(upstream)) { release(); }
  JsonMemory(const JsonMemory&) = delete;
  JsonMemory& operator=(const JsonMemory&) = delete;

  /// That of `memory`, or where values live by default when that is null.
  static boost::json::storage_ptr storage_of(JsonMemory* memory) {
    return memory != nullptr ? boost::json::storage_ptr(&*memory->resource_) : boost::json::storage_ptr();
  }
  /// All values must be gone. A resource of its own each time: Boost's asks for twice as much after each of its releases.
  void release() { resource_.emplace(kFirstBlock, upstream_); }

 private:
  static constexpr std::size_t kFirstBlock = 1024;

  boost::json::storage_ptr upstream_;
  std::optional<boost::json::monotonic_resource> resource_;  // always at the same place
};

}  // namespace genkit::internal

#endif  // GENKIT_SRC_BASE_JSON_MEMORY_H_
