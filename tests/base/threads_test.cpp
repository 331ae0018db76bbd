// parallel_for runs each task once, whatever the number of threads, and hands exceptions over.
#include "octavo/base/threads.h"

#include <gtest/gtest.h>

#include <atomic>
#include <stdexcept>
#include <vector>

namespace octavo {
namespace {

class ParallelFor : public testing::TestWithParam<int> {
 protected:
  void SetUp() override {
    before_ = threads();
    set_threads(GetParam());
  }
  void TearDown() override { set_threads(before_); }
  int before_ = 0;
};

TEST_P(ParallelFor, RunsEveryTaskOnce) {
  EXPECT_EQ(threads(), GetParam());
  for (const int64_t tasks : {0, 1, 2, 3, 7, 16, 1000}) {
    std::vector<int> runs(static_cast<size_t>(tasks));
    parallel_for(tasks, [&](int64_t i) { ++runs[static_cast<size_t>(i)]; });
    for (const int count : runs) ASSERT_EQ(count, 1);
  }
}

TEST_P(ParallelFor, NumbersItsThreads) {
  std::atomic<bool> within{true};
  parallel_for(1000, [&](int64_t) {
    if (thread_index() < 0 || thread_index() >= threads()) within = false;
  });
  EXPECT_TRUE(within);
  EXPECT_EQ(thread_index(), 0);
}

TEST_P(ParallelFor, RethrowsAnException) {
  EXPECT_THROW(parallel_for(100,
                            [](int64_t i) {
                              if (i % 10 == 3) throw std::runtime_error("task");
                            }),
               std::runtime_error);
  std::atomic<int> count{0};
  parallel_for(100, [&](int64_t) { ++count; });
  EXPECT_EQ(count, 100);
}

INSTANTIATE_TEST_SUITE_P(Threads, ParallelFor, testing::Values(1, 2, 3, 8, 16));

TEST(Threads, AreAtLeastOne) {
  const int before = threads();
  EXPECT_GE(before, 1);
  set_threads(0);
  EXPECT_EQ(threads(), 1);
  set_threads(before);
}

}  // namespace
}  // namespace octavo
