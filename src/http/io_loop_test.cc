#include "http/io_loop.h"

#include <future>
#include <thread>
#include <vector>

#include <gmock/gmock.h>

namespace genkit::internal {
namespace {

using testing::ElementsAre;

TEST(IoLoop, RunsWorkInOrderOnAThreadOfItsOwn) {
  std::vector<int> order;
  std::thread::id thread;
  IoLoop loop;

  loop.post([&] { order.push_back(1); });
  loop.post([&] { order.push_back(2); });
  loop.run([&] {
    order.push_back(3);
    thread = std::this_thread::get_id();
  });

  EXPECT_THAT(order, ElementsAre(1, 2, 3));
  EXPECT_NE(thread, std::this_thread::get_id());
}

TEST(IoLoop, RunsDelayedWorkByTime) {
  std::vector<int> order;
  std::promise<void> done;
  IoLoop loop;

  loop.run([&] {
    loop.post_after(std::chrono::milliseconds(20), [&] {
      order.push_back(2);
      done.set_value();
    });
    loop.post_after(std::chrono::milliseconds(1), [&] { order.push_back(1); });
  });
  done.get_future().wait();

  EXPECT_THAT(order, ElementsAre(1, 2));
}

TEST(IoLoop, DropsWorkThatWasNotDueWhenItEnds) {
  const auto alive = std::make_shared<int>();
  bool ran = false;
  {
    IoLoop loop;
    loop.post_after(std::chrono::hours(1), [&ran, alive] { ran = true; });
  }

  EXPECT_FALSE(ran);
  EXPECT_EQ(alive.use_count(), 1);
}

}  // namespace
}  // namespace genkit::internal
