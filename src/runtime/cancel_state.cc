#include "runtime/cancel_state.h"

#include <algorithm>
#include <cstdio>
#include <utility>

#include "runtime/parker.h"
#include "runtime/runtime.h"
#include "runtime/thread_state.h"

namespace genkit::internal {
namespace {

std::string limit_text(std::chrono::nanoseconds limit) {
  if (limit <= std::chrono::nanoseconds::zero()) return "the deadline of the operation has passed";
  char text[64];
  const double seconds = std::chrono::duration<double>(limit).count();
  std::snprintf(text, sizeof text, seconds < 1 ? "%.3g ms" : "%.6g s", seconds < 1 ? seconds * 1000 : seconds);
  return std::string("the operation took longer than its time limit of ") + text;
}

}  // namespace

struct CancelState::DeadlineTimer final : Timer {
  explicit DeadlineTimer(CancelState& owner) noexcept : Timer(owner.deadline_), state(owner.weak_from_this()) {}

  void on_time(std::unique_lock<std::mutex>& queue) noexcept override {
    // From here on `this` lives as long as what it refers to.
    std::shared_ptr<CancelState> cancelled = state.lock();
    queue.unlock();
    if (cancelled != nullptr) cancelled->cancel(Status::kDeadlineExceeded, {});
    cancelled.reset();
    queue.lock();
  }

  const std::weak_ptr<CancelState> state;
};

std::shared_ptr<CancelState> CancelState::make(const std::shared_ptr<CancelState>& parent, TimePoint deadline,
                                               std::chrono::nanoseconds limit) {
  auto state = std::make_shared<CancelState>(parent, deadline, limit);
  if (parent != nullptr) parent->link_child(*state);
  return state;
}

CancelState::CancelState(std::shared_ptr<CancelState> parent, TimePoint deadline, std::chrono::nanoseconds limit) noexcept
    : parent_(std::move(parent)),
      deadline_(parent_ != nullptr ? std::min(parent_->deadline_, deadline) : deadline),
      limit_(limit),
      deadline_owner_(parent_ != nullptr && parent_->deadline_ <= deadline ? parent_->deadline_owner_ : this) {}

CancelState::~CancelState() {
  if (timer_ != nullptr) Runtime::get().timers().remove(*timer_);
  std::shared_ptr<CancelState> above = leave_parent();
  // Where this was the last owner of its parent, that of its own, and so on, they go one after the other and not each inside of
  // the one below.
  while (above != nullptr && above.use_count() == 1) above = above->leave_parent();
}

std::shared_ptr<CancelState> CancelState::leave_parent() noexcept {
  if (parent_ == nullptr) return nullptr;
  {
    std::lock_guard lock(parent_->mutex_);
    if (linked) parent_->children_.erase(*this);
  }
  return std::exchange(parent_, nullptr);
}

void CancelState::raise() const {
  const Status status = this->status();
  const bool marked = status_.load(std::memory_order_acquire) != Status::kOk;
  std::string text = marked ? reason_ : std::string();
  if (text.empty()) {
    text = status == Status::kDeadlineExceeded ? limit_text(deadline_owner_->limit_) : std::string("the operation was cancelled");
  }
  throw Error(status, std::move(text));
}

void CancelState::cancel(Status status, std::string reason) noexcept {
  if (!mark(status, reason)) return;
  // First everything below learns of it, then the callbacks run, which may take longer. Lists instead of recursion: a tree may be
  // deeper than a stack.
  std::shared_ptr<CancelState> marked;
  std::shared_ptr<CancelState> unvisited = shared_from_this();
  while (unvisited != nullptr) {
    std::shared_ptr<CancelState> state = std::exchange(unvisited, std::move(unvisited->next_cancelled_));
    while (std::shared_ptr<CancelState> child = state->pop_child()) {
      if (!child->mark(status, reason)) continue;
      child->next_cancelled_ = std::move(unvisited);
      unvisited = std::move(child);
    }
    state->next_cancelled_ = std::move(marked);
    marked = std::move(state);
  }
  while (marked != nullptr) {
    std::shared_ptr<CancelState> state = std::exchange(marked, std::move(marked->next_cancelled_));
    state->run_callbacks();
  }
}

void CancelState::add(Waker& waker) noexcept {
  {
    std::lock_guard lock(mutex_);
    wakers_.push_back(waker);
  }
  arm_deadline();
}

void CancelState::remove(Waker& waker) noexcept {
  std::lock_guard lock(mutex_);
  wakers_.erase(waker);
}

bool CancelState::add(CancelEntry& entry) noexcept {
  {
    std::lock_guard lock(mutex_);
    if (status_.load(std::memory_order_relaxed) != Status::kOk) return false;
    callbacks_.push_back(entry);
  }
  arm_deadline();
  return true;
}

void CancelState::remove(CancelEntry& entry) noexcept {
  std::unique_lock lock(mutex_);
  if (entry.state == CancelEntry::State::kWaiting) {
    if (entry.linked) callbacks_.erase(entry);
    return;
  }
  if (entry.runner == execution_id()) return;
  while (entry.state != CancelEntry::State::kDone) callback_done_.wait_uncancellable(lock);
}

void CancelState::link_child(CancelState& child) noexcept {
  std::unique_lock lock(mutex_);
  const Status status = status_.load(std::memory_order_relaxed);
  if (status == Status::kOk) {
    children_.push_back(child);
    return;
  }
  lock.unlock();
  child.mark(status, reason_);
}

std::shared_ptr<CancelState> CancelState::pop_child() noexcept {
  std::lock_guard lock(mutex_);
  while (CancelState* child = children_.first()) {
    children_.erase(*child);
    // A child whose last owner has let go waits for this mutex in its destructor.
    if (std::shared_ptr<CancelState> owned = child->weak_from_this().lock()) return owned;
  }
  return nullptr;
}

bool CancelState::mark(Status status, const std::string& reason) noexcept {
  std::lock_guard lock(mutex_);
  if (status_.load(std::memory_order_relaxed) != Status::kOk) return false;
  // Whoever has asked since the deadline was told DEADLINE_EXCEEDED; that answer stays.
  const bool late = std::chrono::steady_clock::now() >= deadline_;
  if (!late) reason_ = reason;
  status_.store(late ? Status::kDeadlineExceeded : status, std::memory_order_release);
  for (Waker* waker = wakers_.first(); waker != nullptr; waker = wakers_.next(*waker)) waker->parker->unpark();
  return true;
}

void CancelState::run_callbacks() noexcept {
  std::unique_lock lock(mutex_);
  while (CancelEntry* first = callbacks_.first()) {
    const std::shared_ptr<CancelEntry> entry = first->shared_from_this();
    callbacks_.erase(*entry);
    entry->state = CancelEntry::State::kRunning;
    entry->runner = execution_id();
    lock.unlock();
    entry->callback();
    entry->callback = nullptr;
    lock.lock();
    entry->state = CancelEntry::State::kDone;
    callback_done_.notify_all();
  }
}

void CancelState::arm_deadline() noexcept {
  CancelState& owner = *deadline_owner_;
  if (owner.deadline_ == kNever) return;
  const unsigned generation = Runtime::generation();
  if (owner.armed_.load(std::memory_order_relaxed) == generation || owner.armed_.exchange(generation) == generation) return;
  owner.timer_ = std::make_unique<DeadlineTimer>(owner);
  Runtime::get().timers().add(*owner.timer_);
}

}  // namespace genkit::internal
