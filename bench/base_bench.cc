// Reading and writing JSON: the sizes are those of a tool answer, of a model request with history, and of a big one.

#include <cstddef>
#include <string>

#include <benchmark/benchmark.h>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include <genkit/base/error.h>
#include <genkit/base/ids.h>
#include <genkit/base/json.h>

namespace genkit {
namespace {

/// A model request of about `size` bytes: prose with a few escapes, numbers and nested objects.
Json make_request(std::size_t size) {
  const std::string prose =
      "The harbour of Genoa, said the captain, is \"older than the city\".\n"
      "Ships from Caf\xC3\xA9 Florian to the Bosphorus have called here since 1128. ";
  JsonArray messages;
  std::size_t written = 0;
  for (int i = 0; written < size; ++i) {
    std::string text;
    for (int repeat = 0; repeat < 4; ++repeat) text += prose;
    written += text.size() + 120;
    messages.push_back(Json{{"role", i % 2 == 0 ? "user" : "model"},
                            {"content", JsonArray{Json{{"text", text}}}},
                            {"metadata", {{"turn", i}, {"score", 0.25 * i}, {"cached", false}, {"price", 0.1}}}});
  }
  return Json{{"messages", messages}, {"config", {{"temperature", 0.7}, {"maxOutputTokens", 1024}}}};
}

void parse(benchmark::State& state) {
  std::string text = to_text(make_request(static_cast<std::size_t>(state.range(0))));
  for (auto _ : state) benchmark::DoNotOptimize(parse_json(text));
  state.SetBytesProcessed(static_cast<std::int64_t>(text.size()) * static_cast<std::int64_t>(state.iterations()));
}
BENCHMARK(parse)->Arg(200)->Arg(18'000)->Arg(1'000'000);

/// What boost::json::parse takes for the same text.
void parse_boost(benchmark::State& state) {
  std::string text = to_text(make_request(static_cast<std::size_t>(state.range(0))));
  for (auto _ : state) benchmark::DoNotOptimize(boost::json::parse(text));
  state.SetBytesProcessed(static_cast<std::int64_t>(text.size()) * static_cast<std::int64_t>(state.iterations()));
}
BENCHMARK(parse_boost)->Arg(200)->Arg(18'000)->Arg(1'000'000);

void write(benchmark::State& state) {
  Json request = make_request(static_cast<std::size_t>(state.range(0)));
  std::string text;
  for (auto _ : state) {
    text.clear();
    append_text(text, request);
    benchmark::DoNotOptimize(text.data());
  }
  state.SetBytesProcessed(static_cast<std::int64_t>(text.size()) * static_cast<std::int64_t>(state.iterations()));
}
BENCHMARK(write)->Arg(200)->Arg(18'000)->Arg(1'000'000);

/// What boost::json::serialize takes for the same value.
void write_boost(benchmark::State& state) {
  Json request = make_request(static_cast<std::size_t>(state.range(0)));
  std::size_t size = 0;
  for (auto _ : state) size = boost::json::serialize(request).size();
  state.SetBytesProcessed(static_cast<std::int64_t>(size) * static_cast<std::int64_t>(state.iterations()));
}
BENCHMARK(write_boost)->Arg(200)->Arg(18'000)->Arg(1'000'000);

/// The input of the action-call workload.
void write_small_object(benchmark::State& state) {
  Json input = {{"id", 7}, {"name", "widget"}, {"score", 3.5}, {"active", true}, {"tags", {"alpha", "beta"}}};
  std::string text;
  for (auto _ : state) {
    text.clear();
    append_text(text, input);
    benchmark::DoNotOptimize(text.data());
  }
}
BENCHMARK(write_small_object);

void write_double(benchmark::State& state) {
  std::string text;
  double value = 0.1;
  for (auto _ : state) {
    text.clear();
    append_json_number(text, value += 0.37);
    benchmark::DoNotOptimize(text.data());
  }
}
BENCHMARK(write_double);

void next_id(benchmark::State& state) {
  IdSource& ids = random_ids();
  for (auto _ : state) benchmark::DoNotOptimize(ids.next());
}
BENCHMARK(next_id);

void throw_and_catch(benchmark::State& state) {
  for (auto _ : state) {
    auto result = attempt([] { throw Error(Status::kNotFound, "model \"parrot/echo\" not found"); });
    benchmark::DoNotOptimize(result);
  }
}
BENCHMARK(throw_and_catch);

}  // namespace
}  // namespace genkit
