// Structured output: what reading 41 KB of JSON in pieces of 16 bytes costs without the generation around it (see
// peers/w6_json.cc).

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include <benchmark/benchmark.h>

#include <genkit/schema/schema.h>

#include "ai/output/chunk_reader.h"
#include "ai/output/output_reader.h"

namespace genkit {
namespace {

struct Item {
  int id = 0;
  std::string name;
  double price = 0;
  std::vector<std::string> tags;
  std::string desc;
};

constexpr std::size_t kChunkSize = 16;

std::string make_document(std::string_view format) {
  JsonArray items;
  for (int i = 0; i < 400; ++i) {
    const std::string number = std::to_string(i);
    items.push_back(Json{{"id", i},
                         {"name", "Item " + number},
                         {"price", i % 100 + (i % 90 + 10) / 100.0},
                         {"tags", {"t" + std::to_string(i % 7), "t" + std::to_string(i % 5)}},
                         {"desc", "A short description of item " + number + "."}});
  }
  if (format != "jsonl") return to_text(items);
  std::string lines;
  for (const Json& item : items) lines += to_text(item) + "\n";
  return lines;
}

std::vector<Chunk> make_chunks(const std::string& text) {
  std::vector<Chunk> chunks;
  for (std::size_t i = 0; i < text.size(); i += kChunkSize) chunks.push_back(Chunk::of_text(text.substr(i, kChunkSize)));
  return chunks;
}

void set_processed(benchmark::State& state, const std::string& text) {
  state.SetBytesProcessed(static_cast<std::int64_t>(text.size()) * static_cast<std::int64_t>(state.iterations()));
}

/// The parser, without anything around it.
void parse_stream(benchmark::State& state) {
  const std::string text = make_document("array");
  const std::string_view view = text;
  const auto size = static_cast<std::size_t>(state.range(0));
  for (auto _ : state) {
    internal::JsonStream stream;
    for (std::size_t i = 0; i < view.size(); i += size) stream.feed(view.substr(i, size));
    if (stream.state() != internal::JsonStream::State::kDone) state.SkipWithError("not done");
  }
  set_processed(state, text);
}
BENCHMARK(parse_stream)->Arg(16)->Arg(1'000'000);

/// What the parser for whole documents takes for the same text.
void parse_whole(benchmark::State& state) {
  const std::string text = make_document("array");
  for (auto _ : state) benchmark::DoNotOptimize(parse_json(text));
  set_processed(state, text);
}
BENCHMARK(parse_whole);

void read_chunks(benchmark::State& state, const char* format) {
  const std::string text = make_document(format);
  const std::vector<Chunk> chunks = make_chunks(text);
  const OutputOptions options = {.format = format, .schema = schema_of<std::vector<Item>>()};
  for (auto _ : state) {
    internal::ChunkReader reader(nullptr, options, nullptr);
    for (const Chunk& chunk : chunks) {
      reader.take(chunk);
      benchmark::DoNotOptimize(reader.output());
    }
  }
  set_processed(state, text);
}
BENCHMARK_CAPTURE(read_chunks, text, "text");
BENCHMARK_CAPTURE(read_chunks, array, "array");
BENCHMARK_CAPTURE(read_chunks, json, "json");
BENCHMARK_CAPTURE(read_chunks, jsonl, "jsonl");

void read_typed_chunks(benchmark::State& state, const char* format) {
  const std::string text = make_document(format);
  const std::vector<Chunk> chunks = make_chunks(text);
  const OutputOptions options = {.format = format, .schema = schema_of<std::vector<Item>>()};
  for (auto _ : state) {
    internal::ChunkReader reader(nullptr, options, &internal::type_info<std::vector<Item>>());
    for (const Chunk& chunk : chunks) {
      reader.take(chunk);
      benchmark::DoNotOptimize(reader.typed_output());
    }
  }
  set_processed(state, text);
}
BENCHMARK_CAPTURE(read_typed_chunks, array, "array");
BENCHMARK_CAPTURE(read_typed_chunks, json, "json");
BENCHMARK_CAPTURE(read_typed_chunks, jsonl, "jsonl");

/// The value of a whole answer.
void read_answer(benchmark::State& state, const char* format) {
  const std::string text = make_document(format);
  const ModelResponse response = ModelResponse::of_text(text);
  const auto form = internal::make_form(nullptr, format, schema_of<std::vector<Item>>());
  for (auto _ : state) benchmark::DoNotOptimize(internal::read_output(*form, response));
  set_processed(state, text);
}
BENCHMARK_CAPTURE(read_answer, array, "array");
BENCHMARK_CAPTURE(read_answer, jsonl, "jsonl");

/// The same of a value that is only looked at, as a generation does with its answer.
void check_answer(benchmark::State& state, const char* format) {
  const std::string text = make_document(format);
  const ModelResponse response = ModelResponse::of_text(text);
  const auto form = internal::make_form(nullptr, format, schema_of<std::vector<Item>>());
  for (auto _ : state) {
    internal::JsonMemory memory;
    benchmark::DoNotOptimize(internal::read_output(*form, response, &memory));
  }
  set_processed(state, text);
}
BENCHMARK_CAPTURE(check_answer, array, "array");

void validate_answer(benchmark::State& state) {
  const Json value = parse_json(make_document("array"));
  const auto validator = SchemaValidator::compile(schema_of<std::vector<Item>>());
  for (auto _ : state) benchmark::DoNotOptimize(validator->validate(value));
}
BENCHMARK(validate_answer);

void copy_answer(benchmark::State& state) {
  const Json value = parse_json(make_document("array"));
  for (auto _ : state) benchmark::DoNotOptimize(Json(value));
}
BENCHMARK(copy_answer);

}  // namespace
}  // namespace genkit
