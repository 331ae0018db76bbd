// LayerNorm (Ba, Kiros & Hinton 2016). With x̂ = (x − mean) · rstd and g = dout · weight,
//   dx = rstd · (g − mean(g) − x̂ · mean(g · x̂)), means over the row;
//   dweight = Σ dout · x̂ and dbias = Σ dout, sums over the rows.
#include <cmath>

#include "octavo/base/threads.h"
#include "octavo/kernels/element.h"
#include "octavo/kernels/reference/reference.h"

namespace octavo {

void ReferenceKernels::layernorm(const LayerNorm& l) const {
  const int64_t C = l.x.columns;
  parallel_for(l.x.rows, [&](int64_t r) {
    double mean = 0;
    for (int64_t c = 0; c < C; ++c) mean += get(l.x, r, c);
    mean /= static_cast<double>(C);

    double variance = 0;
    for (int64_t c = 0; c < C; ++c) variance += std::pow(get(l.x, r, c) - mean, 2);
    variance /= static_cast<double>(C);
    const double rstd = 1 / std::sqrt(variance + l.epsilon);

    for (int64_t c = 0; c < C; ++c)
      set(l.out, r, c, (get(l.x, r, c) - mean) * rstd * get(l.weight, 0, c) + get(l.bias, 0, c));
    if (l.mean) set(l.mean, 0, r, mean);
    if (l.rstd) set(l.rstd, 0, r, rstd);
  });
}

void ReferenceKernels::layernorm_backward(const LayerNormBackward& l) const {
  const int64_t R = l.x.rows, C = l.x.columns;
  const auto x_hat = [&](int64_t r, int64_t c) {
    return (get(l.x, r, c) - get(l.mean, 0, r)) * get(l.rstd, 0, r);
  };
  // The weight's and the bias's first: dx may lie where dout does.
  parallel_for(C, [&](int64_t c) {
    double dweight = 0, dbias = 0;
    for (int64_t r = 0; r < R; ++r) {
      dweight += get(l.dout, r, c) * x_hat(r, c);
      dbias += get(l.dout, r, c);
    }
    set(l.dweight, 0, c, dweight, Write::accumulate);
    set(l.dbias, 0, c, dbias, Write::accumulate);
  });
  parallel_for(R, [&](int64_t r) {
    double mean_g = 0, mean_g_x_hat = 0;
    for (int64_t c = 0; c < C; ++c) {
      const double g = get(l.dout, r, c) * get(l.weight, 0, c);
      mean_g += g;
      mean_g_x_hat += g * x_hat(r, c);
    }
    mean_g /= static_cast<double>(C);
    mean_g_x_hat /= static_cast<double>(C);
    for (int64_t c = 0; c < C; ++c) {
      const double g = get(l.dout, r, c) * get(l.weight, 0, c);
      set(l.dx, r, c, get(l.rstd, 0, r) * (g - mean_g - x_hat(r, c) * mean_g_x_hat), l.write);
    }
  });
}

}  // namespace octavo
