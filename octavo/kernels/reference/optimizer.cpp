// The gradient's norm and AdamW (Loshchilov & Hutter 2019), in PyTorch's order of operations.
#include <algorithm>
#include <cmath>

#include "octavo/base/threads.h"
#include "octavo/kernels/element.h"
#include "octavo/kernels/reference/reference.h"

namespace octavo {

void ReferenceKernels::squared_norm(const SquaredNorm& s) const {
  parallel_for(s.partials.columns, [&](int64_t block) {
    const int64_t begin = block * kNormBlock;
    const int64_t end = std::min(begin + kNormBlock, s.x.columns);
    double sum = 0;
    for (int64_t i = begin; i < end; ++i) sum += get(s.x, 0, i) * get(s.x, 0, i);
    set(s.partials, 0, block, sum);
  });
}

void ReferenceKernels::adamw(const AdamW& a) const {
  const double correction1 = 1 - std::pow(a.beta1, static_cast<double>(a.step));
  const double correction2 = 1 - std::pow(a.beta2, static_cast<double>(a.step));
  for (int64_t i = 0; i < a.parameter.columns; ++i) {
    const double g = a.gradient_scale * get(a.gradient, 0, i);
    const double m = a.beta1 * get(a.first_moment, 0, i) + (1 - a.beta1) * g;
    const double v = a.beta2 * get(a.second_moment, 0, i) + (1 - a.beta2) * g * g;
    const double decayed = get(a.parameter, 0, i) * (1 - a.learning_rate * a.weight_decay);
    const double denominator = std::sqrt(v) / std::sqrt(correction2) + a.epsilon;
    set(a.parameter, 0, i, decayed - a.learning_rate / correction1 * m / denominator);
    set(a.first_moment, 0, i, m);
    set(a.second_moment, 0, i, v);
  }
}

double ReferenceKernels::spin(DataType) const {
  constexpr int64_t kSteps = 1 << 22;
  volatile double sum = 0;
  for (int64_t i = 0; i < kSteps; ++i) sum = sum + 0.5 * static_cast<double>(i);
  return 2.0 * kSteps;
}

}  // namespace octavo
