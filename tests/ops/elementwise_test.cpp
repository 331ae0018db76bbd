#include "octavo/ops/elementwise.h"

#include <gtest/gtest.h>

#include <cmath>

#include "tests/ops/operations.h"

namespace octavo {
namespace {

TEST(Elementwise, FunctionsMeanWhatTheyAreCalled) {
  const UseKernels reference(reference_kernels());
  Tape tape(Recording::off);
  const std::vector<double> points = {-40, -3, -0.5, 0.25, 1, 6, 30};
  const Value x(Tensor::of<double>({1, 7}, points));
  const auto expect = [&](const Value& y, auto&& function) {
    for (size_t i = 0; i < points.size(); ++i) {
      const double expected = function(points[i]);
      if (std::isnan(expected)) continue;
      EXPECT_NEAR(y.data().as<double>()[i], expected, 1e-14 * std::max(1.0, std::abs(expected)))
          << points[i];
    }
  };
  expect(exp(tape, x), [](double v) { return std::exp(v); });
  expect(log(tape, x), [](double v) { return std::log(v); });
  expect(sigmoid(tape, x), [](double v) { return 1 / (1 + std::exp(-v)); });
  expect(log_sigmoid(tape, x), [](double v) { return -std::log1p(std::exp(-v)); });
  expect(tanh(tape, x), [](double v) { return std::tanh(v); });
  expect(square(tape, x), [](double v) { return v * v; });
  expect(scaled(tape, x, 3), [](double v) { return 3 * v; });
  expect(gelu(tape, x, Activation::gelu_exact),
         [](double v) { return v / 2 * std::erfc(-v / std::sqrt(2.0)); });
  expect(gelu(tape, x, Activation::gelu_tanh), [](double v) {
    return v / 2 * (1 + std::tanh(std::sqrt(2 / M_PI) * (v + 0.044715 * v * v * v)));
  });
}

TEST(Elementwise, LogSigmoidAndItsGradientStayFinite) {
  for (const Kernels* set : available_kernels()) {
    const UseKernels use(*set);
    const Value x(Tensor::of<float>({1, 4}, {-1000, -90, 90, 1000}), Value::Kind::activation);
    Tape tape;
    const Value y = log_sigmoid(tape, x);
    EXPECT_EQ(y.data().as<float>()[0], -1000) << set->name();
    EXPECT_EQ(y.data().as<float>()[1], -90) << set->name();
    EXPECT_EQ(y.data().as<float>()[3], 0) << set->name();
    tape.backward(y);
    EXPECT_EQ(x.gradient().as<float>()[0], 1) << set->name();
    EXPECT_EQ(x.gradient().as<float>()[3], 0) << set->name();
  }
}

TEST(Elementwise, TiesGiveTheGradientToTheFirst) {
  for (const auto operation : {minimum, maximum}) {
    const Value a(Tensor::of<float>({3}, {1, 2, 3}), Value::Kind::activation);
    const Value b(Tensor::of<float>({3}, {1, 2, 3}), Value::Kind::activation);
    Tape tape;
    tape.backward(operation(tape, a, b), 5);
    EXPECT_TRUE(same_bits(a.gradient(), Tensor::of<float>({3}, {5, 5, 5})));
    EXPECT_TRUE(same_bits(b.gradient(), Tensor::of<float>({3}, {0, 0, 0})));
  }
}

TEST(Elementwise, GradientsDoNotShareMemory) {
  const Value a(random_tensor({4, 4}, DataType::f32, 1), Value::Kind::activation);
  const Value b(random_tensor({16}, DataType::f32, 2), Value::Kind::activation);
  Tape tape;
  tape.backward(add(tape, a, Value(b.data().reshaped({4, 4}), Value::Kind::activation)));
  const Value row(b.data().reshaped({1, 16}), Value::Kind::activation);
  tape.backward(add(tape, b, row));  // [16] and [1, 16]: the same rows and columns
  EXPECT_NE(b.gradient().data(), row.gradient().data());
}

TEST(Elementwise, TheResultHasTheFirstOperandsType) {
  Tape tape(Recording::off);
  const Value wide(random_tensor({2, 3}, DataType::f32, 1));
  const Value narrow(random_tensor({2, 3}, DataType::bf16, 2));
  EXPECT_EQ(add(tape, wide, narrow).type(), DataType::f32);
  EXPECT_EQ(add(tape, narrow, wide).type(), DataType::bf16);
  EXPECT_EQ(sum(tape, narrow).type(), DataType::f32);
  EXPECT_EQ(cast(tape, narrow, DataType::f32).type(), DataType::f32);
}

TEST(Elementwise, SumsHaveTheirShapes) {
  Tape tape(Recording::off);
  const Value x(Tensor::of<float>({2, 3}, {1, 2, 3, 4, 5, 6}));
  EXPECT_TRUE(same_bits(sum_columns(tape, x).data(), Tensor::of<float>({2, 1}, {6, 15})));
  EXPECT_TRUE(same_bits(sum_rows(tape, x).data(), Tensor::of<float>({1, 3}, {5, 7, 9})));
  EXPECT_TRUE(same_bits(sum(tape, x).data(), Tensor::of<float>({1, 1}, {21})));
  EXPECT_TRUE(same_bits(mean(tape, x).data(), Tensor::of<float>({1, 1}, {3.5})));
}

TEST(Elementwise, RefusesWhatDoesNotFit) {
  Tape tape(Recording::off);
  const Value a(random_tensor({2, 3}, DataType::f32, 1)),
      b(random_tensor({2, 4}, DataType::f32, 2));
  expect_error([&] { add(tape, a, b); }, "[add] [2, 3] and [2, 4] do not fit together");
  expect_error([&] { gelu(tape, a, Activation::none); }, "[gelu]");
}

}  // namespace
}  // namespace octavo
