#include <cstdint>
#include <iterator>
#include <list>
#include <mutex>
#include <unordered_map>
#include <utility>

#include <genkit/schema/validator.h>

#include "schema/draft7/budget.h"
#include "schema/draft7/value_set.h"

namespace genkit {

class SchemaCache::State {
 public:
  explicit State(const SchemaCacheOptions& options) : options_(options) {}

  std::shared_ptr<const SchemaValidator> get(const Json& schema) {
    internal::StepBudget budget(schema);
    std::uint64_t hash = internal::hash_json(schema, budget);
    if (auto found = find(hash, schema)) return found;
    // Outside of the lock: a schema that takes long must not hold up the others. Two callers may compile the same one; the first
    // to come back wins.
    auto compiled = SchemaValidator::compile(schema);
    return add(hash, schema, std::move(compiled));
  }

  std::size_t size() {
    std::lock_guard lock(mutex_);
    return entries_.size();
  }

 private:
  struct Entry {
    std::uint64_t hash;
    std::shared_ptr<const SchemaValidator> validator;
  };

  std::shared_ptr<const SchemaValidator> find(std::uint64_t hash, const Json& schema) {
    std::lock_guard lock(mutex_);
    return find_locked(hash, schema);
  }

  std::shared_ptr<const SchemaValidator> find_locked(std::uint64_t hash, const Json& schema) {
    auto [first, last] = by_hash_.equal_range(hash);
    for (auto at = first; at != last; ++at) {
      if (at->second->validator->schema() != schema) continue;
      entries_.splice(entries_.begin(), entries_, at->second);
      return at->second->validator;
    }
    return nullptr;
  }

  std::shared_ptr<const SchemaValidator> add(std::uint64_t hash, const Json& schema,
                                             std::shared_ptr<const SchemaValidator> validator) {
    std::lock_guard lock(mutex_);
    if (auto found = find_locked(hash, schema)) return found;
    if (validator->size() > options_.max_subschemas || options_.max_schemas == 0) return validator;
    entries_.push_front({hash, validator});
    by_hash_.emplace(hash, entries_.begin());
    subschemas_ += validator->size();
    while (entries_.size() > options_.max_schemas || subschemas_ > options_.max_subschemas) drop_last();
    return validator;
  }

  void drop_last() {
    auto oldest = std::prev(entries_.end());
    auto [first, last] = by_hash_.equal_range(oldest->hash);
    for (auto at = first; at != last; ++at) {
      if (at->second != oldest) continue;
      by_hash_.erase(at);
      break;
    }
    subschemas_ -= oldest->validator->size();
    entries_.pop_back();
  }

  const SchemaCacheOptions options_;
  std::mutex mutex_;
  std::list<Entry> entries_;  // the most recently used first
  std::unordered_multimap<std::uint64_t, std::list<Entry>::iterator> by_hash_;
  std::size_t subschemas_ = 0;
};

SchemaCache::SchemaCache(const SchemaCacheOptions& options) : state_(std::make_unique<State>(options)) {}

SchemaCache::~SchemaCache() = default;

std::shared_ptr<const SchemaValidator> SchemaCache::get(const Json& schema) {
  return state_->get(schema);
}

std::size_t SchemaCache::size() const {
  return state_->size();
}

}  // namespace genkit
