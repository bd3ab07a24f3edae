#ifndef GENKIT_LLAMACPP_LLAMA_LOG_H_
#define GENKIT_LLAMACPP_LLAMA_LOG_H_

#include <ggml.h>

#include <genkit/base/log.h>

namespace genkit::llama {

/// Sends what llama.cpp logs on the calling thread to `logger`, until the end of the scope.
///
/// llama.cpp has one log callback for the whole process. The first scope installs ours; it finds the logger of its thread, so
/// that engines of two `Genkit` objects each log to their own. What llama.cpp says on other threads, its own workers or those of
/// a program that uses it beside us, goes to the callback that was installed before ours. Nothing is ever taken away from a
/// program that installs a callback of its own later.
class LlamaLogScope {
 public:
  explicit LlamaLogScope(const Logger& logger);
  ~LlamaLogScope();
  LlamaLogScope(const LlamaLogScope&) = delete;
  LlamaLogScope& operator=(const LlamaLogScope&) = delete;

  /// From now on, lines up to this level are details: what they complain about is expected and dealt with.
  void expect(LogLevel level) noexcept { expected_ = level; }

 private:
  static void on_log(ggml_log_level level, const char* text, void* data);
  static void install();

  const Logger& logger_;
  LogLevel expected_ = LogLevel::kInfo;
  LlamaLogScope* const previous_;
};

}  // namespace genkit::llama

#endif  // GENKIT_LLAMACPP_LLAMA_LOG_H_
