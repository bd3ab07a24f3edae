#include "core/action_table.h"

#include <functional>
#include <unordered_set>

namespace genkit::internal {

ActionTable::Slots::Slots(std::size_t size) : mask(size - 1), slots(new std::atomic<const Action*>[size]) {
  for (std::size_t i = 0; i < size; ++i) slots[i].store(nullptr, std::memory_order_relaxed);
}

ActionTable::ActionTable() {
  tables_.push_back(std::make_unique<Slots>(32));
  current_.store(tables_.back().get(), std::memory_order_release);
}

const Action* ActionTable::find(std::string_view key) const noexcept {
  const Slots& slots = *current_.load(std::memory_order_acquire);
  for (std::size_t i = std::hash<std::string_view>()(key) & slots.mask;; i = (i + 1) & slots.mask) {
    const Action* action = slots.slots[i].load(std::memory_order_acquire);
    if (action == nullptr || action->key() == key) return action;
  }
}

void ActionTable::place(const Slots& slots, const Action* action) noexcept {
  std::size_t i = std::hash<std::string_view>()(action->key()) & slots.mask;
  while (slots.slots[i].load(std::memory_order_relaxed) != nullptr) i = (i + 1) & slots.mask;
  slots.slots[i].store(action, std::memory_order_release);
}

void ActionTable::insert_locked(const Action& action) {
  if (2 * (actions_.size() + 1) > tables_.back()->mask) {
    auto larger = std::make_unique<Slots>(2 * (tables_.back()->mask + 1));
    for (const Action& existing : actions_) place(*larger, &existing);
    tables_.push_back(std::move(larger));
    current_.store(tables_.back().get(), std::memory_order_release);
  }
  place(*tables_.back(), &actions_.emplace_back(action));
  size_.store(actions_.size(), std::memory_order_release);
}

void ActionTable::insert_all(const std::vector<Action>& actions) {
  const std::lock_guard lock(mutex_);
  std::unordered_set<std::string_view> keys;
  for (const Action& action : actions) {
    if (find(action.key()) != nullptr || !keys.insert(action.key()).second) {
      throw Error(Status::kAlreadyExists, "action " + action.key() + " is defined twice: names must be unique per kind");
    }
  }
  for (const Action& action : actions) insert_locked(action);
}

Action ActionTable::insert_or_get(const Action& action) {
  const std::lock_guard lock(mutex_);
  if (const Action* existing = find(action.key())) return *existing;
  insert_locked(action);
  return action;
}

std::vector<const Action*> ActionTable::all() const {
  const std::lock_guard lock(mutex_);
  std::vector<const Action*> result;
  result.reserve(actions_.size());
  for (const Action& action : actions_) result.push_back(&action);
  return result;
}

}  // namespace genkit::internal
