#include "octavo/ops/rotary.h"

#include <gtest/gtest.h>

#include <cmath>

#include "tests/ops/operations.h"

namespace octavo {
namespace {

/// Angles position · frequency, two to a head of 6 columns: the last two columns do not turn.
RotaryTable table_of(int64_t positions) {
  RotaryTable table{Tensor({positions, 2}, DataType::f32), Tensor({positions, 2}, DataType::f32)};
  for (size_t i = 0; i < static_cast<size_t>(2 * positions); ++i) {
    const double angle = static_cast<double>(i / 2) * (i % 2 == 0 ? 1 : 0.1);
    table.cosines.as<float>()[i] = static_cast<float>(std::cos(angle));
    table.sines.as<float>()[i] = static_cast<float>(std::sin(angle));
  }
  return table;
}

Tensor turned(const Tensor& x, std::vector<int32_t> positions) {
  Tape tape(Recording::off);
  return rotary(tape, Value(x), int32_tensor(std::move(positions)), table_of(50), 1, 6).data();
}

TEST(Rotary, TurnsPairsAndLeavesTheRest) {
  const Tensor x = Tensor::of<float>({1, 8}, std::vector<float>{1, 0, 0, 1, 5, 6, 7, 8});
  const Tensor y = turned(x, {3});
  const std::span<float> row = y.as<float>();
  EXPECT_NEAR(row[0], std::cos(3.0), 1e-6);  // (1, 0) turns by 3
  EXPECT_NEAR(row[2], std::sin(3.0), 1e-6);
  EXPECT_NEAR(row[1], -std::sin(0.3), 1e-6);  // (0, 1) by 0.3
  EXPECT_NEAR(row[3], std::cos(0.3), 1e-6);
  for (size_t c = 4; c < 8; ++c) EXPECT_EQ(row[c], x.as<float>()[c]);
}

TEST(Rotary, ProductsDependOnDistanceAlone) {
  const Tensor q = random_tensor({1, 6}, DataType::f32, 1);
  const Tensor k = random_tensor({1, 6}, DataType::f32, 2);
  const auto product = [&](int32_t query, int32_t key) {
    const Tensor a = turned(q, {query}), b = turned(k, {key});
    double sum = 0;
    for (size_t i = 0; i < 6; ++i) sum += double(a.as<float>()[i]) * double(b.as<float>()[i]);
    return sum;
  };
  EXPECT_NEAR(product(7, 2), product(45, 40), 1e-5);
  EXPECT_GT(std::abs(product(7, 2) - product(7, 3)), 1e-3);
}

TEST(Rotary, RefusesWhatDoesNotFit) {
  const Tensor x = random_tensor({2, 8}, DataType::f32, 1);
  expect_error([&] { turned(x, {0}); }, "[rotary] 1 positions for 2 rows");
  expect_error([&] { turned(x, {0, 50}); }, "[rotary] position 50, the table has 50");
  expect_error(
      [&] {
        turned(random_tensor({1, 5}, DataType::f32, 1), {0});
      },
      "[rotary] 1 heads of 6, x has 5 columns");
}

}  // namespace
}  // namespace octavo
