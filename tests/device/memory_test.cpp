// Memory: blocks are aligned, counted and reused, and a plan counts what the real run would take.
#include "octavo/device/memory.h"

#include <gtest/gtest.h>

#include <cstring>
#include <vector>

namespace octavo {
namespace {

size_t taken_since(const MemoryUse& before) { return memory_use().current - before.current; }

TEST(Memory, blocks_are_aligned_and_counted) {
  const MemoryUse before = memory_use();
  {
    const Buffer small(1), odd(65), large(size_t{3} << 20);
    EXPECT_EQ(reinterpret_cast<uintptr_t>(small.data()) % 64, 0u);
    EXPECT_EQ(reinterpret_cast<uintptr_t>(odd.data()) % 64, 0u);
    EXPECT_EQ(reinterpret_cast<uintptr_t>(large.data()) % (size_t{2} << 20), 0u);
    EXPECT_GE(odd.bytes(), 65u);
    EXPECT_EQ(taken_since(before), small.bytes() + odd.bytes() + large.bytes());
    std::memset(large.data(), 1, large.bytes());
  }
  EXPECT_EQ(memory_use().current, before.current);
}

TEST(Memory, a_freed_block_is_handed_out_again) {
  const std::byte* first = nullptr;
  {
    const Buffer buffer(12345);
    first = buffer.data();
  }
  const MemoryUse kept = memory_use();
  const Buffer again(12345);
  EXPECT_EQ(again.data(), first);
  EXPECT_EQ(memory_use().reserved, kept.reserved);
}

TEST(Memory, a_freed_block_serves_a_little_less) {
  release_kept_memory();
  { const Buffer buffer(10000); }
  const MemoryUse kept = memory_use();
  const Buffer less(9000);
  EXPECT_EQ(memory_use().reserved, kept.reserved);
  const Buffer far_less(700);
  EXPECT_GT(memory_use().reserved, kept.reserved);
}

TEST(Memory, sizes_that_never_come_again_do_not_pile_up) {
  PlannedMemory plan;  // counts alone
  for (size_t bytes = 1 << 20; bytes < size_t{1} << 30; bytes += bytes / 3) const Buffer one(bytes);
  const size_t most = size_t{1} << 30;
  EXPECT_LE(memory_use().peak, 3 * most);
  for (size_t bytes = most; bytes > size_t{1} << 20; bytes -= bytes / 3) const Buffer one(bytes);
  EXPECT_LE(memory_use().peak, 3 * most);
}

TEST(Memory, kept_blocks_can_be_released) {
  { const Buffer buffer(1 << 20); }
  release_kept_memory();
  EXPECT_EQ(memory_use().reserved, memory_use().current);
}

// Lives overlap, sizes repeat: the second round must take everything from the first.
void some_work() {
  std::vector<std::unique_ptr<Buffer>> live;
  for (const size_t bytes : {100, 5000, 100, 3 << 20, 64}) {
    live.push_back(std::make_unique<Buffer>(bytes));
    if (live.size() == 3) live.erase(live.begin());
  }
}

TEST(Memory, a_plan_predicts_the_peak) {
  release_kept_memory();
  const size_t base = memory_use().reserved;
  size_t planned = 0;
  {
    PlannedMemory plan;
    EXPECT_TRUE(memory_is_planned());
    const Buffer buffer(size_t{1} << 45);  // 32 TiB: only counted
    EXPECT_EQ(buffer.data(), nullptr);
    EXPECT_EQ(memory_use().peak, size_t{1} << 45);
  }
  {
    PlannedMemory plan;
    some_work();
    some_work();
    planned = memory_use().peak;
  }
  EXPECT_FALSE(memory_is_planned());
  some_work();
  some_work();
  EXPECT_EQ(memory_use().reserved - base, planned);
}

TEST(Memory, a_planned_buffer_may_outlive_its_plan) {
  const MemoryUse before = memory_use();
  std::unique_ptr<Buffer> buffer;
  {
    PlannedMemory plan;
    buffer = std::make_unique<Buffer>(4096);
  }
  buffer.reset();
  EXPECT_EQ(memory_use().current, before.current);
}

}  // namespace
}  // namespace octavo
