#include <array>
#include <random>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <genkit/ai/response_stream.h>

#include "ai/ai_test_support.h"

namespace genkit {
namespace {

using testing::ElementsAre;

struct Step {
  std::string text;
  std::optional<int> minutes;
};
struct Recipe {
  std::string title = "untitled";
  std::vector<Step> steps;
  int servings = 4;
};

OutputOptions recipe_output(std::string format = {}) {
  return {.format = std::move(format), .schema = schema_of<Recipe>()};
}

internal::AnswerProducer producer_of(std::vector<std::string> texts, OutputOptions output) {
  return [texts = std::move(texts), output = std::move(output)](const internal::ChunkSink& sink, internal::AnswerReader&) {
    std::string all;
    for (const std::string& text : texts) {
      all += text;
      sink(internal::ValueRef::of(Chunk::of_text(text)));
    }
    ModelResponse response = ModelResponse::of_text(all);
    response.request.emplace();
    response.request->output = OutputConfig{.format = output.format.empty() ? "json" : output.format, .schema = output.schema};
    return internal::Value::of(std::move(response));
  };
}

template <class T>
TypedResponseStream<T> typed_stream(std::vector<std::string> texts, OutputOptions output) {
  return TypedResponseStream<T>(producer_of(std::move(texts), output), nullptr, output);
}

TEST(TypedStreamTest, ChunksShowAsMuchOfTheTypeAsHasCome) {
  auto stream = typed_stream<Recipe>(
      {"Sure:\n", "{\"title\": \"Pan", "cakes\", \"steps\": [{\"te", "xt\": \"Mix\"}, {\"text\": \"\"}]", "}"}, recipe_output());
  std::vector<std::string> seen;

  for (const auto& chunk : stream) {
    const Recipe& recipe = chunk.output();
    seen.push_back(recipe.title + " " + std::to_string(recipe.steps.size()) + " " + std::to_string(recipe.servings));
  }

  EXPECT_THAT(seen, ElementsAre("untitled 0 4", "Pan 0 4", "Pancakes 1 4", "Pancakes 2 4", "Pancakes 2 4"));
}

TEST(TypedStreamTest, TextIsThatOfTheTurn) {
  ResponseStream stream([](const internal::ChunkSink& sink, internal::AnswerReader&) {
    const auto send = [&](Role role, int index, const char* text) {
      Chunk chunk = Chunk::of_text(text);
      chunk.role = role;
      chunk.index = index;
      sink(internal::ValueRef::of(chunk));
    };
    send(Role::kModel, 0, "a");
    send(Role::kModel, 0, "b");
    send(Role::kTool, 1, "tool");
    send(Role::kModel, 2, "c");
    return internal::Value::of(ModelResponse::of_text("c"));
  });
  std::vector<std::string> seen;

  for (const auto& chunk : stream)
    seen.push_back(std::string(chunk.previous_text()) + "|" + std::string(chunk.accumulated_text()));

  EXPECT_THAT(seen, ElementsAre("|a", "a|ab", "ab|ab", "|c"));
}

TEST(TypedStreamTest, ItemsComeOneByOneWhateverTheFormat) {
  for (const char* format : {"json", "array"}) {
    auto stream =
        typed_stream<std::vector<Step>>({"[{\"text\":\"a", "\"},{\"text\":\"b\"},", "{\"text\":\"\"}, {\"text\":\"c\"}]"},
                                        {.format = format, .schema = schema_of<std::vector<Step>>()});
    std::string all;
    stream.for_each_item([&](const Step& step) { all += step.text + ";"; });
    EXPECT_EQ(all, "a;b;;c;") << format;
  }
}

TEST(TypedStreamTest, TheArrayFormatGivesTheItemsThatAChunkCompleted) {
  auto stream =
      typed_stream<std::vector<int>>({"[1,", "2,3", ",4]"}, {.format = "array", .schema = schema_of<std::vector<int>>()});
  std::vector<std::vector<int>> seen;

  for (const auto& chunk : stream) seen.push_back(chunk.output());

  EXPECT_THAT(seen, ElementsAre(ElementsAre(1), ElementsAre(2), ElementsAre(3, 4)));
}

TEST(TypedStreamTest, ChunksThatNobodyAskedAboutCountForTheNextWithoutTheirItems) {
  auto stream = typed_stream<std::vector<int>>({"[1,", "2,", "3,"}, {.format = "array", .schema = schema_of<std::vector<int>>()});
  std::size_t index = 0;

  for (const auto& chunk : stream) {
    if (index++ == 2) {
      EXPECT_THAT(chunk.output(), ElementsAre(3));
    }
  }
}

/// Puts a change into a value, as a program would that shows it elsewhere.
void apply(Json& value, const OutputDelta& delta) {
  if (delta.kind == OutputDelta::Kind::kAppend) {
    (delta.path.empty() ? value : value.at_pointer(delta.path)).as_string().append(delta.value.as_string());
    return;
  }
  if (delta.path.empty()) {
    value = delta.value;
    return;
  }
  const std::size_t slash = delta.path.rfind('/');
  Json& around = slash == 0 ? value : value.at_pointer(std::string_view(delta.path).substr(0, slash));
  std::string name = delta.path.substr(slash + 1);
  if (JsonArray* array = around.if_array()) {
    const std::size_t index = std::stoul(name);
    array->resize(std::max(array->size(), index + 1));
    (*array)[index] = delta.value;
    return;
  }
  for (std::size_t at = 0; (at = name.find('~', at)) != std::string::npos; ++at)
    name.replace(at, 2, name[at + 1] == '1' ? "/" : "~");
  around.as_object()[name] = delta.value;
}

class RandomStream {
 public:
  explicit RandomStream(unsigned seed) : random_(seed) {}

  std::size_t pick(std::size_t count) { return random_() % count; }
  Json value(int depth = 0) {
    switch (pick(depth == 0 ? 2 : depth > 3 ? 3 : 5)) {
      case 0: {
        if (depth > 3) return pick(1000);
        JsonArray array;
        for (std::size_t i = pick(4); i > 0; --i) array.push_back(value(depth + 1));
        return array;
      }
      case 1: {
        if (depth > 3) return nullptr;
        JsonObject object;
        for (std::size_t i = pick(4); i > 0; --i) object[std::array{"a", "b/c", "~", "\xC3\xA4"}[pick(4)]] = value(depth + 1);
        return object;
      }
      case 2:
        return std::array{"", "text", "\n\xE2\x82\xAC", "{\"}"}[pick(4)];
      case 3:
        return pick(2) == 0 ? Json(pick(2) == 0) : Json(static_cast<double>(pick(9999)) / 16);
      default:
        return -static_cast<std::int64_t>(random_());
    }
  }
  std::vector<std::string> pieces(const std::string& text) {
    std::vector<std::string> pieces;
    for (std::size_t i = 0; i < text.size(); i += pieces.back().size()) pieces.push_back(text.substr(i, 1 + pick(7)));
    return pieces;
  }

 private:
  std::mt19937 random_;
};

TEST(StreamPropertyTest, TheLastChunkIsTheOutputAndSoAreAllDeltasTogether) {
  for (unsigned seed = 0; seed < 10'000; ++seed) {
    RandomStream random(seed);
    const Json value = random.value();
    const OutputOptions output{.format = "json"};
    const std::string text = "Here: " + to_text(value) + (random.pick(2) == 0 ? "\n```" : "");
    ResponseStream stream(producer_of(random.pieces(text), output), nullptr, output);
    const std::size_t first_asked = random.pick(5);
    Json from_deltas;
    Json last;
    std::size_t index = 0;

    for (const auto& chunk : stream) {
      last = chunk.output();
      if (index++ < first_asked || random.pick(3) == 0) continue;
      for (const OutputDelta& delta : chunk.deltas()) apply(from_deltas, delta);
      ASSERT_EQ(to_text(from_deltas), to_text(last)) << text;
    }

    ASSERT_EQ(to_text(last), to_text(value)) << text;
    ASSERT_EQ(to_text(stream.output()), to_text(value)) << text;
  }
}

TEST(StreamedValueTest, WhatIsKeptOfChunksDoesNotNeedTheStream) {
  for (const char* format : {"json", "array", "jsonl"}) {
    const OutputOptions output{.format = format};
    const bool are_lines = output.format == "jsonl";
    std::vector<Json> kept;
    {
      ResponseStream stream(producer_of(are_lines ? std::vector<std::string>{"{\"a\":[1]}\n{\"a\"", ":[2]}\n"}
                                                  : std::vector<std::string>{"[{\"a\":[1]},{\"a\"", ":[2]}]"},
                                        output),
                            nullptr, output);
      for (const auto& chunk : stream) {
        kept.push_back(chunk.output());
        for (const Json& item : chunk.items()) kept.push_back(item);
        if (are_lines) continue;
        for (const OutputDelta& delta : chunk.deltas()) kept.push_back(delta.value);
      }
      kept.push_back(stream.output());
    }

    for (Json& value : kept) {
      EXPECT_EQ(value.storage().get(), boost::json::storage_ptr().get()) << format;
      if (value.is_array()) value.get_array().push_back("more");
    }
    EXPECT_EQ(to_text(kept.back()), R"([{"a":[1]},{"a":[2]},"more"])") << format;
  }
}

TEST(StreamedValueTest, TheAnswerCountsWhereItDiffersFromTheChunks) {
  const OutputOptions output{.format = "json"};
  ResponseStream stream(
      [](const internal::ChunkSink& sink, internal::AnswerReader&) {
        sink(internal::ValueRef::of(Chunk::of_text("[1]")));
        ModelResponse response = ModelResponse::of_text("[2]");
        response.request.emplace().output = OutputConfig{.format = "json"};
        return internal::Value::of(std::move(response));
      },
      nullptr, output);

  for (const auto& chunk : stream) EXPECT_EQ(to_text(chunk.output()), "[1]");

  EXPECT_EQ(to_text(stream.output()), "[2]");
}

std::string output_or_error(ResponseStream& stream) {
  const auto output = attempt([&] { return stream.output(); });
  return output ? to_text(output.value()) : output.error().message();
}

TEST(StreamedValueTest, TheAnswerLeavesTheLastChunkItsItems) {
  const OutputOptions output{.format = "array", .schema = schema_of<std::vector<int>>()};
  ResponseStream stream(producer_of({"[1,", "2,3]"}, output), nullptr, output);
  auto chunk = stream.begin();
  EXPECT_EQ(to_text(chunk->items()), "[1]");
  ++chunk;

  EXPECT_EQ(to_text(stream.response().output()), "[1,2,3]");
  EXPECT_EQ(to_text(chunk->items()), "[2,3]");
}

TEST(StreamedValueTest, WhatIsReadAgainDoesNotDependOnTheChunksThatWereLookedAt) {
  const OutputOptions output{.format = "json"};
  const std::string nested = std::string(600, '[') + "1" + std::string(256, ']');
  const auto answer = [&](bool looks) {
    ResponseStream stream(producer_of({nested, std::string(6000, 'x')}, output), nullptr, output);
    for (const auto& chunk : stream) {
      if (looks) static_cast<void>(chunk.output());
    }
    return to_text(stream.response().output());
  };

  EXPECT_EQ(answer(true), answer(false));
}

TEST(StreamPropertyTest, TheOutputIsTheSameHoweverManyChunksWereRead) {
  for (unsigned seed = 0; seed < 3'000; ++seed) {
    RandomStream random(seed);
    const OutputOptions output{.format = std::array{"json", "array", "jsonl"}[seed % 3],
                               .schema = {{"type", "array"}, {"items", {{"type", "object"}}}}};
    std::string text;
    if (output.format == "jsonl") {
      for (std::size_t i = random.pick(4); i > 0; --i) text += to_text(random.value()) + "\n";
    } else {
      text = "Here: " + to_text(random.value());
    }
    if (random.pick(4) == 0) text.resize(random.pick(text.size() + 1));
    const std::vector<std::string> pieces = random.pieces(text);
    std::vector<std::string> outputs;

    for (const std::size_t read : {std::size_t{0}, random.pick(pieces.size() + 1), pieces.size()}) {
      ResponseStream stream(producer_of(pieces, output), nullptr, output);
      std::size_t index = 0;
      for (const auto& chunk : stream) {
        if (index++ < read) chunk.output();
      }
      outputs.push_back(output_or_error(stream));
    }

    ASSERT_THAT(outputs, testing::Each(outputs[0])) << output.format << " " << text;
  }
}

TEST(StreamPropertyTest, EachItemIsShownOnceWhateverIsAskedBefore) {
  for (unsigned seed = 0; seed < 1'000; ++seed) {
    RandomStream random(seed);
    const OutputOptions output{.format = std::array{"json", "array", "jsonl"}[seed % 3]};
    const bool are_lines = output.format == "jsonl";
    JsonArray items;
    for (std::size_t i = random.pick(6); i > 0; --i) items.push_back(JsonObject{{"value", random.value()}});
    std::string text = are_lines ? "" : to_text(items);
    for (std::size_t i = 0; are_lines && i < items.size(); ++i) text += to_text(items[i]) + "\n";
    ResponseStream stream(producer_of(random.pieces(text), output), nullptr, output);
    JsonArray shown;
    Json whole;

    for (const auto& chunk : stream) {
      for (std::size_t i = random.pick(5); i > 0; --i) {
        switch (random.pick(4)) {
          case 0:
            whole = chunk.output();
            break;
          case 1:
            static_cast<void>(chunk.items());
            break;
          case 2:
            if (!are_lines) static_cast<void>(chunk.deltas());
            break;
          default:
            static_cast<void>(chunk.accumulated_text());
        }
      }
      for (const Json& item : chunk.items()) shown.push_back(item);
      const bool are_output = output.format != "json";
      ASSERT_EQ(to_text(are_output ? chunk.output() : Json(chunk.items())), to_text(chunk.items()));
    }

    ASSERT_EQ(to_text(shown), to_text(items)) << text;
    ASSERT_EQ(to_text(stream.output()), to_text(items)) << text;
  }
}

TEST(StreamedValueTest, ItemsStayWhereTheyAreWhenDeltasAreAskedForAfterThem) {
  const OutputOptions output{.format = "array"};
  ResponseStream stream(producer_of({"[{\"a\":1},", "{\"a\":2}]"}, output), nullptr, output);
  auto chunk = stream.begin();
  const Json& first = chunk->items().front();
  EXPECT_FALSE(chunk->deltas().empty());
  EXPECT_EQ(to_text(first), R"({"a":1})");
  EXPECT_EQ(to_text(chunk->output()), R"([{"a":1}])");
  ++chunk;
  EXPECT_EQ(to_text(chunk->output()), R"([{"a":2}])");
  EXPECT_EQ(to_text(stream.output()), R"([{"a":1},{"a":2}])");
}

TEST(StreamedValueTest, TooManyDeltasAreOneAlsoWhenItemsWereAskedForFirst) {
  const OutputOptions output{.format = "array"};
  constexpr std::size_t kMany = 40'000;
  std::string many;
  for (std::size_t i = 0; i < kMany; ++i) many += "{\"a\":1},";
  ResponseStream stream(producer_of({"[0,", many, "2]"}, output), nullptr, output);
  auto chunk = stream.begin();
  EXPECT_FALSE(chunk->deltas().empty());
  ++chunk;
  EXPECT_EQ(chunk->items().size(), kMany);
  ASSERT_EQ(chunk->deltas().size(), 1u);
  const JsonArray& whole = chunk->deltas().front().value.as_array();
  ASSERT_EQ(whole.size(), kMany + 1);
  EXPECT_TRUE(std::all_of(whole.begin() + 1, whole.end(), [](const Json& item) { return item == Json{{"a", 1}}; }));
}

TEST(StreamedValueTest, WhatALastChunkShowedStaysWhereItIs) {
  const OutputOptions output{.format = "array"};
  ResponseStream stream(producer_of({"[\"" + std::string(40, 'a') + "\"]"}, output), nullptr, output);
  auto chunk = stream.begin();
  const JsonArray& items = chunk->items();
  const Json& first = items.front();
  const Response response = stream.response();
  ASSERT_EQ(items.size(), 1u);
  EXPECT_EQ(first, response.output().at(0));
}

TEST(StreamedValueTest, ItemsOfAValueThatBeginsBesideAnotherAreAllShown) {
  const OutputOptions output{.format = "array", .schema = schema_of<std::vector<int>>()};
  ResponseStream stream(producer_of({"[\"a\"", ",\"b\"] [1,2,3", ",4]"}, output), nullptr, output);
  std::string shown;
  for (const auto& chunk : stream) shown += to_text(chunk.items());
  EXPECT_EQ(shown, R"(["a"][1,2][3,4])");
}

TEST(StreamedValueTest, DeltasTakeAValueBackThatAnotherTextReplaces) {
  const OutputOptions output{.format = "json"};
  ResponseStream stream(
      [](const internal::ChunkSink& sink, internal::AnswerReader&) {
        sink(internal::ValueRef::of(Chunk::of_text("{\"a\":1")));
        Chunk whole = Chunk::of_text("Wait: ");
        whole.aggregated = true;
        sink(internal::ValueRef::of(whole));
        sink(internal::ValueRef::of(Chunk::of_text("[2]")));
        return internal::Value::of(ModelResponse::of_text("Wait: [2]"));
      },
      nullptr, output);
  Json shown;

  for (const auto& chunk : stream) {
    for (const OutputDelta& delta : chunk.deltas()) apply(shown, delta);
    EXPECT_EQ(to_text(shown), to_text(chunk.output())) << chunk.accumulated_text();
  }

  EXPECT_EQ(to_text(shown), "[2]");
}

TEST(ResponseTest, OneThatWasMovedAwaySaysSo) {
  Response response(ModelResponse::of_text("x"));
  const Response other = std::move(response);
  EXPECT_EQ(other.output(), "x");
  EXPECT_THROW(response.output(), Error);
}

TEST(ResponseTest, TheOutputIsReadOnceAndSharedByCopies) {
  ModelResponse raw = ModelResponse::of_text("[1,2]");
  raw.request.emplace().output = OutputConfig{.format = "json"};
  const Response response(std::move(raw));
  const Response copy = response;
  const Json* const at = &response.output();
  EXPECT_EQ(&response.output(), at);
  EXPECT_EQ(&copy.output(), at);
  Json own = copy.output();
  own.get_array().push_back(3);
  EXPECT_EQ(to_text(Response(response).output()), "[1,2]");
  EXPECT_EQ(to_text(own), "[1,2,3]");
}

TEST(StreamedTextTest, TextIsSentAsChunksOfNothingElse) {
  EchoRegistry fixture;
  fixture.registry->add(model("m", {}, [](const ModelRequest&, ModelContext& context) {
    for (int i = 0; i < 300; ++i) {
      context.send(std::to_string(i));
      if (i % 7 == 0) context.send(Chunk{.content = {text("many"), data({{"i", i}})}, .custom = Json(i), .aggregated = false});
      if (i % 11 == 0) context.send(std::string(100, 'x'));
    }
    std::vector<Future<void>> senders;
    for (int i = 0; i < 3; ++i) senders.push_back(async([&context] { context.send("beside"); }));
    for (Future<void>& sender : senders) sender.get();
    return ModelResponse::of_text("end");
  }));
  std::vector<std::string> called_back;
  const auto collect = [&](const internal::ValueRef& chunk) { called_back.push_back(to_text(chunk.to_json())); };
  const internal::ChunkSink sink = collect;
  internal::generate(*fixture.registry, {.model = "m", .prompt = "x"}, &sink);
  auto produce = [&](const internal::ChunkSink& to, internal::AnswerReader& reader) {
    return internal::Value::of(internal::generate(*fixture.registry, {.model = "m", .prompt = "x"}, &to, &reader));
  };
  ResponseStream stream(produce);
  std::vector<std::string> streamed;

  for (const Chunk& chunk : stream) streamed.push_back(to_text(to_json(chunk)));

  EXPECT_EQ(streamed, called_back);
  ASSERT_EQ(streamed.size(), 300u + 43u + 28u + 3u);
  EXPECT_EQ(streamed[0], R"({"role":"model","index":0,"content":[{"text":"0"}]})");
  EXPECT_EQ(streamed[1],
            R"({"role":"model","index":0,"content":[{"text":"many"},{"data":{"i":0}}],"custom":0,"aggregated":false})");
  EXPECT_EQ(streamed[3], R"({"role":"model","index":0,"content":[{"text":"1"}]})");
}

// Who has read the chunks need not have the answer parsed again, and hears the same of it.
TEST(StreamPropertyTest, AGenerationEndsTheSameHoweverManyChunksWereRead) {
  EchoRegistry fixture;
  std::vector<std::string> pieces;
  std::string text;
  bool sends_other_text = false;
  fixture.registry->add(model("m", {}, [&](const ModelRequest&, ModelContext& context) {
    for (const std::string& piece : pieces) context.send(Chunk::of_text(piece));
    return ModelResponse::of_text(sends_other_text ? "[{}]" : text);
  }));
  for (unsigned seed = 0; seed < 1'000; ++seed) {
    RandomStream random(seed);
    const OutputOptions output{.format = std::array{"json", "array", "jsonl"}[seed % 3],
                               .schema = {{"type", "array"}, {"items", {{"type", "object"}}}}};
    text = "Here: ";
    for (std::size_t i = random.pick(3); i > 0; --i) text += to_text(random.value()) + "\n";
    if (random.pick(4) == 0) text.resize(random.pick(text.size() + 1));
    sends_other_text = random.pick(5) == 0;
    pieces = random.pieces(text);
    const GenerateOptions options{.model = "m", .prompt = "x", .output = output};
    std::vector<std::string> outputs;

    const auto blocking = attempt([&] { return fixture.generate(options).output(); });
    outputs.push_back(blocking ? to_text(blocking.value()) : blocking.error().message());
    for (const std::size_t read : {std::size_t{0}, random.pick(pieces.size() + 1), pieces.size()}) {
      auto produce = [&](const internal::ChunkSink& sink, internal::AnswerReader& reader) {
        return internal::Value::of(internal::generate(*fixture.registry, options, &sink, &reader));
      };
      ResponseStream stream(produce, nullptr, output);
      const auto looked = attempt([&] {
        std::size_t index = 0;
        for (const auto& chunk : stream) {
          if (index++ < read) chunk.output();
        }
      });
      outputs.push_back(looked ? output_or_error(stream) : looked.error().message());
    }

    ASSERT_THAT(outputs, testing::Each(outputs[0])) << output.format << " " << text;
  }
}

/// A stream of chunks; those that begin with '=' are aggregated.
ResponseStream aggregating_stream(std::vector<std::string> texts, std::string whole) {
  const OutputOptions output{.format = "json"};
  auto produce = [texts = std::move(texts), whole = std::move(whole)](const internal::ChunkSink& sink, internal::AnswerReader&) {
    for (const std::string& text : texts) {
      const bool aggregated = text.starts_with('=');
      Chunk chunk = Chunk::of_text(aggregated ? text.substr(1) : text);
      if (aggregated) chunk.aggregated = true;
      sink(internal::ValueRef::of(chunk));
    }
    ModelResponse response = ModelResponse::of_text(whole);
    response.request.emplace();
    response.request->output = OutputConfig{.format = "json"};
    return internal::Value::of(std::move(response));
  };
  return ResponseStream(std::move(produce), nullptr, output);
}

TEST(AggregatedChunkTest, ARestIsAdded) {
  auto stream = aggregating_stream({R"({"y":)", R"(={"y":"b"})"}, R"({"y":"b"})");
  Json last;
  std::string before;
  std::string text;

  for (const auto& chunk : stream) {
    last = chunk.output();
    before = chunk.previous_text();
    text = chunk.accumulated_text();
  }

  EXPECT_EQ(before, R"({"y":)");
  EXPECT_EQ(text, R"({"y":"b"})");
  EXPECT_EQ(to_text(last), R"({"y":"b"})");
  EXPECT_EQ(stream.output(), last);
}

TEST(AggregatedChunkTest, AnotherTextReplacesWhatHasCome) {
  auto stream = aggregating_stream({R"({"x":1)", R"(={"y":[1,2]})", ""}, R"({"y":[1,2]})");
  Json last;
  Json from_deltas;

  for (const auto& chunk : stream) {
    last = chunk.output();
    for (const OutputDelta& delta : chunk.deltas()) apply(from_deltas, delta);
  }

  EXPECT_EQ(to_text(last), R"({"y":[1,2]})");
  EXPECT_EQ(from_deltas, last);
  EXPECT_EQ(stream.output(), last);
}

TEST(AggregatedChunkTest, ARepetitionSaysNothingNew) {
  auto stream = aggregating_stream({R"({"y":[1,2]})", R"(={"y":[1,2]})"}, R"({"y":[1,2]})");
  std::vector<std::size_t> counts;

  for (const auto& chunk : stream) counts.push_back(chunk.deltas().size());

  ASSERT_EQ(counts.size(), 2u);
  EXPECT_GT(counts[0], 0u);
  EXPECT_EQ(counts[1], 0u);
}

}  // namespace
}  // namespace genkit
