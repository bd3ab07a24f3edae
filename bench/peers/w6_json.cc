// W6: structured output while it streams. --format array|json|jsonl|text --typed 0|1 --access 0|1 --objs K --chunk 16 --reps R
// --n N --via stream|callback A model in this process sends the document in pieces of 16 bytes; the consumer looks at the output
// of every chunk. A callback gets the chunks on the fiber of the model, and looks at their text.
#include <algorithm>
#include <cmath>
#include <cstdio>
#include <string>
#include <vector>

#include <genkit/genkit.h>

#include "bench_common.h"

namespace {

struct Item {
  int id = 0;
  std::string name;
  double price = 0;
  std::vector<std::string> tags;
  std::string desc;
};

std::string document(long count, bool lines) {
  std::string text = lines ? "" : "[";
  for (long i = 0; i < count; ++i) {
    char item[256];
    std::snprintf(
        item, sizeof item,
        R"({"id":%ld,"name":"Item %ld","price":%ld.%02ld,"tags":["t%ld","t%ld"],"desc":"A short description of item %ld."})", i,
        i, i % 100, i % 90 + 10, i % 7, i % 5, i);
    if (i > 0) text += lines ? "\n" : ",";
    text += item;
  }
  return text + (lines ? "\n" : "]");
}

/// The items that the chunks showed, and those of the answer.
struct Counts {
  std::size_t seen = 0;
  std::size_t last = 0;
  std::size_t final = 0;
};

}  // namespace

int main(int argc, char** argv) {
  const genkit::bench::Arguments arguments(argc, argv);
  const std::string format = arguments.text("format", "array");
  const bool access = arguments.number("access", 1) != 0;
  const bool typed = arguments.number("typed", 0) != 0;
  const bool calls_back = arguments.text("via", "stream") == "callback";
  const long chunk_size = arguments.number("chunk", 16);
  const genkit::OutputOptions output =
      format == "text" ? genkit::OutputOptions()
                       : genkit::OutputOptions{.format = format, .schema = genkit::schema_of<std::vector<Item>>()};

  std::string text;
  genkit::Genkit ai({.model = "m", .exporters = {std::make_shared<genkit::bench::DroppingExporter>()}});
  ai.define_model("m", {.supports = {.constrained = "all"}}, [&](const genkit::ModelRequest&, genkit::ModelContext& context) {
    const auto size = static_cast<std::size_t>(chunk_size);
    for (std::size_t i = 0; i < text.size(); i += size) context.send(std::string_view(text).substr(i, size));
    return genkit::ModelResponse::of_text(text);
  });

  const auto run_untyped = [&] {
    Counts counts;
    auto stream = ai.generate_stream({.prompt = "x", .output = output});
    for (const auto& chunk : stream) {
      if (!access) continue;
      const genkit::Json& value = chunk.output();
      if (value.is_array()) counts.seen += counts.last = value.get_array().size();
    }
    const genkit::Response response = stream.response();
    counts.final = format == "text" ? response.text().size() : response.output().as_array().size();
    return counts;
  };
  const auto run_callback = [&] {
    std::size_t size = 0;
    const auto on_chunk = [&](const genkit::Chunk& chunk) {
      if (access) size += chunk.text().size();
    };
    const genkit::Response response = ai.generate({.prompt = "x", .output = output, .on_chunk = on_chunk});
    if (access && size != text.size()) genkit::bench::fail("text of chunks");
    return Counts{.final = format == "text" ? response.text().size() : response.output().as_array().size()};
  };
  const auto run_typed = [&] {
    Counts counts;
    auto stream = ai.generate_stream<std::vector<Item>>({.prompt = "x", .output = output});
    for (const auto& chunk : stream) {
      if (access) counts.seen += counts.last = chunk.output().size();
    }
    counts.final = stream.output().size();
    return counts;
  };

  double before = 0;
  for (const long count : {25L, 50L, 100L, 200L, 400L}) {
    if (arguments.number("objs", count) != count) continue;
    text = document(count, format == "jsonl");
    const double chunks = std::ceil(static_cast<double>(text.size()) / static_cast<double>(chunk_size));
    const long n = arguments.number("n", 40'000 / count);
    double best = INFINITY;
    for (long repetition = -1; repetition < arguments.number("reps", 3); ++repetition) {
      const double start = genkit::bench::cpu_seconds();
      for (long i = 0; i < n; ++i) {
        const Counts counts = calls_back ? run_callback() : typed ? run_typed() : run_untyped();
        const auto expected = static_cast<std::size_t>(count);
        if (format == "text" ? counts.final != text.size() : counts.final != expected) genkit::bench::fail("final items");
        if (calls_back) continue;
        if (access && format == "json" && counts.last != expected) genkit::bench::fail("last partial value");
        if (access && (format == "array" || format == "jsonl") && counts.seen != expected) genkit::bench::fail("items of chunks");
      }
      if (repetition < 0) continue;
      const double cpu = (genkit::bench::cpu_seconds() - start) / static_cast<double>(n);
      best = std::min(best, cpu);
      std::printf(
          R"({"impl":"genkit-cpp","w":"W6","c":"%s%s%s%s-%ld","rep":%ld,"objs":%ld,"bytes":%zu,"chunks":%.0f,"cpu_s":%.8f,)"
          R"("cpu_us_op":%.4f,"exponent":%.3f})"
          "\n",
          format.c_str(), typed ? "-typed" : "", calls_back ? "-callback" : "", access ? "" : "-noaccess", count, repetition,
          count, text.size(), chunks, cpu, cpu * 1e6 / chunks, before > 0 ? std::log2(best / before) : 0.0);
    }
    before = best;
  }
}
