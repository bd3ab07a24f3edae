// Laws of a thread that is lent to the task that it waits for.
#include "runtime/lent_thread.h"

#include <atomic>
#include <deque>
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
#include "runtime/thread_state.h"

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
class Loan final : public LentThread {
 public:
  template <class F>
  explicit Loan(F function)
      : future_(async([this, function = std::move(function)] {
          function(*this);
          arrivals_.finish();
        })) {}
  ~Loan() {
    future_.cancel();
    give_away();
  }

  /// By the task: goes on when the owner runs it, or with the workers when that is late.
  void try_move() {
    if (can_move()) move_here(*internal::current_fiber());
  }
  /// By the task: goes on when the owner runs it.
  void move() {
    while (!is_running()) try_move();
  }
  /// By the task, on the owner's thread: lets the owner go on.
  void hand_over() { LentThread::hand_over(*internal::current_fiber()); }
  /// By the owner: lets the task have a turn here; false when it has ended.
  bool next() {
    std::deque<int> none;
    while (!take()) {
      if (!arrivals_.receive_all(none)) return false;
    }
    run();
    return true;
  }
  Future<void>& future() { return future_; }

 private:
  void arrive(internal::Fiber& task) noexcept override {
    arrivals_.poke([&] { offer(task); });
  }

  internal::Channel<int> arrivals_;
  Future<void> future_;
};

/// Lets the task have the thread again and again until it ends.
void run_to_end(Loan& loan) {
  while (loan.next()) loan.release();
  loan.future().get();
}

TEST_F(LentThreadTest, RunsATaskThatHasMoved) {
  std::vector<std::thread::id> threads;
  Loan loan([&](Loan& loan) {
    for (int i = 0; i < 3; ++i) {
      loan.move();
      threads.push_back(thread_id());
      loan.hand_over();
    }
  });

  run_to_end(loan);

  const auto here = thread_id();
  EXPECT_THAT(threads, ElementsAre(here, here, here));
}

TEST_F(LentThreadTest, TakesTurnsWithTheTask) {
  std::string turns;
  Loan loan([&](Loan& loan) {
    loan.move();
    for (int i = 0; i < 3; ++i) {
      turns += 't';
      loan.hand_over();
    }
  });

  while (loan.next()) turns += 'o';

  EXPECT_EQ(turns, "tototoo");
}

TEST_F(LentThreadTest, WorkersGoOnWithTheTaskOfAnOwnerWhoDoesNotCome) {
  std::latch went_on(1);
  Loan loan([&](Loan& loan) {
    loan.try_move();
    EXPECT_FALSE(loan.is_running());
    went_on.count_down();
  });

  went_on.wait();

  loan.future().get();
}

TEST_F(LentThreadTest, WorkersGoOnWithTheTaskOfAnOwnerWhoDoesNotComeBack) {
  std::latch went_on(1);
  Loan loan([&](Loan& loan) {
    loan.move();
    EXPECT_TRUE(loan.is_running());
    loan.hand_over();
    EXPECT_FALSE(loan.is_running());
    went_on.count_down();
  });
  EXPECT_TRUE(loan.next());
  loan.release();

  went_on.wait();

  EXPECT_FALSE(loan.next());
}

TEST_F(LentThreadTest, KeepsTheTaskUntilItIsReleased) {
  std::atomic<bool> went_on = false;
  Loan loan([&](Loan& loan) {
    loan.move();
    loan.hand_over();
    went_on = true;
  });
  EXPECT_TRUE(loan.next());

  std::this_thread::sleep_for(10ms);

  EXPECT_FALSE(went_on);
  EXPECT_TRUE(loan.next());
  EXPECT_TRUE(went_on);
}

TEST_F(LentThreadTest, WorkersHaveATaskThatHasWaited) {
  internal::Channel<int> channel;
  Loan loan([&](Loan& loan) {
    loan.move();
    channel.receive();
    EXPECT_FALSE(loan.is_running());
  });

  EXPECT_TRUE(loan.next());
  channel.send(1);

  EXPECT_FALSE(loan.next());
}

TEST_F(LentThreadTest, WorkersHaveATaskThatWasSlow) {
  Loan loan([&](Loan& loan) {
    loan.move();
    while (loan.is_running()) {
      std::this_thread::sleep_for(5ms);
      loan.hand_over();
    }
  });

  run_to_end(loan);
}

// Its owner would hear of its own cancellation only when the task leaves.
TEST_F(LentThreadTest, IsNotLentByAnOwnerWhoCanBeCancelledAlone) {
  Loan loan([&](Loan& loan) {
    loan.try_move();
    EXPECT_FALSE(loan.is_running());
  });
  const ScopedContext scope(Context::current().with_timeout(1h));

  EXPECT_FALSE(loan.next());
}

TEST_F(LentThreadTest, TheTaskHasTheContextOfItsStart) {
  const ScopedContext scope(Context::current().with_user("Ann"));
  std::vector<std::string> users;
  const auto look = [&] { users.emplace_back(Context::current().user().get_string()); };
  Loan loan([&](Loan& loan) {
    loan.move();
    look();
    const ScopedContext inner(Context::current().with_user("task"));
    loan.hand_over();
    look();
  });

  loan.next();
  look();
  run_to_end(loan);
  look();

  EXPECT_THAT(users, ElementsAre("Ann", "Ann", "task", "Ann"));
}

TEST_F(LentThreadTest, EachHasItsOwnExceptions) {
  std::string seen;
  const auto look = [&seen] {
    try {
      std::rethrow_exception(std::current_exception());
    } catch (const std::exception& error) {
      seen += error.what();
    }
  };
  Loan loan([&](Loan& loan) {
    loan.move();
    EXPECT_EQ(std::current_exception(), nullptr);
    try {
      throw std::runtime_error("t");
    } catch (const std::exception&) {
      loan.hand_over();
      look();
    }
    loan.hand_over();
    EXPECT_EQ(std::current_exception(), nullptr);
  });

  try {
    throw std::runtime_error("o");
  } catch (const std::exception&) {
    loan.next();
    look();
    loan.next();
    look();
  }
  EXPECT_EQ(std::current_exception(), nullptr);
  EXPECT_EQ(std::uncaught_exceptions(), 0);
  run_to_end(loan);

  EXPECT_EQ(seen, "oto");
}

TEST_F(LentThreadTest, FibersLendTheirWorker) {
  async([] {
    std::thread::id ran_on;
    Loan loan([&](Loan& loan) {
      loan.move();
      ran_on = thread_id();
    });
    loan.next();
    EXPECT_EQ(ran_on, thread_id());
    loan.future().get();
  }).get();
}

int count_down_nested(int depth) {
  if (depth == 0) return 0;
  int below = 0;
  Loan loan([&](Loan& loan) {
    loan.move();
    loan.hand_over();
    below = count_down_nested(depth - 1);
    loan.move();
    loan.hand_over();
  });
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
    Loan loan([&](Loan& loan) {
      loan.try_move();
      began.try_send(1);
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
      Loan loan([&](Loan& loan) {
        for (int i = 0; i < 20; ++i) {
          ++turns;
          const int kind = (seed + round * 7 + i) % 41;
          if (kind == 0) yield();
          if (kind == 1) sleep_for(50us);
          if (kind == 2) std::this_thread::sleep_for(200us);
          loan.is_running() ? loan.hand_over() : loan.try_move();
        }
      });
      while (loan.next()) {
        loan.release();
        if ((seed + round) % 13 == 0) std::this_thread::sleep_for(300us);
        if ((seed + round) % 17 == 0) loan.give_away();
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
