// The reference against numbers worked out by hand or by other means, since all else is held to it.
// Its gradients are checked against finite differences in tests/ops.
#include <gtest/gtest.h>

#include <cmath>

#include "octavo/kernels/dropout_mask.h"
#include "octavo/kernels/element.h"
#include "octavo/kernels/reference/functions.h"

namespace octavo {
namespace {

using Numbers = std::vector<double>;

template <class T>
Array matrix(std::vector<T>& numbers, int64_t rows) {
  const auto columns = static_cast<int64_t>(numbers.size()) / rows;
  return {numbers.data(), data_type_of<T>, rows, columns, columns};
}

template <class T>
Array list(std::vector<T>& numbers) {
  return matrix(numbers, 1);
}

void expect_near(const Numbers& got, const Numbers& expected, double tolerance = 1e-14) {
  ASSERT_EQ(got.size(), expected.size());
  for (size_t i = 0; i < got.size(); ++i) EXPECT_NEAR(got[i], expected[i], tolerance) << i;
}

const Kernels& reference = reference_kernels();

// ---- Which keys a query sees --------------------------------------------------------------------

TEST(KeyRange, IsWhatTheMaskSays) {
  using Kind = AttentionMask::Kind;
  const int64_t T = 12;
  const std::vector<int32_t> segments = {0, 0, 0, 3, 4, 4, 4, 4, 8, 8, 8, 8};
  for (const AttentionMask mask : {AttentionMask{Kind::causal}, AttentionMask{Kind::full},
                                   AttentionMask{Kind::banded, 1}, AttentionMask{Kind::banded, 3},
                                   AttentionMask{Kind::banded, 100}, AttentionMask{Kind::prefix, 0},
                                   AttentionMask{Kind::prefix, 6}, AttentionMask{Kind::prefix, 99}})
    for (const bool segmented : {false, true})
      for (int64_t query = 0; query < T; ++query) {
        const int32_t* starts = segmented ? segments.data() : nullptr;
        const KeyRange range = key_range(mask, starts, T, query);
        for (int64_t key = 0; key < T; ++key) {
          const bool seen[] = {key <= query, key <= query && key > query - mask.width, true,
                               key <= query || key < mask.width};
          const bool expected = seen[static_cast<size_t>(mask.kind)] &&
                                (!segmented || segments[static_cast<size_t>(key)] ==
                                                   segments[static_cast<size_t>(query)]);
          EXPECT_EQ(key >= range.begin && key < range.end, expected)
              << "mask " << static_cast<int>(mask.kind) << ", width " << mask.width << ", query "
              << query << ", key " << key << (segmented ? ", segments" : "");
        }
      }
}

// ---- Products -----------------------------------------------------------------------------------

struct PackedNumbers {
  Numbers memory;
  PackedMatrix matrix;

  PackedNumbers(Numbers source, int64_t rows, MatrixOrder order) {
    Pack pack{octavo::matrix(source, rows), order, DataType::f64, nullptr};
    memory.resize(reference.packed_bytes(pack.k(), pack.n(), DataType::f64) / sizeof(double));
    pack.packed = memory.data();
    reference.pack(pack);
    matrix = {memory.data(), DataType::f64, pack.k(), pack.n()};
  }
};

TEST(ReferenceProduct, Multiplies) {
  Numbers left = {1, 2, 3, 4, 5, 6}, bias = {10, 20}, out(4), before(4);
  const PackedNumbers plain({1, 2, 3, 4, 5, 6}, 3, MatrixOrder::plain);
  const PackedNumbers transposed({1, 3, 5, 2, 4, 6}, 2, MatrixOrder::transposed);
  for (const auto* right : {&plain, &transposed}) {
    reference.product({.left = matrix(left, 2),
                       .right = right->matrix,
                       .bias = list(bias),
                       .out = matrix(out, 2)});
    EXPECT_EQ(out, (Numbers{32, 48, 59, 84}));
  }
  reference.product({.left = matrix(left, 2),
                     .right = plain.matrix,
                     .out = matrix(out, 2),
                     .write = Write::accumulate});
  EXPECT_EQ(out, (Numbers{54, 76, 108, 148}));

  bias = {-22, -27};
  reference.product({.left = matrix(left, 2),
                     .right = plain.matrix,
                     .bias = list(bias),
                     .activation = Activation::gelu_exact,
                     .pre_activation = matrix(before, 2),
                     .out = matrix(out, 2)});
  EXPECT_EQ(before, (Numbers{0, 1, 27, 37}));
  expect_near(out, {0, 0.8413447460685429, 27, 37});
}

TEST(ReferenceProduct, UsesTheLeftTransposedAndPartOfTheRight) {
  // leftᵀ [2, 3] · right [3, 65], of which column 64 is wanted.
  const PackedNumbers left({1, 4, 2, 5, 3, 6}, 3, MatrixOrder::plain);
  Numbers source(3 * 65, 99.0), out(2);
  source[64] = 1, source[129] = 10, source[194] = 100;
  const PackedNumbers right(source, 3, MatrixOrder::plain);
  reference.product({.left_transposed = left.matrix,
                     .right = right.matrix,
                     .first_column = 64,
                     .out = matrix(out, 2)});
  EXPECT_EQ(out, (Numbers{321, 654}));
}

// ---- Embedding, LayerNorm, sums -----------------------------------------------------------------

TEST(ReferenceEmbedding, AddsRowsRoundedAndGradientsInOrder) {
  std::vector<int32_t> tokens = {2, 0, 2}, positions = {0, 1, 0};
  const float fine = 1 + 0x1p-9f;  // 1 in bf16
  std::vector<float> table = {1, 2, 3, 4, fine, 6}, places = {10, 20, 30, fine}, out(6);
  Embedding e{list(tokens),      list(positions), matrix(table, 3),
              matrix(places, 2), DataType::bf16,  matrix(out, 3)};
  reference.embedding(e);
  EXPECT_EQ(out, (std::vector<float>{11, 26, 31, 3, 11, 26}));
  e.rounding = DataType::f32;
  e.position_table = {};
  reference.embedding(e);
  EXPECT_EQ(out, (std::vector<float>{fine, 6, 1, 2, fine, 6}));

  std::vector<float> dout = {1, 2, 3, 4, 5, 6}, dtable(6, 100), dplaces(4);
  reference.embedding_backward(
      {list(tokens), list(positions), matrix(dout, 3), matrix(dtable, 3), matrix(dplaces, 2)});
  EXPECT_EQ(dtable, (std::vector<float>{103, 104, 100, 100, 106, 108}));
  EXPECT_EQ(dplaces, (std::vector<float>{6, 8, 3, 4}));
}

TEST(ReferenceLayerNorm, Normalizes) {
  Numbers x = {1, 2, 3, 4, -1, -1, 1, 1}, weight = {1, 2, 1, 1}, bias = {0, 0, 0, 5};
  Numbers out(8), mean(2), rstd(2);
  reference.layernorm({.epsilon = 0,
                       .x = matrix(x, 2),
                       .weight = list(weight),
                       .bias = list(bias),
                       .out = matrix(out, 2),
                       .mean = list(mean),
                       .rstd = list(rstd)});
  const double s = 1 / std::sqrt(1.25);
  expect_near(mean, {2.5, 0});
  expect_near(rstd, {s, 1});
  expect_near(out, {-1.5 * s, -s, 0.5 * s, 1.5 * s + 5, -1, -2, 1, 6});
}

TEST(ReferenceSums, AddUp) {
  Numbers x = {1, 2, 3, 4, 5, 6}, rows = {10, 10, 10}, columns(2), scratch(3);
  reference.sum_rows({matrix(x, 2), list(rows), matrix(scratch, 1)});
  reference.sum_columns({matrix(x, 2), list(columns)});
  EXPECT_EQ(rows, (Numbers{15, 17, 19}));
  EXPECT_EQ(columns, (Numbers{6, 15}));
}

// ---- Attention ----------------------------------------------------------------------------------

TEST(ReferenceAttention, WeighsValuesBySoftmax) {
  // Two heads of size 1, three positions; head 1's queries are zero: plain averages.
  Numbers q = {1, 0, 2, 0, -1, 0}, k = {1, 7, 2, 7, 0, 7}, v = {1, 6, 10, 0, 100, 9};
  Numbers out(6), log_sum(6);
  std::vector<AttentionSequence> sequences(1);
  sequences[0] = {.q = matrix(q, 3), .k = matrix(k, 3), .v = matrix(v, 3), .out = matrix(out, 3)};
  sequences[0].log_sum = matrix(log_sum, 2);
  Attention attention{.heads = 2, .head_size = 1, .scale = 0.5, .sequences = sequences};
  reference.attention(attention);
  const double a = std::exp(1), b = std::exp(2);                       // query 1: scores 1, 2
  const double c = std::exp(-0.5), d = std::exp(-1), e = std::exp(0);  // query 2: −½, −1, 0
  expect_near(out, {1, 6, (a + 10 * b) / (a + b), 3, (c + 10 * d + 100 * e) / (c + d + e), 5});
  expect_near(log_sum, {0.5, std::log(a + b), std::log(c + d + e), 0, std::log(2), std::log(3)});

  attention.mask = {AttentionMask::Kind::banded, 2};
  reference.attention(attention);
  expect_near(out, {1, 6, (a + 10 * b) / (a + b), 3, (10 * d + 100 * e) / (d + e), 4.5});
}

TEST(ReferenceAttention, DropsProbabilitiesByTheirIndex) {
  // Equal scores and values one-hot: out is the row of probabilities, masked.
  const int64_t T = 64;
  Numbers q(T * T), k(T * T), v(T * T), out(T * T);
  for (size_t i = 0; i < T; ++i) v[i * T + i] = 1;
  std::vector<AttentionSequence> sequences(1);
  sequences[0] = {.q = matrix(q, T), .k = matrix(k, T), .v = matrix(v, T), .out = matrix(out, T)};
  sequences[0].number = 5;
  const DropoutMask mask{0.25, 11, 12, 13};
  reference.attention({.head_size = T, .dropout = mask, .sequences = sequences});
  int64_t kept = 0;
  for (int64_t query = 0; query < T; ++query)
    for (int64_t key = 0; key <= query; ++key) {
      const double p = out[static_cast<size_t>(query * T + key)];
      const uint64_t index =
          (uint64_t{5} << 40) + (static_cast<uint64_t>(query) << 20) + static_cast<uint64_t>(key);
      const bool stays = keep(random_stream(mask), index, keep_threshold(0.25));
      EXPECT_NEAR(p, stays ? 1 / 0.75 / static_cast<double>(query + 1) : 0, 1e-15);
      kept += stays;
    }
  EXPECT_NEAR(static_cast<double>(kept) / (T * (T + 1) / 2), 0.75, 0.03);
}

// ---- Cross-entropy ------------------------------------------------------------------------------

TEST(ReferenceCrossEntropy, IsTheSameInChunks) {
  Numbers logits = {1, 2, 3, -1000, 1000, 5, 0, 0, -INFINITY};
  std::vector<int32_t> targets = {2, 2, -1};
  for (const int64_t chunk : {3, 2, 1}) {
    Numbers maximum(3, 77.0), sum(3, 77.0), target(3), log_sum(3), loss(3);
    for (int64_t first = 0; first < 3; first += chunk) {
      const int64_t columns = std::min(chunk, 3 - first);
      reference.cross_entropy(
          {first, 3, ConstArray(logits.data() + first, DataType::f64, 3, columns, 3), list(targets),
           list(maximum), list(sum), list(target), list(log_sum), list(loss)});
    }
    expect_near(maximum, {3, 1000, 0});
    expect_near(log_sum, {3.4076059644443806, 1000, std::log(2)}, 1e-13);
    expect_near(loss, {0.4076059644443806, 995, 0}, 1e-13);
  }
}

TEST(ReferenceCrossEntropy, HasTheSoftmaxMinusTheTargetAsGradient) {
  Numbers logits = {std::log(1), std::log(3), 0, 0}, log_sum = {std::log(4), std::log(2)};
  Numbers dloss = {2, 2}, dlogits(4, 9);
  std::vector<int32_t> targets = {11, -1};
  reference.cross_entropy_backward(
      {10, matrix(logits, 2), list(targets), list(log_sum), list(dloss), matrix(dlogits, 2)});
  expect_near(dlogits, {0.5, -0.5, 0, 0});
}

// ---- Elementwise --------------------------------------------------------------------------------

TEST(ReferenceFunctions, AreKnown) {
  EXPECT_NEAR(gelu_exact(1), 0.8413447460685429, 1e-15);
  EXPECT_NEAR(gelu_tanh(1), 0.8411919906082768, 1e-15);
  EXPECT_NEAR(gelu_exact(-3), -0.00404969409489028, 1e-16);
  EXPECT_NEAR(sigmoid(-2), 0.11920292202211755, 1e-16);
  EXPECT_EQ(sigmoid(-1000), 0);
  EXPECT_NEAR(log_sigmoid(0), -std::log(2), 1e-16);
  EXPECT_EQ(log_sigmoid(-1000), -1000);
  EXPECT_NEAR(log_sigmoid(40), -4.248354255291589e-18, 1e-32);
  for (double x = -4; x <= 4; x += 0.37) {
    const double h = 1e-5;
    EXPECT_NEAR(gelu_exact_derivative(x), (gelu_exact(x + h) - gelu_exact(x - h)) / (2 * h), 1e-9);
    EXPECT_NEAR(gelu_tanh_derivative(x), (gelu_tanh(x + h) - gelu_tanh(x - h)) / (2 * h), 1e-9);
  }
}

TEST(ReferenceElementwise, MapsAndCasts) {
  std::vector<float> x = {1, -2, 3 + 0x1p-8f};
  std::vector<bf16> narrow(3);
  std::vector<f16> half(3);
  Numbers out = {100, 100, 100};
  reference.map({.x = list(x), .out = list(narrow)});
  reference.map({.x = list(narrow), .out = list(half)});
  reference.map({.scale = 2, .x = list(half), .out = list(out), .write = Write::accumulate});
  EXPECT_EQ(out, (Numbers{102, 96, 106}));
}

TEST(ReferenceElementwise, RepeatsASingleRowOrColumn) {
  Numbers a = {1, 2, 3, 4, 5, 6}, row = {10, 20, 30}, column = {100, 200}, number = {1000}, out(6);
  const auto combined = [&](const ConstArray& x, const ConstArray& y) {
    reference.combine({Binary::subtract, x, y, matrix(out, 2)});
    return out;
  };
  EXPECT_EQ(combined(matrix(a, 2), list(row)), (Numbers{-9, -18, -27, -6, -15, -24}));
  EXPECT_EQ(combined(matrix(column, 2), matrix(a, 2)), (Numbers{99, 98, 97, 196, 195, 194}));
  EXPECT_EQ(combined(list(number), matrix(a, 2)), (Numbers{999, 998, 997, 996, 995, 994}));
  EXPECT_EQ(combined(matrix(column, 2), list(row)), (Numbers{90, 80, 70, 190, 180, 170}));
}

TEST(ReferenceDropout, DrawsByIndex) {
  const DropoutMask mask{0.2, 3, 4, 5};
  Numbers x(20000, 4.0), out(20000);
  reference.dropout({mask, 0, matrix(x, 100), matrix(out, 100)});
  const auto dropped = static_cast<double>(std::count(out.begin(), out.end(), 0.0));
  EXPECT_NEAR(dropped / 20000, 0.2, 0.01);
  EXPECT_EQ(static_cast<double>(std::count(out.begin(), out.end(), 4 / 0.8)), 20000 - dropped);

  // The low half of a word first, eight draws to an index of the stream.
  const auto words = RandomStream{3, 4, 5}.bits(2);
  const uint32_t threshold = keep_threshold(0.2);
  EXPECT_EQ(threshold, 13107u);
  for (size_t i = 0; i < 8; ++i) {
    const uint32_t draw = i % 2 == 0 ? words[i / 2] & 0xFFFF : words[i / 2] >> 16;
    EXPECT_EQ(out[16 + i] != 0, draw >= threshold) << i;
  }

  Numbers part(10);
  reference.dropout({mask, 133, ConstArray(x.data(), DataType::f64, 2, 5, 5), matrix(part, 2)});
  for (size_t i = 0; i < part.size(); ++i) EXPECT_EQ(part[i], out[133 + i]);
}

// ---- Optimizer ----------------------------------------------------------------------------------

TEST(ReferenceOptimizer, StepsAsPyTorchDoes) {
  // torch.optim.AdamW(lr=0.1, betas=(0.9, 0.95), weight_decay=0.1), gradients 0.5 and −1.
  Numbers gradient = {1}, parameter = {1}, m(1), v(1);
  AdamW step{.learning_rate = 0.1,
             .weight_decay = 0.1,
             .gradient_scale = 0.5,
             .gradient = list(gradient),
             .parameter = list(parameter),
             .first_moment = list(m),
             .second_moment = list(v)};
  reference.adamw(step);
  expect_near(parameter, {0.89 + 0.1 * (1 - 0.5 / (0.5 + 1e-8))}, 1e-12);
  gradient = {-2};
  step.step = 2;
  const double decayed = parameter[0] * 0.99;
  reference.adamw(step);
  expect_near(m, {-0.055});
  expect_near(v, {0.061875});
  expect_near(parameter, {decayed + 0.1 / 0.19 * 0.055 / (std::sqrt(0.061875 / 0.0975) + 1e-8)});
}

TEST(ReferenceOptimizer, SumsSquaresByBlock) {
  std::vector<float> x(kNormBlock + 2, 2.0f);
  Numbers partials(2);
  reference.squared_norm({list(x), list(partials)});
  EXPECT_EQ(partials, (Numbers{4.0 * kNormBlock, 8}));
}

}  // namespace
}  // namespace octavo
