#ifndef GENKIT_RUNTIME_CHANNEL_H_
#define GENKIT_RUNTIME_CHANNEL_H_

#include <cstddef>
#include <deque>
#include <exception>
#include <memory>
#include <mutex>
#include <optional>
#include <utility>

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
    while (queue_.size() >= capacity_ && !closed_ && !finished_) not_full_.wait(lock);
    if (closed_ || finished_) return false;
    queue_.push_back(std::move(value));
    not_empty_.notify_one();
    return true;
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
  /// Waits for a value and takes all that there are; none at the end. Makes room for as many again.
  std::deque<T> receive_all() {
    std::deque<T> values;
    std::unique_lock lock(mutex_);
    if (!wait_for_values(lock)) return values;
    values.swap(queue_);
    not_full_.notify_all();
    return values;
  }

 private:
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
  bool finished_ = false;
  bool closed_ = false;
  std::exception_ptr error_;
};

}  // namespace genkit::internal

#endif  // GENKIT_RUNTIME_CHANNEL_H_
