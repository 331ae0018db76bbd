// Products with quantized weights: each row of them decoded as device/quantized_blocks.h says, and
// the activations rounded as the contract says.
#include <algorithm>
#include <cmath>
#include <vector>

#include "octavo/base/threads.h"
#include "octavo/kernels/element.h"
#include "octavo/kernels/quantized/codec.h"
#include "octavo/kernels/reference/functions.h"
#include "octavo/kernels/reference/reference.h"

namespace octavo {
namespace {

using Numbers = std::vector<double>;

/// A block of activations as integers times their scale.
void round_to_bytes(std::span<double> block) {
  float largest = 0;
  for (const double x : block) {
    const auto magnitude = static_cast<float>(std::abs(x));
    if (std::isnan(largest) || magnitude <= largest) continue;  // a NaN stays
    largest = magnitude;
  }
  const float scale = largest / 127, inverse = largest > 0x1p-100f ? 127 / largest : 0;
  for (double& x : block) {
    const float q = std::nearbyint(static_cast<float>(x) * inverse);
    x = double{q} * scale;
  }
}

}  // namespace

void ReferenceKernels::quantized_product(const QuantizedProduct& p) const {
  const int64_t M = p.out.rows, N = p.out.columns, K = p.right.columns;
  assert(p.left.rows == M && p.left.columns == K && p.right.rows == N);

  std::vector<Numbers> left(static_cast<size_t>(M), Numbers(static_cast<size_t>(K)));
  for (int64_t m = 0; m < M; ++m) {
    Numbers& row = left[static_cast<size_t>(m)];
    for (int64_t k = 0; k < K; ++k) row[static_cast<size_t>(k)] = get(p.left, m, k);
    if (p.rounding == LeftRounding::bytes)
      for (int64_t k = 0; k < K; k += kByteBlock)
        round_to_bytes(std::span(row).subspan(static_cast<size_t>(k), kByteBlock));
  }

  parallel_for(N, [&](int64_t n) {
    std::vector<float> right(static_cast<size_t>(K));
    decode_row(p.right.type, p.right.row(n), K, right.data());
    for (int64_t m = 0; m < M; ++m) {
      double sum = 0;
      for (size_t k = 0; k < right.size(); ++k) sum += left[static_cast<size_t>(m)][k] * right[k];
      const double value = sum + (p.bias ? get(p.bias, 0, n) : 0);
      set(p.out, m, n, activate(p.activation, value), Write::overwrite);
    }
  });
}

}  // namespace octavo
