// Kept keys and values: whatever lay in their memory before and however they came there, attention
// over them gives the bits of attention over the same keys and values in rows.
#include <gtest/gtest.h>

#include <algorithm>
#include <bit>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <span>
#include <vector>

#include "octavo/base/random.h"
#include "octavo/kernels/element.h"
#include "octavo/kernels/kernels.h"

namespace octavo {
namespace {

/// Rows of numbers in (−1, 1), with a gap after each.
struct Rows {
  Rows(DataType type, int64_t rows, int64_t columns, uint32_t stream)
      : memory(static_cast<size_t>(rows * (columns + 3))),
        all{memory.data(), type, rows, columns, columns + 3} {
    const RandomStream numbers{1, stream, 0};
    for (int64_t r = 0; r < rows; ++r)
      for (int64_t c = 0; c < columns; ++c)
        set(all, r, c, 2 * numbers.uniform(static_cast<uint64_t>(r * columns + c)) - 1);
  }
  Array part(int64_t first, int64_t rows) const {
    Array part = all;
    part.data = static_cast<std::byte*>(all.data) +
                static_cast<size_t>(first * all.stride) * size_of(all.type);
    part.rows = rows;
    return part;
  }

  std::vector<double> memory;
  Array all;
};

bool same_bits(const Array& a, const Array& b) {
  for (int64_t r = 0; r < a.rows; ++r)
    for (int64_t c = 0; c < a.columns; ++c)
      if (std::bit_cast<uint64_t>(get(a, r, c)) != std::bit_cast<uint64_t>(get(b, r, c)))
        return false;
  return true;
}

void check(const Kernels& kernels, DataType type, int64_t heads, int64_t head_size,
           AttentionMask mask) {
  constexpr int64_t kPositions = 4 * kKeyBlock + 9;
  const int64_t width = heads * head_size;
  Rows q(type, kPositions, width, 1), k(type, kPositions, width, 2), v(type, kPositions, width, 3),
      nothing(type, 6, width, 4), forgotten(type, 6, width, 4);
  std::ranges::fill(nothing.memory, std::bit_cast<double>(~uint64_t{0}));  // NaNs of every type
  KeyValues kept{.type = type, .heads = heads, .head_size = head_size, .capacity = kPositions + 6};
  // Every number a NaN, and as much on both sides that nobody may touch.
  const size_t bytes = kernels.key_value_bytes(kept), guard = 4096;
  const std::unique_ptr<std::byte[], decltype(&std::free)> memory(
      static_cast<std::byte*>(std::aligned_alloc(64, (bytes + 63) / 64 * 64 + 2 * guard)),
      &std::free);
  std::memset(memory.get(), 0xFF, bytes + 2 * guard);
  kept.data = memory.get() + guard;

  // Pieces of every kind, some put again after the end was forgotten.
  struct Piece {
    int64_t first, rows;
  };
  for (const auto [first, rows] :
       {Piece{0, 1}, Piece{1, 1}, Piece{2, 3}, Piece{5, 20}, Piece{4, 1}, Piece{5, 58},
        Piece{63, 1}, Piece{64, 1}, Piece{65, 1}, Piece{60, kPositions - 60}, Piece{7, 2},
        Piece{9, 119}, Piece{128, 1}, Piece{0, kPositions}}) {
    const Rows from_kept(type, rows, width, 4), from_rows(type, rows, width, 5);
    AttentionSequence sequence{.first = first, .kept = kept};
    const Attention attention{.heads = heads,
                              .head_size = head_size,
                              .scale = 0.5,
                              .mask = mask,
                              .sequences = {&sequence, 1}};
    sequence.q = sequence.k = sequence.v = nothing.all;
    sequence.out = forgotten.all;
    kernels.attention(attention);
    sequence.q = q.part(first, rows);
    sequence.k = k.part(first, rows);
    sequence.v = v.part(first, rows);
    sequence.out = from_kept.all;
    kernels.attention(attention);
    const Rows again(type, rows, width, 4);  // with nothing new: the last ones are kept already
    sequence.k = sequence.v = {};
    sequence.out = again.all;
    kernels.attention(attention);
    EXPECT_TRUE(same_bits(again.all, from_kept.all));
    sequence.kept = {};
    sequence.k = k.part(0, first + rows);
    sequence.v = v.part(0, first + rows);
    sequence.out = from_rows.all;
    kernels.attention(attention);
    EXPECT_TRUE(same_bits(from_kept.all, from_rows.all))
        << heads << " heads of " << head_size << ", mask " << static_cast<int>(mask.kind)
        << ", positions " << first << " + " << rows;
  }
  const auto untouched = [](std::span<const std::byte> bytes) {
    return std::ranges::all_of(bytes, [](std::byte b) { return b == std::byte{0xFF}; });
  };
  EXPECT_TRUE(untouched({memory.get(), guard})) << head_size;
  EXPECT_TRUE(untouched({memory.get() + guard + bytes, guard})) << head_size;
}

class KeptKeysAndValues : public testing::TestWithParam<std::string> {};

TEST_P(KeptKeysAndValues, GiveTheBitsOfRows) {
  const Kernels& kernels = kernels_named(GetParam());
  using enum AttentionMask::Kind;
  for (const DataType type : {DataType::f32, DataType::bf16})
    for (const int64_t head_size : {1, 5, 16, 40, 64, 67, 80})
      check(kernels, type, 3, head_size, {banded, 70});
  for (const AttentionMask mask : {AttentionMask{causal}, {full}, {prefix, 9}})
    check(kernels, DataType::bf16, 2, 6, mask);
  check(kernels, DataType::bf16, 1, kMaximumHeadSize, {causal});
}

INSTANTIATE_TEST_SUITE_P(, KeptKeysAndValues, testing::ValuesIn([] {
                           std::vector<std::string> names;
                           for (const Kernels* kernels : available_kernels())
                             names.emplace_back(kernels->name());
                           return names;
                         }()),
                         [](const auto& info) { return info.param; });

}  // namespace
}  // namespace octavo
