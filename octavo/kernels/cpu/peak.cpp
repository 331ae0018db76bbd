// The peak that products are measured against: their multiply-adds, without their memory.
#include "octavo/kernels/cpu/cpu_kernels.h"
#include "octavo/kernels/cpu/tile.h"

namespace octavo::OCTAVO_ISA {
namespace {

template <class Steps>
double run_spin() {
  constexpr int64_t kSteps = 1 << 20;
  constexpr int kSums = 12;  // enough to cover the latency of a multiply-add
  parallel_for(threads(), [](int64_t task) {
    alignas(64) typename Steps::Element numbers[2 * kPanel * Steps::kStep];
    for (auto& x : numbers) x = typename Steps::Element(static_cast<float>(task) * 1e-3f);
    const auto word = Steps::left(numbers);
    // Each sum starts from a number of its own, or the compiler would see that all are the same.
    Vec sums[kSums];
#pragma GCC unroll 16
    for (int i = 0; i < kSums; ++i) sums[i] = broadcast(static_cast<float>(i));
    for (int64_t s = 0; s < kSteps; ++s) {
      // Read anew, or the product would be taken out of the loop and additions measured.
      const auto right = Steps::right(numbers + s % 2 * kPanel * Steps::kStep);
#pragma GCC unroll 16
      for (int i = 0; i < kSums; ++i) sums[i] = Steps::multiply_add(sums[i], word, right);
    }
    Vec total = {};
#pragma GCC unroll 16
    for (int i = 0; i < kSums; ++i) total += sums[i];
    volatile float used = sum_lanes(total);
    static_cast<void>(used);
  });
  return 2.0 * kSteps * kSums * kLanes * Steps::kStep * threads();
}

}  // namespace

double CpuKernels::spin(DataType type) const {
  double flops = 0;
  with_type(type, [&](auto t) { flops = run_spin<StepsOf<decltype(t)>>(); });
  return flops;
}

}  // namespace octavo::OCTAVO_ISA
