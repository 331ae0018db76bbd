// Linear layers beyond their gradient: fused against plain, packed against training, rows alone.
#include "octavo/ops/linear.h"

#include <gtest/gtest.h>

#include "octavo/ops/cross_entropy.h"
#include "octavo/ops/elementwise.h"
#include "octavo/ops/numbers.h"
#include "octavo/ops/quantize.h"
#include "tests/ops/operations.h"

namespace octavo {
namespace {

struct Layer {
  Parameter weight, bias;

  Layer(int64_t outputs, int64_t inputs, Precision precision)
      : weight(random_parameter("weight", {outputs, inputs}, sum_type(precision.compute), 1, 0.2)),
        bias(random_parameter("bias", {outputs}, sum_type(precision.compute), 2)) {}

  Tensor operator()(const Tensor& x, Activation activation = Activation::none) const {
    Tape tape(Recording::off);
    return linear(tape, Value(x), weight, bias, activation).data();
  }
};

TEST(Linear, IsTheSumOfProducts) {
  const UseKernels reference(reference_kernels());
  const Layer layer(3, 5, Precision::f64());
  const Tensor x = random_tensor({2, 5}, DataType::f64, 3);
  const Tensor y = layer(x);
  ASSERT_EQ(y.shape(), (Shape{2, 3}));
  for (size_t r = 0; r < 2; ++r)
    for (size_t o = 0; o < 3; ++o) {
      double expected = layer.bias.value.data().as<double>()[o];
      for (size_t i = 0; i < 5; ++i)
        expected += x.as<double>()[r * 5 + i] * layer.weight.value.data().as<double>()[o * 5 + i];
      EXPECT_NEAR(y.as<double>()[r * 3 + o], expected, 1e-14);
    }
}

// The fused form skips one rounding: none in float64, so there the bits are equal.
TEST(Linear, FusedGeluMeansLinearThenGelu) {
  const auto both = [](Precision precision, Activation kind) {
    const Layer layer(40, 70, precision);
    const Value x(random_tensor({9, 70}, precision.compute, 3), Value::Kind::activation);
    const Tensor dy = random_tensor({9, 40}, precision.compute, 4);
    const auto run = [&](auto&& forward) {
      x.set_gradient({});
      layer.weight.value.set_gradient({});
      Tape tape;
      const Value y = forward(tape);
      const Tensor result = y.data();
      tape.backward(y, dy.clone());
      return std::vector<Tensor>{result, x.gradient(), layer.weight.value.gradient()};
    };
    return std::pair(
        run([&](Tape& tape) { return linear(tape, x, layer.weight, layer.bias, kind); }),
        run([&](Tape& tape) {
          return gelu(tape, linear(tape, x, layer.weight, layer.bias), kind);
        }));
  };
  for (const Activation kind : {Activation::gelu_tanh, Activation::gelu_exact}) {
    {
      const UseKernels reference(reference_kernels());
      const auto [fused, plain] = both(Precision::f64(), kind);
      for (size_t i = 0; i < fused.size(); ++i) EXPECT_TRUE(same_bits(fused[i], plain[i])) << i;
    }
    for_each_engine([&](Precision precision) {
      const auto [fused, plain] = both(precision, kind);
      const double tolerance = precision == Precision::bf16() ? 2 * 0x1p-9 : 8 * 0x1p-24;
      for (size_t i = 0; i < fused.size(); ++i)
        EXPECT_LT(relative_error(fused[i], plain[i]), tolerance) << i;
    });
  }
}

TEST(Linear, PackedForInferenceGivesTheBitsOfTraining) {
  for_each_engine([](Precision precision) {
    Layer layer(kVocabularyChunk + 100, 33, precision);
    const Tensor x = random_tensor({5, 33}, precision.compute, 3);
    const Tensor targets = int32_tensor({0, 4095, 4096, 4195, -1});
    const auto loss = [&] {
      Tape tape(Recording::off);
      return cross_entropy(tape, Value(x), layer.weight, targets).data();
    };
    const Tensor y = layer(x, Activation::gelu_tanh), scores = logits(x, layer.weight), l = loss();
    PackingSpace space(PackingSpace::bytes(layer.weight.shape, precision.compute));
    pack_for_inference(layer.weight, precision.compute, space);
    EXPECT_EQ(layer.weight.shape, (Shape{kVocabularyChunk + 100, 33}));
    EXPECT_TRUE(layer.weight.value.data().empty());
    EXPECT_TRUE(same_bits(layer(x, Activation::gelu_tanh), y));
    EXPECT_TRUE(same_bits(logits(x, layer.weight), scores));
    EXPECT_TRUE(same_bits(loss(), l));
  });
}

TEST(Linear, ARowsBitsDoNotDependOnTheRowsBesideIt) {
  for_each_engine([](Precision precision) {
    const Layer layer(130, 200, precision);
    const Tensor x = random_tensor({70, 200}, precision.compute, 3);
    const Tensor all = layer(x, Activation::gelu_tanh), scores = logits(x, layer.weight);
    for (const auto& [first, count] :
         {std::pair{0, 1}, {69, 1}, {17, 2}, {3, 5}, {0, 16}, {20, 33}}) {
      EXPECT_TRUE(
          same_bits(layer(x.slice(first, count), Activation::gelu_tanh), all.slice(first, count)))
          << count << " rows from " << first;
      EXPECT_TRUE(
          same_bits(logits(x.slice(first, count), layer.weight), scores.slice(first, count)))
          << count << " rows from " << first;
    }
  });
}

TEST(Linear, GradientsOfMicroBatchesAdd) {
  const UseKernels reference(reference_kernels());
  const Layer layer(6, 4, Precision::f64());
  const Tensor x = random_tensor({10, 4}, DataType::f64, 3);
  const auto backward = [&](int64_t first, int64_t count) {
    Tape tape;
    tape.backward(linear(tape, Value(x.slice(first, count)), layer.weight, layer.bias));
  };
  backward(0, 10);
  const Tensor weight = layer.weight.value.gradient(), bias = layer.bias.value.gradient();
  layer.weight.value.set_gradient({});
  layer.bias.value.set_gradient({});
  backward(0, 3);
  backward(3, 7);
  EXPECT_LT(relative_error(layer.weight.value.gradient(), weight), 1e-15);
  EXPECT_LT(relative_error(layer.bias.value.gradient(), bias), 1e-15);
}

TEST(Linear, APackedWeightHasNoGradient) {
  Layer layer(6, 4, Precision::f32());
  const Parameter shared = layer.weight;
  PackingSpace space(PackingSpace::bytes(layer.weight.shape, DataType::f32));
  pack_for_inference(layer.weight, DataType::f32, space);
  EXPECT_FALSE(shared.value.data().empty()) << "a copy keeps its numbers";
  const Tensor x = random_tensor({2, 4}, DataType::f32, 3);
  expect_error(
      [&] {
        Tape tape;
        linear(tape, Value(x), layer.weight, {});
      },
      "weight is packed for inference");
  expect_error([&] { pack_for_inference(layer.weight, DataType::f32, space); }, "packed already");
  expect_error([&] { layer(cast(x, DataType::bf16)); }, "packed as f32, the product is bf16");
}

// A layer whose weight is quantized, and the same with the numbers that its blocks stand for.
struct QuantizedLayer {
  Layer plain, quantized;

  QuantizedLayer(DataType type, Precision precision, LeftRounding rounding)
      : plain(130, 512, precision), quantized(plain) {
    const Tensor blocks = quantize(plain.weight.value.data(), type);
    quantized.weight = Parameter("weight", blocks);
    quantized.weight.rounding = rounding;
    plain.weight = Parameter("weight", dequantize(blocks));
  }
};

// With bf16 the plain layer rounds those numbers; the quantized one rounds no weight.
TEST(Linear, QuantizedWeightsGiveWhatTheirNumbersGive) {
  for_each_engine([](Precision precision) {
    for (const DataType type : {DataType::q8_0, DataType::q4_0, DataType::q5_1, DataType::q4_k}) {
      SCOPED_TRACE(name_of(type));
      const QuantizedLayer layer(type, precision, LeftRounding::none);
      const Tensor x = random_tensor({7, 512}, precision.compute, 3);
      const auto expect_equal = [&](const Tensor& found, const Tensor& plain) {
        if (precision.compute == DataType::f32)
          EXPECT_TRUE(same_bits(found, plain));
        else
          EXPECT_LT(relative_error(found, plain), 3e-3);
      };
      expect_equal(layer.quantized(x, Activation::gelu_tanh),
                   layer.plain(x, Activation::gelu_tanh));
      expect_equal(logits(x, layer.quantized.weight), logits(x, layer.plain.weight));
    }
  });
}

TEST(Linear, QuantizedWeightsGiveOneNumber) {
  for_each_engine([](Precision precision) {
    const QuantizedLayer layer(DataType::q6_k, precision, LeftRounding::bytes);
    const Tensor x = random_tensor({70, 512}, precision.compute, 3);
    const Tensor y = layer.quantized(x), all = logits(x, layer.quantized.weight);
    for (int64_t row = 0; row < 70; row += 23) {
      EXPECT_TRUE(same_bits(layer.quantized(x.slice(row, 1)), y.slice(row, 1)));
      EXPECT_TRUE(same_bits(logits(x.slice(row, 1), layer.quantized.weight), all.slice(row, 1)));
    }
    // The loss folds the same logits, chunk by chunk.
    Tensor targets({70}, DataType::i32);
    for (int32_t i = 0; i < 70; ++i) targets.as<int32_t>()[static_cast<size_t>(i)] = i % 13 * 10;
    Tape tape(Recording::off);
    EXPECT_TRUE(same_bits(cross_entropy(tape, Value(x), layer.quantized.weight, targets).data(),
                          cross_entropy_of_logits(all, targets)));
  });
}

TEST(Linear, QuantizedWeightsAreNotTrained) {
  const QuantizedLayer layer(DataType::q8_0, Precision::f32(), LeftRounding::none);
  const Value x(random_tensor({2, 512}, DataType::f32, 3), Value::Kind::activation);
  Tape tape;
  expect_error([&] { linear(tape, x, layer.quantized.weight, layer.quantized.bias); },
               "weight is quantized for inference");
  const UseKernels reference(reference_kernels());
  const Tensor wide = random_tensor({2, 512}, DataType::f64, 3);
  expect_error([&] { logits(wide, layer.quantized.weight); },
               "multiplied in f32 and bf16, not f64");
}

TEST(Linear, RefusesWhatDoesNotFit) {
  const Layer layer(6, 4, Precision::f32()), other(5, 4, Precision::f32());
  Tape tape(Recording::off);
  expect_error(
      [&] {
        layer(random_tensor({2, 3}, DataType::f32, 1));
      },
      "[linear] x has 3 columns, weight has 4 inputs");
  expect_error([&] { layer(int32_tensor({1, 2, 3, 4})); }, "x is i32");
  expect_error(
      [&] {
        linear(tape, Value(random_tensor({2, 4}, DataType::f32, 1)), layer.weight, other.bias);
      },
      "bias has 5 numbers, weight has 6 outputs");
  expect_error([&] { layer(random_tensor({2, 4}, DataType::f64, 1)); }, "bias is f32");
}

}  // namespace
}  // namespace octavo
