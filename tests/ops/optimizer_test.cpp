// The optimizer's arithmetic against literal loops in double.
#include "octavo/ops/optimizer.h"
#include "octavo/ops/numbers.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "octavo/base/threads.h"
#include "tests/ops/operations.h"

namespace octavo {
namespace {

TEST(AdamW, FollowsTheRecurrenceInDouble) {
  constexpr int64_t kCount = 1003;
  const AdamWSettings settings{0.01, 0.9, 0.95, 1e-8, 0.1};
  constexpr double kClip = 0.37;
  for (const Kernels* set : available_kernels()) {
    SCOPED_TRACE(set->name());
    const UseKernels use(*set);
    const Tensor parameter = random_tensor({kCount}, DataType::f32, 1);
    const Tensor first = Tensor::zeros({kCount}, DataType::f32), second = first.clone();
    std::vector<double> p(kCount), m(kCount), v(kCount);
    for (size_t i = 0; i < p.size(); ++i) p[i] = parameter.as<float>()[i];
    for (int64_t step = 1; step <= 5; ++step) {
      const Tensor gradient =
          random_tensor({kCount}, DataType::f32, 10 + static_cast<uint64_t>(step));
      adamw(parameter, gradient, first, second, settings, step, kClip);
      for (size_t i = 0; i < p.size(); ++i) {
        const double g = gradient.as<float>()[i] * kClip;
        m[i] = settings.beta1 * m[i] + (1 - settings.beta1) * g;
        v[i] = settings.beta2 * v[i] + (1 - settings.beta2) * g * g;
        const double m_hat = m[i] / (1 - std::pow(settings.beta1, step));
        const double v_hat = v[i] / (1 - std::pow(settings.beta2, step));
        p[i] -= settings.learning_rate * settings.weight_decay * p[i];
        p[i] -= settings.learning_rate * m_hat / (std::sqrt(v_hat) + settings.epsilon);
      }
    }
    for (size_t i = 0; i < p.size(); ++i) {
      // Five steps, each rounding p, and moments that are rounded too.
      EXPECT_NEAR(parameter.as<float>()[i], p[i], 8 * 0x1p-24 * std::max(1.0, std::abs(p[i])));
      EXPECT_NEAR(first.as<float>()[i], m[i], 16 * 0x1p-24);
      EXPECT_NEAR(second.as<float>()[i], v[i], 16 * 0x1p-24 * std::max(1e-3, v[i]));
    }
  }
}

TEST(AdamW, RefusesWhatDoesNotFit) {
  const Tensor four({4}, DataType::f32), five({5}, DataType::f32);
  expect_error([&] { adamw(four, five, four, four, {}, 1, 1); }, "4 numbers beside 5");
  expect_error([&] { adamw(four, four, four, four, {}, 0, 1); }, "steps count from 1");
}

TEST(GlobalNorm, IsTheNormOfAllNumbers) {
  const std::vector<Tensor> tensors = {random_tensor({3 * kNormBlock + 17}, DataType::f32, 1),
                                       random_tensor({5, 7}, DataType::f32, 2),
                                       random_tensor({1}, DataType::f32, 3)};
  double sum = 0;
  for (const Tensor& tensor : tensors)
    for (const float number : tensor.as<float>()) sum += double{number} * number;
  const int before = threads();
  for (const Kernels* set : available_kernels()) {
    const UseKernels use(*set);
    set_threads(1);
    const double norm = global_norm(tensors);
    EXPECT_NEAR(norm, std::sqrt(sum), 1e-6 * norm) << set->name();
    for (const int count : {2, 3, 16}) {
      set_threads(count);
      EXPECT_EQ(global_norm(tensors), norm) << set->name() << ", " << count << " threads";
    }
  }
  set_threads(before);
}

TEST(AllFinite, FindsOneBadNumber) {
  const UseKernels reference(reference_kernels());  // for the cast to f64
  for (const float bad :
       {std::numeric_limits<float>::infinity(), -std::numeric_limits<float>::infinity(),
        std::numeric_limits<float>::quiet_NaN()})
    for (const DataType type : {DataType::f64, DataType::f32, DataType::bf16}) {
      const Tensor x = random_tensor({1000}, DataType::f32, 1);
      EXPECT_TRUE(all_finite(cast(x, type)));
      x.as<float>()[999] = bad;
      EXPECT_FALSE(all_finite(cast(x, type))) << name_of(type) << " " << bad;
    }
  EXPECT_TRUE(all_finite(Tensor::of<float>({1}, {3e38f}))) << "its square is not";
}

TEST(Cast, RoundsToNearestEven) {
  for (const Kernels* set : available_kernels()) {
    const UseKernels use(*set);
    const Tensor x({1000}, DataType::f32);
    for (size_t i = 0; i < 1000; ++i) x.as<float>()[i] = std::ldexp(1 + i * 0x1p-10f, -3);
    const Tensor rounded = cast(x, DataType::bf16);
    for (size_t i = 0; i < 1000; ++i)
      EXPECT_EQ(rounded.as<bf16>()[i].bits, bf16(x.as<float>()[i]).bits) << set->name();
    EXPECT_TRUE(same_bits(cast(cast(rounded, DataType::f32), DataType::bf16), rounded));
  }
}

TEST(Accumulate, AddsInPlace) {
  const Tensor sum = Tensor::of<float>({2, 2}, {1, 2, 3, 4});
  accumulate(sum, Tensor::of<float>({4}, {10, 20, 30, 40}));
  EXPECT_TRUE(same_bits(sum, Tensor::of<float>({2, 2}, {11, 22, 33, 44})));
  expect_error([&] { accumulate(sum, Tensor({5}, DataType::f32)); }, "4 numbers beside 5");
}

}  // namespace
}  // namespace octavo
