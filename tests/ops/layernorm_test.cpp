#include "octavo/ops/layernorm.h"

#include <gtest/gtest.h>

#include <cmath>

#include "octavo/ops/numbers.h"
#include "tests/ops/operations.h"

namespace octavo {
namespace {

struct Norm {
  Parameter weight, bias;

  Norm(int64_t columns, DataType type)
      : weight(random_parameter("weight", {columns}, type, 1)),
        bias(random_parameter("bias", {columns}, type, 2)) {}

  Tensor operator()(const Tensor& x, DataType out) const {
    Tape tape(Recording::off);
    return layernorm(tape, Value(x), weight, bias, 1e-5, out).data();
  }
};

TEST(LayerNorm, BringsRowsToMeanZeroAndVarianceOne) {
  const UseKernels reference(reference_kernels());
  constexpr size_t C = 24;
  const Norm norm(C, DataType::f64);
  const Tensor x = random_tensor({3, C}, DataType::f64, 3), y = norm(x, DataType::f64);
  for (size_t r = 0; r < 3; ++r) {
    const std::span<double> row = x.as<double>().subspan(r * C, C);
    double mean = 0, variance = 0;
    for (const double number : row) mean += number / C;
    for (const double number : row) variance += (number - mean) * (number - mean) / C;
    for (size_t c = 0; c < C; ++c)
      EXPECT_NEAR(
          y.as<double>()[r * C + c],
          (row[c] - mean) / std::sqrt(variance + 1e-5) * norm.weight.value.data().as<double>()[c] +
              norm.bias.value.data().as<double>()[c],
          1e-13);
  }
}

TEST(LayerNorm, ARowsBitsDoNotDependOnTheRowsBesideIt) {
  for_each_engine([](Precision precision) {
    const Norm norm(100, DataType::f32);
    const Tensor x = random_tensor({37, 100}, precision.residual, 3);
    const Tensor all = norm(x, precision.compute);
    for (const int64_t row : {0, 1, 17, 36})
      EXPECT_TRUE(same_bits(norm(x.slice(row, 1), precision.compute), all.slice(row, 1)));
  });
}

TEST(LayerNorm, AFarMeanLosesNoMoreThanItsRounding) {
  for (const Kernels* set : available_kernels()) {
    const UseKernels use(*set);
    const Norm norm(256, DataType::f32);
    const Tensor near = random_tensor({4, 256}, DataType::f32, 3), far = near.clone();
    for (float& number : far.as<float>()) number += 1000;  // exact to 2⁻¹⁴
    EXPECT_LT(relative_error(norm(far, DataType::f32), norm(near, DataType::f32)), 1e-4)
        << set->name();
  }
}

TEST(LayerNorm, AConstantRowStaysFinite) {
  for (const Kernels* set : available_kernels()) {
    const UseKernels use(*set);
    const Norm norm(33, DataType::f32);
    EXPECT_TRUE(all_finite(norm(Tensor::zeros({2, 33}, DataType::f32), DataType::bf16)));
  }
}

TEST(LayerNorm, FrozenParametersLeaveTheInputsGradient) {
  const Norm norm(24, DataType::f32);
  const Tensor x = random_tensor({5, 24}, DataType::f32, 3);
  const auto gradient = [&](bool frozen) {
    Parameter weight = norm.weight, bias = norm.bias;
    if (frozen) weight.value = Value(weight.value.data()), bias.value = Value(bias.value.data());
    const Value input(x, Value::Kind::activation);
    Tape tape;
    tape.backward(layernorm(tape, input, weight, bias, 1e-5, DataType::f32),
                  random_tensor({5, 24}, DataType::f32, 4));
    return input.gradient();
  };
  EXPECT_TRUE(same_bits(gradient(true), gradient(false)));
}

TEST(LayerNorm, RefusesWhatDoesNotFit) {
  const Norm norm(24, DataType::f32);
  expect_error(
      [&] {
        norm(random_tensor({2, 23}, DataType::f32, 1), DataType::f32);
      },
      "weight has 24 numbers, x has 23 columns");
  expect_error(
      [&] {
        norm(random_tensor({2, 24}, DataType::f64, 1), DataType::f64);
      },
      "weight is f32, expected f64");
}

}  // namespace
}  // namespace octavo
