#include <genkit/base/log.h>

#include <stdexcept>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <genkit/base/clock.h>

namespace genkit {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::MatchesRegex;

TEST(Logger, GivesTheSinkWhatIsAtOrAboveItsLevel) {
  std::vector<std::string> lines;
  Logger logger([&](const LogRecord& record) { lines.push_back(std::string(record.message)); }, LogLevel::kWarning);

  logger.debug("one");
  logger.info("two");
  logger.warning("three");
  logger.error("four");

  EXPECT_THAT(lines, ElementsAre("three", "four"));
  EXPECT_FALSE(logger.enabled(LogLevel::kInfo));
  EXPECT_TRUE(logger.enabled(LogLevel::kError));
}

TEST(Logger, PassesFieldsOnlyWhenThereAreSome) {
  std::vector<std::string> fields;
  Logger logger([&](const LogRecord& record) { fields.push_back(record.fields ? to_text(*record.fields) : "none"); });

  logger.info("with", Json{{"port", 3100}});
  logger.info("without");

  EXPECT_THAT(fields, ElementsAre(R"({"port":3100})", "none"));
}

TEST(Logger, SurvivesASinkThatThrows) {
  Logger logger([](const LogRecord&) { throw std::runtime_error("disk full"); });

  logger.error("still here");
}

TEST(Logger, SurvivesAnEmptySink) {
  Logger logger(LogSink{}, LogLevel::kDebug);

  logger.error("nobody listens");
}

TEST(Logger, WritesOneLineToStderrAndNothingToStdout) {
  Logger logger;
  ::testing::internal::CaptureStderr();
  ::testing::internal::CaptureStdout();

  logger.warning("two\nlines\x1b[0m", Json{{"a", 1}});
  logger.info("too low");

  EXPECT_THAT(::testing::internal::GetCapturedStdout(), IsEmpty());
  EXPECT_THAT(::testing::internal::GetCapturedStderr(),
              MatchesRegex("[0-9]+-[0-9][0-9]-[0-9][0-9]T[0-9:]+\\.[0-9]+Z genkit warning: two\\\\nlines \\[0m \\{\"a\":1\\}\n"));
}

TEST(SystemClock, GoesWithTheClockOfTheSystem) {
  auto before = std::chrono::system_clock::now();
  auto now = system_clock().now();
  auto after = std::chrono::system_clock::now();

  EXPECT_LE(before, now);
  EXPECT_LE(now, after);
}

}  // namespace
}  // namespace genkit
