#ifndef GENKIT_RUNTIME_CHANNEL_H_
#define GENKIT_RUNTIME_CHANNEL_H_

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstddef>
#include <deque>
#include <exception>
#include <memory>
#include <mutex>
#include <optional>
#include <utility>

#include <genkit/runtime/future.h>
#include <genkit/runtime/wait_queue.h>

namespace genkit::internal {

/// A bounded queue between producers and one consumer. A full queue suspends the producer, an empty one the consumer.
template <class T>
class Channel {
 public:
  explicit Channel(std::size_t capacity = 64) : capacity_(capacity) {}

  /// Waits for room. False when the receiving side has closed or the stream has been ended: the value is dropped and the producer
  /// should stop.
  bool send(T value) {
    std::unique_lock lock(mutex_);
    while (is_full()) not_full_.wait(lock);
    return push(std::move(value));
  }
  /// The same; while `consumer_is_held_up` the value is queued also without room, sooner or later.
  bool send(T value, const std::atomic<bool>& consumer_is_held_up) {
    std::unique_lock lock(mutex_);
    std::chrono::milliseconds patience(10);
    while (is_full() && !consumer_is_held_up.load(std::memory_order_relaxed)) {
      static_cast<void>(not_full_.wait_until(lock, time_after(patience)));
      patience = std::min<std::chrono::milliseconds>(2 * patience, std::chrono::seconds(1));
    }
    return push(std::move(value));
  }
  /// Calls `function` with the queue locked, and ends a wait of `receive_all`: that of now, or else the next one.
  template <class F>
  void poke(F function) {
    std::unique_lock lock(mutex_);
    function();
    poked_ = true;
    not_empty_.notify_all();
  }
  /// Does not wait: false when the queue is full, closed or ended.
  bool try_send(T value) {
    std::unique_lock lock(mutex_);
    if (closed_ || finished_ || queue_.size() >= capacity_) return false;
    queue_.push_back(std::move(value));
    not_empty_.notify_one();
    return true;
  }
  /// Ends the stream: what is queued is still delivered, then `receive` returns nothing, or throws `error`.
  void finish(std::exception_ptr error = nullptr) {
    std::unique_lock lock(mutex_);
    if (finished_) return;
    finished_ = true;
    error_ = std::move(error);
    not_full_.notify_all();
    not_empty_.notify_all();
  }
  /// The consumer has had enough: drops what is queued, and senders get false.
  void close() {
    std::deque<T> dropped;  // destroyed without the lock: values may run code of their own
    std::unique_lock lock(mutex_);
    closed_ = true;
    queue_.swap(dropped);
    not_full_.notify_all();
    not_empty_.notify_all();
  }
  /// Waits for the next value; nothing at the end.
  std::optional<T> receive() {
    std::unique_lock lock(mutex_);
    if (!wait_for_values(lock)) return std::nullopt;
    std::optional<T> value(std::move(queue_.front()));
    queue_.pop_front();
    not_full_.notify_one();
    return value;
  }
  /// Waits for a value and adds all that there are to `values`; none after a `poke`. False at the end. Makes room for as many
  /// again.
  bool receive_all(std::deque<T>& values) {
    std::unique_lock lock(mutex_);
    while (queue_.empty() && !poked_ && !finished_ && !closed_) not_empty_.wait(lock);
    const bool was_poked = std::exchange(poked_, false);
    if (queue_.empty()) {
      if (was_poked) return true;
      if (error_) std::rethrow_exception(error_);
      return false;
    }
    take_all(values);
    return true;
  }
  /// Does not wait.
  void try_receive_all(std::deque<T>& values) {
    std::unique_lock lock(mutex_);
    take_all(values);
  }

 private:
  bool is_full() const { return queue_.size() >= capacity_ && !closed_ && !finished_; }
  bool push(T value) {
    if (closed_ || finished_) return false;
    queue_.push_back(std::move(value));
    not_empty_.notify_one();
    return true;
  }
  void take_all(std::deque<T>& values) {
    if (values.empty()) {
      values.swap(queue_);
    } else {
      for (; !queue_.empty(); queue_.pop_front()) values.push_back(std::move(queue_.front()));
    }
    not_full_.notify_all();
  }
  bool wait_for_values(std::unique_lock<std::mutex>& lock) {
    while (queue_.empty() && !finished_ && !closed_) not_empty_.wait(lock);
    if (queue_.empty() && error_) std::rethrow_exception(error_);
    return !queue_.empty();
  }

  const std::size_t capacity_;
  std::mutex mutex_;
  WaitQueue not_full_;
  WaitQueue not_empty_;
  std::deque<T> queue_;
  bool poked_ = false;
  bool finished_ = false;
  bool closed_ = false;
  std::exception_ptr error_;
};

}  // namespace genkit::internal

#endif  // GENKIT_RUNTIME_CHANNEL_H_
