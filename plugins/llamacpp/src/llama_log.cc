#include "llama_log.h"

#include <mutex>
#include <string_view>

#include <llama.h>

namespace genkit::llama {
namespace {

// Engine threads are plain threads and never suspend, so a thread-local may live across their calls.
thread_local LlamaLogScope* current_scope = nullptr;

struct Callback {
  ggml_log_callback function = nullptr;
  void* data = nullptr;
};
Callback callback_before_ours;

LogLevel level_of(ggml_log_level level) {
  switch (level) {
    case GGML_LOG_LEVEL_ERROR:
      return LogLevel::kError;
    case GGML_LOG_LEVEL_WARN:
      return LogLevel::kWarning;
    default:
      // Hundreds of lines for each model that is loaded: of interest to nobody who does not ask.
      return LogLevel::kDebug;
  }
}

}  // namespace

void LlamaLogScope::on_log(ggml_log_level level, const char* text, void*) {
  if (current_scope == nullptr) {
    if (callback_before_ours.function != nullptr) callback_before_ours.function(level, text, callback_before_ours.data);
    return;
  }
  std::string_view line = text;
  while (!line.empty() && (line.back() == '\n' || line.back() == ' ')) line.remove_suffix(1);
  // Progress dots and continuations of lines are no news on their own.
  if (level == GGML_LOG_LEVEL_CONT || line.find_first_not_of('.') == std::string_view::npos) return;
  const LogLevel ours = level_of(level);
  current_scope->logger_.log(ours <= current_scope->expected_ ? LogLevel::kDebug : ours, line);
}

void LlamaLogScope::install() {
  static std::once_flag once;
  std::call_once(once, [] {
    llama_log_get(&callback_before_ours.function, &callback_before_ours.data);
    llama_log_set(on_log, nullptr);
  });
}

LlamaLogScope::LlamaLogScope(const Logger& logger) : logger_(logger), previous_(current_scope) {
  install();
  current_scope = this;
}

LlamaLogScope::~LlamaLogScope() {
  current_scope = previous_;
}

}  // namespace genkit::llama
