#include <cstdlib>
#include <latch>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

#include <genkit/runtime/future.h>
#include <genkit/runtime/runtime.h>

#include "runtime/fiber_label.h"
#include "runtime/switch_annotations.h"

namespace genkit {
namespace {

using namespace std::chrono_literals;

#define REQUIRE(condition) \
  if (!(condition)) std::_Exit(__LINE__ % 200 + 1)

struct Log {
  std::mutex mutex;
  std::vector<std::string> lines;

  Logger logger() {
    return Logger([this](const LogRecord& record) {
      std::lock_guard lock(mutex);
      lines.emplace_back(record.message);
    });
  }
  std::vector<std::string> wait_for_lines(std::size_t count) {
    for (;; std::this_thread::yield()) {
      std::lock_guard lock(mutex);
      if (lines.size() >= count) return lines;
    }
  }
};

// One worker, held by a fiber that blocks until another fiber has run: only a worker that stands in can end this.
[[noreturn]] void hold_the_only_worker() {
  setenv("GENKIT_RUNTIME", "fibers", 1);
  unsetenv("GENKIT_WORKERS");
  static Log log;
  configure_runtime({.workers = 1, .watchdog = 10ms, .logger = log.logger()});
  for (int round = 0; round < 2; ++round) {
    std::latch go(1);
    Future<void> holder = async([&] {
      internal::ScopedFiberLabel outer("/flow/outer");
      internal::ScopedFiberLabel label("/flow/slowFlow");
      go.wait();
    });
    Future<void> other = async([&] { go.count_down(); });
    other.get();
    holder.get();
  }
  const std::vector<std::string> lines = log.wait_for_lines(1);
  REQUIRE(lines.size() == 1);
  REQUIRE(lines[0].find("\"/flow/slowFlow\" has kept a worker thread for 10 ms") == 0);
  REQUIRE(lines[0].find("genkit::blocking") != std::string::npos);
  std::exit(0);
}

TEST(WatchdogDeathTest, StandsInForAHeldWorkerAndNamesTheHolderOnce) {
#if defined(GENKIT_TSAN)
  GTEST_SKIP() << "there are no workers under ThreadSanitizer";
#endif
  GTEST_FLAG_SET(death_test_style, "threadsafe");
  EXPECT_EXIT(hold_the_only_worker(), testing::ExitedWithCode(0), "");
}

// As many holders as there may be, each waiting for one that comes after it.
[[noreturn]] void hold_many_workers() {
  setenv("GENKIT_RUNTIME", "fibers", 1);
  unsetenv("GENKIT_WORKERS");
  static Log log;
  configure_runtime({.workers = 1, .watchdog = 5ms, .logger = log.logger()});
  constexpr int kHolders = 8;
  std::latch all(kHolders);
  std::vector<Future<void>> holders;
  for (int i = 0; i < kHolders; ++i) holders.push_back(async([&] { all.arrive_and_wait(); }));
  for (auto& holder : holders) holder.get();
  async([] {}).get();
  REQUIRE(runtime_stats().workers <= kHolders + 1);
  std::exit(0);
}

TEST(WatchdogDeathTest, StandsInForEveryHeldWorker) {
#if defined(GENKIT_TSAN)
  GTEST_SKIP() << "there are no workers under ThreadSanitizer";
#endif
  GTEST_FLAG_SET(death_test_style, "threadsafe");
  EXPECT_EXIT(hold_many_workers(), testing::ExitedWithCode(0), "");
}

TEST(FiberLabel, EndsWithItsScopeAndIsCutAtItsBound) {
  internal::FiberLabel label;
  label.set("short");
  EXPECT_EQ(label.text(), "short");
  label.set(std::string(100, 'x'));
  EXPECT_EQ(label.text(), std::string(48, 'x'));

  // On a plain thread there is nothing to name.
  internal::ScopedFiberLabel scope("anything");
}

}  // namespace
}  // namespace genkit
