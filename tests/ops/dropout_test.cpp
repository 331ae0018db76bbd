#include "octavo/ops/dropout.h"

#include <gtest/gtest.h>

#include "tests/ops/operations.h"

namespace octavo {
namespace {

Tensor dropped(const Tensor& x, const DropoutMask& mask, uint64_t first = 0) {
  Tape tape(Recording::off);
  return dropout(tape, Value(x), mask, first).data();
}

TEST(Dropout, OffIsTheSameValue) {
  const Tensor x = random_tensor({3, 5}, DataType::f32, 1);
  EXPECT_EQ(dropped(x, {}).data(), x.data());
}

TEST(Dropout, DropsItsShareAndScalesTheRest) {
  constexpr size_t kCount = 40000;
  const Tensor ones({kCount}, DataType::f32);
  for (float& one : ones.as<float>()) one = 1;
  for_each_engine([&](Precision) {
    const Tensor y = dropped(ones, {0.2, 5, 1, 1});
    size_t zeros = 0;
    for (const float number : y.as<float>()) {
      if (number == 0)
        ++zeros;
      else
        EXPECT_EQ(number, 1.25f);
    }
    EXPECT_NEAR(static_cast<double>(zeros) / kCount, 0.2, 0.01);  // five standard deviations
  });
}

TEST(Dropout, ABatchMayBeSplitAnywhere) {
  for_each_engine([&](Precision precision) {
    const Tensor x = random_tensor({10, 37}, precision.compute, 1);
    const DropoutMask mask{0.5, 5, 1, 1};
    const Tensor whole = dropped(x, mask, 1000);
    for (const int64_t rows : {1, 4, 9})
      EXPECT_TRUE(same_bits(
          dropped(x.slice(10 - rows, rows), mask, 1000 + static_cast<uint64_t>(37 * (10 - rows))),
          whole.slice(10 - rows, rows)));
  });
}

TEST(Dropout, EveryKernelSetDrawsTheSameMask) {
  const Tensor x = random_tensor({13, 37}, DataType::f32, 1);
  const DropoutMask mask{0.3, uint64_t{5} << 40, 7, 9};
  const uint64_t first = (uint64_t{1} << 32) - 100;  // past 32 bits of counter
  const UseKernels reference(reference_kernels());
  const Tensor expected = dropped(x, mask, first);
  for (const Kernels* set : available_kernels()) {
    const UseKernels use(*set);
    const Tensor y = dropped(x, mask, first);
    for (size_t i = 0; i < y.as<float>().size(); ++i)
      ASSERT_EQ(y.as<float>()[i] == 0, expected.as<float>()[i] == 0) << set->name() << " " << i;
  }
}

TEST(Dropout, AnotherStepStreamOrSeedDrawsAnother) {
  const Tensor x = random_tensor({100}, DataType::f32, 1);
  const Tensor y = dropped(x, {0.5, 1, 1, 1});
  for (const DropoutMask mask : {DropoutMask{0.5, 2, 1, 1}, {0.5, 1, 2, 1}, {0.5, 1, 1, 2}})
    EXPECT_FALSE(same_bits(dropped(x, mask), y));
}

TEST(Dropout, RefusesAProbabilityOfOne) {
  const Tensor x = random_tensor({3}, DataType::f32, 1);
  expect_error([&] { dropped(x, {1.0}); }, "the probability is 1");
  expect_error([&] { dropped(x, {-0.1}); }, "the probability is -0.1");
}

}  // namespace
}  // namespace octavo
