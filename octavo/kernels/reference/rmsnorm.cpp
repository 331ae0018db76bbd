// RMSNorm (Zhang & Sennrich 2019). With x̂ = x · rstd and g = dout · weight,
//   dx = rstd · (g − x̂ · mean(g · x̂)), the mean over the row;  dweight = Σ dout · x̂ over the rows.
#include <cmath>

#include "octavo/base/threads.h"
#include "octavo/kernels/element.h"
#include "octavo/kernels/reference/reference.h"

namespace octavo {

void ReferenceKernels::rmsnorm(const RmsNorm& n) const {
  const int64_t C = n.x.columns;
  parallel_for(n.x.rows, [&](int64_t r) {
    double squares = 0;
    for (int64_t c = 0; c < C; ++c) squares += std::pow(get(n.x, r, c), 2);
    const double rstd = 1 / std::sqrt(squares / static_cast<double>(C) + n.epsilon);
    for (int64_t c = 0; c < C; ++c) set(n.out, r, c, get(n.x, r, c) * rstd * get(n.weight, 0, c));
    if (n.rstd) set(n.rstd, 0, r, rstd);
  });
}

void ReferenceKernels::rmsnorm_backward(const RmsNormBackward& n) const {
  const int64_t R = n.x.rows, C = n.x.columns;
  const auto x_hat = [&](int64_t r, int64_t c) { return get(n.x, r, c) * get(n.rstd, 0, r); };
  // The weight's first: dx may lie where dout does.
  parallel_for(C, [&](int64_t c) {
    double dweight = 0;
    for (int64_t r = 0; r < R; ++r) dweight += get(n.dout, r, c) * x_hat(r, c);
    set(n.dweight, 0, c, dweight, Write::accumulate);
  });
  parallel_for(R, [&](int64_t r) {
    const auto g = [&](int64_t c) { return get(n.dout, r, c) * get(n.weight, 0, c); };
    double mean_g_x_hat = 0;
    for (int64_t c = 0; c < C; ++c) mean_g_x_hat += g(c) * x_hat(r, c);
    mean_g_x_hat /= static_cast<double>(C);
    for (int64_t c = 0; c < C; ++c)
      set(n.dx, r, c, get(n.rstd, 0, r) * (g(c) - x_hat(r, c) * mean_g_x_hat), n.write);
  });
}

}  // namespace octavo
