#ifndef GENKIT_SRC_REFLECTION_REFLECTION_TEST_SUPPORT_H_
#define GENKIT_SRC_REFLECTION_REFLECTION_TEST_SUPPORT_H_

#include <stdlib.h>

#include <atomic>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <future>
#include <memory>
#include <stdexcept>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include <genkit/core/flow.h>
#include <genkit/core/registry.h>
#include <genkit/runtime/future.h>
#include <gmock/gmock.h>

#include "reflection/reflection_server.h"

namespace genkit::internal {

struct Person {
  std::string name;
};

struct Count {
  int to = 0;
};

/// Counts how often it was asked to deliver, and how many spans there were then.
class FlushedExporter final : public SpanExporter {
 public:
  void on_end(std::shared_ptr<const SpanData>) override { ++ended_; }
  bool flush(std::chrono::steady_clock::time_point) override {
    delivered_ = ended_.load();
    return true;
  }
  int delivered() const { return delivered_; }

 private:
  std::atomic<int> ended_{0};
  std::atomic<int> delivered_{0};
};

/// A registry with one action for each thing that can happen.
struct SampleRegistry {
  std::shared_ptr<FlushedExporter> exporter = std::make_shared<FlushedExporter>();
  std::shared_ptr<InMemoryExporter> spans = std::make_shared<InMemoryExporter>();
  std::shared_ptr<Tracer> tracer = std::make_shared<Tracer>();
  std::shared_ptr<Registry> registry;
  std::promise<Status> wait_ended;  ///< how the flow "wait" ended

  SampleRegistry() {
    tracer->add_exporter(spans);
    tracer->add_exporter(exporter);
    registry = Registry::create({.tracer = tracer, .context = nullptr});
    define("hello", [](const Person& person) { return "Hello, " + person.name + "!"; });
    define("count", [](const Count& count, FlowContext<Count>& context) -> std::string {
      for (int i = 1; i <= count.to; ++i) context.send({i});
      return "done " + std::to_string(count.to);
    });
    define("lines", [](FlowContext<std::string>& context) { context.send("two\nlines"); });
    define("boom", []() -> int { throw std::runtime_error("boom"); });
    define("missing", []() -> int {
      try {
        throw std::out_of_range("index 7");
      } catch (...) {
        throw Error(Status::kNotFound, "no such thing", {{"thing", 7}}, std::current_exception());
      }
    });
    define("half", [](FlowContext<int>& context) -> int {
      context.send(1);
      throw Error(Status::kAborted, "half way");
    });
    define("nothing", [] {});
    define("null", [] { return Json(nullptr); });
    define("whoami", [] { return Context::current().user(); });
    define("echo", [](const Json& input) { return input; });
    define("wait", [this](FlowContext<std::string>& context) {
      try {
        context.send("waiting");
        sleep_for(std::chrono::hours(1));
      } catch (const Error& error) {
        wait_ended.set_value(error.status());
        throw;
      }
    });
    registry->add(bidi_flow("sum", [](BidiContext<Count, int>& context) {
                    int sum = 0;
                    while (const auto item = context.receive()) {
                      sum += item->to;
                      context.send(sum);
                    }
                    return sum;
                  }).action());
  }

  template <class F>
  void define(const char* name, F function) {
    registry->add(flow(name, std::move(function)).action());
  }
};

class TemporaryFolder {
 public:
  TemporaryFolder() {
    std::string name = (std::filesystem::temp_directory_path() / "genkit-test-XXXXXX").string();
    if (::mkdtemp(name.data()) == nullptr) throw std::runtime_error("cannot make " + name);
    path_ = std::filesystem::canonical(name);
  }
  ~TemporaryFolder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

inline std::string read_file(const std::filesystem::path& path) {
  std::ifstream file(path);
  return {std::istreambuf_iterator<char>(file), {}};
}

inline std::vector<std::filesystem::path> files_in(const std::filesystem::path& folder) {
  std::vector<std::filesystem::path> files;
  std::error_code ignored;
  for (const auto& entry : std::filesystem::directory_iterator(folder, ignored)) files.push_back(entry.path());
  return files;
}

/// Looks again and again until `condition` holds; fails the test after a minute. For what only the file system tells.
template <class F>
bool eventually(F condition) {
  const auto limit = std::chrono::steady_clock::now() + std::chrono::minutes(1);
  while (!condition()) {
    if (std::chrono::steady_clock::now() > limit) return false;
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }
  return true;
}

inline Logger silent() {
  return Logger([](const LogRecord&) {});
}

}  // namespace genkit::internal

#endif  // GENKIT_SRC_REFLECTION_REFLECTION_TEST_SUPPORT_H_
