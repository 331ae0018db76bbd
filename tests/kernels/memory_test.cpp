// The memory that the cases run on: the guard must see every byte that is not an output's.
#include "octavo/kernels/cases/memory.h"

#include <gtest/gtest.h>

#include <cmath>

#include "octavo/kernels/element.h"

namespace octavo {
namespace {

TEST(CaseMemory, PlacesArraysAsAskedWithNanAround) {
  CaseMemory memory({1, 3});
  const Array array = memory.numbers(DataType::f32, 4, 5, 2, 3);
  EXPECT_EQ(reinterpret_cast<uintptr_t>(array.data) % 64, 4u);
  EXPECT_EQ(array.stride, 8);
  for (int64_t r = 0; r < 4; ++r) {
    for (int64_t c = 0; c < 5; ++c) {
      EXPECT_GE(get(array, r, c), 2);
      EXPECT_LE(get(array, r, c), 3);
    }
    for (const int64_t c : {-1, 5, 6, 7}) EXPECT_TRUE(std::isnan(array.row<float>(r)[c]));
  }
  EXPECT_EQ(reinterpret_cast<uintptr_t>(memory.scratch(size_t{10})) % 64, 0u);
}

TEST(CaseMemory, FindsWhatWasWrittenBesideTheOutputs) {
  CaseMemory memory({1, 3});
  const Array input = memory.numbers(DataType::bf16, 2, 3);
  const Array out = memory.numbers(DataType::bf16, 4, 5);
  const Array part = CaseMemory::columns_of(CaseMemory::rows_of(out, 1, 2), 1, 2);
  const auto damage = [&] { return memory.damage(std::vector<Array>{part}); };

  set(part, 0, 0, 7), set(part, 1, 1, 7);
  EXPECT_EQ(damage(), "");
  for (bf16* stray : {part.row<bf16>(0) - 1, part.row<bf16>(0) + 2, part.row<bf16>(2),
                      out.row<bf16>(3) + 5, out.row<bf16>(0) - 1, input.row<bf16>(1) + 2}) {
    *stray = bf16(7);
    EXPECT_NE(damage(), "");
    memory.reset();
    EXPECT_EQ(damage(), "");
  }
}

}  // namespace
}  // namespace octavo
