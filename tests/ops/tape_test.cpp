// The tape: what it keeps, what it frees, what it says when numbers go bad.
#include "octavo/ops/tape.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "octavo/ops/elementwise.h"
#include "octavo/ops/layernorm.h"
#include "octavo/ops/linear.h"
#include "tests/ops/operations.h"

namespace octavo {
namespace {

constexpr int64_t kRows = 64, kColumns = 32;
constexpr size_t kBytes = kRows * kColumns * sizeof(float);

Value activation(double scale = 1) {
  return Value(random_tensor({kRows, kColumns}, DataType::f32, 1, scale), Value::Kind::activation);
}

TEST(Tape, FreesWhatItKeptOnTheWayBack) {
  const Value x = activation();
  const Parameter weight = random_parameter("weight", {kColumns, kColumns}, DataType::f32, 2, 0.1);
  weight.value.set_gradient(Tensor::zeros(weight.shape, DataType::f32));
  const size_t before = memory_use().current;
  {
    Tape tape;
    Value y = x;
    for (int i = 0; i < 4; ++i) y = linear(tape, y, weight, {}, Activation::gelu_tanh);
    EXPECT_GE(memory_use().current, before + 8 * kBytes) << "results and pre-activations";
    y = sum(tape, y);
    tape.backward(y);
    EXPECT_LE(memory_use().current, before + kBytes + 64) << "x's gradient and the loss";
  }
  x.set_gradient({});
  EXPECT_EQ(memory_use().current, before);
}

TEST(Tape, KeepsOnlyWhatAGradientReads) {
  const Value x = activation();
  const size_t before = memory_use().current;
  Tape tape;
  Value y = x;
  for (int i = 0; i < 5; ++i) y = add(tape, scaled(tape, y, 2), x);
  EXPECT_EQ(memory_use().current, before + kBytes) << "the last sum alone";
}

TEST(Tape, KeepsNothingWhenItIsOff) {
  const Value x = activation();
  const Parameter weight = random_parameter("weight", {kColumns, kColumns}, DataType::f32, 2);
  const size_t before = memory_use().current;
  Tape tape(Recording::off);
  Value y = x;
  for (int i = 0; i < 4; ++i) y = linear(tape, y, weight, {}, Activation::gelu_tanh);
  EXPECT_FALSE(y.wants_gradient());
  EXPECT_EQ(memory_use().current, before + kBytes);
}

TEST(Tape, AnErrorOnTheWayBackFreesEverything) {
  const size_t before = memory_use().current;
  {
    const Value x = activation();
    Tape tape;
    const Value bad = tape.record("bad", x.data().clone(), {x},
                                  [](const Tensor&) { fail(ErrorKind::data, "no way back"); });
    const Value y = square(tape, square(tape, bad));
    expect_error([&] { tape.backward(y); }, "no way back");
  }
  EXPECT_EQ(memory_use().current, before);
}

TEST(Tape, LeavesOutWhatTheLossDoesNotDependOn) {
  const Value x = activation(), constant(x.data());
  Tape tape;
  int calls = 0;
  const auto count = [&](const Tensor&) { ++calls; };
  const Value used = tape.record("used", x.data().clone(), {x}, count);
  const Value unused = tape.record("unused", x.data().clone(), {x}, count);
  tape.record("constant", x.data().clone(), {constant}, count);
  tape.backward(used);
  EXPECT_EQ(calls, 1);
}

TEST(Tape, StartsFromTheSeed) {
  const Value x(Tensor::of<float>({2}, {3, 4}), Value::Kind::activation);
  Tape tape;
  tape.backward(square(tape, x), 0.5);
  EXPECT_EQ(x.gradient().as<float>()[0], 3);
  EXPECT_EQ(x.gradient().as<float>()[1], 4);
}

TEST(Tape, AParametersGradientIsF32AndAdds) {
  const Value parameter(Tensor::of<bf16>({2}, {bf16(3), bf16(4)}), Value::Kind::parameter);
  for (int pass = 1; pass <= 3; ++pass) {
    Tape tape;
    tape.backward(square(tape, parameter));
    ASSERT_EQ(parameter.gradient().type(), DataType::f32);
    EXPECT_EQ(parameter.gradient().as<float>()[0], 6 * pass);
    EXPECT_EQ(parameter.gradient().as<float>()[1], 8 * pass);
  }
}

TEST(Tape, RefusesABackwardThatLeadsNowhere) {
  Tape on, off(Recording::off);
  const Value x = activation();
  expect_error([&] { on.backward(Value(x.data())); }, "nothing trainable");
  expect_error([&] { off.backward(x); }, "does not record");
  expect_error([&] { on.backward(x, Tensor({3}, DataType::f32)); }, "shape [3]");
}

TEST(CheckFinite, NamesTheOperationAndThePlace) {
  const Value x(Tensor::of<float>({1, 2}, {1, -1}), Value::Kind::activation);
  Tape tape;
  log(tape, x);  // unnoticed unless asked for
  tape.check_finite(true);
  tape.enter("block 3");
  exp(tape, x);
  expect_error([&] { log(tape, x); }, "NaN in the result of log (block 3)");
  expect_error([&] { exp(tape, scaled(tape, x, 1000)); }, "Inf in the result of exp (block 3)");
  try {
    log(tape, x);
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::diverged);
  }
}

TEST(CheckFinite, NamesTheOperationOfABadGradient) {
  // d log x / dx overflows where log x does not.
  const Value x(Tensor::of<float>({1, 2}, {1, 1e-39f}), Value::Kind::activation);
  Tape tape;
  tape.check_finite(true);
  tape.enter("block 3");
  const Value y = log(tape, x);
  tape.enter("the head");
  const Value loss = sum(tape, y);
  expect_error([&] { tape.backward(loss, 1e10); }, "Inf in the gradient of log (block 3)");
}

TEST(Recomputed, GivesTheSameBitsForLessMemory) {
  const Parameter weight = random_parameter("weight", {kColumns, kColumns}, DataType::f32, 2, 0.1);
  const auto layers = [&](Tape& tape, const Value& x) {
    Value y = x;
    for (int i = 0; i < 4; ++i) y = linear(tape, y, weight, {}, Activation::gelu_exact);
    return y;
  };
  struct Run {
    Tensor result, dx, dweight;
    size_t kept;
  };
  const auto run = [&](auto&& forward) {
    const Value x = activation();
    weight.value.set_gradient({});
    const size_t before = memory_use().current;
    Tape tape;
    const Value y = forward(tape, x);
    const size_t kept = memory_use().current - before;
    tape.backward(y);
    return Run{y.data(), x.gradient(), weight.value.gradient(), kept};
  };
  const Run plain = run(layers);
  const Run again = run([&](Tape& tape, const Value& x) { return recomputed(tape, x, layers); });
  EXPECT_TRUE(same_bits(again.result, plain.result));
  EXPECT_TRUE(same_bits(again.dx, plain.dx));
  EXPECT_TRUE(same_bits(again.dweight, plain.dweight));
  EXPECT_EQ(again.kept, kBytes);
  EXPECT_EQ(plain.kept, 8 * kBytes);
}

TEST(Recomputed, ParametersLearnFromAConstant) {
  const Parameter weight = random_parameter("weight", {kColumns, kColumns}, DataType::f32, 2, 0.1);
  Tape tape;
  tape.backward(recomputed(tape, Value(activation().data()), [&](Tape& tape, const Value& x) {
    return linear(tape, x, weight, {});
  }));
  EXPECT_FALSE(weight.value.gradient().empty());
}

TEST(Recomputed, ChecksInside) {
  const Value x(Tensor::of<float>({1, 2}, {1, -1}), Value::Kind::activation);
  Tape tape;
  tape.check_finite(true);
  tape.enter("block 7");
  const auto function = [](Tape& tape, const Value& x) { return log(tape, x); };
  expect_error([&] { recomputed(tape, x, function); }, "NaN in the result of log (block 7)");
}

}  // namespace
}  // namespace octavo
