// LayerNorm by rows; its parameters' gradients in fixed blocks of kSumRows rows.
#include <cmath>

#include "octavo/kernels/cpu/cpu_kernels.h"

namespace octavo::OCTAVO_ISA {

void CpuKernels::layernorm(const LayerNorm& n) const {
  constexpr int64_t kTaskRows = 32;
  const int64_t rows = n.x.rows, columns = n.x.columns;
  const float *weight = n.weight.row<float>(0), *bias = n.bias.row<float>(0);
  with_type(n.x.type, [&](auto in) {
    with_type(n.out.type, [&](auto out) {
      parallel_for((rows + kTaskRows - 1) / kTaskRows, [&](int64_t task) {
        const int64_t first = task * kTaskRows;
        for (int64_t r = first; r < std::min(rows, first + kTaskRows); ++r) {
          const auto* x = n.x.row<decltype(in)>(r);
          auto* y = n.out.row<decltype(out)>(r);
          Vec total = {};
          for (int64_t c = 0; c < columns; c += kLanes) total += load(x + c, columns - c);
          const float mean = sum_lanes(total) / static_cast<float>(columns);
          Vec squares = {};
          for (int64_t c = 0; c < columns; c += kLanes) {
            Vec d = load(x + c, columns - c) - mean;
            // Lanes beyond the row would add mean².
            if (columns - c < kLanes)
              d = select(lane_numbers() < static_cast<int32_t>(columns - c), d, Vec{});
            squares += d * d;
          }
          const float variance = sum_lanes(squares) / static_cast<float>(columns);
          const float rstd = 1.0f / std::sqrt(variance + static_cast<float>(n.epsilon));
          for (int64_t c = 0; c < columns; c += kLanes) {
            const int64_t left = columns - c;
            const Vec normed = (load(x + c, left) - mean) * rstd;
            store(y + c, normed * load(weight + c, left) + load(bias + c, left), left);
          }
          if (n.mean) n.mean.row<float>(0)[r] = mean;
          if (n.rstd) n.rstd.row<float>(0)[r] = rstd;
        }
      });
    });
  });
}

void CpuKernels::layernorm_backward(const LayerNormBackward& n) const {
  const int64_t rows = n.x.rows, columns = n.x.columns;
  const int64_t blocks = (rows + kSumRows - 1) / kSumRows;
  const float* weight = n.weight.row<float>(0);
  with_type(n.x.type, [&](auto in) {
    with_type(n.dout.type, [&](auto dout) {
      with_type(n.dx.type, [&](auto out) {
        parallel_for(blocks, [&](int64_t block) {
          float* dweight = n.scratch.row<float>(2 * block);
          float* dbias = n.scratch.row<float>(2 * block + 1);
          std::memset(dweight, 0, static_cast<size_t>(columns) * sizeof(float));
          std::memset(dbias, 0, static_cast<size_t>(columns) * sizeof(float));
          for (int64_t r = block * kSumRows; r < std::min(rows, (block + 1) * kSumRows); ++r) {
            const auto* x = n.x.row<decltype(in)>(r);
            const auto* dy = n.dout.row<decltype(dout)>(r);
            auto* dx = n.dx.row<decltype(out)>(r);
            const float mean = n.mean.row<float>(0)[r], rstd = n.rstd.row<float>(0)[r];
            // With x̂ = (x − mean) · rstd and g = dy · weight:
            // dx = rstd · (g − mean(g) − x̂ · mean(g · x̂)).
            Vec g_sum = {}, gx_sum = {};
            for (int64_t c = 0; c < columns; c += kLanes) {
              const int64_t left = columns - c;
              const Vec d = load(dy + c, left), g = d * load(weight + c, left);
              const Vec normed = (load(x + c, left) - mean) * rstd;
              g_sum += g;
              gx_sum += g * normed;
              store(dweight + c, load(dweight + c, left) + d * normed, left);
              store(dbias + c, load(dbias + c, left) + d, left);
            }
            const float g_mean = sum_lanes(g_sum) / static_cast<float>(columns);
            const float gx_mean = sum_lanes(gx_sum) / static_cast<float>(columns);
            for (int64_t c = 0; c < columns; c += kLanes) {
              const int64_t left = columns - c;
              const Vec g = load(dy + c, left) * load(weight + c, left);
              const Vec normed = (load(x + c, left) - mean) * rstd;
              Vec d = rstd * (g - g_mean - normed * gx_mean);
              if (n.write == Write::accumulate) d += load(dx + c, left);
              store(dx + c, d, left);
            }
          }
        });
      });
    });
  });
  for_pieces(1, columns, [&](int64_t, int64_t first, int64_t end) {
    float *dweight = n.dweight.row<float>(0), *dbias = n.dbias.row<float>(0);
    for (int64_t c = first; c < end; c += kLanes) {
      Vec w = load(dweight + c, end - c), b = load(dbias + c, end - c);
      for (int64_t block = 0; block < blocks; ++block) {
        w += load(n.scratch.row<float>(2 * block) + c, end - c);
        b += load(n.scratch.row<float>(2 * block + 1) + c, end - c);
      }
      store(dweight + c, w, end - c);
      store(dbias + c, b, end - c);
    }
  });
}

}  // namespace octavo::OCTAVO_ISA
