// Cross-entropy beyond its gradient: its plain meaning, and the same bits from given logits.
#include "octavo/ops/cross_entropy.h"

#include <gtest/gtest.h>

#include <cmath>

#include "octavo/ops/linear.h"
#include "tests/ops/operations.h"

namespace octavo {
namespace {

Tensor losses(const Tensor& x, const Parameter& head, const Tensor& targets) {
  Tape tape(Recording::off);
  return cross_entropy(tape, Value(x), head, targets).data();
}

TEST(CrossEntropy, IsMinusTheLogOfTheSoftmax) {
  const UseKernels reference(reference_kernels());
  constexpr int64_t V = kVocabularyChunk + 5;
  const Tensor x = random_tensor({4, 8}, DataType::f64, 1);
  const Parameter head = random_parameter("head", {V, 8}, DataType::f64, 2);
  const std::vector<int32_t> targets = {0, V - 1, 4095, 4096};
  const Tensor found = losses(x, head, int32_tensor(targets));
  ASSERT_EQ(found.shape(), (Shape{4}));
  for (size_t r = 0; r < 4; ++r) {
    double sum = 0, of_target = 0;
    for (size_t v = 0; v < V; ++v) {
      double logit = 0;
      for (size_t c = 0; c < 8; ++c)
        logit += x.as<double>()[r * 8 + c] * head.value.data().as<double>()[v * 8 + c];
      sum += std::exp(logit);
      if (static_cast<int32_t>(v) == targets[r]) of_target = logit;
    }
    EXPECT_NEAR(found.as<double>()[r], std::log(sum) - of_target, 1e-12);
  }
}

TEST(CrossEntropy, OfLogitsGivesTheSameBits) {
  for_each_engine([](Precision precision) {
    const Tensor x = random_tensor({600, 16}, precision.compute, 1);  // rows in two chunks
    const Parameter head = random_parameter("head", {kVocabularyChunk + 300, 16}, DataType::f32, 2);
    std::vector<int32_t> numbers(600);
    for (size_t i = 0; i < numbers.size(); ++i)
      numbers[i] = static_cast<int32_t>(i * 7919 % 4397) - 1;
    const Tensor targets = int32_tensor(numbers), all = losses(x, head, targets);
    EXPECT_TRUE(same_bits(cross_entropy_of_logits(logits(x, head), targets), all));
    // And each row alone.
    for (const int64_t row : {0, 1, 511, 512, 599}) {
      const Tensor target = targets.slice(row, 1);
      EXPECT_TRUE(same_bits(losses(x.slice(row, 1), head, target), all.slice(row, 1))) << row;
      EXPECT_TRUE(same_bits(cross_entropy_of_logits(logits(x.slice(row, 1), head), target),
                            all.slice(row, 1)))
          << row;
    }
  });
}

TEST(CrossEntropy, AnIgnoredTargetHasNeitherLossNorGradient) {
  for_each_engine([](Precision precision) {
    const Value x(random_tensor({3, 16}, precision.compute, 1), Value::Kind::activation);
    const Parameter head = random_parameter("head", {70, 16}, DataType::f32, 2);
    Tape tape;
    const Value loss = cross_entropy(tape, x, head, int32_tensor({5, -1, 69}));
    EXPECT_GT(loss.data().as<float>()[0], 0);
    EXPECT_EQ(loss.data().as<float>()[1], 0);
    tape.backward(loss);
    const Tensor gradient = x.gradient().slice(1, 1), zeros = Tensor::zeros({1, 16}, x.type());
    EXPECT_TRUE(same_bits(gradient, zeros));
  });
}

TEST(CrossEntropy, RecomputedLogitsGiveTheSameGradients) {
  for_each_engine([](Precision precision) {
    constexpr int64_t kRows = 515, kVocabulary = kVocabularyChunk + 3;
    const Tensor data = random_tensor({kRows, 8}, precision.compute, 1);
    const Tensor targets = int32_tensor(std::vector<int32_t>(kRows, kVocabulary - 1));
    const auto gradients = [&](Logits logits) {
      const Value x(data, Value::Kind::activation);
      const Parameter head = random_parameter("head", {kVocabulary, 8}, DataType::f32, 2);
      Tape tape;
      tape.backward(cross_entropy(tape, x, head, targets, logits), 1.0 / kRows);
      return std::pair(x.gradient(), head.value.gradient());
    };
    const auto kept = gradients(Logits::kept), again = gradients(Logits::recomputed);
    EXPECT_TRUE(same_bits(kept.first, again.first));
    EXPECT_TRUE(same_bits(kept.second, again.second));
  });
}

TEST(CrossEntropy, LargeLogitsDoNotOverflow) {
  for (const Kernels* set : available_kernels()) {
    const UseKernels use(*set);
    const Tensor logits = Tensor::of<float>({2, 4}, {1e4f, -1e4f, 0, 9e3f, -3e38f, -3e38f, 0, 0});
    const Tensor loss = cross_entropy_of_logits(logits, int32_tensor({1, 2}));
    EXPECT_EQ(loss.as<float>()[0], 2e4f) << set->name();
    EXPECT_NEAR(loss.as<float>()[1], std::log(2.0), 1e-6) << set->name();
  }
}

TEST(CrossEntropy, RefusesWhatDoesNotFit) {
  const Tensor x = random_tensor({2, 8}, DataType::f32, 1);
  const Parameter head = random_parameter("head", {10, 8}, DataType::f32, 2);
  expect_error(
      [&] {
        losses(x, head, int32_tensor({0, 10}));
      },
      "target 10 is outside a vocabulary of 10");
  expect_error([&] { losses(x, head, int32_tensor({0, -2})); }, "target -2");
  expect_error([&] { losses(x, head, int32_tensor({0})); }, "expected 2 targets");
  expect_error(
      [&] {
        losses(random_tensor({2, 7}, DataType::f32, 1), head, int32_tensor({0, 1}));
      },
      "x has 7 columns, head is [10, 8]");
}

}  // namespace
}  // namespace octavo
