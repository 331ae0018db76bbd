// parallel_for runs each task once, whatever the number of threads, and hands exceptions over.
#include "octavo/base/threads.h"

#include <gtest/gtest.h>

#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <stdexcept>
#include <thread>
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
    for (const Sharing sharing : {Sharing::runs, Sharing::turns})
      parallel_for(
          tasks, [&](int64_t i) { ++runs[static_cast<size_t>(i)]; }, sharing);
    for (const int count : runs) ASSERT_EQ(count, 2);
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
  const auto throws = [](int64_t i) {
    if (i % 10 == 3) throw std::runtime_error("task");
  };
  EXPECT_THROW(parallel_for(100, throws), std::runtime_error);
  EXPECT_THROW(parallel_for(100, throws, Sharing::turns), std::runtime_error);
  std::atomic<int> count{0};
  parallel_for(100, [&](int64_t) { ++count; });
  EXPECT_EQ(count, 100);
}

INSTANTIATE_TEST_SUITE_P(Threads, ParallelFor, testing::Values(1, 2, 3, 8, 16));

TEST_P(ParallelFor, TakesAnyHintOfWhatComesNext) {
  const std::vector<char> memory(1 << 16);
  for (const void* hint :
       {static_cast<const void*>(memory.data()), static_cast<const void*>(nullptr),
        reinterpret_cast<const void*>(~uintptr_t{0} - 100)}) {
    fetch_while_waiting(hint, size_t{1} << 20);
    std::vector<int> runs(100);
    for (int i = 0; i < 20; ++i)
      parallel_for(100, [&](int64_t task) { ++runs[static_cast<size_t>(task)]; });
    for (const int count : runs) ASSERT_EQ(count, 20);
  }
}

TEST_P(ParallelFor, RunsWithinATaskOnItsThreadAlone) {
  std::vector<int> runs(200);
  parallel_for(20, [&](int64_t i) {
    const int index = thread_index();
    parallel_for(10, [&](int64_t j) {
      EXPECT_EQ(thread_index(), index);
      ++runs[static_cast<size_t>(10 * i + j)];
    });
  });
  for (const int count : runs) ASSERT_EQ(count, 1);
}

TEST_P(ParallelFor, ServesSeveralCallersAtOnce) {
  std::vector<std::vector<int>> runs(4, std::vector<int>(64));
  std::vector<std::thread> callers;
  for (std::vector<int>& own : runs)
    callers.emplace_back([&own] {
      for (int repeat = 0; repeat < 200; ++repeat)
        parallel_for(64, [&](int64_t i) { ++own[static_cast<size_t>(i)]; });
    });
  for (std::thread& caller : callers) caller.join();
  for (const std::vector<int>& own : runs)
    for (const int count : own) ASSERT_EQ(count, 200);
}

TEST_P(ParallelFor, WakesAfterAPause) {
  std::atomic<int> count{0};
  for (int repeat = 0; repeat < 20; ++repeat) {
    std::this_thread::sleep_for(std::chrono::milliseconds(2));
    parallel_for(64, [&](int64_t) { ++count; });
  }
  EXPECT_EQ(count, 20 * 64);
}

// A child of fork() has no team; its loops run on the caller.
TEST_P(ParallelFor, RunsInAForkedChild) {
  parallel_for(64, [](int64_t) {});
  const pid_t child = fork();
  if (child == 0) {
    std::atomic<int> count{0};
    parallel_for(64, [&](int64_t) { ++count; });
    _exit(count == 64 ? 0 : 1);
  }
  int status = -1;
  ASSERT_EQ(waitpid(child, &status, 0), child);
  EXPECT_EQ(status, 0);
}

TEST(Threads, AreAtLeastOne) {
  const int before = threads();
  EXPECT_GE(before, 1);
  set_threads(0);
  EXPECT_EQ(threads(), 1);
  set_threads(before);
}

}  // namespace
}  // namespace octavo
