#include <genkit/runtime/channel.h>
#include <deque>

#include <latch>
#include <memory>
#include <optional>
#include <stdexcept>
#include <thread>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <genkit/runtime/future.h>

#include "runtime/test_status.h"

namespace genkit::internal {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::Optional;

/// What is there, after a wait.
std::deque<int> all_of(Channel<int>& channel) {
  std::deque<int> values;
  channel.receive_all(values);
  return values;
}

template <class T>
std::vector<T> receive_all(Channel<T>& channel) {
  std::vector<T> values;
  while (std::optional<T> value = channel.receive()) values.push_back(std::move(*value));
  return values;
}

TEST(Channel, KeepsTheOrder) {
  Channel<int> channel(2);
  Future<void> producer = async([&] {
    for (int i = 0; i < 100; ++i) EXPECT_TRUE(channel.send(i));
    channel.finish();
  });

  std::vector<int> values = receive_all(channel);

  ASSERT_EQ(values.size(), 100u);
  EXPECT_TRUE(std::is_sorted(values.begin(), values.end()));
  producer.get();
}

TEST(Channel, CarriesMoveOnlyValues) {
  Channel<std::unique_ptr<int>> channel;
  channel.send(std::make_unique<int>(4));

  EXPECT_THAT(channel.receive(), Optional(testing::Pointee(4)));
}

TEST(Channel, HoldsBackAProducerThatIsTooFast) {
  Channel<int> channel(3);
  int sent = 0;
  while (channel.try_send(sent)) ++sent;
  EXPECT_EQ(sent, 3);

  Future<bool> producer = async([&] { return channel.send(3); });
  EXPECT_FALSE(producer.wait_for(0s));
  EXPECT_THAT(channel.receive(), Optional(0));

  EXPECT_TRUE(producer.get());
}

TEST(Channel, GivesAllThatIsQueuedAtOnce) {
  Channel<int> channel(2);
  channel.send(1);
  channel.send(2);
  Future<bool> producer = async([&] { return channel.send(3); });

  EXPECT_THAT(all_of(channel), ElementsAre(1, 2));
  EXPECT_TRUE(producer.get());
  channel.finish(std::make_exception_ptr(std::runtime_error("the line broke")));
  EXPECT_THAT(all_of(channel), ElementsAre(3));
  EXPECT_THROW(all_of(channel), std::runtime_error);
}

TEST(Channel, DeliversWhatIsQueuedBeforeTheEnd) {
  Channel<int> channel;
  channel.send(1);
  channel.send(2);
  channel.finish();

  EXPECT_THAT(receive_all(channel), ElementsAre(1, 2));
  EXPECT_EQ(channel.receive(), std::nullopt);
}

TEST(Channel, DeliversWhatIsQueuedBeforeTheError) {
  Channel<int> channel;
  channel.send(1);
  channel.finish(std::make_exception_ptr(std::runtime_error("the line broke")));

  EXPECT_THAT(channel.receive(), Optional(1));
  EXPECT_THROW(channel.receive(), std::runtime_error);
}

TEST(Channel, WakesTheConsumerAtTheEnd) {
  Channel<int> channel;
  Future<bool> consumer = async([&] { return channel.receive().has_value(); });

  channel.finish();

  EXPECT_FALSE(consumer.get());
}

TEST(Channel, TellsAWaitingProducerThatNobodyListens) {
  Channel<int> channel(1);
  channel.send(1);
  Future<bool> producer = async([&] { return channel.send(2); });

  channel.close();

  EXPECT_FALSE(producer.get());
  EXPECT_FALSE(channel.send(3));
  EXPECT_FALSE(channel.try_send(4));
}

TEST(Channel, TakesNothingMoreAfterItsEnd) {
  Channel<int> channel(1);
  channel.send(1);
  Future<bool> producer = async([&] { return channel.send(2); });

  channel.finish();

  EXPECT_FALSE(producer.get());
  EXPECT_FALSE(channel.try_send(3));
  EXPECT_THAT(receive_all(channel), ElementsAre(1));
}

TEST(Channel, EndsTheWaitOfACancelledConsumer) {
  Channel<int> channel;
  Future<void> consumer = async([&] { channel.receive(); });

  consumer.cancel();

  EXPECT_EQ(status_of([&] { consumer.get(); }), Status::kCancelled);
  EXPECT_TRUE(channel.try_send(1));
  EXPECT_THAT(channel.receive(), Optional(1));
}

TEST(Channel, EndsTheWaitOfACancelledProducer) {
  Channel<int> channel(1);
  channel.send(1);
  Future<void> producer = async([&] { channel.send(2); });

  producer.cancel();

  EXPECT_EQ(status_of([&] { producer.get(); }), Status::kCancelled);
  channel.finish();
  EXPECT_THAT(receive_all(channel), ElementsAre(1));
}

TEST(Channel, EndsAWaitAtTheDeadline) {
  Channel<int> channel;
  ScopedContext scope(Context().with_timeout(1ms));

  EXPECT_EQ(status_of([&] { channel.receive(); }), Status::kDeadlineExceeded);
}

TEST(Channel, ConnectsThreadsWithFibers) {
  Channel<int> there(1);
  Channel<int> back(1);
  Future<void> echo = async([&] {
    while (auto value = there.receive()) back.send(*value * 2);
  });
  int sum = 0;
  std::thread([&] {
    for (int i = 0; i < 100; ++i) {
      there.send(i);
      sum += *back.receive();
    }
    there.finish();
  }).join();

  echo.get();
  EXPECT_EQ(sum, 9900);
}

TEST(WaitQueue, WakesInTheOrderOfArrival) {
  std::mutex mutex;
  WaitQueue queue;
  int arrived = 0;
  std::vector<int> woken;
  std::vector<Future<void>> waiters;
  for (int i = 0; i < 3; ++i) {
    waiters.push_back(async([&, i] {
      std::unique_lock lock(mutex);
      ++arrived;
      queue.wait(lock);
      woken.push_back(i);
    }));
    // The next one starts when this one waits: it has the mutex until then.
    std::unique_lock lock(mutex);
    while (arrived <= i) {
      lock.unlock();
      std::this_thread::yield();
      lock.lock();
    }
  }

  for (auto& waiter : waiters) {
    {
      std::lock_guard lock(mutex);
      queue.notify_one();
    }
    waiter.get();
  }

  EXPECT_THAT(woken, ElementsAre(0, 1, 2));
}

TEST(WaitQueue, PassesANotificationOnWhenTheFirstWaiterHasTimedOut) {
  std::mutex mutex;
  WaitQueue queue;
  std::unique_lock lock(mutex);

  EXPECT_FALSE(queue.wait_until(lock, std::chrono::steady_clock::now()));

  Future<void> waiter = async([&] {
    std::unique_lock inner(mutex);
    queue.wait(inner);
  });
  while (!waiter.wait_for(0s)) {
    queue.notify_one();
    lock.unlock();
    std::this_thread::yield();
    lock.lock();
  }
  lock.unlock();
  waiter.get();
}

TEST(WaitQueue, WaitsOnThoughTheCallerIsCancelledWhenAsked) {
  std::mutex mutex;
  WaitQueue queue;
  bool go = false;
  CancelSource source;
  source.cancel();
  std::latch begun(1);
  Future<void> waiter = async([&] {
    ScopedContext scope(source.context());
    std::unique_lock lock(mutex);
    begun.count_down();
    while (!go) queue.wait_uncancellable(lock);
  });
  begun.wait();
  {
    std::lock_guard lock(mutex);
    go = true;
    queue.notify_all();
  }

  EXPECT_NO_THROW(waiter.get());
}

}  // namespace
}  // namespace genkit::internal
