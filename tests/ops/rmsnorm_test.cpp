#include "octavo/ops/rmsnorm.h"

#include <gtest/gtest.h>

#include <cmath>

#include "tests/ops/operations.h"

namespace octavo {
namespace {

Tensor rmsnorm_of(const Tensor& x, const Parameter& weight, DataType out) {
  Tape tape(Recording::off);
  return rmsnorm(tape, Value(x), weight, 1e-5, out).data();
}

TEST(RmsNorm, BringsRowsToMeanSquareOne) {
  const UseKernels reference(reference_kernels());
  constexpr size_t C = 24;
  const Parameter weight = random_parameter("weight", {C}, DataType::f64, 1);
  const Tensor x = random_tensor({3, C}, DataType::f64, 3);
  const Tensor y = rmsnorm_of(x, weight, DataType::f64);
  for (size_t r = 0; r < 3; ++r) {
    const std::span<double> row = x.as<double>().subspan(r * C, C);
    double squares = 0;
    for (const double number : row) squares += number * number / C;
    for (size_t c = 0; c < C; ++c)
      EXPECT_NEAR(y.as<double>()[r * C + c],
                  row[c] / std::sqrt(squares + 1e-5) * weight.value.data().as<double>()[c], 1e-13);
  }
}

TEST(RmsNorm, ARowsBitsDoNotDependOnTheRowsBesideIt) {
  for_each_engine([](Precision precision) {
    const Parameter weight = random_parameter("weight", {100}, DataType::f32, 1);
    const Tensor x = random_tensor({37, 100}, precision.residual, 3);
    const Tensor all = rmsnorm_of(x, weight, precision.compute);
    for (const int64_t row : {0, 1, 17, 36})
      EXPECT_TRUE(
          same_bits(rmsnorm_of(x.slice(row, 1), weight, precision.compute), all.slice(row, 1)));
  });
}

TEST(RmsNorm, RefusesAWeightOfAnotherSizeOrType) {
  const Tensor x = random_tensor({2, 8}, DataType::f32, 1);
  expect_error(
      [&] { rmsnorm_of(x, random_parameter("norm.weight", {7}, DataType::f32, 1), DataType::f32); },
      "[rmsnorm] norm.weight has 7 numbers, x has 8 columns");
  expect_error(
      [&] {
        rmsnorm_of(x, random_parameter("norm.weight", {8}, DataType::bf16, 1), DataType::f32);
      },
      "[rmsnorm] norm.weight is bf16, expected f32 beside f32 x");
}

}  // namespace
}  // namespace octavo
