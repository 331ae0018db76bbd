// Attention beyond its gradient: its plain meaning, and "one engine, one number" for caches and
// batches.
#include "octavo/ops/attention.h"

#include <gtest/gtest.h>

#include <cmath>
#include <numeric>

#include "octavo/base/threads.h"
#include "octavo/ops/numbers.h"
#include "tests/ops/operations.h"

namespace octavo {
namespace {

constexpr int64_t kHeads = 2, kHeadSize = 16, kWidth = kHeads * kHeadSize;

AttentionOptions options_for(AttentionMask mask) {
  return {.heads = kHeads, .scale = 1 / std::sqrt(double{kHeadSize}), .mask = mask};
}

Tensor attended(const Tensor& qkv, const std::vector<SequenceRows>& sequences,
                const AttentionOptions& options) {
  Tape tape(Recording::off);
  return attention(tape, Value(qkv), sequences, options).data();
}

KeyValueCache empty_cache(int64_t capacity, DataType type) {
  return {kHeads, kHeadSize, capacity, type};
}

/// softmax(scale · q · kᵀ) · v with the whole matrix of scores, in double.
std::vector<double> plain_attention(const Tensor& qkv, const AttentionOptions& options,
                                    const int32_t* segments) {
  const auto x = qkv.as<double>();
  const int64_t T = qkv.rows();
  std::vector<double> out(static_cast<size_t>(T * kWidth));
  const auto at = [&](int64_t row, int64_t part, int64_t column) {
    return x[static_cast<size_t>((row * 3 + part) * kWidth + column)];
  };
  for (int64_t h = 0; h < kHeads; ++h)
    for (int64_t query = 0; query < T; ++query) {
      std::vector<double> weights(static_cast<size_t>(T));
      for (int64_t key = 0; key < T; ++key) {
        bool seen = key <= query;
        if (options.mask.kind == AttentionMask::Kind::banded)
          seen = seen && key > query - options.mask.width;
        if (options.mask.kind == AttentionMask::Kind::full) seen = true;
        if (options.mask.kind == AttentionMask::Kind::prefix)
          seen = seen || key < options.mask.width;
        if (segments) seen = seen && segments[key] == segments[query];
        double score = 0;
        for (int64_t i = 0; i < kHeadSize; ++i)
          score += at(query, 0, h * kHeadSize + i) * at(key, 1, h * kHeadSize + i);
        if (seen) weights[static_cast<size_t>(key)] = std::exp(options.scale * score);
      }
      const double sum = std::accumulate(weights.begin(), weights.end(), 0.0);
      for (int64_t i = 0; i < kHeadSize; ++i)
        for (int64_t key = 0; key < T; ++key)
          out[static_cast<size_t>(query * kWidth + h * kHeadSize + i)] +=
              weights[static_cast<size_t>(key)] / sum * at(key, 2, h * kHeadSize + i);
    }
  return out;
}

TEST(Attention, MeansTheSoftmaxOfTheScores) {
  const UseKernels reference(reference_kernels());
  constexpr int64_t T = 2 * kKeyBlock + 3;
  const Tensor qkv = random_tensor({T, 3 * kWidth}, DataType::f64, 1);
  std::vector<int32_t> segments(T);
  for (int32_t i = 0; i < T; ++i) segments[static_cast<size_t>(i)] = i < 50 ? 0 : i < 51 ? 50 : 51;
  using enum AttentionMask::Kind;
  for (const AttentionMask mask :
       {AttentionMask{causal}, AttentionMask{banded, 1}, AttentionMask{banded, 70},
        AttentionMask{full}, AttentionMask{prefix, 9}, AttentionMask{prefix, T + 5}})
    for (const bool segmented : {false, true}) {
      const int32_t* starts = segmented ? segments.data() : nullptr;
      const Tensor found = attended(qkv, {{.rows = T, .segments = starts}}, options_for(mask));
      const std::vector<double> expected = plain_attention(qkv, options_for(mask), starts);
      for (size_t i = 0; i < expected.size(); ++i)
        ASSERT_NEAR(found.as<double>()[i], expected[i], 1e-13)
            << "mask " << static_cast<int>(mask.kind) << ", segments " << segmented << ", element "
            << i;
    }
}

TEST(Attention, ACacheGivesTheBitsOfTheWholeSequence) {
  constexpr int64_t T = 2 * kKeyBlock + 22;
  const std::vector<std::vector<int64_t>> splits = {{T},
                                                    {T - 1, 1},
                                                    {1, T - 1},
                                                    {64, 64, 22},
                                                    {3, 61, 1, 20, 65},
                                                    {63, 2, 63, 2, 20},
                                                    std::vector<int64_t>(T, 1)};
  using enum AttentionMask::Kind;
  for_each_engine([&](Precision precision) {
    const Tensor qkv = random_tensor({T, 3 * kWidth}, precision.compute, 2);
    for (const AttentionMask mask : {AttentionMask{causal}, AttentionMask{banded, 40}}) {
      const Tensor whole = attended(qkv, {{.rows = T}}, options_for(mask));
      for (const std::vector<int64_t>& split : splits) {
        KeyValueCache cache = empty_cache(T, precision.compute);
        int64_t row = 0;
        for (const int64_t rows : split) {
          const Tensor part =
              attended(qkv.slice(row, rows), {{.rows = rows, .cache = &cache}}, options_for(mask));
          ASSERT_TRUE(same_bits(part, whole.slice(row, rows)))
              << split.size() << " pieces, rows from " << row << ", mask "
              << static_cast<int>(mask.kind);
          row += rows;
        }
        EXPECT_EQ(cache.length, T);
      }
    }
  });
}

TEST(Attention, ABatchGivesTheBitsOfEachSequenceAlone) {
  const std::vector<int64_t> lengths = {1, 5, kKeyBlock, kKeyBlock + 1, 2 * kKeyBlock + 2};
  const int64_t rows = std::accumulate(lengths.begin(), lengths.end(), int64_t{0});
  using enum AttentionMask::Kind;
  for_each_engine([&](Precision precision) {
    const Tensor qkv = random_tensor({rows, 3 * kWidth}, precision.compute, 3);
    const Tensor dout = random_tensor({rows, kWidth}, precision.compute, 4);
    for (const double dropout : {0.0, 0.25}) {
      AttentionOptions options = options_for({banded, 50});
      options.dropout = {dropout, 77, 1, 2};
      const auto attend = [&](int64_t row, const std::vector<SequenceRows>& sequences) {
        int64_t count = 0;
        for (const SequenceRows& sequence : sequences) count += sequence.rows;
        Tape tape;
        const Value x(qkv.slice(row, count), Value::Kind::activation);
        const Value y = attention(tape, x, sequences, options);
        const Tensor result = y.data();
        tape.backward(y, dout.slice(row, count).clone());
        return std::pair(result, x.gradient());
      };
      std::vector<SequenceRows> all;
      for (size_t i = 0; i < lengths.size(); ++i)
        all.push_back({.rows = lengths[i], .number = static_cast<int64_t>(10 + i)});
      const auto [batch, batch_gradient] = attend(0, all);
      int64_t row = 0;
      for (const SequenceRows& sequence : all) {
        const auto [alone, alone_gradient] = attend(row, {sequence});
        EXPECT_TRUE(same_bits(alone, batch.slice(row, sequence.rows))) << sequence.rows;
        EXPECT_TRUE(same_bits(alone_gradient, batch_gradient.slice(row, sequence.rows)))
            << sequence.rows;
        row += sequence.rows;
      }
    }
  });
}

TEST(Attention, EachSequenceDrawsItsOwnDropout) {
  for_each_engine([](Precision precision) {
    const Tensor qkv = random_tensor({20, 3 * kWidth}, precision.compute, 3);
    AttentionOptions options = options_for({});
    options.dropout = {0.25, 77, 1, 2};
    const Tensor first = attended(qkv, {{.rows = 20, .number = 1}}, options);
    EXPECT_TRUE(same_bits(attended(qkv, {{.rows = 20, .number = 1}}, options), first));
    EXPECT_FALSE(same_bits(attended(qkv, {{.rows = 20, .number = 2}}, options), first));
  });
}

TEST(Attention, ABatchOfDecodingSequencesGivesTheBitsOfEachAlone) {
  for_each_engine([&](Precision precision) {
    const std::vector<int64_t> lengths = {3, 64, 100, 7};
    std::vector<KeyValueCache> caches;
    std::vector<Tensor> rows, whole;
    for (size_t i = 0; i < lengths.size(); ++i) {
      const Tensor qkv = random_tensor({lengths[i], 3 * kWidth}, precision.compute, 20 + i);
      whole.push_back(attended(qkv, {{.rows = lengths[i]}}, options_for({})));
      caches.push_back(empty_cache(100, precision.compute));
      attended(qkv.slice(0, lengths[i] - 1), {{.rows = lengths[i] - 1, .cache = &caches[i]}},
               options_for({}));
      rows.push_back(qkv.slice(lengths[i] - 1, 1));
    }
    // One last row of each below each other.
    const Tensor last({4, 3 * kWidth}, precision.compute);
    std::vector<SequenceRows> sequences;
    for (size_t i = 0; i < lengths.size(); ++i) {
      copy(rows[i], last.slice(static_cast<int64_t>(i), 1));
      sequences.push_back({.rows = 1, .cache = &caches[i]});
    }
    const Tensor batch = attended(last, sequences, options_for({}));
    for (size_t i = 0; i < lengths.size(); ++i)
      EXPECT_TRUE(
          same_bits(batch.slice(static_cast<int64_t>(i), 1), whole[i].slice(lengths[i] - 1, 1)))
          << "sequence " << i;
  });
}

TEST(Attention, KeepsNoMatrixOfScores) {
  constexpr int64_t T = 100'000;
  const auto planned = planned_kernels(kernels());
  const UseKernels use(*planned);
  const PlannedMemory memory;
  Tape tape;
  const Value qkv(Tensor({T, 3 * kWidth}, DataType::f32), Value::Kind::activation);
  const SequenceRows sequence{.rows = T};
  const Value out = attention(tape, qkv, {&sequence, 1}, options_for({}));
  tape.backward(out, Tensor(out.data().shape(), DataType::f32));
  // qkv, out, their gradients, and a head's keys and their gradients for each thread, padded to
  // panels; T × T numbers would be 40 GB a head.
  EXPECT_LT(memory_use().peak, static_cast<uint64_t>(T * 4 * (12 * kWidth + 3 * 64 * threads())));
}

TEST(Attention, RefusesWhatDoesNotFit) {
  const Tensor qkv = random_tensor({4, 3 * kWidth}, DataType::f32, 5);
  KeyValueCache cache = empty_cache(6, DataType::f32);
  attended(qkv, {{.rows = 4, .cache = &cache}}, options_for({}));
  expect_error([&] { attended(qkv, {{.rows = 4, .cache = &cache}}, options_for({})); },
               "the cache holds 6 positions, 4 are filled and 4 more come");
  EXPECT_EQ(cache.length, 4);
  KeyValueCache other(kHeads, kHeadSize, 6, DataType::bf16);
  expect_error([&] { attended(qkv, {{.rows = 4, .cache = &other}}, options_for({})); },
               "the cache is for 2 heads of 16 bf16, qkv has 2 of 16 f32");
  other = KeyValueCache(4, kWidth / 4, 6, DataType::f32);
  expect_error([&] { attended(qkv, {{.rows = 4, .cache = &other}}, options_for({})); },
               "the cache is for 4 heads of 8 f32, qkv has 2 of 16 f32");
  {
    const UseKernels reference(reference_kernels());
    expect_error([&] { attended(qkv, {{.rows = 1, .cache = &cache}}, options_for({})); },
                 "the cache was made for other kernels");
  }
  expect_error([&] { attended(qkv, {{.rows = 3}}, options_for({})); },
               "the sequences have 3 rows, qkv 4");
  expect_error([&] { attended(qkv, {{.rows = 4}}, {.heads = 5}); }, "of 5 heads");
  expect_error(
      [&] {
        attended(random_tensor({1, 3 * 300}, DataType::f32, 1), {{.rows = 1}}, {});
      },
      "heads of 300, at most 256");
  const std::vector<int32_t> segments(4);
  cache.length = 0;
  expect_error(
      [&] {
        attended(qkv, {{.rows = 4, .cache = &cache, .segments = segments.data()}}, options_for({}));
      },
      "no segments");
  expect_error(
      [&] {
        Tape tape;
        const SequenceRows sequence{.rows = 4, .cache = &cache};
        attention(tape, Value(qkv, Value::Kind::activation), {&sequence, 1}, options_for({}));
      },
      "no gradient");
}

}  // namespace
}  // namespace octavo
