#ifndef GENKIT_SRC_CORE_ACTION_TABLE_H_
#define GENKIT_SRC_CORE_ACTION_TABLE_H_

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <mutex>
#include <string_view>
#include <vector>

#include <genkit/core/action.h>

namespace genkit::internal {

/// Actions by key, insert-only. Readers take no lock: they probe an open-addressing table of pointers that is replaced by a
/// larger one when it is half full; tables that readers may still look at live as long as this object (together less than the
/// newest).
class ActionTable {
 public:
  ActionTable();

  /// nullptr when the key is unknown.
  const Action* find(std::string_view key) const noexcept;
  /// Adds all or none: throws ALREADY_EXISTS when one of the keys is taken.
  void insert_all(const std::vector<Action>& actions);
  /// The action that has the key of `action` by now: `action` itself unless another one came first.
  Action insert_or_get(const Action& action);
  /// In the order of insertion.
  std::vector<const Action*> all() const;
  /// The number of actions.
  std::uint64_t version() const noexcept { return size_.load(std::memory_order_acquire); }

 private:
  struct Slots {
    explicit Slots(std::size_t size);
    std::size_t mask;
    std::unique_ptr<std::atomic<const Action*>[]> slots;
  };

  void insert_locked(const Action& action);
  static void place(const Slots& slots, const Action* action) noexcept;

  mutable std::mutex mutex_;
  std::atomic<const Slots*> current_;
  std::atomic<std::uint64_t> size_{0};
  std::vector<std::unique_ptr<Slots>> tables_;
  std::deque<Action> actions_;
};

}  // namespace genkit::internal

#endif  // GENKIT_SRC_CORE_ACTION_TABLE_H_
