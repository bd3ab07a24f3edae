#include <genkit/base/ids.h>

#include <sys/wait.h>
#include <unistd.h>

#include <mutex>
#include <set>
#include <thread>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace genkit {
namespace {

class FixedIds final : public IdSource {
 public:
  explicit FixedIds(std::uint64_t id) : id_(id) {}
  std::uint64_t next() override { return id_; }

 private:
  std::uint64_t id_;
};

TEST(RandomIds, DiffersInAndAcrossThreads) {
  std::mutex mutex;
  std::set<std::uint64_t> seen;
  auto draw = [&] {
    std::vector<std::uint64_t> mine;
    for (int i = 0; i < 1'000; ++i) mine.push_back(random_ids().next());
    std::lock_guard lock(mutex);
    seen.insert(mine.begin(), mine.end());
  };

  std::thread first(draw);
  std::thread second(draw);
  first.join();
  second.join();

  EXPECT_EQ(seen.size(), 2'000u);
  EXPECT_FALSE(seen.contains(0));
}

TEST(RandomIds, AForkedChildDrawsOtherIdsThanItsParent) {
  random_ids().next();
  int ends[2];
  ASSERT_EQ(::pipe(ends), 0);

  pid_t child = ::fork();
  if (child == 0) {
    std::uint64_t id = random_ids().next();
    ssize_t written = ::write(ends[1], &id, sizeof id);
    ::_exit(written == sizeof id ? 0 : 1);
  }
  std::uint64_t in_parent = random_ids().next();
  std::uint64_t in_child = 0;
  ASSERT_EQ(::read(ends[0], &in_child, sizeof in_child), static_cast<ssize_t>(sizeof in_child));
  int status = 0;
  ASSERT_EQ(::waitpid(child, &status, 0), child);
  ::close(ends[0]);
  ::close(ends[1]);

  EXPECT_EQ(status, 0);
  EXPECT_NE(in_child, in_parent);
}

TEST(MakeUuid, IsVersionFour) {
  FixedIds zeros(0);
  FixedIds ones(~std::uint64_t{0});
  FixedIds mixed(0x0123456789abcdefu);

  EXPECT_EQ(make_uuid(zeros), "00000000-0000-4000-8000-000000000000");
  EXPECT_EQ(make_uuid(ones), "ffffffff-ffff-4fff-bfff-ffffffffffff");
  EXPECT_EQ(make_uuid(mixed), "01234567-89ab-4def-8123-456789abcdef");
  EXPECT_NE(make_uuid(), make_uuid());
}

}  // namespace
}  // namespace genkit
