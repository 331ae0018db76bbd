// Element types: bf16 rounds to nearest even on every boundary, f16 agrees with the definition of
// IEEE half precision on all 65,536 bit patterns, and both keep NaN a NaN. The quantized types'
// layouts are those of their blocks.
#include "octavo/device/data_type.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "octavo/base/random.h"
#include "octavo/device/quantized_blocks.h"

namespace octavo {
namespace {

TEST(DataType, sizes_and_names) {
  EXPECT_EQ(size_of(DataType::f64), 8u);
  EXPECT_EQ(size_of(DataType::f32), 4u);
  EXPECT_EQ(size_of(DataType::bf16), 2u);
  EXPECT_EQ(size_of(DataType::f16), 2u);
  EXPECT_EQ(size_of(DataType::i64), 8u);
  EXPECT_EQ(size_of(DataType::i32), 4u);
  EXPECT_EQ(size_of(DataType::u16), 2u);
  EXPECT_EQ(size_of(DataType::u8), 1u);
  EXPECT_EQ(name_of(DataType::bf16), "bf16");
  EXPECT_EQ(name_of(DataType::u8), "u8");
  for (int type = 0; type <= static_cast<int>(DataType::q6_k); ++type)
    EXPECT_EQ(data_type_named(name_of(static_cast<DataType>(type))), static_cast<DataType>(type));
  EXPECT_FALSE(data_type_named("q7_k"));
  EXPECT_FALSE(data_type_named(""));
}

template <class... Blocks>
void expect_layouts_of(int64_t numbers) {
  const auto expect = [&](DataType type, int64_t bytes) {
    EXPECT_TRUE(is_quantized(type)) << name_of(type);
    EXPECT_EQ(block_of(type).numbers, numbers) << name_of(type);
    EXPECT_EQ(block_of(type).bytes, bytes) << name_of(type);
    EXPECT_EQ(row_bytes(type, 3 * numbers), 3 * bytes) << name_of(type);
    EXPECT_TRUE(holds_rows_of(type, 0));
    EXPECT_FALSE(holds_rows_of(type, numbers + numbers / 2));
    EXPECT_EQ(alignment_of(type), 2u);
  };
  (expect(data_type_of<Blocks>, sizeof(Blocks)), ...);
}

TEST(DataType, layouts_are_those_of_the_blocks) {
  expect_layouts_of<BlockQ8_0, BlockQ4_0, BlockQ4_1, BlockQ5_0, BlockQ5_1>(32);
  expect_layouts_of<BlockQ2K, BlockQ3K, BlockQ4K, BlockQ5K, BlockQ6K>(256);
  EXPECT_EQ(block_of(DataType::bf16).numbers, 1);
  EXPECT_EQ(row_bytes(DataType::bf16, 7), 14);
  EXPECT_FALSE(is_quantized(DataType::u8));
  EXPECT_EQ(alignment_of(DataType::f64), 8u);
}

TEST(DataTypeDeathTest, a_quantized_number_has_no_size_and_a_row_no_part_of_a_block) {
  EXPECT_DEBUG_DEATH(size_of(DataType::q8_0), "no size of its own");
  EXPECT_DEBUG_DEATH(row_bytes(DataType::q8_0, 16), "numbers == 0");
}

TEST(DataType, bf16_keeps_its_own_values) {
  for (uint32_t pattern = 0; pattern < 0x10000; ++pattern) {
    const float value = std::bit_cast<float>(pattern << 16);
    if (std::isnan(value))
      EXPECT_TRUE(std::isnan(static_cast<float>(bf16(value)))) << pattern;
    else
      EXPECT_EQ(bf16(value).bits, pattern);
  }
}

TEST(DataType, bf16_rounds_to_nearest_even) {
  EXPECT_EQ(bf16(std::bit_cast<float>(0x3F808000u)).bits, 0x3F80);  // a tie goes down to even
  EXPECT_EQ(bf16(std::bit_cast<float>(0x3F818000u)).bits, 0x3F82);  // a tie goes up to even
  EXPECT_EQ(bf16(std::bit_cast<float>(0x3F808001u)).bits, 0x3F81);
  EXPECT_EQ(bf16(std::bit_cast<float>(0x3F817FFFu)).bits, 0x3F81);
  EXPECT_EQ(bf16(std::numeric_limits<float>::max()).bits, 0x7F80);  // beyond the largest: infinity
  EXPECT_TRUE(std::isnan(static_cast<float>(bf16(std::bit_cast<float>(0x7F800001u)))));
  const RandomStream random{1};
  for (uint64_t i = 0; i < 100'000; ++i) {
    const float value = std::bit_cast<float>(random.bits(i)[0]);
    if (!std::isfinite(value)) continue;
    const float below = std::bit_cast<float>(std::bit_cast<uint32_t>(value) & 0xFFFF0000u);
    const float above =
        std::bit_cast<float>((std::bit_cast<uint32_t>(value) & 0xFFFF0000u) + 0x10000u);
    if (!std::isfinite(above)) continue;
    const double rounded = static_cast<float>(bf16(value));
    EXPECT_LE(std::abs(rounded - value), std::abs(double{below} - value));
    EXPECT_LE(std::abs(rounded - value), std::abs(double{above} - value));
  }
}

// Sign, exponent and fraction by arithmetic, not by bits.
double half_by_definition(uint32_t pattern) {
  const double sign = pattern & 0x8000 ? -1 : 1;
  const int exponent = static_cast<int>(pattern >> 10 & 31);
  const int fraction = static_cast<int>(pattern & 1023);
  if (exponent == 0) return sign * std::ldexp(fraction, -24);
  if (exponent == 31) return fraction ? NAN : sign * INFINITY;
  return sign * std::ldexp(1024 + fraction, exponent - 25);
}

TEST(DataType, f16_follows_the_definition) {
  for (uint32_t pattern = 0; pattern < 0x10000; ++pattern) {
    f16 half;
    half.bits = static_cast<uint16_t>(pattern);
    const double wanted = half_by_definition(pattern);
    const float value = half;
    if (std::isnan(wanted)) {
      EXPECT_TRUE(std::isnan(value)) << pattern;
      EXPECT_TRUE(std::isnan(static_cast<float>(f16(value)))) << pattern;
    } else {
      EXPECT_EQ(double{value}, wanted) << pattern;
      EXPECT_EQ(f16(value).bits, pattern);
    }
  }
}

TEST(DataType, f16_rounds_to_nearest_even) {
  for (uint32_t pattern = 0; pattern < 0x7BFF; ++pattern) {  // every pair of positive neighbours
    const double low = half_by_definition(pattern), high = half_by_definition(pattern + 1);
    const auto middle = static_cast<float>((low + high) / 2);  // exact: one bit more than a half
    EXPECT_EQ(f16(middle).bits, pattern + (pattern & 1)) << pattern;
    EXPECT_EQ(f16(std::nextafter(middle, 0.0f)).bits, pattern);
    EXPECT_EQ(f16(std::nextafter(middle, 1e9f)).bits, pattern + 1);
  }
  EXPECT_EQ(f16(65519.996f).bits, 0x7BFF);
  EXPECT_EQ(f16(65520.0f).bits, 0x7C00);
  EXPECT_EQ(f16(-INFINITY).bits, 0xFC00);
  EXPECT_EQ(f16(-0.0f).bits, 0x8000);
}

}  // namespace
}  // namespace octavo
