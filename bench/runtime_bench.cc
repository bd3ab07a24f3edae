// What the runtime costs: contexts, spawning, switching, waking, and many fibers that wait.

#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <fstream>
#include <latch>
#include <memory>
#include <thread>
#include <vector>

#include <benchmark/benchmark.h>

#include <genkit/runtime/channel.h>
#include <genkit/runtime/context.h>
#include <genkit/runtime/future.h>

namespace genkit {
namespace {

using Clock = std::chrono::steady_clock;
using std::chrono::duration;

// Bytes of resident memory.
double resident_memory() {
  std::ifstream statm("/proc/self/statm");
  double total = 0;
  double resident = 0;
  statm >> total >> resident;
  return resident * static_cast<double>(sysconf(_SC_PAGESIZE));
}

void context_current(benchmark::State& state) {
  ScopedContext scope(Context().with_user({{"uid", "u1"}}));
  for (auto _ : state) benchmark::DoNotOptimize(Context::current());
}
BENCHMARK(context_current);

void context_push_and_pop(benchmark::State& state) {
  const Context context = Context().with_user({{"uid", "u1"}});
  for (auto _ : state) ScopedContext scope(context);
}
BENCHMARK(context_push_and_pop);

void context_cancelled(benchmark::State& state) {
  const Context context = CancelSource().context();
  for (auto _ : state) benchmark::DoNotOptimize(context.cancelled());
}
BENCHMARK(context_cancelled);

void context_cancelled_with_deadline(benchmark::State& state) {
  const Context context = Context().with_timeout(std::chrono::hours(1));
  for (auto _ : state) benchmark::DoNotOptimize(context.cancelled());
}
BENCHMARK(context_cancelled_with_deadline);

/// From a fiber: one child at a time, from its start to its result.
void spawn_and_get(benchmark::State& state) {
  async([&] {
    for (auto _ : state) async([] {}).get();
  }).get();
}
BENCHMARK(spawn_and_get)->UseRealTime();

/// From a fiber: a thousand children, then all results. Per child.
void spawn_a_thousand(benchmark::State& state) {
  async([&] {
    std::vector<Future<void>> children;
    children.reserve(1000);
    for (auto _ : state) {
      for (int i = 0; i < 1000; ++i) children.push_back(async([] {}));
      children.clear();
    }
  }).get();
  state.SetItemsProcessed(state.iterations() * 1000);
}
BENCHMARK(spawn_a_thousand)->UseRealTime();

void spawn_from_a_plain_thread(benchmark::State& state) {
  for (auto _ : state) async([] {}).get();
}
BENCHMARK(spawn_from_a_plain_thread)->UseRealTime();

/// Away from a fiber and back, with nothing else to run.
void switch_by_yield(benchmark::State& state) {
  async([&] {
    for (auto _ : state) yield();
  }).get();
}
BENCHMARK(switch_by_yield)->UseRealTime();

/// Two fibers that hand a value to and fro: two sends, two receives, two wake-ups.
void ping_pong(benchmark::State& state) {
  internal::Channel<int> there(1);
  internal::Channel<int> back(1);
  Future<void> echo = async([&] {
    while (auto value = there.receive()) back.send(*value);
  });
  async([&] {
    for (auto _ : state) {
      there.send(1);
      back.receive();
    }
  }).get();
  there.finish();
  echo.get();
}
BENCHMARK(ping_pong)->UseRealTime();

/// A plain thread wakes each of many waiting fibers with a message, in turn; per message, until all have been received.
void wake_from_a_thread(benchmark::State& state) {
  const auto fibers = static_cast<std::size_t>(state.range(0));
  std::vector<std::unique_ptr<internal::Channel<int>>> channels;
  std::vector<Future<void>> waiting;
  std::atomic<std::size_t> received{0};
  for (std::size_t i = 0; i < fibers; ++i) {
    channels.push_back(std::make_unique<internal::Channel<int>>(1));
    waiting.push_back(async([&received, channel = channels.back().get()] {
      while (channel->receive()) received.fetch_add(1, std::memory_order_relaxed);
    }));
  }
  std::size_t sent = 0;
  for (auto _ : state) {
    for (auto& channel : channels) channel->send(1);
    sent += fibers;
    while (received.load(std::memory_order_relaxed) < sent) std::this_thread::yield();
  }
  for (auto& channel : channels) channel->finish();
  state.SetItemsProcessed(static_cast<std::int64_t>(sent));
}
BENCHMARK(wake_from_a_thread)->Arg(1)->Arg(10'000)->UseRealTime();

/// Flows that wait, all for the same time: memory of each, and how late the last one resumes.
void waiting_flows(benchmark::State& state) {
  const auto count = static_cast<std::size_t>(state.range(0));
  double bytes = 0;
  double late = 0;
  for (auto _ : state) {
    std::vector<Future<double>> flows;
    flows.reserve(count);
    const double before = resident_memory();
    std::latch begun(static_cast<std::ptrdiff_t>(count));
    const auto until = Clock::now() + std::chrono::milliseconds(500) + std::chrono::microseconds(10 * count);
    for (std::size_t i = 0; i < count; ++i) {
      flows.push_back(async([&begun, until] {
        ScopedContext scope(Context::current().with_user({{"uid", "u1"}}));
        begun.count_down();
        internal::sleep_until(until);
        return duration<double>(Clock::now() - until).count();
      }));
    }
    begun.wait();
    bytes = std::max(bytes, (resident_memory() - before) / static_cast<double>(count));
    for (auto& flow : flows) late = std::max(late, flow.get());
  }
  state.counters["bytes_each"] = bytes;
  state.counters["latest_ms"] = late * 1000;
}
BENCHMARK(waiting_flows)->Arg(10'000)->Unit(benchmark::kMillisecond)->UseRealTime()->Iterations(3);

void blocking_call(benchmark::State& state) {
  async([&] {
    for (auto _ : state) blocking([] {});
  }).get();
}
BENCHMARK(blocking_call)->UseRealTime();

}  // namespace
}  // namespace genkit
