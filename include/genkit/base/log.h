#ifndef GENKIT_BASE_LOG_H_
#define GENKIT_BASE_LOG_H_

#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include <genkit/base/json.h>

namespace genkit {

enum class LogLevel { kDebug, kInfo, kWarning, kError };

/// One line of the library's log. `fields` is an object or null.
struct LogRecord {
  LogLevel level = LogLevel::kInfo;
  std::string_view message;
  const Json* fields = nullptr;
};

/// Receives the log; called from any thread, must not throw.
using LogSink = std::function<void(const LogRecord&)>;

/// A cheap handle that the parts of the library share. Never writes to stdout.
class Logger {
 public:
  /// Writes what is at or above `level` to stderr, one line each: time, "genkit", level, message and the fields as JSON.
  explicit Logger(LogLevel level = LogLevel::kWarning);
  /// Gives what is at or above `level` to `sink`.
  Logger(LogSink sink, LogLevel level = LogLevel::kDebug);

  bool enabled(LogLevel level) const noexcept;
  void log(LogLevel level, std::string_view message, const Json& fields = nullptr) const noexcept;
  void debug(std::string_view message, const Json& fields = nullptr) const noexcept { log(LogLevel::kDebug, message, fields); }
  void info(std::string_view message, const Json& fields = nullptr) const noexcept { log(LogLevel::kInfo, message, fields); }
  void warning(std::string_view message, const Json& fields = nullptr) const noexcept {
    log(LogLevel::kWarning, message, fields);
  }
  void error(std::string_view message, const Json& fields = nullptr) const noexcept { log(LogLevel::kError, message, fields); }

 private:
  struct State;
  std::shared_ptr<const State> state_;
};

}  // namespace genkit

#endif  // GENKIT_BASE_LOG_H_
