#include <cstdint>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <genkit/runtime/future.h>
#include <genkit/trace/tracer.h>

#include "trace/trace_test_support.h"

namespace genkit {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

TEST(Tracer, MakesTheSpanTheCurrentOneOfAScope) {
  TestTracer test;
  const auto span = test.start({.name = "s"});
  EXPECT_EQ(Span::current(), nullptr);
  {
    const ScopedContext scope(Tracer::with_span(Context::current(), span));
    EXPECT_EQ(Span::current(), span);
  }
  EXPECT_EQ(Span::current(), nullptr);
}

TEST(Tracer, ThreadsThatCarryTheContextNestTheirSpans) {
  TestTracer test;
  const auto root = test.start({.name = "root"});
  const Context context = Tracer::with_span(Context(), root);
  const auto work = [&](std::string name) {
    EXPECT_EQ(Span::current(), nullptr) << "a thread of its own starts with an empty context";
    const ScopedContext scope(context);
    const auto outer = test.tracer->start_span({.name = name}, Context::current());
    const ScopedContext inner_scope(Tracer::with_span(Context::current(), outer));
    test.tracer->start_span({.name = name + " inner"}, Context::current())->end();
    outer->end();
  };

  std::thread a(work, "a");
  std::thread b(work, "b");
  a.join();
  b.join();
  root->end();

  for (const char* name : {"a", "b"}) {
    const SpanData& outer = test.exported(name);
    EXPECT_EQ(outer.parent_span_id, root->context().span_id);
    EXPECT_EQ(test.exported(std::string(name) + " inner").parent_span_id, outer.context.span_id);
  }
}

/// One traced step, as actions do it.
template <class Body>
void step(Tracer& tracer, std::string_view name, const Body& body) {
  const auto span = tracer.start_span({.name = name, .type = "flowStep"}, Context::current());
  const ScopedContext scope(Tracer::with_span(Context::current(), span));
  body();
  span->end();
}

TEST(Tracer, SpansOfAsyncWorkNestBelowTheOneThatStartedIt) {
  TestTracer test;
  constexpr int kTasks = 20;

  step(*test.tracer, "root", [&] {
    std::vector<Future<void>> futures;
    for (int i = 0; i < kTasks; ++i) {
      futures.push_back(async([&, i] {
        step(*test.tracer, "task " + std::to_string(i), [&] {
          yield();
          async([&, i] { step(*test.tracer, "inner " + std::to_string(i), [] { yield(); }); }).get();
        });
      }));
    }
    for (auto& future : futures) future.get();
  });

  EXPECT_EQ(Span::current(), nullptr);
  ASSERT_THAT(test.exporter->spans(), SizeIs(2 * kTasks + 1));
  const SpanId root = test.exported("root").context.span_id;
  for (int i = 0; i < kTasks; ++i) {
    const SpanData& task = test.exported("task " + std::to_string(i));
    const SpanData& inner = test.exported("inner " + std::to_string(i));
    EXPECT_EQ(task.parent_span_id, root);
    EXPECT_EQ(inner.parent_span_id, task.context.span_id);
    EXPECT_EQ(inner.path, "/{root,t:flowStep}/{" + task.name + ",t:flowStep}/{" + inner.name + ",t:flowStep}");
  }
}

TEST(Tracer, SpansOfManyThreadsKeepTheirAttributes) {
  TestTracer test;
  const auto span = test.start({.name = "shared"});
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([&, t] {
      for (int i = 0; i < 50; ++i) {
        span->set_attribute("t" + std::to_string(t), std::int64_t{i});
        test.start_below(span, {.name = "child"})->end();
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  span->end();

  EXPECT_THAT(test.exported("shared").attributes, SizeIs(4));
  EXPECT_THAT(test.exporter->spans(), SizeIs(201));
}

TEST(Tracer, OutlivesItsOwnerInItsSpans) {
  auto test = std::make_unique<TestTracer>();
  const auto exporter = test->exporter;
  auto span = test->start({.name = "s"});

  test->tracer.reset();
  span->tracer().start_span({.name = "child"}, Tracer::with_span(Context(), span))->end();
  span.reset();

  EXPECT_THAT(names(exporter->spans()), ElementsAre("child", "s"));
}

class StartExporter final : public SpanExporter {
 public:
  void on_start(const SpanData& span) override { started.push_back(span); }
  bool wants_start() const override { return true; }
  void on_end(std::shared_ptr<const SpanData>) override {}

  std::vector<SpanData> started;
};

class ThrowingExporter final : public SpanExporter {
 public:
  void on_end(std::shared_ptr<const SpanData>) override { throw std::runtime_error("disk full"); }
};

TEST(Tracer, TellsOfTheStartOnceTheInputIsKnown) {
  TestTracer test;
  const auto exporter = std::make_shared<StartExporter>();
  test.tracer->add_exporter(exporter);

  const auto span = test.start({.name = "s", .type = "util"});
  span->set_input("{\"a\":1}");
  EXPECT_THAT(exporter->started, IsEmpty());
  const Context context = Tracer::with_span(Context(), span);
  Tracer::with_span(context, span);

  ASSERT_THAT(exporter->started, SizeIs(1));
  const SpanData& started = exporter->started[0];
  EXPECT_FALSE(started.ended());
  EXPECT_EQ(started.path, "/{s,t:util}");
  EXPECT_EQ(started.input, "{\"a\":1}");
  EXPECT_EQ(attribute(started, "genkit:state"), std::nullopt);
}

TEST(Tracer, LogsAnExporterThatThrowsAndGoesOn) {
  std::vector<std::string> lines;
  const Logger logger([&](const LogRecord& record) { lines.emplace_back(record.message); });
  const auto tracer = std::make_shared<Tracer>(TracerOptions{.logger = logger});
  const auto good = std::make_shared<InMemoryExporter>();
  tracer->add_exporter(std::make_shared<ThrowingExporter>());
  tracer->add_exporter(good);

  tracer->start_span({.name = "s"}, Context())->end();

  EXPECT_THAT(lines, ElementsAre(HasSubstr("disk full")));
  EXPECT_THAT(good->spans(), SizeIs(1));
}

class FailingFlush final : public SpanExporter {
 public:
  void on_end(std::shared_ptr<const SpanData>) override {}
  bool flush(std::chrono::steady_clock::time_point) override { throw std::runtime_error("disk full"); }
};

class RecordedFlush final : public SpanExporter {
 public:
  void on_end(std::shared_ptr<const SpanData>) override {}
  bool flush(std::chrono::steady_clock::time_point until) override {
    deadline = until;
    return true;
  }
  std::optional<std::chrono::steady_clock::time_point> deadline;
};

TEST(Tracer, LogsAnExporterThatCannotFlushAndFlushesTheOthers) {
  std::vector<std::string> lines;
  const Logger logger([&](const LogRecord& record) { lines.emplace_back(record.message); });
  const auto tracer = std::make_shared<Tracer>(TracerOptions{.logger = logger});
  const auto good = std::make_shared<RecordedFlush>();
  tracer->add_exporter(std::make_shared<FailingFlush>());
  tracer->add_exporter(good);

  EXPECT_FALSE(tracer->flush());

  EXPECT_THAT(lines, ElementsAre(HasSubstr("disk full")));
  EXPECT_TRUE(good->deadline);
}

TEST(Tracer, FlushesWithoutALimit) {
  TestTracer test;
  const auto exporter = std::make_shared<RecordedFlush>();
  test.tracer->add_exporter(exporter);

  EXPECT_TRUE(test.tracer->flush(std::chrono::nanoseconds::max()));

  EXPECT_GT(exporter->deadline, std::chrono::steady_clock::now());
}

TEST(Tracer, RefusesAnExporterThatIsNone) {
  TestTracer test;

  EXPECT_THROW(test.tracer->add_exporter(nullptr), Error);
}

TEST(InMemoryExporter, ForgetsTheOldest) {
  InMemoryExporter exporter(2);
  for (const char* name : {"a", "b", "c"}) {
    auto span = std::make_shared<SpanData>();
    span->name = name;
    exporter.on_end(std::move(span));
  }

  EXPECT_THAT(names(exporter.spans()), ElementsAre("b", "c"));
  EXPECT_THAT(names(exporter.take()), ElementsAre("b", "c"));
  EXPECT_THAT(exporter.spans(), IsEmpty());
}

}  // namespace
}  // namespace genkit
