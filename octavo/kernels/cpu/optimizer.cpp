// The optimizer's passes over memory: squared norms in fixed blocks, AdamW in one pass.
#include <cmath>

#include "octavo/kernels/cpu/cpu_kernels.h"

namespace octavo::OCTAVO_ISA {

void CpuKernels::squared_norm(const SquaredNorm& n) const {
  const float* x = n.x.row<float>(0);
  const int64_t count = n.x.columns;
  parallel_for((count + kNormBlock - 1) / kNormBlock, [&](int64_t block) {
    const int64_t first = block * kNormBlock, end = std::min(count, first + kNormBlock);
    VecDouble total = {};
    for (int64_t i = first; i < end; i += kLanes) {
      const VecDouble d = __builtin_convertvector(load(x + i, end - i), VecDouble);
      total += d * d;
    }
    double sum = 0;
    for (int i = 0; i < kLanes; ++i) sum += total[i];
    n.partials.row<double>(0)[block] = sum;
  });
}

void CpuKernels::adamw(const AdamW& a) const {
  const auto correction1 = 1 - std::pow(a.beta1, static_cast<double>(a.step));
  const auto correction2 = 1 - std::pow(a.beta2, static_cast<double>(a.step));
  const float step_size = static_cast<float>(a.learning_rate / correction1);
  const float inverse_root = static_cast<float>(1 / std::sqrt(correction2));
  const float decay = static_cast<float>(1 - a.learning_rate * a.weight_decay);
  const float beta1 = static_cast<float>(a.beta1), beta2 = static_cast<float>(a.beta2);
  const float rest1 = static_cast<float>(1 - a.beta1), rest2 = static_cast<float>(1 - a.beta2);
  const float epsilon = static_cast<float>(a.epsilon);
  const float scale = static_cast<float>(a.gradient_scale);
  for_pieces(1, a.parameter.columns, [&](int64_t, int64_t first, int64_t end) {
    const float* gradient = a.gradient.row<float>(0);
    float *parameter = a.parameter.row<float>(0), *moment1 = a.first_moment.row<float>(0);
    float* moment2 = a.second_moment.row<float>(0);
    for (int64_t i = first; i < end; i += kLanes) {
      const int64_t left = end - i;
      const Vec g = load(gradient + i, left) * scale;
      const Vec m = load(moment1 + i, left) * beta1 + g * rest1;
      const Vec v = load(moment2 + i, left) * beta2 + (g * g) * rest2;
      const Vec p = load(parameter + i, left) * decay;
      store(moment1 + i, m, left);
      store(moment2 + i, v, left);
      store(parameter + i, p - step_size * m / (square_root(v) * inverse_root + epsilon), left);
    }
  });
}

}  // namespace octavo::OCTAVO_ISA
