// Laws of a thread that is lent to the task that it waits for.
#include "runtime/lent_thread.h"

#include <atomic>
#include <exception>
#include <latch>
#include <memory>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <genkit/runtime/channel.h>
#include <genkit/runtime/future.h>

#include "runtime/runtime.h"
#include "runtime/test_status.h"

namespace genkit {
namespace {

using namespace std::chrono_literals;
using internal::LentThread;
using testing::ElementsAre;

// Compilers take the thread of a function to be always the same.
[[gnu::noinline]] std::thread::id thread_id() {
  asm volatile("" ::: "memory");
  return std::this_thread::get_id();
}

class LentThreadTest : public testing::Test {
 protected:
  void SetUp() override {
    if (internal::Runtime::get().threads()) GTEST_SKIP() << "with a thread for each task nobody lends his";
  }
};

/// A task with the thread that it is lent.
class Loan {
 public:
  template <class F>
  explicit Loan(F function) {
    auto task = std::make_unique<internal::FunctionTask<void, F>>(std::move(function));
    thread_.start(*task);
    future_ = Future<void>(std::move(task));
  }
  ~Loan() {
    future_.cancel();
    while (thread_.run()) {
    }
  }
  LentThread& thread() { return thread_; }
  Future<void>& future() { return future_; }

 private:
  LentThread thread_;
  Future<void> future_;
};

/// By a task on `thread`.
void hand_over(LentThread& thread) {
  if (internal::Fiber* task = thread.running_task()) LentThread::hand_over(*task);
}

/// Runs the task, and lets it have the thread again and again until it ends.
void run_to_end(Loan& loan) {
  while (loan.thread().run()) loan.thread().release();
  loan.future().get();
}

TEST_F(LentThreadTest, RunsTheTaskWhenItsOwnerWaits) {
  std::vector<std::thread::id> threads;
  LentThread* thread = nullptr;
  Loan loan([&] {
    for (int i = 0; i < 3; ++i) {
      threads.push_back(thread_id());
      hand_over(*thread);
    }
  });
  thread = &loan.thread();

  run_to_end(loan);

  const auto here = thread_id();
  EXPECT_THAT(threads, ElementsAre(here, here, here));
}

TEST_F(LentThreadTest, TakesTurnsWithTheTask) {
  std::string turns;
  LentThread* thread = nullptr;
  Loan loan([&] {
    for (int i = 0; i < 3; ++i) {
      turns += 't';
      hand_over(*thread);
    }
  });
  thread = &loan.thread();

  while (loan.thread().run()) turns += 'o';

  EXPECT_EQ(turns, "tototoo");
}

TEST_F(LentThreadTest, WorkersBeginTheTaskOfAnOwnerWhoDoesNotWait) {
  std::latch began(1);
  Loan loan([&] { began.count_down(); });

  began.wait();

  loan.future().get();
  EXPECT_FALSE(loan.thread().run());
}

TEST_F(LentThreadTest, WorkersGoOnWithTheTaskOfAnOwnerWhoDoesNotComeBack) {
  std::latch went_on(1);
  std::thread::id second;
  LentThread* thread = nullptr;
  Loan loan([&] {
    hand_over(*thread);
    second = thread_id();
    EXPECT_EQ(thread->running_task(), nullptr);
    went_on.count_down();
  });
  thread = &loan.thread();
  EXPECT_TRUE(loan.thread().run());
  loan.thread().release();

  went_on.wait();

  EXPECT_NE(second, thread_id());
  EXPECT_FALSE(loan.thread().run());
}

TEST_F(LentThreadTest, KeepsTheTaskUntilItIsReleased) {
  std::atomic<bool> went_on = false;
  LentThread* thread = nullptr;
  Loan loan([&] {
    hand_over(*thread);
    went_on = true;
  });
  thread = &loan.thread();
  EXPECT_TRUE(loan.thread().run());

  std::this_thread::sleep_for(10ms);

  EXPECT_FALSE(went_on);
  EXPECT_TRUE(loan.thread().run());
  EXPECT_TRUE(went_on);
}

TEST_F(LentThreadTest, WorkersHaveATaskThatHasWaited) {
  internal::Channel<int> channel;
  std::thread::id first;
  std::thread::id second;
  Loan loan([&] {
    first = thread_id();
    channel.receive();
    second = thread_id();
  });

  EXPECT_TRUE(loan.thread().run());
  EXPECT_FALSE(loan.thread().run());
  channel.send(1);
  loan.future().get();

  EXPECT_EQ(first, thread_id());
  EXPECT_NE(second, first);
}

TEST_F(LentThreadTest, WorkersHaveATaskThatWasGivenAway) {
  std::thread::id ran_on;
  Loan loan([&] { ran_on = thread_id(); });

  loan.thread().give_away();
  loan.future().get();

  EXPECT_NE(ran_on, thread_id());
}

// Its owner would hear of its own cancellation only when the task leaves.
TEST_F(LentThreadTest, IsNotLentByAnOwnerWhoCanBeCancelledAlone) {
  std::thread::id ran_on;
  Loan loan([&] { ran_on = thread_id(); });
  {
    const ScopedContext scope(Context::current().with_timeout(1h));
    EXPECT_FALSE(loan.thread().run());
  }
  loan.future().get();

  EXPECT_NE(ran_on, thread_id());
}

TEST_F(LentThreadTest, TheTaskHasTheContextOfItsStart) {
  const ScopedContext scope(Context::current().with_user("Ann"));
  LentThread* thread = nullptr;
  std::vector<std::string> users;
  const auto look = [&] { users.emplace_back(Context::current().user().get_string()); };
  Loan loan([&] {
    look();
    const ScopedContext inner(Context::current().with_user("task"));
    hand_over(*thread);
    look();
  });
  thread = &loan.thread();

  loan.thread().run();
  look();
  run_to_end(loan);
  look();

  EXPECT_THAT(users, ElementsAre("Ann", "Ann", "task", "Ann"));
}

TEST_F(LentThreadTest, EachHasItsOwnExceptions) {
  LentThread* thread = nullptr;
  std::string seen;
  const auto look = [&seen] {
    try {
      std::rethrow_exception(std::current_exception());
    } catch (const std::exception& error) {
      seen += error.what();
    }
  };
  Loan loan([&] {
    EXPECT_EQ(std::current_exception(), nullptr);
    try {
      throw std::runtime_error("t");
    } catch (const std::exception&) {
      hand_over(*thread);
      look();
    }
    hand_over(*thread);
    EXPECT_EQ(std::current_exception(), nullptr);
  });
  thread = &loan.thread();

  try {
    throw std::runtime_error("o");
  } catch (const std::exception&) {
    loan.thread().run();
    look();
    loan.thread().run();
    look();
  }
  EXPECT_EQ(std::current_exception(), nullptr);
  EXPECT_EQ(std::uncaught_exceptions(), 0);
  run_to_end(loan);

  EXPECT_EQ(seen, "oto");
}

TEST_F(LentThreadTest, ErrorsOfTheTaskAreItsResult) {
  Loan loan([] { throw Error(Status::kNotFound, "nothing"); });

  EXPECT_EQ(status_of([&] { run_to_end(loan); }), Status::kNotFound);
}

TEST_F(LentThreadTest, ATaskThatIsAbandonedBeforeItBeganDoesNotRun) {
  bool ran = false;
  {
    Loan loan([&] { ran = true; });
  }
  EXPECT_FALSE(ran);
}

TEST_F(LentThreadTest, FibersLendTheirWorker) {
  async([] {
    const auto here = thread_id();
    std::thread::id ran_on;
    LentThread* thread = nullptr;
    Loan loan([&] {
      hand_over(*thread);
      ran_on = thread_id();
    });
    thread = &loan.thread();
    loan.thread().run();
    loan.thread().run();
    EXPECT_EQ(ran_on, here);
    EXPECT_EQ(thread_id(), here);
    loan.future().get();
  }).get();
}

int count_down_nested(int depth) {
  if (depth == 0) return 0;
  LentThread* thread = nullptr;
  int below = 0;
  Loan loan([&] {
    for (int i = 0; i < 3; ++i) hand_over(*thread);
    below = count_down_nested(depth - 1);
    for (int i = 0; i < 3; ++i) hand_over(*thread);
  });
  thread = &loan.thread();
  run_to_end(loan);
  return below + 1;
}

TEST_F(LentThreadTest, MayBeLentOn) {
  EXPECT_EQ(count_down_nested(20), 20);
  EXPECT_EQ(async([] { return count_down_nested(20); }).get(), 20);
}

TEST_F(LentThreadTest, CancellingAFiberCancelsTheTaskThatItRuns) {
  internal::Channel<int> began;
  Future<void> owner = async([&] {
    Loan loan([&] {
      began.send(1);
      while (true) {
        Context::current().check();
        std::this_thread::sleep_for(1ms);
      }
    });
    run_to_end(loan);
  });
  began.receive();

  owner.cancel();

  EXPECT_EQ(status_of([&] { owner.get(); }), Status::kCancelled);
}

// Owners and tasks that wait, hand over, yield and are late, from threads and fibers.
TEST_F(LentThreadTest, AllTurnsAreTakenUnderLoad) {
  const auto work = [](int seed) {
    int turns = 0;
    for (int round = 0; round < 50; ++round) {
      LentThread* thread = nullptr;
      Loan loan([&] {
        for (int i = 0; i < 20; ++i) {
          ++turns;
          const int kind = (seed + round * 7 + i) % 41;
          if (kind == 0) yield();
          if (kind == 1) sleep_for(50us);
          if (kind == 2) std::this_thread::sleep_for(200us);
          hand_over(*thread);
        }
      });
      thread = &loan.thread();
      while (loan.thread().run()) {
        loan.thread().release();
        if ((seed + round) % 13 == 0) std::this_thread::sleep_for(300us);
        if ((seed + round) % 17 == 0) loan.thread().give_away();
      }
      loan.future().get();
    }
    return turns;
  };
  std::vector<Future<int>> fibers;
  for (int i = 0; i < 8; ++i) {
    fibers.push_back(async([&work, i] { return work(i); }));
  }
  std::atomic<int> of_threads = 0;
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([&, i] { of_threads += work(100 + i); });
  }
  for (std::thread& thread : threads) thread.join();
  int of_fibers = 0;
  for (Future<int>& fiber : fibers) of_fibers += fiber.get();

  EXPECT_EQ(of_threads, 4 * 50 * 20);
  EXPECT_EQ(of_fibers, 8 * 50 * 20);
}

}  // namespace
}  // namespace genkit
