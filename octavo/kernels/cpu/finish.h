// The end of a product: bias, activation, rounding.
#pragma once

#include "octavo/kernels/cpu/tile.h"

namespace octavo::OCTAVO_ISA {

/// Bias, activation and rounding of one row of a tile, written out.
template <class Out>
inline void finish_row(const Product& p, int64_t row, int64_t column, int64_t count,
                       const Vec* sums) {
  for (int v = 0; v < kPanelVectors; ++v) {
    const int64_t c = column + v * kLanes, left = count - v * kLanes;
    if (left <= 0) return;
    Vec x = sums[v];
    if (p.bias) x += load(p.bias.row<float>(0) + c, left);
    if (p.pre_activation)
      with_type(p.pre_activation.type,
                [&](auto t) { store(p.pre_activation.row<decltype(t)>(row) + c, x, left); });
    if (p.activation == Activation::gelu_tanh) x = gelu_tanh(x);
    if (p.activation == Activation::gelu_exact) x = gelu_exact(x);
    Out* out = p.out.row<Out>(row) + c;
    if (p.write == Write::accumulate) x += load(out, left);
    store(out, x, left);
  }
}

}  // namespace octavo::OCTAVO_ISA
