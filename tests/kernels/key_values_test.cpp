// Kept keys and values: whatever lay in their memory before and however they came there, attention
// over them gives the bits of attention over the same keys and values in rows.
#include <gtest/gtest.h>

#include <algorithm>
#include <bit>
#include <cstring>
#include <vector>

#include "octavo/base/random.h"
#include "octavo/kernels/element.h"
#include "octavo/kernels/kernels.h"

namespace octavo {
namespace {

/// Rows of numbers in (−1, 1) × heads side by side.
struct Rows {
  Rows(DataType type, int64_t rows, int64_t columns, uint32_t stream)
      : memory(static_cast<size_t>(rows * columns)),
        all{memory.data(), type, rows, columns, columns} {
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
  return std::memcmp(a.data, b.data, static_cast<size_t>(a.rows * a.columns) * size_of(a.type)) ==
         0;
}

void check(const Kernels& kernels, DataType type, int64_t heads, int64_t head_size) {
  constexpr int64_t kPositions = 2 * kKeyBlock + 9;
  const int64_t width = heads * head_size;
  Rows q(type, kPositions, width, 1), k(type, kPositions, width, 2), v(type, kPositions, width, 3),
      nothing(type, 6, width, 4);
  std::ranges::fill(nothing.memory, std::bit_cast<double>(~uint64_t{0}));  // NaNs of every type
  KeyValues kept{.type = type, .heads = heads, .head_size = head_size, .capacity = kPositions + 6};
  // Every number a NaN.
  std::vector<double> memory(kernels.key_value_bytes(kept) / 8 + 8);
  std::memset(static_cast<void*>(memory.data()), 0xFF, memory.size() * 8);
  kept.data = memory.data();

  // Pieces of every kind, some put again after the end was forgotten.
  struct Piece {
    int64_t first, rows;
  };
  for (const auto [first, rows] :
       {Piece{0, 1}, Piece{1, 1}, Piece{2, 3}, Piece{5, 20}, Piece{4, 1}, Piece{5, 58},
        Piece{63, 1}, Piece{64, 1}, Piece{65, 1}, Piece{60, kPositions - 60}, Piece{7, 2},
        Piece{9, 119}, Piece{128, 1}, Piece{0, kPositions}}) {
    kernels.append_key_values({first, nothing.all, nothing.all, kept});  // forgotten again
    kernels.append_key_values({first, k.part(first, rows), v.part(first, rows), kept});
    const Rows from_kept(type, rows, width, 4), from_rows(type, rows, width, 5);
    AttentionSequence sequence{.first = first, .q = q.part(first, rows), .out = from_kept.all};
    sequence.kept = kept;
    Attention attention{.heads = heads,
                        .head_size = head_size,
                        .scale = 0.5,
                        .mask = {AttentionMask::Kind::banded, 70},
                        .sequences = {&sequence, 1}};
    kernels.attention(attention);
    sequence.kept = {};
    sequence.k = k.part(0, first + rows);
    sequence.v = v.part(0, first + rows);
    sequence.out = from_rows.all;
    kernels.attention(attention);
    EXPECT_TRUE(same_bits(from_kept.all, from_rows.all))
        << heads << " heads of " << head_size << ", positions " << first << " + " << rows;
  }
}

class KeptKeysAndValues : public testing::TestWithParam<std::string> {};

TEST_P(KeptKeysAndValues, GiveTheBitsOfRows) {
  const Kernels& kernels = kernels_named(GetParam());
  for (const DataType type : {DataType::f32, DataType::bf16})
    for (const int64_t head_size : {1, 5, 16, 40, 64, 67, 80}) check(kernels, type, 3, head_size);
  check(kernels, DataType::bf16, 1, kMaximumHeadSize);
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
