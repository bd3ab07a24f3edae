#include <genkit/runtime/wait_queue.h>

#include <cassert>

#include "runtime/cancel_state.h"
#include "runtime/context_node.h"
#include "runtime/parker.h"
#include "runtime/thread_state.h"

namespace genkit::internal {
namespace {

constexpr auto kNever = CancelState::kNever;

CancelState* current_cancel_state() noexcept {
  const ContextNode* node = current_context_node();
  return node != nullptr ? node->cancel.get() : nullptr;
}

}  // namespace

struct WaitQueue::Waiter {
  Waiter* previous = nullptr;
  Waiter* next = nullptr;
  bool queued = true;  // until notified
  Parker parker;
  CancelState::Waker waker;
};

WaitQueue::~WaitQueue() {
  assert(first_ == nullptr && "somebody waits on an object that is being destroyed");
}

void WaitQueue::wait(std::unique_lock<std::mutex>& lock) {
  CancelState* cancel = current_cancel_state();
  if (suspend(lock, cancel, kNever) == Outcome::kCancelled) cancel->raise();
}

bool WaitQueue::wait_or_cancelled(std::unique_lock<std::mutex>& lock) noexcept {
  return suspend(lock, current_cancel_state(), kNever) == Outcome::kNotified;
}

void WaitQueue::wait_uncancellable(std::unique_lock<std::mutex>& lock) noexcept {
  suspend(lock, nullptr, kNever);
}

bool WaitQueue::wait_until(std::unique_lock<std::mutex>& lock, std::chrono::steady_clock::time_point time) {
  CancelState* cancel = current_cancel_state();
  const Outcome outcome = suspend(lock, cancel, time);
  if (outcome == Outcome::kCancelled) cancel->raise();
  return outcome == Outcome::kNotified;
}

void WaitQueue::notify_one() noexcept {
  if (first_ == nullptr) return;
  Waiter& waiter = *first_;
  unlink(waiter);
  // Under the caller's lock, which the waiter has to take before it goes on: until then all of it is still there.
  waiter.parker.unpark();
}

void WaitQueue::notify_all() noexcept {
  while (first_ != nullptr) notify_one();
}

WaitQueue::Outcome WaitQueue::suspend(std::unique_lock<std::mutex>& lock, CancelState* cancel,
                                      std::chrono::steady_clock::time_point time) noexcept {
  Waiter waiter;
  link(waiter);
  if (cancel != nullptr) {
    waiter.waker.parker = &waiter.parker;
    cancel->add(waiter.waker);
  }

  Outcome outcome = Outcome::kNotified;
  while (waiter.queued) {
    if (cancel != nullptr && cancel->status() != Status::kOk) {
      outcome = Outcome::kCancelled;
      break;
    }
    if (time != kNever && std::chrono::steady_clock::now() >= time) {
      outcome = Outcome::kTimedOut;
      break;
    }
    lock.unlock();
    time == kNever ? waiter.parker.park() : waiter.parker.park_until(time);
    lock.lock();
  }

  if (cancel != nullptr) cancel->remove(waiter.waker);
  if (waiter.queued) unlink(waiter);
  return outcome;
}

// Not inlined, because g++ takes a waiter on the stack in a list for a dangling pointer.
GENKIT_NOINLINE void WaitQueue::link(Waiter& waiter) noexcept {
  waiter.previous = last_;
  (last_ != nullptr ? last_->next : first_) = &waiter;
  last_ = &waiter;
}

void WaitQueue::unlink(Waiter& waiter) noexcept {
  (waiter.previous != nullptr ? waiter.previous->next : first_) = waiter.next;
  (waiter.next != nullptr ? waiter.next->previous : last_) = waiter.previous;
  waiter.queued = false;
}

}  // namespace genkit::internal
