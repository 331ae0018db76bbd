// RMSNorm by rows; its weight's gradient in fixed blocks of kSumRows rows.
#include <cmath>

#include "octavo/kernels/cpu/cpu_kernels.h"

namespace octavo::OCTAVO_ISA {

void CpuKernels::rmsnorm(const RmsNorm& n) const {
  const int64_t columns = n.x.columns;
  const float* weight = n.weight.row<float>(0);
  with_type(n.x.type, [&](auto in) {
    with_type(n.out.type, [&](auto out) {
      for_rows(n.x.rows, columns, [&](int64_t r) {
        const auto* x = n.x.row<decltype(in)>(r);
        auto* y = n.out.row<decltype(out)>(r);
        Vec squares = {};
        for (int64_t c = 0; c < columns; c += kLanes) {
          const Vec v = load(x + c, columns - c);
          squares += v * v;
        }
        const float mean = sum_lanes(squares) / static_cast<float>(columns);
        const float rstd = 1.0f / std::sqrt(mean + static_cast<float>(n.epsilon));
        for (int64_t c = 0; c < columns; c += kLanes) {
          const int64_t left = columns - c;
          store(y + c, load(x + c, left) * rstd * load(weight + c, left), left);
        }
        if (n.rstd) n.rstd.row<float>(0)[r] = rstd;
      });
    });
  });
}

void CpuKernels::rmsnorm_backward(const RmsNormBackward& n) const {
  const int64_t rows = n.x.rows, columns = n.x.columns;
  const int64_t blocks = (rows + kSumRows - 1) / kSumRows;
  const float* weight = n.weight.row<float>(0);
  with_type(n.x.type, [&](auto in) {
    with_type(n.dout.type, [&](auto dout) {
      with_type(n.dx.type, [&](auto out) {
        parallel_for(blocks, [&](int64_t block) {
          float* dweight = n.scratch.row<float>(block);
          std::memset(dweight, 0, static_cast<size_t>(columns) * sizeof(float));
          for (int64_t r = block * kSumRows; r < std::min(rows, (block + 1) * kSumRows); ++r) {
            const auto* x = n.x.row<decltype(in)>(r);
            const auto* dy = n.dout.row<decltype(dout)>(r);
            auto* dx = n.dx.row<decltype(out)>(r);
            const float rstd = n.rstd.row<float>(0)[r];
            // With x̂ = x · rstd and g = dy · weight: dx = rstd · (g − x̂ · mean(g · x̂)).
            Vec gx_sum = {};
            for (int64_t c = 0; c < columns; c += kLanes) {
              const int64_t left = columns - c;
              const Vec d = load(dy + c, left), normed = load(x + c, left) * rstd;
              gx_sum += d * load(weight + c, left) * normed;
              store(dweight + c, load(dweight + c, left) + d * normed, left);
            }
            const float gx_mean = sum_lanes(gx_sum) / static_cast<float>(columns);
            for (int64_t c = 0; c < columns; c += kLanes) {
              const int64_t left = columns - c;
              const Vec g = load(dy + c, left) * load(weight + c, left);
              Vec d = rstd * (g - load(x + c, left) * rstd * gx_mean);
              if (n.write == Write::accumulate) d += load(dx + c, left);
              store(dx + c, d, left);
            }
          }
        });
      });
    });
  });
  for_pieces(1, columns, [&](int64_t, int64_t first, int64_t end) {
    float* dweight = n.dweight.row<float>(0);
    for (int64_t c = first; c < end; c += kLanes) {
      Vec w = load(dweight + c, end - c);
      for (int64_t block = 0; block < blocks; ++block)
        w += load(n.scratch.row<float>(block) + c, end - c);
      store(dweight + c, w, end - c);
    }
  });
}

}  // namespace octavo::OCTAVO_ISA
