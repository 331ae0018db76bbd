#include "octavo/ops/peak.h"

#include <algorithm>

#include "octavo/base/clock.h"
#include "octavo/kernels/kernels.h"
#include "octavo/tensor/tensor.h"

namespace octavo {

double measured_peak_gflops(DataType type, double seconds) {
  double best = 0;
  for (const double end = monotonic_seconds() + seconds; monotonic_seconds() < end;) {
    const double start = monotonic_seconds();
    const double flops = kernels().spin(type);
    best = std::max(best, flops / (monotonic_seconds() - start) / 1e9);
  }
  return best;
}

double measured_read_bandwidth(double seconds) {
  // Far larger than any last-level cache, so that every pass comes from memory.
  const Tensor block = Tensor::zeros({1 << 14, 1 << 13}, DataType::f32);
  const Tensor sums({1 << 14}, DataType::f32);
  double best = 0;
  for (const double end = monotonic_seconds() + seconds; monotonic_seconds() < end || best == 0;) {
    const double start = monotonic_seconds();
    kernels().sum_columns({{block.data(), DataType::f32, 1 << 14, 1 << 13, 1 << 13},
                           {sums.data(), DataType::f32, 1, 1 << 14, 1 << 14}});
    best = std::max(best, static_cast<double>(block.bytes()) / (monotonic_seconds() - start));
  }
  return best;
}

}  // namespace octavo
