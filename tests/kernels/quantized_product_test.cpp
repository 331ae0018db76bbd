// Products with quantized weights beside those of the decoded weights: on every instruction set,
// the same bits with f32, what sums in f32 lose with bf16, and near them where activations round.
#include <gtest/gtest.h>

#include <cmath>
#include <cstring>
#include <limits>

#include "octavo/kernels/cases/memory.h"
#include "octavo/kernels/element.h"
#include "octavo/kernels/quantized/codec.h"

namespace octavo {
namespace {

constexpr DataType kQuantized[] = {DataType::q8_0, DataType::q4_0, DataType::q4_1, DataType::q5_0,
                                   DataType::q5_1, DataType::q2_k, DataType::q3_k, DataType::q4_k,
                                   DataType::q5_k, DataType::q6_k};
constexpr int64_t kRows = 9, kColumns = 83, kInner = 768;

/// left, and blocks with the numbers that they stand for.
struct Operands {
  CaseMemory memory{{}};
  Array left, weights;
  QuantizedMatrix blocks;

  Operands(DataType quantized, DataType type)
      : left(memory.numbers(type, kRows, kInner)),
        weights(memory.numbers(DataType::f32, kColumns, kInner)),
        blocks(memory.blocks(quantized, kColumns, kInner)) {
    for (int64_t r = 0; r < kColumns; ++r)
      decode_row(quantized, blocks.row(r), kInner, weights.row<float>(r));
  }

  Array product(const Kernels& kernels, DataType out) {
    const Array result = memory.scratch(out, kRows, kColumns);
    void* packed = memory.scratch(kernels.packed_bytes(kInner, kColumns, left.type));
    kernels.pack({weights, MatrixOrder::transposed, left.type, packed});
    kernels.product({.left = left, .right = {packed, left.type, kInner, kColumns}, .out = result});
    return result;
  }

  Array quantized_product(const Kernels& kernels, LeftRounding rounding, DataType out) {
    QuantizedProduct p{.left = left, .rounding = rounding, .right = blocks};
    p.out = memory.scratch(out, kRows, kColumns);
    p.scratch = memory.scratch(kernels.quantized_product_scratch(p));
    kernels.quantized_product(p);
    return p.out;
  }
};

TEST(QuantizedProduct, OfF32IsTheProductOfTheDecodedMatrixToTheBit) {
  for (const Kernels* kernels : available_kernels())
    for (const DataType quantized : kQuantized) {
      Operands o(quantized, DataType::f32);
      const Array plain = o.product(*kernels, DataType::f32);
      const Array direct = o.quantized_product(*kernels, LeftRounding::none, DataType::f32);
      EXPECT_EQ(std::memcmp(plain.data, direct.data, kRows * kColumns * sizeof(float)), 0)
          << kernels->name() << " " << name_of(quantized);
    }
}

TEST(QuantizedProduct, OfBf16RoundsNoWeight) {
  for (const Kernels* kernels : available_kernels())
    for (const DataType quantized : kQuantized) {
      Operands o(quantized, DataType::bf16);
      const Array found = o.quantized_product(*kernels, LeftRounding::none, DataType::f32);
      double error = 0, size = 0;
      for (int64_t r = 0; r < kRows; ++r)
        for (int64_t c = 0; c < kColumns; ++c) {
          double exact = 0;
          for (int64_t k = 0; k < kInner; ++k) exact += get(o.left, r, k) * get(o.weights, c, k);
          error = std::max(error, std::abs(get(found, r, c) - exact));
          size = std::max(size, std::abs(exact));
        }
      // Weights of bf16 would be off by 1e-3.
      EXPECT_LT(error / size, 5e-6) << kernels->name() << " " << name_of(quantized);
    }
}

TEST(QuantizedProduct, OfBytesLosesWhatRoundingLoses) {
  for (const Kernels* kernels : available_kernels())
    for (const DataType quantized : kQuantized) {
      Operands o(quantized, DataType::f32);
      const Array exact = o.product(*kernels, DataType::f32);
      const Array bytes = o.quantized_product(*kernels, LeftRounding::bytes, DataType::f32);
      double error = 0, size = 0;
      for (int64_t r = 0; r < kRows; ++r)
        for (int64_t c = 0; c < kColumns; ++c) {
          error += std::pow(get(bytes, r, c) - get(exact, r, c), 2);
          size += std::pow(get(exact, r, c), 2);
        }
      // Numbers uniform in (−1, 1) lose 1 / (127 · √12) of 1 / √3.
      EXPECT_LT(std::sqrt(error / size), 0.005) << kernels->name() << " " << name_of(quantized);
      EXPECT_GT(std::sqrt(error / size), 0.002) << kernels->name() << " " << name_of(quantized);
    }
}

TEST(QuantizedProduct, WhatIsNotFiniteStaysInItsRow) {
  for (const Kernels* kernels : available_kernels())
    for (const LeftRounding rounding : {LeftRounding::none, LeftRounding::bytes}) {
      Operands o(DataType::q4_0, DataType::f32);
      set(o.left, 2, 700, std::numeric_limits<double>::quiet_NaN());
      set(o.left, 5, 3, -std::numeric_limits<double>::infinity());
      const Array out = o.quantized_product(*kernels, rounding, DataType::f32);
      for (int64_t r = 0; r < kRows; ++r)
        for (int64_t c = 0; c < kColumns; ++c)
          EXPECT_EQ(std::isfinite(get(out, r, c)), r != 2 && r != 5)
              << kernels->name() << " row " << r;
    }
}

TEST(QuantizedProduct, ZerosAndTheSmallestNumbersAreNoTrouble) {
  for (const Kernels* kernels : available_kernels())
    for (const double number : {0.0, 1e-45, 1e-38, -1e-31}) {
      Operands o(DataType::q6_k, DataType::f32);
      for (int64_t k = 0; k < kInner; ++k) set(o.left, 1, k, number);
      const Array out = o.quantized_product(*kernels, LeftRounding::bytes, DataType::f32);
      for (int64_t c = 0; c < kColumns; ++c)
        EXPECT_NEAR(get(out, 1, c), 0, 1e-27) << kernels->name() << " " << number;
    }
}

}  // namespace
}  // namespace octavo
