#include "runtime/runtime.h"

#include <cctype>
#include <charconv>
#include <cstdlib>
#include <mutex>
#include <new>
#include <optional>
#include <string>
#include <string_view>
#include <thread>
#include <utility>

#include <pthread.h>

#include "runtime/switch_annotations.h"
#include "runtime/thread_state.h"

namespace genkit::internal {
namespace {

constexpr std::size_t kMinStack = std::size_t{32} * 1024;
constexpr std::size_t kMaxStack = std::size_t{1024} * 1024 * 1024;
constexpr unsigned kMaxWorkers = 1024;
constexpr std::chrono::milliseconds kMaxWatchdog = std::chrono::hours(24);

// Never destroyed, for the reasons given at Runtime.
union StartMutex {
  constexpr StartMutex() noexcept : mutex() {}
  ~StartMutex() {}
  std::mutex mutex;
};
constinit StartMutex start_mutex;

RuntimeOptions& configured() {
  static auto* options = new RuntimeOptions();
  return *options;
}

void warn(const RuntimeOptions& options, const char* name, std::string_view value, const char* expected) {
  options.logger.warning(std::string("environment variable ") + name + "=\"" + std::string(value) + "\" is ignored: " + expected);
}

/// "262144", "256K", "1M".
std::optional<std::size_t> parse_size(std::string_view text) {
  std::size_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || value > kMaxStack) return std::nullopt;
  const std::string_view unit = text.substr(static_cast<std::size_t>(end - text.data()));
  if (unit.empty()) return value;
  if (unit == "K" || unit == "k") return value * 1024;
  if (unit == "M" || unit == "m") return value * 1024 * 1024;
  return std::nullopt;
}

void read_environment(RuntimeOptions& options) {
  if (const char* mode = std::getenv("GENKIT_RUNTIME"); mode != nullptr && *mode != '\0') {
    const std::string_view text = mode;
    if (text == "threads" || text == "fibers") {
      options.threads = text == "threads";
    } else {
      warn(options, "GENKIT_RUNTIME", text, "expected \"fibers\" or \"threads\"");
    }
  }
  if (const char* workers = std::getenv("GENKIT_WORKERS"); workers != nullptr && *workers != '\0') {
    const std::optional<std::size_t> count = parse_size(workers);
    if (count && *count >= 1 && *count <= kMaxWorkers) {
      options.workers = static_cast<unsigned>(*count);
    } else {
      warn(options, "GENKIT_WORKERS", workers, "expected a number from 1 to 1024");
    }
  }
  if (const char* stack = std::getenv("GENKIT_STACK_SIZE"); stack != nullptr && *stack != '\0') {
    const std::optional<std::size_t> size = parse_size(stack);
    if (size && *size >= kMinStack && *size <= kMaxStack) {
      options.stack_size = *size;
    } else {
      warn(options, "GENKIT_STACK_SIZE", stack, "expected a size from 32K to 1024M, \"512K\" for example");
    }
  }
}

RuntimeOptions effective_options() {
  RuntimeOptions options = configured();
  read_environment(options);
  if (options.workers == 0) options.workers = std::max(2U, std::thread::hardware_concurrency());
#if defined(GENKIT_TSAN)
  // ThreadSanitizer cannot follow fibers.
  options.threads = true;
#endif
  return options;
}

void check_range(bool good, const char* option, const std::string& value, const char* expected) {
  if (good) return;
  throw Error(Status::kInvalidArgument, std::string("RuntimeOptions::") + option + " is " + value + "; expected " + expected);
}

}  // namespace

constinit std::atomic<Runtime*> Runtime::current_{nullptr};
constinit std::atomic<unsigned> Runtime::generation_{1};

Runtime::Runtime(const RuntimeOptions& options)
    : options_(options), scheduler_(options, generation(), timers_), blocking_(options) {}

Runtime& Runtime::start() {
  std::lock_guard lock(start_mutex.mutex);
  if (Runtime* runtime = current_.load(std::memory_order_relaxed)) return *runtime;
  static const int fork_handler = pthread_atfork(nullptr, nullptr, [] { forget_after_fork(); });
  static_cast<void>(fork_handler);
  auto* runtime = new Runtime(effective_options());
  current_.store(runtime, std::memory_order_release);
  return *runtime;
}

// In the child, on its only thread. The threads of the runtime are gone, its mutexes are in whatever state they were: all of it
// is left alone, and the next use makes a new one. If a fiber has forked, it goes on as a plain thread.
void Runtime::forget_after_fork() noexcept {
  new (&start_mutex.mutex) std::mutex();
  current_.store(nullptr, std::memory_order_relaxed);
  generation_.fetch_add(1, std::memory_order_relaxed);
  thread_state().fiber = nullptr;
  thread_state().worker = nullptr;
  thread_state().lent = nullptr;
}

void Runtime::configure(RuntimeOptions options) {
  check_range(options.workers <= kMaxWorkers, "workers", std::to_string(options.workers),
              "0 (as many as the machine has) to 1024");
  check_range(options.stack_size >= kMinStack && options.stack_size <= kMaxStack, "stack_size",
              std::to_string(options.stack_size), "32 KiB to 1 GiB");
  check_range(options.blocking_threads > 0, "blocking_threads", "0", "1 or more");
  check_range(options.watchdog.count() >= 0 && options.watchdog <= kMaxWatchdog, "watchdog",
              std::to_string(options.watchdog.count()) + " ms", "0 (off) to 24 hours");
  std::lock_guard lock(start_mutex.mutex);
  if (current_.load(std::memory_order_relaxed) != nullptr) {
    throw Error(Status::kFailedPrecondition,
                "configure_runtime was called after the runtime had started; call it at the beginning of main, before the first "
                "async, sleep_for or blocking");
  }
  configured() = std::move(options);
}

}  // namespace genkit::internal

namespace genkit {

void configure_runtime(RuntimeOptions options) {
  internal::Runtime::configure(std::move(options));
}

RuntimeStats runtime_stats() noexcept {
  RuntimeStats stats;
  internal::Runtime* runtime = internal::Runtime::get_if_started();
  if (runtime == nullptr) return stats;
  runtime->scheduler().fill(stats);
  stats.tasks = runtime->tasks().load(std::memory_order_acquire);
  stats.blocking_threads = runtime->blocking().threads();
  stats.timers = runtime->timers().size();
  return stats;
}

}  // namespace genkit
