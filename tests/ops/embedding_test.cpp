#include "octavo/ops/embedding.h"

#include <gtest/gtest.h>

#include "octavo/ops/numbers.h"
#include "octavo/ops/quantize.h"
#include "tests/ops/operations.h"

namespace octavo {
namespace {

Tensor embedded(const Tensor& tokens, const Tensor& positions, const Parameter& token_table,
                const Parameter& position_table, Precision precision) {
  Tape tape(Recording::off);
  return embedding(tape, tokens, positions, token_table, position_table, precision).data();
}

TEST(Embedding, AddsTheRows) {
  const Parameter tokens = random_parameter("tokens", {5, 3}, DataType::f32, 1);
  const Parameter positions = random_parameter("positions", {4, 3}, DataType::f32, 2);
  for (const Kernels* set : available_kernels()) {
    const UseKernels use(*set);
    const Tensor out = embedded(int32_tensor({4, 0, 4}), int32_tensor({0, 3, 1}), tokens, positions,
                                Precision::f32());
    const std::vector<size_t> token_rows = {4, 0, 4}, position_rows = {0, 3, 1};
    for (size_t r = 0; r < 3; ++r)
      for (size_t c = 0; c < 3; ++c)
        EXPECT_EQ(out.as<float>()[r * 3 + c],
                  tokens.value.data().as<float>()[token_rows[r] * 3 + c] +
                      positions.value.data().as<float>()[position_rows[r] * 3 + c]);
  }
}

// A model kept in bf16 and the f32 masters it came from agree to the bit.
TEST(Embedding, RoundsTheMastersAsABf16TableIs) {
  const auto table = [](const char* name, uint64_t seed) {
    Parameter parameter = random_parameter(name, {50, 24}, DataType::f32, seed);
    for (float& number : parameter.value.data().as<float>()) number *= 1.2345f;
    return parameter;
  };
  const auto rounded = [](const Parameter& p) {
    return Parameter(p.name, cast(p.value.data(), DataType::bf16));
  };
  const Parameter tokens = table("tokens", 1), positions = table("positions", 2);
  const Tensor ids = int32_tensor({0, 49, 7, 7}), places = int32_tensor({0, 1, 2, 49});
  for (const Kernels* set : available_kernels()) {
    const UseKernels use(*set);
    EXPECT_TRUE(
        same_bits(embedded(ids, places, tokens, positions, Precision::bf16()),
                  embedded(ids, places, rounded(tokens), rounded(positions), Precision::bf16())))
        << set->name();
  }
}

TEST(Embedding, LooksUpRowsOfBlocks) {
  const Tensor blocks = quantize(random_tensor({5, 512}, DataType::f32, 1), DataType::q6_k);
  const Parameter quantized("tokens", blocks), plain("tokens", dequantize(blocks));
  const Parameter positions("positions", random_tensor({4, 512}, DataType::f32, 2));
  const Tensor tokens = int32_tensor({4, 0, 2});
  const Tensor places = int32_tensor({3, 1, 1});
  for_each_engine([&](Precision precision) {
    Tape tape(Recording::off);
    EXPECT_TRUE(same_bits(embedding(tape, tokens, places, quantized, positions, precision).data(),
                          embedding(tape, tokens, places, plain, positions, precision).data()));
  });
}

TEST(Embedding, RefusesIndicesOutsideTheTables) {
  const Parameter tokens = random_parameter("tokens", {5, 3}, DataType::f32, 1);
  const Parameter positions = random_parameter("positions", {4, 3}, DataType::f32, 2);
  const auto embed = [&](std::vector<int32_t> ids, std::vector<int32_t> places) {
    embedded(int32_tensor(std::move(ids)), int32_tensor(std::move(places)), tokens, positions,
             Precision::f32());
  };
  expect_error([&] { embed({5}, {0}); }, "tokens 5 is outside tokens's 5 rows");
  expect_error([&] { embed({-1}, {0}); }, "tokens -1");
  expect_error([&] { embed({0}, {4}); }, "outside positions's 4 rows");
  expect_error([&] { embed({0, 1}, {0}); }, "expected 2 positions");
}

}  // namespace
}  // namespace octavo
