#include "reflection/runtime_file.h"

#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>
#include <stdexcept>
#include <thread>

#include <genkit/base/error.h>
#include <genkit/base/json.h>
#include <gmock/gmock.h>

#include "reflection/reflection_test_support.h"

namespace genkit::internal {
namespace {

namespace fs = std::filesystem;
using testing::IsEmpty;
using testing::SizeIs;

void touch(const fs::path& path) {
  fs::create_directories(path.parent_path());
  std::ofstream(path) << "x";
}

TEST(ProjectRoot, IsTheNearestFolderWithAMarker) {
  const TemporaryFolder folder;
  touch(folder.path() / "package.json");
  touch(folder.path() / "a" / "go.mod");
  fs::create_directories(folder.path() / "a" / "b" / "c");
  fs::create_directories(folder.path() / "z");

  EXPECT_EQ(find_project_root(folder.path() / "a" / "b" / "c"), folder.path() / "a");
  EXPECT_EQ(find_project_root(folder.path() / "a"), folder.path() / "a");
  EXPECT_EQ(find_project_root(folder.path() / "z"), folder.path());
}

TEST(ProjectRoot, IsTheWorkingFolderWithoutAMarker) {
  const TemporaryFolder folder;
  touch(folder.path() / "CMakeLists.txt");
  fs::create_directories(folder.path() / "build");

  EXPECT_EQ(find_project_root(folder.path() / "build"), folder.path() / "build");
}

TEST(RuntimeDescription, HasWhatTheToolsRequire) {
  const RuntimeDescription description{
      "1-3100",    1,
      "app",       "http://127.0.0.1:3100",
      "cpp/1.2.3", std::chrono::system_clock::time_point(std::chrono::milliseconds(1795345783580))};

  const Json json = parse_json(to_text(description));

  EXPECT_EQ(json.at("id"), "1-3100");
  EXPECT_EQ(json.at("pid"), 1);
  EXPECT_EQ(json.at("name"), "app");
  EXPECT_EQ(json.at("reflectionServerUrl"), "http://127.0.0.1:3100");
  EXPECT_EQ(json.at("timestamp"), "2026-11-22T11:09:43.580Z");
  EXPECT_EQ(json.at("genkitVersion"), "cpp/1.2.3");
  EXPECT_EQ(json.at("reflectionApiSpecVersion"), 1);
}

TEST(RuntimeDescription, WritesTimesThatEveryVersionOfTheToolsCanRead) {
  const auto at = [](long long milliseconds) {
    return iso_time(std::chrono::system_clock::time_point(std::chrono::milliseconds(milliseconds)));
  };

  EXPECT_EQ(at(0), "1970-01-01T00:00:00.000Z");
  EXPECT_EQ(at(-1), "1969-12-31T23:59:59.999Z");
  EXPECT_EQ(at(1709210096007), "2024-02-29T12:34:56.007Z");
}

TEST(RuntimeFile, IsThereFromWriteToDestructor) {
  const TemporaryFolder folder;
  {
    RuntimeFile file(folder.path(), "1.json", "text");
    EXPECT_FALSE(fs::exists(file.path()));
    file.write();
    EXPECT_EQ(file.path(), folder.path() / ".genkit" / "runtimes" / "1.json");
    EXPECT_EQ(read_file(file.path()), "text");
    EXPECT_THAT(files_in(folder.path() / ".genkit"), SizeIs(1));
  }
  EXPECT_THAT(files_in(folder.path() / ".genkit" / "runtimes"), IsEmpty());
}

TEST(RuntimeFile, IsRestoredAfterSomebodyRemovedIt) {
  const TemporaryFolder folder;
  RuntimeFile file(folder.path(), "1.json", "text");
  file.write();

  fs::remove_all(folder.path() / ".genkit");
  file.restore();

  EXPECT_EQ(read_file(file.path()), "text");
}

TEST(RuntimeFile, SaysWhyItCannotBeWritten) {
  const TemporaryFolder folder;
  touch(folder.path() / ".genkit");
  RuntimeFile file(folder.path(), "1.json", "text");

  try {
    file.write();
    FAIL() << "wrote into a file";
  } catch (const Error& error) {
    EXPECT_EQ(error.status(), Status::kUnavailable);
    EXPECT_THAT(error.message(), testing::HasSubstr(folder.path().string()));
  }
}

/// Each statement runs in a process of its own.
class RuntimeFileDeathTest : public testing::Test {
 protected:
  static void SetUpTestSuite() { GTEST_FLAG_SET(death_test_style, "threadsafe"); }
  RuntimeFileDeathTest() {
    // The statement runs in a new process, which has another temporary folder of its own.
    if (const char* name = std::getenv("GENKIT_TEST_FOLDER")) {
      folder_ = name;
    } else {
      folder_ = temporary_.path();
      ::setenv("GENKIT_TEST_FOLDER", folder_.c_str(), 1);
    }
  }
  ~RuntimeFileDeathTest() override { ::unsetenv("GENKIT_TEST_FOLDER"); }

  std::unique_ptr<RuntimeFile> write() {
    auto file = std::make_unique<RuntimeFile>(folder_, "1.json", "text");
    file->write();
    if (fs::exists(file->path())) std::fputs("written", stderr);
    return file;
  }
  bool is_gone() const { return files_in(folder_ / ".genkit" / "runtimes").empty(); }

  TemporaryFolder temporary_;
  fs::path folder_;
  std::unique_ptr<RuntimeFile> kept_;
};

TEST_F(RuntimeFileDeathTest, GoesAwayOnExit) {
  EXPECT_EXIT(
      {
        kept_ = write();
        std::exit(3);
      },
      testing::ExitedWithCode(3), "written");
  EXPECT_TRUE(is_gone());
}

TEST_F(RuntimeFileDeathTest, GoesAwayOnQuickExit) {
  EXPECT_EXIT(
      {
        kept_ = write();
        std::quick_exit(4);
      },
      testing::ExitedWithCode(4), "written");
  EXPECT_TRUE(is_gone());
}

TEST_F(RuntimeFileDeathTest, GoesAwayWithTheSignalsThatEndAProcess) {
  for (const int signal : {SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGABRT}) {
    EXPECT_EXIT(
        {
          ::signal(signal, SIG_DFL);
          const auto file = write();
          ::raise(signal);
        },
        testing::KilledBySignal(signal), "written");
    EXPECT_TRUE(is_gone());
  }
}

TEST_F(RuntimeFileDeathTest, GoesAwayWithAnExceptionThatNobodyCatches) {
  EXPECT_EXIT(
      {
        ::signal(SIGABRT, SIG_DFL);
        const auto file = write();
        std::thread([] { throw std::runtime_error("nobody"); }).join();
      },
      testing::KilledBySignal(SIGABRT), "written");
  EXPECT_TRUE(is_gone());
}

TEST_F(RuntimeFileDeathTest, LeavesTheHandlersOfTheProgramAlone) {
  EXPECT_EXIT(
      {
        ::signal(SIGTERM, [](int) { ::_exit(7); });
        ::signal(SIGINT, SIG_IGN);
        kept_ = write();
        ::raise(SIGINT);
        ::raise(SIGTERM);
      },
      testing::ExitedWithCode(7), "written");
}

TEST_F(RuntimeFileDeathTest, StaysWhenAChildOfForkEnds) {
  EXPECT_EXIT(
      {
        const auto file = write();
        const pid_t child = ::fork();
        if (child == 0) std::exit(0);
        int status = 0;
        ::waitpid(child, &status, 0);
        const pid_t killed = ::fork();
        if (killed == 0) ::raise(SIGTERM);
        ::waitpid(killed, &status, 0);
        ::_exit(fs::exists(file->path()) && WIFSIGNALED(status) ? 5 : 6);
      },
      testing::ExitedWithCode(5), "written");
}

}  // namespace
}  // namespace genkit::internal
