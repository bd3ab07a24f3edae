#include <genkit/base/log.h>

#include <chrono>
#include <cstdio>
#include <ctime>
#include <utility>

#if defined(__unix__) || defined(__APPLE__)
#include <unistd.h>
#endif

namespace genkit {
namespace {

constexpr std::string_view level_name(LogLevel level) {
  switch (level) {
    case LogLevel::kDebug:
      return "debug";
    case LogLevel::kInfo:
      return "info";
    case LogLevel::kWarning:
      return "warning";
    case LogLevel::kError:
      return "error";
  }
  return "log";
}

void append_time(std::string& line) {
  auto now = std::chrono::system_clock::now();
  auto seconds = std::chrono::floor<std::chrono::seconds>(now);
  auto milliseconds = std::chrono::duration_cast<std::chrono::milliseconds>(now - seconds).count();
  std::time_t time = std::chrono::system_clock::to_time_t(seconds);
  std::tm parts{};
#if defined(_WIN32)
  gmtime_s(&parts, &time);
#else
  gmtime_r(&time, &parts);
#endif
  char text[40];
  std::size_t size = std::strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%S", &parts);
  line.append(text, size);
  std::snprintf(text, sizeof text, ".%03dZ", static_cast<int>(milliseconds));
  line += text;
}

// A record stays one line whatever is in its message, so that text of a model cannot forge log lines.
void append_message(std::string& line, std::string_view message) {
  for (char c : message) {
    if (static_cast<unsigned char>(c) >= 0x20 && c != 0x7F) {
      line += c;
    } else if (c == '\n') {
      line += "\\n";
    } else {
      line += ' ';
    }
  }
}

// One write per line: lines of several threads and processes do not mix.
void write_stderr(std::string_view line) {
#if defined(__unix__) || defined(__APPLE__)
  while (!line.empty()) {
    ssize_t written = ::write(STDERR_FILENO, line.data(), line.size());
    if (written <= 0) return;
    line.remove_prefix(static_cast<std::size_t>(written));
  }
#else
  std::fwrite(line.data(), 1, line.size(), stderr);
#endif
}

void log_to_stderr(const LogRecord& record) {
  std::string line;
  line.reserve(record.message.size() + 64);
  append_time(line);
  line += " genkit ";
  line += level_name(record.level);
  line += ": ";
  append_message(line, record.message);
  if (record.fields != nullptr) {
    line += ' ';
    append_text(line, *record.fields);
  }
  line += '\n';
  write_stderr(line);
}

}  // namespace

struct Logger::State {
  LogSink sink;
  LogLevel level;
};

Logger::Logger(LogLevel level) : Logger(LogSink(log_to_stderr), level) {}

Logger::Logger(LogSink sink, LogLevel level) : state_(std::make_shared<const State>(State{std::move(sink), level})) {}

bool Logger::enabled(LogLevel level) const noexcept {
  return level >= state_->level && state_->sink != nullptr;
}

void Logger::log(LogLevel level, std::string_view message, const Json& fields) const noexcept {
  if (!enabled(level)) return;
  try {
    state_->sink({.level = level, .message = message, .fields = fields.is_null() ? nullptr : &fields});
  } catch (...) {
    // A log that fails (no memory, a sink that throws) must not take the program with it, and there is nowhere left to say so.
  }
}

}  // namespace genkit
