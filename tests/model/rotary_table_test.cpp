// The angles that transformers 5 computes for the same settings (its formulas, in float64).
#include "octavo/model/rotary_table.h"

#include <gtest/gtest.h>

#include <atomic>
#include <cmath>
#include <cstring>
#include <thread>
#include <vector>

namespace octavo {
namespace {

void expect_angles(const RotarySettings& settings, int64_t head_size, int64_t context, size_t first,
                   const std::vector<double>& expected) {
  const std::vector<double> angles = rotary_angles(settings, head_size, context);
  ASSERT_GE(angles.size(), first + expected.size());
  for (size_t i = 0; i < expected.size(); ++i)
    EXPECT_NEAR(angles[first + i], expected[i], 1e-10 * expected[i]) << first + i;
}

TEST(RotaryTable, PlainAnglesFallByTheSameFactorFromPairToPair) {
  expect_angles(
      {}, 16, 64, 0,
      {1, 0.316227766017, 0.1, 0.0316227766017, 0.01, 0.00316227766017, 0.001, 0.000316227766017});
}

TEST(RotaryTable, APartOfAHeadTurns) {
  EXPECT_EQ(rotary_pairs({.fraction = 0.25}, 64), 8);
  EXPECT_EQ(rotary_pairs({.fraction = 1}, 80), 40);
  expect_angles({.fraction = 0.25}, 64, 64, 1, {0.316227766017});
}

TEST(RotaryTable, LinearScalingDividesAllAngles) {
  expect_angles({.scaling = RotaryScaling::linear, .factor = 4}, 16, 64, 0,
                {0.25, 0.0790569415042});
}

TEST(RotaryTable, ADynamicBaseFitsTheWholeContext) {
  const RotarySettings settings{
      .scaling = RotaryScaling::dynamic, .factor = 2, .original_context = 64};
  expect_angles(settings, 16, 64, 1, {0.316227766017});
  expect_angles(settings, 16, 128, 0,
                {1, 0.270296125692, 0.0730599955643, 0.0197478337441, 0.00533776295186,
                 0.00144277664575, 0.000389976937586, 0.000105409255339});
}

TEST(RotaryTable, YarnSlowsTheSlowPairsAlone) {
  expect_angles({.scaling = RotaryScaling::yarn, .factor = 4, .original_context = 256}, 16, 1024, 0,
                {1, 0.256935059889, 0.0625, 0.0138349647632, 0.0025, 0.000790569415042, 0.00025,
                 7.90569415042e-05});
  expect_angles({.scaling = RotaryScaling::yarn, .factor = 4, .original_context = 2048}, 64, 8192,
                8,
                {0.1, 0.0706631081871, 0.0497455787668, 0.0348710570143, 0.0243252127705,
                 0.0168732359826, 0.0116272115272, 0.00794983930713, 0.00538461538462,
                 0.00360526062179, 0.00237913637581, 0.00154081414714, 0.000973008510821});
}

TEST(RotaryTable, Llama3SlowsTheLongWaves) {
  expect_angles({.base = 500000,
                 .scaling = RotaryScaling::llama3,
                 .factor = 8,
                 .original_context = 64,
                 .low_frequency_factor = 1,
                 .high_frequency_factor = 4},
                16, 512, 0,
                {1, 0.0794030091792, 0.00470075386636, 0.000911583092152, 0.000176776695297,
                 3.42810219595e-05, 6.64786987118e-06, 1.28917317215e-06});
}

TEST(RotaryTable, HoldsCosinesAndSinesOfEveryPosition) {
  const RotaryTable table = RotaryPositions({.amplitude = 1.5}, 4, 3, DataType::f32).first(3);
  ASSERT_EQ(table.cosines.shape(), Shape({3, 2}));
  EXPECT_FLOAT_EQ(table.cosines.as<float>()[0], 1.5f);
  EXPECT_FLOAT_EQ(table.sines.as<float>()[2 * 2], static_cast<float>(1.5 * std::sin(2.0)));
  EXPECT_FLOAT_EQ(table.cosines.as<float>()[2 * 2 + 1], static_cast<float>(1.5 * std::cos(0.02)));
}

// ---- A table that grows -------------------------------------------------------------------------

/// True if `part` is what `whole` begins with.
bool begins_with(const Tensor& whole, const Tensor& part) {
  return whole.columns() == part.columns() && whole.rows() >= part.rows() &&
         std::memcmp(whole.data(), part.data(), part.bytes()) == 0;
}

TEST(RotaryTable, GrowsWithThePositionsAndKeepsTheirBits) {
  constexpr int64_t kContext = 300;
  for (const RotaryScaling scaling :
       {RotaryScaling::none, RotaryScaling::linear, RotaryScaling::dynamic, RotaryScaling::yarn,
        RotaryScaling::llama3})
    for (const DataType type : {DataType::f32, DataType::f64}) {
      const RotarySettings settings{.scaling = scaling, .factor = 4, .original_context = 64};
      const RotaryTable whole = RotaryPositions(settings, 16, kContext, type).first(kContext);
      ASSERT_EQ(whole.cosines.rows(), kContext);
      const RotaryPositions growing(settings, 16, kContext, type);
      for (const int64_t positions : {1, 2, 3, 40, 41, 7, 200, 300}) {
        const RotaryTable table = growing.first(positions);
        EXPECT_GE(table.cosines.rows(), positions);
        EXPECT_TRUE(begins_with(whole.cosines, table.cosines));
        EXPECT_TRUE(begins_with(whole.sines, table.sines));
      }
      EXPECT_EQ(growing.first(10 * kContext).cosines.rows(), kContext);
    }
}

TEST(RotaryTable, ALargeContextCostsWhatIsUsedOfIt) {
  const size_t before = memory_use().current;
  const RotaryPositions positions({}, 128, (int64_t{1} << 31) - 1, DataType::f32);
  EXPECT_EQ(memory_use().current, before);
  positions.first(100);
  EXPECT_EQ(memory_use().current, before + 2 * 100 * 64 * sizeof(float));
  positions.first(101);
  EXPECT_EQ(memory_use().current, before + 2 * 200 * 64 * sizeof(float));
  EXPECT_EQ(positions.first(20'000).cosines.rows(), 20'000);
  EXPECT_EQ(positions.first(20'001).cosines.rows(), 21'024);  // no more than so far ahead
}

TEST(RotaryTable, SeveralThreadsMayAskAtOnce) {
  const RotaryTable whole = RotaryPositions({}, 16, 4000, DataType::f32).first(4000);
  const RotaryPositions positions({}, 16, 4000, DataType::f32);
  std::vector<std::thread> threads;
  std::atomic<int> wrong = 0;
  for (int64_t thread = 0; thread < 4; ++thread)
    threads.emplace_back([&, thread] {
      for (int64_t end = 1 + thread; end < 4000; end += 97) {
        const RotaryTable table = positions.first(end);
        wrong += table.cosines.rows() < end || !begins_with(whole.sines, table.sines);
      }
    });
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(wrong, 0);
}

}  // namespace
}  // namespace octavo
