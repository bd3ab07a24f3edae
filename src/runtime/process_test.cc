// What the runtime means for the life of a process: each test runs a new one.

#if defined(__linux__)
#include <malloc.h>
#endif
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <latch>
#include <limits>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

#include <genkit/runtime/channel.h>
#include <genkit/runtime/future.h>
#include <genkit/runtime/runtime.h>

#include "runtime/switch_annotations.h"
#include "runtime/test_status.h"

namespace genkit {
namespace {

using namespace std::chrono_literals;

// Leaves with the number of its line, so that a failing child says where.
#define REQUIRE(condition) \
  if (!(condition)) std::_Exit(__LINE__ % 200 + 20)

class RuntimeDeathTest : public testing::Test {
 protected:
  void SetUp() override { GTEST_FLAG_SET(death_test_style, "threadsafe"); }
};

std::size_t count_threads() {
  return static_cast<std::size_t>(
      std::distance(std::filesystem::directory_iterator("/proc/self/task"), std::filesystem::directory_iterator()));
}

// The sanitizers may have threads of their own.
const std::size_t threads_before_main = count_threads();

/// A child that waits for something that never comes ends here rather than at the test's time limit.
void end_after_a_minute() {
  alarm(60);
}

void use_fibers() {
  setenv("GENKIT_RUNTIME", "fibers", 1);
}

#if defined(GENKIT_TSAN)
#define SKIP_WITHOUT_FIBERS() GTEST_SKIP() << "there are no fibers under ThreadSanitizer"
#else
#define SKIP_WITHOUT_FIBERS() static_cast<void>(0)
#endif

// ThreadSanitizer ends a forked process that starts threads; the allocator of AddressSanitizer (g++ 12) stays locked in one when
// another thread allocated at that moment.
#if defined(GENKIT_TSAN) || defined(GENKIT_ASAN)
#define SKIP_WITHOUT_FORK() GTEST_SKIP() << "the sanitizer does not support threads in a forked process"
#else
#define SKIP_WITHOUT_FORK() static_cast<void>(0)
#endif

[[noreturn]] void use_nothing_that_waits() {
  CancelSource source(Context().with_timeout(1h));
  ScopedContext scope(source.context());
  internal::Channel<int> channel;
  channel.send(1);
  channel.receive();
  blocking([] {});
  yield();
  REQUIRE(runtime_stats().workers == 0);
  REQUIRE(count_threads() == threads_before_main);
  std::exit(0);
}

TEST_F(RuntimeDeathTest, StartsNoThreadBeforeItsFirstUse) {
  EXPECT_EXIT(use_nothing_that_waits(), testing::ExitedWithCode(0), "");
}

[[noreturn]] void exit_while_fibers_wait() {
  end_after_a_minute();
  std::latch begun(20);
  auto* futures = new std::vector<Future<void>>;
  for (int i = 0; i < 20; ++i) {
    futures->push_back(async([&, i] {
      begun.count_down();
      if (i % 2 == 0) sleep_for(1h);
      blocking([] { std::this_thread::sleep_for(1h); });
    }));
  }
  begun.wait();
  std::exit(3);
}

TEST_F(RuntimeDeathTest, LetsTheProcessExitWhileFibersWait) {
  EXPECT_EXIT(exit_while_fibers_wait(), testing::ExitedWithCode(3), "");
}

[[noreturn]] void exit_from_a_fiber() {
  end_after_a_minute();
  async([] {
    Future<void> waiting = async([] { sleep_for(1h); });
    yield();
    std::exit(4);
  }).get();
  std::_Exit(1);
}

TEST_F(RuntimeDeathTest, LetsAFiberExitTheProcess) {
  EXPECT_EXIT(exit_from_a_fiber(), testing::ExitedWithCode(4), "");
}

[[noreturn]] void exit_with_static_futures() {
  end_after_a_minute();
  static std::optional<Future<void>> before;  // destroyed after what the runtime itself has registered
  async([] {}).get();
  static std::optional<Future<void>> after;
  before = async([] { sleep_for(1h); });
  after = async([] { sleep_for(1h); });
  std::exit(5);
}

TEST_F(RuntimeDeathTest, CancelsAndJoinsFuturesThatAreStaticObjects) {
  EXPECT_EXIT(exit_with_static_futures(), testing::ExitedWithCode(5), "");
}

[[noreturn]] void exit_from_the_work_of_a_static_future() {
  end_after_a_minute();
  static std::optional<Future<void>> work;
  static std::latch assigned(1);
  work = async([] {
    assigned.wait();
    std::exit(7);  // destroys `work`
  });
  assigned.count_down();
  sleep_for(1h);
  std::_Exit(1);
}

TEST_F(RuntimeDeathTest, LetsTheWorkOfAStaticFutureExitTheProcess) {
  EXPECT_EXIT(exit_from_the_work_of_a_static_future(), testing::ExitedWithCode(7), "");
}

int exit_code_of(pid_t child) {
  int status = 0;
  REQUIRE(waitpid(child, &status, 0) == child);
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

[[noreturn]] void fork_while_fibers_wait() {
  end_after_a_minute();
  internal::Channel<int> channel(1);
  auto waiting = std::make_unique<Future<void>>(async([&] {
    while (channel.receive()) {
    }
  }));
  const pid_t child = fork();
  if (child == 0) {
    end_after_a_minute();
    REQUIRE(count_threads() <= threads_before_main);
    REQUIRE(status_of([&] { waiting->get(); }) == Status::kFailedPrecondition);
    waiting.reset();
    Future<int> fresh = async([] {
      sleep_for(1ms);
      return blocking([] { return 6; });
    });
    {
      ScopedContext scope(Context().with_timeout(1ms));
      REQUIRE(status_of([] { sleep_for(1h); }) == Status::kDeadlineExceeded);
    }
    std::exit(fresh.get());
  }
  REQUIRE(exit_code_of(child) == 6);
  channel.finish();
  waiting->get();
  std::exit(0);
}

TEST_F(RuntimeDeathTest, StartsAnewInAForkedProcess) {
  SKIP_WITHOUT_FORK();
  EXPECT_EXIT(fork_while_fibers_wait(), testing::ExitedWithCode(0), "");
}

[[noreturn]] void fork_from_a_fiber() {
  end_after_a_minute();
  Future<void> waiting = async([] { sleep_for(1h); });
  const int code = async([] {
                     const pid_t child = fork();
                     if (child == 0) {
                       end_after_a_minute();
                       sleep_for(1ms);
                       std::exit(async([] { return 7; }).get());
                     }
                     return exit_code_of(child);
                   }).get();
  REQUIRE(code == 7);
  std::exit(0);
}

TEST_F(RuntimeDeathTest, LetsAFiberForkTheProcess) {
  SKIP_WITHOUT_FORK();
  EXPECT_EXIT(fork_from_a_fiber(), testing::ExitedWithCode(0), "");
}

[[noreturn]] void keep_a_deadline_across_fork() {
  end_after_a_minute();
  const Context context = Context().with_timeout(50ms);
  ScopedContext scope(context);
  auto registration = context.on_cancel([] {});  // its timer is in the parent
  const pid_t child = fork();
  if (child == 0) {
    end_after_a_minute();
    REQUIRE(status_of([] { sleep_for(1h); }) == Status::kDeadlineExceeded);
    std::_Exit(0);
  }
  std::_Exit(exit_code_of(child));
}

TEST_F(RuntimeDeathTest, KeepsADeadlineInAForkedProcess) {
  SKIP_WITHOUT_FORK();
  EXPECT_EXIT(keep_a_deadline_across_fork(), testing::ExitedWithCode(0), "");
}

// Not a tail call, and not a loop.
int recurse(int depth) {
  volatile char frame[1024];
  frame[0] = static_cast<char>(depth);
  return depth == 0 ? 0 : recurse(depth - 1) + frame[0];
}

TEST_F(RuntimeDeathTest, CrashesCleanlyWhenAStackOverflows) {
  EXPECT_DEATH(
      {
        use_fibers();
        async([] { return recurse(100'000); }).get();
      },
      "");
}

TEST_F(RuntimeDeathTest, CrashesCleanlyWhenOneFrameIsLargerThanAPage) {
  SKIP_WITHOUT_FIBERS();
  EXPECT_DEATH(
      {
        use_fibers();
        configure_runtime({.stack_size = 64 * 1024});
        async([] {
          volatile char frame[100 * 1024];
          frame[0] = 1;
          return frame[0] + recurse(1);
        }).get();
      },
      "");
}

[[noreturn]] void use_a_large_stack() {
  use_fibers();
  configure_runtime({.stack_size = 8 * 1024 * 1024});
  setenv("GENKIT_STACK_SIZE", "16M", 1);
  async([] { return recurse(10'000); }).get();
  std::exit(0);
}

TEST_F(RuntimeDeathTest, UsesTheStackSizeOfTheEnvironment) {
  SKIP_WITHOUT_FIBERS();
  EXPECT_EXIT(use_a_large_stack(), testing::ExitedWithCode(0), "");
}

TEST_F(RuntimeDeathTest, NamesAnEnvironmentVariableThatItCannotRead) {
  EXPECT_EXIT(
      {
        setenv("GENKIT_WORKERS", "many", 1);
        async([] {}).get();
        std::exit(0);
      },
      testing::ExitedWithCode(0), "GENKIT_WORKERS=\"many\" is ignored: expected a number from 1 to 1024");
}

[[noreturn]] void run_out_of_stacks() {
  end_after_a_minute();
#if defined(__linux__)
  ::mallopt(M_ARENA_MAX, 1);  // or the heaps of new threads take the room
#endif
  use_fibers();
  configure_runtime({.stack_size = 8 * 1024 * 1024});
  sleep_for(1us);
  async([] { sleep_for(1us); }).get();
  std::ifstream statm("/proc/self/statm");
  rlim_t pages = 0;
  statm >> pages;
  const rlim_t size = pages * static_cast<rlim_t>(sysconf(_SC_PAGESIZE)) + 128 * 1024 * 1024;
  const rlimit limit{size, size};
  REQUIRE(setrlimit(RLIMIT_AS, &limit) == 0);

  std::vector<Future<void>> fibers;
  for (int i = 0; i < 50; ++i) fibers.push_back(async([] { sleep_for(1h); }));
  std::size_t failed = 0;
  for (auto& fiber : fibers) {
    if (!fiber.wait_for(1ms)) continue;
    auto error = attempt([&] { fiber.get(); }).error();
    REQUIRE(error.status() == Status::kResourceExhausted);
    REQUIRE(error.message().find("vm.max_map_count") != std::string::npos);
    ++failed;
  }
  REQUIRE(failed > 10 && failed < 50);
  fibers.clear();
  async([] {}).get();
  std::exit(0);
}

TEST_F(RuntimeDeathTest, FailsTheTasksForWhichThereIsNoStackAndGoesOn) {
#if defined(GENKIT_TSAN) || defined(GENKIT_ASAN)
  GTEST_SKIP() << "sanitizers need all the address space";
#endif
  EXPECT_EXIT(run_out_of_stacks(), testing::ExitedWithCode(0), "");
}

[[noreturn]] void configure_too_late() {
  REQUIRE(status_of([] { configure_runtime({.stack_size = 1}); }) == Status::kInvalidArgument);
  REQUIRE(status_of([] { configure_runtime({.watchdog = std::chrono::milliseconds::max()}); }) == Status::kInvalidArgument);
  configure_runtime({.workers = 3});
  sleep_for(1us);
  async([] {}).get();
  auto error = attempt([] { configure_runtime({}); }).error();
  REQUIRE(error.status() == Status::kFailedPrecondition);
  std::exit(0);
}

TEST_F(RuntimeDeathTest, RefusesOptionsAfterItsStart) {
  EXPECT_EXIT(configure_too_late(), testing::ExitedWithCode(0), "");
}

[[noreturn]] void use_a_pool_without_bounds() {
  use_fibers();
  configure_runtime({.blocking_threads = 1, .blocking_queue = std::numeric_limits<std::size_t>::max()});
  std::vector<Future<int>> calls;
  for (int i = 0; i < 8; ++i) calls.push_back(async([i] { return blocking([i] { return i; }); }));
  for (int i = 0; i < 8; ++i) REQUIRE(calls[static_cast<std::size_t>(i)].get() == i);
  std::exit(0);
}

TEST_F(RuntimeDeathTest, TakesTheLargestQueueForOneWithoutBounds) {
  EXPECT_EXIT(use_a_pool_without_bounds(), testing::ExitedWithCode(0), "");
}

}  // namespace
}  // namespace genkit
